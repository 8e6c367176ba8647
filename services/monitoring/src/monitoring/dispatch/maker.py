"""The maker of lists: a task of the worker that looks once a business date, after the sweep is through with it."""

from sqlalchemy.ext.asyncio import AsyncEngine

from kit.database import begin

from ..policy.queries import business_date
from .service import make_lists


class ListMaker:
    """调度清单生成: several workers may run it, one makes lists at a time."""

    def __init__(self, engine: AsyncEngine):
        self._engine = engine
        self._looked_on: object = None

    async def turn(self) -> bool:
        """Make what is due, once a business date; there is never more at once."""
        async with begin(self._engine, timeout_ms=60_000) as tx:
            on = await business_date(tx)
            if on is None or on == self._looked_on:
                return False
            made = await make_lists(tx)
        if made is not None:
            self._looked_on = on
        return False
