"""Keeps one process alive: starts it, waits until it is ready, starts it again when it dies or is stuck."""

import asyncio
import logging
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import httpx2

from ..children import ended, start_child, stop_child
from ..state import ProcessState
from .program import Program

_log = logging.getLogger("zengshou.supervisor")

_HOPELESS_AFTER = 4
_ASK_READY = 0.2
_ASK_LIVE = 5.0
_STUCK_AFTER = 60.0
_LONGEST_PAUSE = 10.0
# A process that lived this long has proved itself: the next pause is short again.
_PROVEN = 60.0
# More than a worker takes to finish what it has begun (kit.worker).
_GRACE = 25.0


def prober() -> httpx2.AsyncClient:
    """The HTTP client that all keepers of a supervisor ask with; close it.

    It keeps no connection: whose probe finds connections of the others that have rested too long closes them, and if
    it is cancelled amid that (keepers are, when they stop) the rest of them stay open and belong to nobody.
    """
    return httpx2.AsyncClient(timeout=5, limits=httpx2.Limits(max_keepalive_connections=0), trust_env=False)


class Keeper:
    """One program and the process that runs it at the moment."""

    def __init__(self, program: Program, *, log: Path, http: httpx2.AsyncClient, on_change: Callable[[], None]):
        self.program = program
        self._log_file = log
        self._http = http
        self._on_change = on_change
        self._child: subprocess.Popen[bytes] | None = None
        self._state = "starting"
        self._task: asyncio.Task[None] | None = None
        self.deaths = 0
        self.was_ready = asyncio.Event()
        self.hopeless = asyncio.Event()

    @property
    def state(self) -> ProcessState:
        """As `zengshou status` shows it."""
        pid = self._child.pid if self._child and self._child.poll() is None else None
        return ProcessState(self._state, pid, self.deaths, self.program.port)

    @property
    def log(self) -> Path:
        """Where the process writes."""
        return self._log_file

    def start(self) -> None:
        """Begin to keep it alive; needs a running event loop."""
        self._task = asyncio.create_task(self._keep(), name=self.program.name)

    async def stop(self, within: float = _GRACE) -> None:
        """Let it finish what it does, then kill it, and keep it no longer."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._child:
            await asyncio.to_thread(stop_child, self._child, within=within)
        self._become("stopped")

    async def _keep(self) -> None:
        pause = 0.2
        while True:
            began = time.monotonic()
            await self._live_once()
            self.deaths += 1
            if self.deaths >= _HOPELESS_AFTER and not self.was_ready.is_set():
                self.hopeless.set()
            self._become("restarting")
            pause = 0.2 if time.monotonic() - began > _PROVEN else min(pause * 2, _LONGEST_PAUSE)
            await asyncio.sleep(pause)

    async def _live_once(self) -> None:
        # In the main thread: the kernel ties the child's life to the thread that started it.
        self._child = child = start_child(
            self.program.command, log=self._log_file, env=self.program.env, last_signal=signal.SIGKILL
        )
        self._become("starting")
        probes = asyncio.create_task(self._probe(child))
        try:
            await ended(child)
        finally:
            probes.cancel()
            await asyncio.gather(probes, return_exceptions=True)
        _log.warning("%s (pid %d) ended with %s", self.program.name, child.pid, child.returncode)

    async def _probe(self, child: subprocess.Popen[bytes]) -> None:
        await self._until_ready()
        self._become("ready")
        self.was_ready.set()
        answered = time.monotonic()
        while time.monotonic() - answered < _STUCK_AFTER:
            await asyncio.sleep(_ASK_LIVE)
            if await self._answers(self.program.live_url):
                answered = time.monotonic()
        _log.error("%s (pid %d) does not answer and is killed", self.program.name, child.pid)
        child.kill()

    async def _until_ready(self) -> None:
        while True:
            if await self._answers(self.program.ready_url):
                return
            await asyncio.sleep(_ASK_READY)

    async def _answers(self, url: str) -> bool:
        try:
            return (await self._http.get(url)).is_success
        except httpx2.HTTPError:
            return False

    def _become(self, state: str) -> None:
        self._state = state
        self._on_change()
