"""When a fact has become status: monitoring's received log, whose row commits with profile, level and alerts."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final, Self
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ..databases import connection

_EVERY: Final = 0.02
_BEHIND: Final = 3_000
"""Numbers of several partitions commit side by side: so far below the highest one some may still be on their way."""
_END: Final = text("SELECT coalesce(max(number), 0) FROM received_log")
_NEW = text("""
    SELECT number, fact_id, extract(epoch FROM recorded_at) AS recorded
    FROM received_log WHERE number > :number ORDER BY number
""")


class Sightings:
    """观察: watches the log fifty times a second, as it shares the machine with what it watches.

    Attributes:
        wanted: facts to look out for.
        waited: fact → seconds from the event's entry in its service's log until its status stood.
    """

    def __init__(self, end: int):
        self._below = end
        self._seen: set[int] = set()
        self.wanted: set[UUID] = set()
        self.waited: dict[UUID, float] = {}

    @classmethod
    @asynccontextmanager
    async def following(cls, dsn: str) -> AsyncIterator[Self]:
        """Sees, within the block, whatever is written from its first line on."""
        async with connection(dsn) as plain:
            look = await plain.execution_options(isolation_level="AUTOCOMMIT")
            sightings = cls(int((await look.execute(_END)).scalar_one()))
            watching = asyncio.create_task(sightings._follow(look))
            try:
                yield sightings
            finally:
                watching.cancel()
                with suppress(asyncio.CancelledError):
                    await watching

    async def until_all(self, within: float) -> int:
        """Wait until every wanted fact was seen; gives how many were not."""
        until = time.monotonic() + within
        while missing := len(self.wanted - self.waited.keys()):
            if time.monotonic() > until:
                break
            await asyncio.sleep(_EVERY)
        return missing

    async def _follow(self, look: AsyncConnection) -> None:
        while True:
            await self._look(look)
            await asyncio.sleep(_EVERY)

    async def _look(self, look: AsyncConnection) -> None:
        rows: list[Any] = list(await look.execute(_NEW, {"number": self._below}))
        now = time.time()
        for row in rows:
            if row.number not in self._seen:
                self._seen.add(row.number)
                if row.fact_id is not None:
                    self.waited.setdefault(row.fact_id, now - float(row.recorded))
        while self._below + 1 in self._seen:
            self._below += 1
            self._seen.discard(self._below)
        if self._seen and (floor := max(self._seen) - _BEHIND) > self._below:
            self._below = floor
            self._seen = {number for number in self._seen if number > floor}
