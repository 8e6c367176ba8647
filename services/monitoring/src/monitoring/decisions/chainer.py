"""The chainer: a task of the worker that lengthens the chain within a second or two."""

import asyncio
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from events.turns import stopped
from kit.database import begin

from .service import lengthen

IDLE_SECONDS: Final = 1.0

_log = structlog.get_logger(__name__)


class Chainer:
    """决定链续写: several workers may run it, the chain grows by one at a time."""

    def __init__(self, engine: AsyncEngine):
        self._engine = engine

    async def run(self, stop: asyncio.Event) -> None:
        """Lengthen until told to stop; what a lost connection interrupts is done in the next turn."""
        while not stop.is_set():
            done = 0
            try:
                async with begin(self._engine) as tx:
                    done = await lengthen(tx)
            except Exception as error:  # nothing is half written: the next turn begins where the chain ends
                _log.warning("decisions interrupted", error=type(error).__name__)
            if not done:
                await stopped(stop, IDLE_SECONDS)
