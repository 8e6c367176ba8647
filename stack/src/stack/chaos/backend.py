"""Where the platform under test runs: what a fault can lay hands on, whatever runs the processes."""

import asyncio
import os
import shutil
import signal
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Protocol, Self

from events.topology import SERVICES

from ..ports import Ports
from ..postgres import Cluster
from ..state import ProcessState, Running, StateDirectory
from ..supervisor.supervisor import Supervisor, platform
from ..supervisor.telling import Tell
from .network import FaultyNetwork

Leave = Callable[[], Awaitable[None]]


class Way(Protocol):
    """通路: between a service and what it needs, as a fault sees it.

    Attributes:
        name: who is at its ends; the engine comes last.
        delay: seconds that everything waits on it.
        cut: nothing passes.
    """

    name: str
    delay: float
    cut: bool

    def tear(self) -> None:
        """Break every open connection."""
        ...


class Backend(Protocol):
    """后端: a running platform that can be broken. Enter it to start the platform, leave it to stop it."""

    name: str
    state: StateDirectory
    cannot: frozenset[str]
    """Faults that cannot be made here, of `cut`, `slow` and `broker lost`; reports name them."""
    targets: Mapping[str, Sequence[str]]
    """Fault of `faults.KILLS` → the processes that it strikes."""

    @property
    def running(self) -> Running:
        """What runs; its addresses lead past the links, for the load and the verdict."""
        ...

    @property
    def links(self) -> Sequence[Way]:
        """Every way to an engine: `<service>-broker`, `<service>-database`, or `<process>-engines` for all at once."""
        ...

    def alive(self, process: str) -> bool:
        """Whether there is something to kill: one of `targets`."""
        ...

    def kill(self, process: str, by: signal.Signals) -> None:
        """Send a signal to a process; something else starts it again."""
        ...

    def away(self, engine: str) -> Leave:
        """Kill a broker or the database, and let nobody reach it before what is returned was called."""
        ...

    async def join(self, service: str) -> Leave:
        """Start a second worker of a service; what is returned stops it."""
        ...

    async def broken(self) -> None:
        """Return only when what keeps the platform alive has failed itself.

        Raises:
            Exception: why.
        """
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *exc: object) -> None: ...


class EmbeddedBackend:
    """单机后端: the supervisor in this process, every link through a fault proxy."""

    name = "embedded"
    cannot = frozenset({"broker lost"})
    targets: Mapping[str, Sequence[str]] = {
        "kill api": [f"{service}.api" for service in SERVICES],
        "kill worker": [f"{service}.worker" for service in SERVICES],
        "kill gateway": ["gateway"],
        "restart broker": ["broker"],
        "restart postgres": ["postgres"],
    }

    def __init__(self, directory: Path, tell: Tell):
        self.state = StateDirectory(directory)
        self._tell = tell
        self._ports = Ports.free()
        self._network = FaultyNetwork(self._ports.broker)
        self._closing = AsyncExitStack()
        self._supervisor: Supervisor | None = None

    async def __aenter__(self) -> Self:
        _remove(self.state)
        async with AsyncExitStack() as closing:
            closing.push_async_callback(self._network.close)
            await self._network.open()
            self._supervisor = await closing.enter_async_context(
                platform(self.state, self._ports, self._tell, self._network)
            )
            self._closing = closing.pop_all()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._closing.aclose()

    @property
    def supervisor(self) -> Supervisor:
        """What keeps the platform alive."""
        if self._supervisor is None:
            raise RuntimeError("not started")
        return self._supervisor

    @property
    def running(self) -> Running:
        """What runs at the moment."""
        return self.supervisor.running

    @property
    def links(self) -> Sequence[Way]:
        """Two of each service."""
        return self._network.links

    def alive(self, process: str) -> bool:
        """Whether the process runs at the moment."""
        return self._pid(process) is not None

    def kill(self, process: str, by: signal.Signals) -> None:
        """The supervisor starts it again."""
        if pid := self._pid(process):
            os.kill(pid, by)

    def away(self, engine: str) -> Leave:
        """The supervisor starts it again, behind links that are cut."""
        cut = [link for link in self.links if link.name.endswith("-database" if engine == "postgres" else "-broker")]
        for link in cut:
            link.cut = True
            link.tear()
        self.kill(engine, signal.SIGINT if engine == "postgres" else signal.SIGKILL)

        async def back() -> None:
            for link in cut:
                link.cut = False

        return back

    async def join(self, service: str) -> Leave:
        """Under the supervisor too, because a new epoch must end it."""
        keeper = await self.supervisor.join(service)

        async def leave() -> None:
            await self.supervisor.leave(keeper)

        return leave

    async def broken(self) -> None:
        """Return when a duty of the supervisor has failed."""
        await self.supervisor.wait()

    def _pid(self, process: str) -> int | None:
        found = self._processes.get(process)
        return found.pid if found else None

    @property
    def _processes(self) -> Mapping[str, ProcessState]:
        return self.running.processes


def _remove(state: StateDirectory) -> None:
    """A run begins with nothing; only what an earlier run left in this directory is removed."""
    if not state.is_held() and (state.root / "lock").exists():
        shutil.rmtree(Cluster(state.root / "postgres").home, ignore_errors=True)
        shutil.rmtree(state.root, ignore_errors=True)


async def settled_down(backend: Backend, within: float) -> bool:
    """Wait until every process is ready; false if that takes longer."""
    until = time.monotonic() + within
    while not backend.running.ready:
        if time.monotonic() > until:
            return False
        await asyncio.sleep(0.2)
    return True
