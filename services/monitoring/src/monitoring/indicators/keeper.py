"""The keeper: a task of the worker that sums up what areas gained and lost, within a second."""

import asyncio
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from events.turns import stopped
from kit.database import begin

from .service import CHUNK, sum_up

IDLE_SECONDS: Final = 0.5

_log = structlog.get_logger(__name__)


class Keeper:
    """指标汇总: several workers may run it, one sums up at a time; what is interrupted is done in the next turn."""

    def __init__(self, engine: AsyncEngine):
        self._engine = engine

    async def run(self, stop: asyncio.Event) -> None:
        """Sum up until told to stop."""
        while not stop.is_set():
            done = 0
            try:
                async with begin(self._engine) as tx:
                    done = await sum_up(tx)
            except Exception as error:  # nothing is half summed: changes leave in the transaction that adds them up
                _log.warning("indicators interrupted", error=type(error).__name__)
            if done < CHUNK:
                await stopped(stop, IDLE_SECONDS)
