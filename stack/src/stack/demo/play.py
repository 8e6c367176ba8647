"""Plays the year: moves the business date from one eventful day to the next, each day only when all before is taken."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from ..api import Api
from .clients import CITY
from .facts import Facts
from .screen import Screen
from .settling import Settling
from .timing import Watch
from .year import Happening, Year

SIDE_BY_SIDE: Final = 4
"""Facts of one day that are on their way at the same time."""


@dataclass(frozen=True, slots=True)
class Player:
    """What playing needs."""

    api: Api
    facts: Facts
    settling: Settling
    watch: Watch
    screen: Screen

    async def play(self, year: Year) -> None:
        """Day by day to the end of the year."""
        painter = asyncio.create_task(self._paint())
        try:
            for day in year.dates:
                await self.facts.advance(day)
                await self.settling.until_taken("households")
                self.screen.on = day
                for happening in year.days.get(day, []):
                    await self._happen(happening)
                await self._happen_side_by_side(year.apart.get(day, []))
                await self.settling.until_taken()
        finally:
            painter.cancel()

    async def _happen_side_by_side(self, happenings: Sequence[Happening]) -> None:
        turns = asyncio.Semaphore(SIDE_BY_SIDE)

        async def in_turn(happening: Happening) -> None:
            async with turns:
                await self._happen(happening)

        async with asyncio.TaskGroup() as group:
            for happening in happenings:
                group.create_task(in_turn(happening))

    async def _happen(self, happening: Happening) -> None:
        started = time.perf_counter()
        timed = await happening(self.facts)
        if timed:
            await self.watch.until_status(*timed)
            self.facts.ledger.latencies.append(time.perf_counter() - started)

    async def _paint(self) -> None:
        while True:
            levels = await self.levels()
            self.screen.refresh(self.screen.on or date.min, await self.settling.events(), levels)
            await asyncio.sleep(0.5)

    async def levels(self) -> Mapping[str, int]:
        """Households by level, as monitoring keeps them."""
        summary = await self.api.get(CITY, "/monitoring/v1/summary")
        return {level: int(count) for level, count in summary["levels"].items()}
