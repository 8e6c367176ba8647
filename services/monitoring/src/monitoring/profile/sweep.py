"""The sweep: takes every household past the ticks and policy changes, beside the live flow.

Where very many wait, as behind a new line, a process of low priority does it, and the loop of the worker is left to
live facts and to what goes out. One such process: together with its server process it fills one core.
"""

import asyncio
from collections.abc import Sequence
from time import monotonic
from typing import Any, Final

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from events.consumer import transient
from events.received import Received
from events.turns import stopped_or_stirred
from kit import loop
from kit.aside import Aside, give_way
from kit.database import begin, engine
from kit.errors import Unavailable
from kit.memory import expect_long_lives

from .service import Profiles

CHUNK: Final = 50
"""Households in one transaction: their locks are held for some tens of milliseconds."""
_HELPING: Final = 100
"""The same of help, whose loop nobody else wants."""
_REST: Final = 0.25
"""Help rests so many times as long as a chunk took: its server process knows no low priority. On two cores calls beside
it took 2.7 times as long as in quiet without a rest and 1.7 to 2.1 times with it; 0.4 was no better and took longer.
"""
IDLE_SECONDS: Final = 0.5
"""Between looks nobody asked for: a tick taken by another worker, a policy change of the API."""
LONGEST_BACK_OFF: Final = 5.0
MANY: Final = 20
"""Full chunks in a row after which help is called; it takes a second or two to come."""
_AT_ONE_CALL: Final = 3.0
"""Seconds that help works before it is called again: a worker that ends waits for it."""

_log = structlog.get_logger(__name__)


class Sweep:
    """扫描: a task of the worker; several workers may run it, they share the work by locks."""

    def __init__(self, profiles: Profiles, engine: AsyncEngine):
        self._profiles = profiles
        self._engine = engine
        self._stirred = asyncio.Event()
        self._aside = Aside()

    async def stir(self, tx: AsyncConnection, events: Sequence[Received[Any]]) -> None:
        """Look at once; a handler of ticks. The look waits at the gate until the tick is committed."""
        self._stirred.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Sweep until told to stop; what a lock or a lost connection interrupts is done in the next turn."""
        try:
            await self._run(stop)
        finally:
            self._aside.close()

    async def _run(self, stop: asyncio.Event) -> None:
        wait, full = IDLE_SECONDS, 0
        while not stop.is_set():
            try:
                self._stirred.clear()
                if full >= MANY:
                    if await self._helped():
                        continue
                    # Where help fails, to try it again takes longer than many chunks.
                    full = 0
                async with begin(self._engine) as tx:
                    done = await self._profiles.catch_up(tx, CHUNK)
                wait, full = IDLE_SECONDS, full + 1 if done >= CHUNK else 0
                if done:
                    continue
            except Exception as error:
                if not isinstance(error, Unavailable) and not transient(error):
                    raise
                _log.warning("waiting to sweep again", error=type(error).__name__, seconds=wait)
                wait = min(wait * 2, LONGEST_BACK_OFF)
            await stopped_or_stirred(stop, self._stirred, wait)

    async def _helped(self) -> bool:
        """Let help do what it can at one call; false where nothing waited, or it failed and we must do it ourselves."""
        dsn = self._engine.url.render_as_string(hide_password=False)
        try:
            return bool(await self._aside.run(sweep_aside, dsn))
        except Exception as error:  # whatever it died of, a chunk of our own tells whether it is ours too
            _log.warning("help with the sweep ended", error=type(error).__name__)
            return False


def sweep_aside(dsn: str) -> int:
    """Sweep for some seconds, in a process of its own; how many households that were, none where nothing waits."""
    expect_long_lives()
    return loop.run(_sweep_aside(dsn))


async def _sweep_aside(dsn: str) -> int:
    database = engine(dsn, key_locks="rows", application="monitoring-sweep")
    profiles, count, until = Profiles(give_way=give_way), 0, monotonic() + _AT_ONE_CALL
    try:
        while monotonic() < until:
            began = monotonic()
            async with begin(database) as tx:
                done = await profiles.catch_up(tx, _HELPING)
            count += done
            if not done:
                break
            await asyncio.sleep((monotonic() - began) * _REST)
        return count
    finally:
        await database.dispose()
