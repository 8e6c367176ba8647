"""Following one's own event log in sequence order, only below the smallest gap: for streams, webhooks and audits.

Whoever pages by sequence number would step over a late commit if it were shown what lies above a gap.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from . import reader
from .gaps import Cursor
from .wire import LoggedEvent

BATCH: Final = 500


class LogTail:
    """Reads onward from a number; rows come once each, in order.

    Args:
        engine: of the service whose log it is.
        after: the last number already seen.
    """

    def __init__(self, engine: AsyncEngine, after: int = 0):
        self._engine = engine
        self._given = after
        self._cursor = Cursor(hi=after)
        self._ahead: list[LoggedEvent] = []

    @property
    def settled(self) -> int:
        """The highest number up to which everything has been read."""
        return self._cursor.settled

    async def read(self) -> list[LoggedEvent]:
        """What has settled since the last call; empty when nothing has."""
        async with self._engine.connect() as plain:
            connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
            rows = await reader.read(connection, self._cursor, BATCH)
            cursor, _ = self._cursor.after_read([row.seq for row in rows], complete=len(rows) < BATCH)
            if cursor.needs_look_up:
                cursor = cursor.after_look_up(await reader.writers(connection))
        self._cursor = cursor
        self._ahead = sorted([*self._ahead, *rows], key=lambda row: row.seq)
        settled = [row for row in self._ahead if row.seq <= cursor.settled]
        self._ahead = self._ahead[len(settled) :]
        return settled

    async def follow(self, poll: float = 0.02, idle: float = 0.1) -> AsyncIterator[LoggedEvent]:
        """The rows as they settle, for ever; polls faster while they come."""
        wait = poll
        while True:
            rows = await self.read()
            for row in rows:
                yield row
            wait = poll if rows else min(wait * 1.3, idle)
            await asyncio.sleep(wait)


_SETTLED = text("""
    SELECT coalesce((SELECT min(lo) - 1 FROM relay_gaps), (SELECT hi FROM relay_state), 0)
""")


async def settled(engine: AsyncEngine) -> int:
    """A place to start following from: nothing at or below it can appear any more, as the relay last knew."""
    async with engine.connect() as connection:
        return int((await connection.execute(_SETTLED)).scalar_one())
