"""The sweep: takes every household past the ticks and policy changes, beside the live flow."""

import asyncio
from contextlib import suppress
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from events.consumer import transient
from kit.database import begin
from kit.errors import Unavailable

from .service import Profiles

CHUNK: Final = 100
"""Households in one transaction: their locks are held for some tens of milliseconds."""
IDLE_SECONDS: Final = 0.1
LONGEST_BACK_OFF: Final = 5.0

_log = structlog.get_logger(__name__)


class Sweep:
    """扫描: a task of the worker; several workers may run it, they share the work by locks."""

    def __init__(self, profiles: Profiles, engine: AsyncEngine):
        self._profiles = profiles
        self._engine = engine

    async def run(self, stop: asyncio.Event) -> None:
        """Sweep until told to stop; what a lock or a lost connection interrupts is done in the next turn."""
        wait = IDLE_SECONDS
        while not stop.is_set():
            try:
                async with begin(self._engine) as tx:
                    done = await self._profiles.catch_up(tx, CHUNK)
                wait = IDLE_SECONDS
                if done:
                    continue
            except Exception as error:
                if not isinstance(error, Unavailable) and not transient(error):
                    raise
                _log.warning("waiting to sweep again", error=type(error).__name__, seconds=wait)
                wait = min(wait * 2, LONGEST_BACK_OFF)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), wait)
