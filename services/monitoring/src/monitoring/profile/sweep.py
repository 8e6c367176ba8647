"""The sweep: takes every household past the ticks and policy changes, beside the live flow.

Where very many wait, as behind a new line, a process of low priority comes to help: it begins at the other end, so that
both hardly ever want the same household, and ends where they meet.
"""

import asyncio
from collections.abc import Sequence
from time import monotonic
from typing import Any, Final

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from events.consumer import transient
from events.received import Received
from events.turns import stopped, stopped_or_stirred
from kit import loop
from kit.aside import Aside
from kit.database import begin, engine
from kit.errors import Unavailable

from .service import Profiles

CHUNK: Final = 50
"""Households in one transaction: their locks are held for some tens of milliseconds."""
HELPING: Final = 100
"""The same of help, whose loop nobody else wants."""
_REST, _HELPING_REST = 0.5, 0.25
"""So many times as long as a chunk took: live facts want the loop, and officers' calls the cores. Without it, and a
hundred at a time, 95,000 households stood under a new line after 25 to 34 s while both took about twice as long as with
nothing beside them, or longer; with it after 34 s, and neither did. A city just loaded took 62 s, both over twice as
long.
"""
IDLE_SECONDS: Final = 0.5
"""Between looks nobody asked for: a tick taken by another worker, a policy change of the API."""
LONGEST_BACK_OFF: Final = 5.0
MANY: Final = 20
"""Full chunks in a row after which help is called; it takes a second or two to come."""
_AT_ONE_CALL: Final = 20
"""Chunks that help does before it is called again: a worker that ends waits for them."""

_log = structlog.get_logger(__name__)


class Sweep:
    """扫描: a task of the worker; several workers may run it, they share the work by locks."""

    def __init__(self, profiles: Profiles, engine: AsyncEngine):
        self._profiles = profiles
        self._engine = engine
        self._stirred = asyncio.Event()
        self._aside = Aside()
        self._helping: asyncio.Task[int] | None = None

    async def stir(self, tx: AsyncConnection, events: Sequence[Received[Any]]) -> None:
        """Look at once; a handler of ticks. The look waits at the gate until the tick is committed."""
        self._stirred.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Sweep until told to stop; what a lock or a lost connection interrupts is done in the next turn."""
        try:
            await self._run(stop)
        finally:
            if self._helping is not None:
                self._helping.cancel()
            self._aside.close()

    async def _run(self, stop: asyncio.Event) -> None:
        wait, full = IDLE_SECONDS, 0
        while not stop.is_set():
            try:
                self._stirred.clear()
                began = monotonic()
                async with begin(self._engine) as tx:
                    done = await self._profiles.catch_up(tx, CHUNK)
                wait, full = IDLE_SECONDS, full + 1 if done >= CHUNK else 0
                if full >= MANY:
                    self._call_for_help()
                if done:
                    await stopped(stop, (monotonic() - began) * _REST)
                    continue
            except Exception as error:
                if not isinstance(error, Unavailable) and not transient(error):
                    raise
                _log.warning("waiting to sweep again", error=type(error).__name__, seconds=wait)
                wait = min(wait * 2, LONGEST_BACK_OFF)
            await stopped_or_stirred(stop, self._stirred, wait)

    def _call_for_help(self) -> None:
        if self._helping is not None and not self._helping.done():
            return
        if self._helping is not None and (error := self._helping.exception()) is not None:
            _log.warning("help with the sweep ended", error=type(error).__name__)
        dsn = self._engine.url.render_as_string(hide_password=False)
        self._helping = asyncio.create_task(self._aside.run(sweep_from_the_end, dsn))


def sweep_from_the_end(dsn: str) -> int:
    """Sweep some chunks, in a process of its own; how many households that were, none where nothing waits."""
    return loop.run(_sweep_from_the_end(dsn))


async def _sweep_from_the_end(dsn: str) -> int:
    database = engine(dsn, key_locks="rows", application="monitoring-sweep")
    profiles, count = Profiles(), 0
    try:
        for _ in range(_AT_ONE_CALL):
            began = monotonic()
            async with begin(database) as tx:
                done = await profiles.catch_up(tx, HELPING, from_the_end=True)
            count += done
            if not done:
                break
            await asyncio.sleep((monotonic() - began) * _HELPING_REST)
        return count
    finally:
        await database.dispose()
