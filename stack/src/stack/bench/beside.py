"""An import beside live work: what officers wait for with and without it, and what it costs the import."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final
from uuid import UUID

from ..api import Api
from ..demo.clients import CITY, EMPLOYMENT
from .figures import Spread
from .loading import Import, import_file
from .sightings import Sightings

_WITHIN: Final = 120.0


@dataclass(slots=True)
class Live:
    """日常办理: what officers waited for.

    Attributes:
        calls: seconds per call, half of them a wage reported, half a household or its risk looked at.
        status: from a wage's entry in its log until the household's status stood.
    """

    calls: Spread = field(default_factory=lambda: Spread.of(()))
    status: Spread = field(default_factory=lambda: Spread.of(()))
    missing: int = 0

    def to_json(self) -> dict[str, Any]:
        """As a report carries it."""
        return {"calls": self.calls.to_json(), "status": self.status.to_json(), "missing": self.missing}


@dataclass(slots=True)
class Beside:
    """并行量测"""

    rate: float
    quiet: Live
    importing: Live
    imported: Import

    def to_json(self) -> dict[str, Any]:
        """With what follows."""
        return {"rate": self.rate, "quiet": self.quiet.to_json(), "importing": self.importing.to_json(),
                "calls_p95_ratio": self.importing.calls.times(self.quiet.calls),
                "status_p95_ratio": self.importing.status.times(self.quiet.status),
                "import": self.imported.to_json()}  # fmt: skip


async def measure_beside(
    api: Api,
    sightings: Sightings,
    items: Iterator[dict[str, Any]],
    files: Sequence[Path],
    households: Sequence[UUID],
    random: Random,
    rate: float,
    seconds: float,
) -> Beside:
    """Officers alone for some seconds, then the same beside the import of the files for as long as it takes."""
    officers = Officers(api, sightings, items, households, random, rate)
    quiet = await officers.work(lambda: asyncio.sleep(seconds))
    imported = Import()

    async def bring_in() -> None:
        for path in files:
            await import_file(api, path, imported)

    return Beside(rate, quiet, await officers.work(bring_in), imported)


class Officers:
    """办理人员. Calls at a steady rate, each on its own; a slow answer delays no other call."""

    def __init__(
        self,
        api: Api,
        sightings: Sightings,
        items: Iterator[dict[str, Any]],
        households: Sequence[UUID],
        random: Random,
        rate: float,
    ):
        self._api, self._sightings, self._items = api, sightings, items
        self._households, self._random, self._rate = households, random, rate
        self._took: list[float] = []

    async def work(self, during: Callable[[], Awaitable[None]]) -> Live:
        """Work while something else goes on, and tell what it was like."""
        self._took = []
        self._sightings.wanted = set()
        going = asyncio.ensure_future(during())
        begin, number = time.monotonic(), 0
        async with asyncio.TaskGroup() as group:
            while not going.done():
                await asyncio.sleep(max(0.0, begin + number / self._rate - time.monotonic()))
                group.create_task(self._call(number))
                number += 1
        await going
        missing = await self._sightings.until_all(_WITHIN)
        waited = self._sightings.waited
        status = Spread.of([waited[fact] for fact in self._sightings.wanted & waited.keys()])
        return Live(Spread.of(self._took), status, missing)

    async def _call(self, number: int) -> None:
        household = self._random.choice(self._households)
        began = time.monotonic()
        match number % 4:
            case 0:
                await self._api.get(CITY, f"/households/v1/households/{household}")
            case 1:
                await self._api.get(CITY, f"/monitoring/v1/households/{household}/risk")
            case _:
                wage = await self._api.post(EMPLOYMENT, "/employment/v1/wages", next(self._items))
                self._sightings.wanted.add(UUID(wage["id"]))
        self._took.append(time.monotonic() - began)
