"""One reader of the log for all streams of a process: a thousand open streams cost one poll, not a thousand.

Who resumes from further back than what is remembered first reads on by himself, until he has caught up.
"""

import asyncio
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Final, Generic, TypeVar

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from .tail import LogTail, settled
from .wire import LoggedEvent

_log = structlog.get_logger(__name__)

KEPT: Final = 5_000
"""Rows remembered for those who were away for a moment."""
AGAIN: Final = 0.5
"""Seconds after which a database that was away is asked again; the streams stay open meanwhile."""

GAP: Final = 0.005
"""Between two looks at a history in which a number is still missing."""

Row = TypeVar("Row")


class LiveLog(Generic[Row]):
    """直播日志: what of the log is shown, read once and handed to everyone who follows.

    Args:
        engine: of the service whose log it is.
        show: what a stream shows of an event; None for what it does not.
    """

    def __init__(self, engine: AsyncEngine, show: Callable[[LoggedEvent], Row | None]):
        self._engine = engine
        self._show = show
        self._rows: list[tuple[int, Row]] = []
        self._from = 0
        self._to: int | None = None
        """what is shown of the numbers above `_from`, up to `_to`, is remembered"""
        self._moved = asyncio.Event()
        self._followers = 0
        self._reading: asyncio.Task[None] | None = None

    @property
    def readers(self) -> int:
        """How many poll the log: one while somebody follows."""
        return int(self._reading is not None)

    async def follow(self, after: int) -> AsyncIterator[Row]:
        """What is shown behind a number, in the log's order, each once, for ever."""
        with self._following():
            history = LogTail(self._engine, after)
            while True:
                moved, until = self._moved, self._to
                if until is None:
                    await moved.wait()
                elif after < self._from:
                    for row in map(self._show, await history.read()):
                        if row is not None:
                            yield row
                    after = max(after, history.settled)
                    await asyncio.sleep(GAP)
                else:
                    for row in self._remembered(after, until):
                        yield row
                    after = max(after, until)
                    history = LogTail(self._engine, after)
                    if self._to == until:
                        await moved.wait()

    def _remembered(self, after: int, until: int) -> list[Row]:
        first, last = (bisect_right(self._rows, place, key=lambda item: item[0]) for place in (after, until))
        return [row for _, row in self._rows[first:last]]

    @contextmanager
    def _following(self) -> Iterator[None]:
        self._followers += 1
        if self._reading is None:
            self._reading = asyncio.create_task(self._read())
        try:
            yield
        finally:
            self._followers -= 1
            if not self._followers and self._reading is not None:
                self._reading.cancel()
                self._reading = None
                self._rows, self._from, self._to = [], 0, None
                self._moved = asyncio.Event()

    async def _read(self) -> None:
        while True:
            try:
                if self._to is None:
                    self._from = self._to = await settled(self._engine)
                    self._wake()
                async for event in LogTail(self._engine, self._to).follow():
                    self._take(event)
            except Exception as error:  # whatever it was, the log is intact: read on from where we were
                _log.warning("live log waits", error=type(error).__name__)
                await asyncio.sleep(AGAIN)

    def _take(self, event: LoggedEvent) -> None:
        row = self._show(event)
        if row is not None:
            self._rows.append((event.seq, row))
        if len(self._rows) > KEPT:
            self._from = self._rows[-KEPT - 1][0]
            del self._rows[:-KEPT]
        self._to = event.seq
        self._wake()

    def _wake(self) -> None:
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()
