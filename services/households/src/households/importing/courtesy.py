"""An import gives way to live work: beside it small steps with pauses, alone at full speed.

What is live is seen in the database alone, so that it holds for any number of processes: facts of other services taken
in, and events of our own that no import wrote. Whether there is room is seen by how long a step takes and how soon
everybody has taken what it published: on a busy machine both grow, and the import with them.
"""

import asyncio
import time
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from events import receipts
from events.turns import stopped

BESIDE: Final = 5
"""Households in one transaction beside live work: what an officer may have to wait for."""
QUIET_SECONDS: Final = 5.0
"""Live work comes in bursts: so long after its last fact an import may take large steps."""
_REST: Final = 3.0
"""Pause after a step beside live work, in durations of the step until all has been taken."""
_LOOK: Final = 0.05

_OUT_OF_TURN: Final = 1000
"""So many numbers of the log are looked at twice: what took one of them may have been committed after the last look."""

# Only what is new in each log is looked at, and no more than its end: a step of an import alone writes some three
# thousand events, and live work that is rarer than one event in three such steps has nothing to fear.
_LIVE = text("""
    SELECT seen.own, CAST(extract(epoch FROM clock_timestamp() - greatest(
        (SELECT max(recorded_at) FROM event_log
         WHERE seq > greatest(seen.own - 10000, :seen)
           AND NOT EXISTS (SELECT FROM import_jobs WHERE id = event_log.correlation_id)),
        (SELECT max(received_at) FROM received_log WHERE number > seen.others - 2000 AND source <> 'monitoring')
    )) AS float) AS seconds
    FROM (SELECT coalesce((SELECT max(seq) FROM event_log), 0) AS own,
                 coalesce((SELECT max(number) FROM received_log), 0) AS others) AS seen
""")
_END = text("SELECT coalesce(max(seq), 0) FROM event_log")


class Courtesy:
    """让路: looks before each step, waits after it."""

    def __init__(self, engine: AsyncEngine, *, full: int, quiet: float = QUIET_SECONDS, longest: float = 10.0):
        """For one worker.

        Args:
            engine: of the worker.
            full: households in a transaction of an import that is alone.
            quiet: seconds without live work after which it is alone.
            longest: seconds after which it goes on though a listener is away.
        """
        self._engine, self._full, self._quiet, self._longest = engine, full, quiet, longest
        self._beside = False
        self._began = 0.0
        self._seen = 0
        self._live_until = 0.0

    async def limit(self, tx: AsyncConnection) -> int:
        """How many households the step that begins now may take."""
        look = (await tx.execute(_LIVE, {"seen": self._seen})).one()
        self._began = time.monotonic()
        self._seen = look.own - _OUT_OF_TURN
        if look.seconds is not None:
            self._live_until = max(self._live_until, self._began + self._quiet - look.seconds)
        self._beside = self._began < self._live_until
        return BESIDE if self._beside else self._full

    async def rest(self, stop: asyncio.Event) -> None:
        """After a step beside live work: wait until everybody has taken it, then three times as long again."""
        if not self._beside:
            return
        async with self._engine.connect() as look:
            end = int((await look.execute(_END)).scalar_one())
            while await receipts.not_consumed(look, "households", end):
                await look.rollback()
                if time.monotonic() - self._began > self._longest or await stopped(stop, _LOOK):
                    break
        await stopped(stop, min(self._longest, _REST * (time.monotonic() - self._began)))
