"""The sweep: takes every household past the ticks and policy changes, beside the live flow."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from events.consumer import transient
from events.received import Received
from kit.database import begin
from kit.errors import Unavailable

from .service import Profiles

CHUNK: Final = 100
"""Households in one transaction: their locks are held for some tens of milliseconds."""
IDLE_SECONDS: Final = 0.5
"""Between looks nobody asked for: a tick taken by another worker, a policy change of the API."""
LONGEST_BACK_OFF: Final = 5.0

_log = structlog.get_logger(__name__)


class Sweep:
    """扫描: a task of the worker; several workers may run it, they share the work by locks."""

    def __init__(self, profiles: Profiles, engine: AsyncEngine):
        self._profiles = profiles
        self._engine = engine
        self._stirred = asyncio.Event()

    async def stir(self, tx: AsyncConnection, events: Sequence[Received[Any]]) -> None:
        """Look at once; a handler of ticks. The look waits at the gate until the tick is committed."""
        self._stirred.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Sweep until told to stop; what a lock or a lost connection interrupts is done in the next turn."""
        wait = IDLE_SECONDS
        while not stop.is_set():
            try:
                self._stirred.clear()
                async with begin(self._engine) as tx:
                    done = await self._profiles.catch_up(tx, CHUNK)
                wait = IDLE_SECONDS
                if done:
                    continue
            except Exception as error:
                if not isinstance(error, Unavailable) and not transient(error):
                    raise
                _log.warning("waiting to sweep again", error=type(error).__name__, seconds=wait)
                wait = min(wait * 2, LONGEST_BACK_OFF)
            await self._rest(stop, wait)

    async def _rest(self, stop: asyncio.Event, seconds: float) -> None:
        turns = [asyncio.ensure_future(event.wait()) for event in (stop, self._stirred)]
        await asyncio.wait(turns, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for turn in turns:
            turn.cancel()
