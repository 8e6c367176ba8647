"""The platform of docker-compose.yml on three brokers, under a project of its own that is removed at the end."""

import asyncio
import os
import signal
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

from events.topology import SERVICES

from ..ports import HOST, Ports
from ..state import ProcessState, Running, StateDirectory, write_private
from ..supervisor.telling import Tell
from .backend import Leave
from .containers import Project
from .plugs import Plug

ROOT: Final = Path(__file__).resolve().parents[4]
BROKERS: Final = ("kafka-1", "kafka-2", "kafka-3")
_LOOK_EVERY: Final = 1.0
_SECRETS: Final = "/run/zengshou"


def three_brokers(name: str, base: int) -> Project:
    """The platform of docker-compose.yml on three brokers, reached from this machine.

    Args:
        name: of the project.
        base: the port of the gateway; PostgreSQL's is the next, then those of the brokers.
    """
    compose = ROOT / "deploy" / "compose"
    files = (f"--file={ROOT / 'docker-compose.yml'}", f"--file={compose / 'reachable.yml'}")
    ports = ("ZENGSHOU_GATEWAY_PORT", "REACHABLE_POSTGRES", *(f"REACHABLE_KAFKA_{n + 1}" for n in range(len(BROKERS))))
    return Project(
        name,
        ROOT,
        (*files, f"--env-file={compose / 'three-brokers.env'}"),
        {port: str(base + n) for n, port in enumerate(ports)},
    )


def bootstrap(base: int) -> str:
    """Where the brokers of `three_brokers` are reached."""
    return ",".join(f"{HOST}:{base + 2 + n}" for n in range(len(BROKERS)))


class ComposeBackend:
    """容器后端: Apache Kafka, PostgreSQL 17 and every process in a container; killed by the Docker engine."""

    name = "compose"
    cannot = frozenset[str]()
    targets: Mapping[str, Sequence[str]] = {
        "kill api": [f"{service}.api" for service in SERVICES],
        "kill worker": [f"{service}.worker" for service in SERVICES],
        "kill gateway": ["gateway"],
        "restart broker": BROKERS,
        "restart postgres": ["postgres"],
    }

    def __init__(self, directory: Path, tell: Tell):
        self.state = StateDirectory(directory)
        self._tell = tell
        self._base = Ports.free().base
        self._project = three_brokers(f"zengshou-chaos-{uuid4().hex[:8]}", self._base)
        self._running: Running | None = None
        self._states: Mapping[str, str] = {}
        self._struck: dict[str, int] = {}
        """Process → strikes under way, or seen by no look yet."""
        self._away: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.links = [
            Plug(f"{service}-{part}", self._project, self._spawn) for service in SERVICES for part in ("api", "worker")
        ]
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._closing = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self.state.make()
        self._tell("启动容器", f"starting containers, project {self._project.name}")
        async with AsyncExitStack() as closing:
            closing.push_async_callback(self._remove)
            await self._project.up()
            self._running = await self._learnt()
            self._states = await self._project.states()
            self._spawn(self._look())
            self._closing = closing.pop_all()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._closing.aclose()

    @property
    def running(self) -> Running:
        """Addresses on this machine, and what the last look at the containers saw."""
        if self._running is None:
            raise RuntimeError("not started")
        processes = {name: ProcessState(self._state(name), None, 0) for name in self._processes}
        ready = all(process.state == "healthy" for process in processes.values())
        return replace(self._running, ready=ready, processes=processes)

    def alive(self, process: str) -> bool:
        """Whether its container runs and nothing strikes it at the moment."""
        return self._state(process) in ("running", "healthy")

    def kill(self, process: str, by: signal.Signals) -> None:
        """Started again at once: what the engine was told to kill it does not start by itself."""
        self._strike(process, self._killed(process, by))

    def away(self, engine: str) -> Leave:
        """Killed, and not started before it may come back."""
        self._away.add(engine)
        self._strike(engine, self._killed(engine, signal.SIGINT if engine == "postgres" else signal.SIGKILL))

        async def back() -> None:
            self._away.discard(engine)
            self._strike(engine, self._project.start(_container(engine)))

        return back

    async def join(self, service: str) -> Leave:
        """One more container of the worker."""
        name = f"second-{service}-{uuid4().hex[:8]}"
        joining = asyncio.ensure_future(self._project.run(f"{service}-worker", name))

        async def leave() -> None:
            await joining
            await self._project.remove(name)

        return leave

    async def broken(self) -> None:
        """Return when the engine refused something."""
        await self._failed

    @property
    def _processes(self) -> Sequence[str]:
        return [process for processes in self.targets.values() for process in processes]

    def _state(self, process: str) -> str:
        return (
            "away"
            if process in self._struck or process in self._away
            else self._states.get(_container(process), "gone")
        )

    async def _killed(self, process: str, by: signal.Signals) -> None:
        await self._project.kill(_container(process), by.name)
        if process not in self._away:
            await self._project.start(_container(process))

    def _strike(self, process: str, work: Coroutine[Any, Any, None]) -> None:
        self._struck[process] = self._struck.get(process, 0) + 1

        async def strike() -> None:
            await work
            self._struck[process] -= 1

        self._spawn(strike())

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) and not self._failed.done():
            self._failed.set_exception(error)

    async def _look(self) -> None:
        while True:
            over = [process for process, strikes in self._struck.items() if not strikes]
            self._states = await self._project.states()
            for process in over:
                if not self._struck[process]:
                    del self._struck[process]
            await asyncio.sleep(_LOOK_EVERY)

    async def _learnt(self) -> Running:
        """Where everything is reached from here; the passwords lie in the volumes of the jobs."""
        secrets = await self._project.files("databases", _SECRETS)
        write_private(self.state.clients, (await self._project.files("gateway", f"{_SECRETS}/gateway"))["clients.json"])
        return Running(
            pid=os.getpid(),
            started_at=datetime.now(UTC).isoformat(),
            ready=False,
            base=self._base,
            gateway=f"http://{HOST}:{self._base}",
            kafka=bootstrap(self._base),
            epoch=(await self._project.files("kafka-1", f"{_SECRETS}/kafka"))["cluster_id"],
            databases={
                service: {
                    "owner": self._reached(secrets[f"owners/{service}/zengshou_owner_dsn"]),
                    "worker": self._reached(secrets[f"{service}/worker/zengshou_worker_dsn"]),
                }
                for service in SERVICES
            },
        )

    def _reached(self, dsn: str) -> str:
        parts = urlsplit(dsn)
        account, _, _ = parts.netloc.rpartition("@")
        return urlunsplit(parts._replace(netloc=f"{account}@{HOST}:{self._base + 1}"))

    async def _remove(self) -> None:
        """What the containers said stays in the logs, whatever happened."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        try:
            write_private(self.state.logs / "compose.log", await self._project.logs())
        finally:
            await self._project.down()


def _container(process: str) -> str:
    """`households.api` → the name of its service in docker-compose.yml."""
    return process.replace(".", "-")
