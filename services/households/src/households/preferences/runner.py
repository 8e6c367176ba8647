"""The worker's turns that make the preference list day by day; killed, it goes on where the last commit left it."""

from sqlalchemy.ext.asyncio import AsyncEngine

from kit.database import begin

from . import service


class PreferenceList:
    """倾斜支持名单评定: as the business date moves, a day per transaction."""

    def __init__(self, engine: AsyncEngine, *, at_once: int = service.AT_ONCE):
        self._engine, self._at_once = engine, at_once

    async def turn(self) -> bool:
        """Make the list of the next day; False if every business date has its list."""
        async with begin(self._engine) as tx:
            return await service.review_next(tx, limit=self._at_once)
