"""The state directory `.zengshou/`: what the platform keeps between starts, and what runs at the moment."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .exits import ExitCode, StackError


@dataclass(frozen=True, slots=True)
class ProcessState:
    """How one supervised process is."""

    state: str
    pid: int | None
    restarts: int
    port: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What the supervisor tells the other commands; the file is private because the addresses hold passwords."""

    pid: int
    started_at: str
    ready: bool
    base: int
    gateway: str
    kafka: str
    epoch: str
    processes: dict[str, ProcessState] = field(default_factory=dict)
    databases: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)

    def to_json(self) -> str:
        """As stored."""
        return json.dumps(asdict(self), indent=1)

    @classmethod
    def from_json(cls, text: str) -> "Running":
        """As read by another command."""
        stored: dict[str, Any] = json.loads(text)
        processes = {name: ProcessState(**state) for name, state in stored.pop("processes").items()}
        return cls(**stored, processes=processes)


@dataclass(frozen=True, slots=True)
class StateDirectory:
    """Names every file once."""

    root: Path

    @classmethod
    def default(cls) -> "StateDirectory":
        """`$ZENGSHOU_STATE`, else `.zengshou/` beside requirements.lock of this checkout, else of the working one."""
        if chosen := os.environ.get("ZENGSHOU_STATE"):
            return cls(Path(chosen).absolute())
        checkout = Path(__file__).resolve().parents[3]
        return cls((checkout if (checkout / "requirements.lock").exists() else Path.cwd()) / ".zengshou")

    @property
    def logs(self) -> Path:
        """One log per process."""
        return self.root / "logs"

    @property
    def traces(self) -> Path:
        """Spans as OTLP JSON lines, one directory per service."""
        return self.root / "traces"

    @property
    def pids(self) -> Path:
        """One file per process that runs."""
        return self.root / "pids"

    @property
    def keys(self) -> Path:
        """Keys of the field cipher, the blind index and the page tokens."""
        return self.root / "keys.json"

    @property
    def issuer_key(self) -> Path:
        """Private key of the development issuer."""
        return self.root / "issuer.json"

    @property
    def kafka(self) -> Path:
        """Names the cluster whose log this platform wrote, where it joined one."""
        return self.root / "kafka-cluster"

    @property
    def clients(self) -> Path:
        """Secrets of the development departments."""
        return self.root / "clients.json"

    @property
    def running(self) -> Path:
        """What runs at the moment."""
        return self.root / "running.json"

    def make(self) -> None:
        """Make the directories, closed to others.

        Raises:
            StackError: this user may not write here.
        """
        try:
            for directory in (self.root, self.logs, self.traces, self.pids):
                directory.mkdir(parents=True, exist_ok=True)
                directory.chmod(0o700)
            if os.geteuid() == 0:
                # PostgreSQL's user must walk through to its data; every file here is private by itself.
                self.root.chmod(0o711)
        except OSError as error:
            raise StackError(
                ExitCode.UNSUITABLE,
                zh=f"无法写入 {self.root}（{error.strerror}）。请用 ZENGSHOU_STATE 另选目录，或以目录的所有者运行。",
                en=f"Cannot write {self.root} ({error.strerror}). Set ZENGSHOU_STATE or run as its owner.",
            ) from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the directory for one supervisor; the kernel lets go even after a kill -9.

        Raises:
            StackError: another supervisor holds it.
        """
        with os.fdopen(os.open(self.root / "lock", os.O_RDWR | os.O_CREAT, 0o600), "w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise StackError(
                    ExitCode.ALREADY_RUNNING,
                    zh="平台已在运行。用 zengshou status 查看，用 zengshou down 停止。",
                    en="The platform is already running. See zengshou status; stop it with zengshou down.",
                ) from error
            yield

    def is_held(self) -> bool:
        """Whether a supervisor lives."""
        try:
            with (self.root / "lock").open("r") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    def read_running(self) -> Running | None:
        """What runs, or None if no supervisor lives; a file left behind by a killed one says nothing."""
        if not self.is_held() or not self.running.exists():
            return None
        return Running.from_json(self.running.read_text())

    def need_running(self) -> Running:
        """What runs.

        Raises:
            StackError: nothing runs.
        """
        if (found := self.read_running()) is None:
            raise StackError(
                ExitCode.NOT_RUNNING,
                zh="平台没有运行。请先运行 zengshou up。",
                en="The platform is not running. Start it with zengshou up.",
            )
        return found


def write_private(path: Path, text: str) -> None:
    """Replace a file at once, readable by its owner only."""
    passing = path.with_name(f".{path.name}.{os.getpid()}")
    passing.unlink(missing_ok=True)
    with os.fdopen(os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
    passing.replace(path)
