"""The worker's task that makes the preference list day by day; killed, it goes on where the last commit left it."""

import asyncio
from typing import Final

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from events.turns import stopped
from kit.database import begin

from . import service

IDLE_SECONDS: Final = 2.0

_log = structlog.get_logger(__name__)


class PreferenceRunner:
    """倾斜支持名单评定: as the business date moves, a day per transaction."""

    def __init__(self, engine: AsyncEngine, *, at_once: int = service.AT_ONCE):
        self._engine, self._at_once = engine, at_once

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop; a database that is away is waited for."""
        while not stop.is_set():
            try:
                worked = await self.step()
            except (DBAPIError, OSError) as error:
                _log.warning("preference list waits", cause=type(error).__name__)
                worked = False
            if not worked:
                await stopped(stop, IDLE_SECONDS)

    async def step(self) -> bool:
        """Make the list of the next day; False if every business date has its list."""
        async with begin(self._engine) as tx:
            return await service.review_next(tx, limit=self._at_once)
