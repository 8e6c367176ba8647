"""The worker's task that pays distributions; killed at any moment, it goes on where the last commit left them."""

import asyncio
from typing import Final

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from events.turns import stopped
from kit.database import begin
from kit.errors import Refusal

from . import service

IDLE_SECONDS: Final = 0.5
_TIMEOUT_MS: Final = 60_000

_log = structlog.get_logger(__name__)


class DistributionRunner:
    """Pays what was decided, some households per transaction."""

    def __init__(self, engine: AsyncEngine, *, at_once: int = service.AT_ONCE):
        self._engine, self._at_once = engine, at_once

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop; a database that is away is waited for."""
        while not stop.is_set():
            try:
                worked = await self.step()
            except (DBAPIError, Refusal, OSError) as error:
                _log.warning("distributions wait", cause=type(error).__name__)
                worked = False
            if not worked:
                await stopped(stop, IDLE_SECONDS)

    async def step(self) -> bool:
        """Pay the next households of the oldest distribution; False if nothing waits."""
        async with begin(self._engine, timeout_ms=_TIMEOUT_MS) as tx:
            return await service.pay_some(tx, limit=self._at_once)
