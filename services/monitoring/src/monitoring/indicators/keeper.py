"""The keeper: a task of the worker that sums up what areas gained and lost, within a second."""

from sqlalchemy.ext.asyncio import AsyncEngine

from kit.database import begin

from .service import CHUNK, sum_up


class Keeper:
    """指标汇总: several workers may run it, one sums up at a time; a change leaves in the transaction that adds it."""

    def __init__(self, engine: AsyncEngine):
        self._engine = engine

    async def turn(self) -> bool:
        """Sum up some; whether there may be more."""
        async with begin(self._engine) as tx:
            return await sum_up(tx) >= CHUNK
