"""The worker's task that computes what-ifs; killed at any moment, it goes on behind the last household committed."""

import asyncio
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from events.consumer import transient
from events.turns import stopped
from kit.aside import Aside
from kit.database import begin
from kit.errors import Unavailable

from ..shadows import service as shadows
from . import queries, service

IDLE_SECONDS: Final = 0.5
_TIMEOUT_MS: Final = 60_000
_BESIDE: Final = 2
"""Processes of low priority that compute."""

_log = structlog.get_logger(__name__)


class WhatIfRunner:
    """测算: several workers may run it, each holds one what-if."""

    def __init__(self, engine: AsyncEngine, *, at_once: int = service.CHUNK):
        self._engine, self._at_once = engine, at_once
        self._asides = [Aside() for _ in range(_BESIDE)]

    async def run(self, stop: asyncio.Event) -> None:
        """Compute until told to stop; a database that is away is waited for."""
        try:
            while not stop.is_set():
                try:
                    worked = await self.step()
                except Exception as error:
                    if not isinstance(error, Unavailable) and not transient(error):
                        raise
                    _log.warning("what-ifs wait", error=type(error).__name__)
                    worked = False
                if not worked:
                    await stopped(stop, IDLE_SECONDS)
        finally:
            self.close()

    def close(self) -> None:
        """End the processes beside."""
        for aside in self._asides:
            aside.close()

    async def step(self) -> bool:
        """Compute the next households of the oldest what-if that nobody holds; False if there is none."""
        async with begin(self._engine, timeout_ms=_TIMEOUT_MS) as tx:
            await shadows.ask_for_the_day(tx)
            row = await queries.next_waiting(tx)
            if row is None:
                return False
            await service.work_on(tx, row, self._asides, most=self._at_once)
            return True
