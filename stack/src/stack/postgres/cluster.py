"""One PostgreSQL server of our own: made once, started and stopped as a child, reachable by a private socket only."""

import os
import secrets
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from ..accounts import own_directory, unprivileged_account
from ..children import log_tail, start_child, stop_child
from ..exits import ExitCode, StackError
from ..state import write_private
from .binaries import find_pg_bin, major, readable_by
from .places import cluster_home, leftovers, public_place, server_lives, socket_directory

_READY_WITHIN = 30.0
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": "5432",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    # As for a solid-state disk: with the value for a turning one, some hundred rows are looked for in the whole table.
    "random_page_cost": "1.1",
    # The load of a city takes a minute; until a table is analysed its lists are read whole and sorted.
    "autovacuum_naptime": "10s",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    # Details and statements of errors may carry personal data.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    # Parallel queries need more /dev/shm than small containers have.
    "max_parallel_workers_per_gather": "0",
}


class Cluster:
    """A PostgreSQL server below one directory.

    As root everything runs as a system user without rights; if that user cannot walk to `directory`, the data lie in
    `/var/lib/zengshou` instead, and so does a copy of the programs if it cannot read them.
    """

    def __init__(self, directory: Path, *, log: Path | None = None, durable: bool = True):
        """Args: `durable=False` skips fsync, for tests: safe against a killed process, not against a power cut."""
        self._account = unprivileged_account()
        self.home = cluster_home(directory, self._account)
        self.log = log or self.home / "postgres.log"
        self._durable = durable
        self._data = self.home / "data"
        self._password_file = self.home / "password"
        self._socket = socket_directory(self.home, self._account)
        self._programs = Path()
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def admin_dsn(self) -> str:
        """Address of the superuser, who provisions databases and does nothing else."""
        password = quote(self._password_file.read_text(), safe="")
        return f"postgresql://postgres:{password}@/postgres?host={quote(str(self._socket))}&port=5432"

    @property
    def child(self) -> subprocess.Popen[bytes] | None:
        """The server process, while one was started."""
        return self._child

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The server process that was launched last."""
        if self._child is None:
            raise RuntimeError("not launched")
        return self._child

    def start(self) -> None:
        """Make the cluster if it is not there, start it, and return when it takes connections.

        Raises:
            StackError: it cannot be made or does not start.
        """
        self.prepare()
        self.launch()
        self.wait_until_ready()

    def prepare(self) -> None:
        """Make the cluster if it is not there, and let a server of a killed supervisor finish its shutdown."""
        programs = self._programs = readable_by(
            self._account, find_pg_bin(), public_place() if self._account else self.home
        )
        if not self._data.exists():
            self._make(programs)
        self._refuse_other_version(programs)
        deadline = time.monotonic() + _READY_WITHIN
        while server_lives(self._data) and time.monotonic() < deadline:
            time.sleep(0.05)
        if not server_lives(self._data):
            self._end_leftovers(deadline)

    def _end_leftovers(self, deadline: float) -> None:
        """What a killed server left of itself would end too, but a new one refuses to start beside it."""
        while left := leftovers(self._data.resolve()):
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            if time.monotonic() > deadline:
                return
            time.sleep(0.05)

    def launch(self) -> None:
        """Start the server; call it in the thread that its life shall hang on."""
        flags = {**_SETTINGS, "unix_socket_directories": str(self._socket)}
        if not self._durable:
            flags |= {"fsync": "off", "full_page_writes": "off"}
        self._child = start_child(
            [self._programs / "postgres", "-D", self._data, *(f"--{name}={value}" for name, value in flags.items())],
            log=self.log,
            env=_ENVIRONMENT,
            last_signal=signal.SIGINT,
            account=self._account,
        )

    def stop(self) -> None:
        """Close all connections and shut down cleanly; does nothing if it does not run."""
        if self._child is not None:
            stop_child(self._child, by=signal.SIGINT, within=30)
            self._child = None

    def _make(self, programs: Path) -> None:
        """Under a passing name first, so that an interrupted start leaves nothing half made."""
        passing = self.home / "data.new"
        shutil.rmtree(passing, ignore_errors=True)
        own_directory(passing, 0o700, self._account)
        password = secrets.token_urlsafe(32)
        write_private(self._password_file, password)
        handed = passing.with_name("password.new")
        write_private(handed, password)
        if self._account:
            os.chown(handed, self._account.uid, self._account.gid)
        try:
            self._initdb(programs, passing, handed)
        finally:
            handed.unlink()
        passing.rename(self._data)

    def _initdb(self, programs: Path, data: Path, password: Path) -> None:
        account = self._account
        done = subprocess.run(  # noqa: S603
            [programs / "initdb", "-D", data, "-U", "postgres", "--auth=scram-sha-256", f"--pwfile={password}",
             "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
             *([] if self._durable else ["--no-sync"])],
            env=_ENVIRONMENT, cwd="/", capture_output=True, text=True, check=False,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )  # fmt: skip
        if done.returncode:
            raise StackError(
                ExitCode.POSTGRES,
                zh=f"无法在 {data} 初始化数据库：{done.stderr.strip()}",
                en=f"Cannot make a database in {data}: {done.stderr.strip()}",
            )

    def _refuse_other_version(self, programs: Path) -> None:
        found = (self._data / "PG_VERSION").read_text().strip()
        if int(found) != major(programs):
            raise StackError(
                ExitCode.POSTGRES,
                zh=f"{self._data} 属于 PostgreSQL {found}，请用 PG_BIN 指向 {found} 的程序。",
                en=f"{self._data} is of PostgreSQL {found}; point PG_BIN to its programs.",
            )

    def wait_until_ready(self, within: float = _READY_WITHIN) -> None:
        """Return when it takes connections; may run in any thread.

        Args:
            within: seconds until it is given up and stopped; recovery after a kill may need many.
        """
        child = self.process
        deadline = time.monotonic() + within
        while child.poll() is None and time.monotonic() < deadline:
            if self._says_ready(child.pid):
                return
            time.sleep(0.02)
        stop_child(child, by=signal.SIGINT)
        raise StackError(
            ExitCode.POSTGRES,
            zh=f"PostgreSQL 没有启动，日志 {self.log}：\n{log_tail(self.log)}",
            en=f"PostgreSQL did not start, log {self.log}:\n{log_tail(self.log)}",
        )

    def _says_ready(self, pid: int) -> bool:
        """The server writes its state into the eighth line of its pid file."""
        try:
            lines = (self._data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
