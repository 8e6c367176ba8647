"""The maker of lists: a task of the worker that looks once a business date, after the sweep is through with it."""

import asyncio
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from events.turns import stopped
from kit.database import begin

from ..policy.queries import business_date
from .service import make_lists

IDLE_SECONDS: Final = 1.0

_log = structlog.get_logger(__name__)


class ListMaker:
    """调度清单生成: several workers may run it, one makes lists at a time."""

    def __init__(self, engine: AsyncEngine):
        self._engine = engine
        self._looked_on: object = None

    async def run(self, stop: asyncio.Event) -> None:
        """Make lists until told to stop; what a lost connection interrupts is done in the next turn."""
        while not stop.is_set():
            try:
                await self.look()
            except Exception as error:  # nothing is half made: the next turn begins anew
                _log.warning("lists interrupted", error=type(error).__name__)
            await stopped(stop, IDLE_SECONDS)

    async def look(self) -> None:
        """Make what is due, once a business date."""
        async with begin(self._engine, timeout_ms=60_000) as tx:
            on = await business_date(tx)
            if on is None or on == self._looked_on:
                return
            made = await make_lists(tx)
        if made is not None:
            self._looked_on = on
