"""Facts at a steady rate, whatever the platform does with them: how soon each is a status."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from random import Random
from typing import Any, Final
from uuid import UUID

from ..api import Api
from ..demo.cast import Earner
from ..demo.clients import EMPLOYMENT
from ..exits import ExitCode, StackError
from .figures import Spread
from .sightings import Sightings

_TICK: Final = 0.1
"""seconds between two batches of the department"""
_WITHIN: Final = 120.0
_FIRST_YEAR: Final = 2010
_AT_ONCE: Final = 8


@dataclass(slots=True)
class Flow:
    """流量量测: what became of the facts.

    Attributes:
        late: seconds by which the last batch left after its time: above a tick the sender, not the platform, was slow.
        status: from the event's entry in its log until its status stood.
        missing: facts that were not seen.
    """

    rate: int
    seconds: float
    sent: int = 0
    late: float = 0.0
    posting: Spread = field(default_factory=lambda: Spread.of(()))
    status: Spread = field(default_factory=lambda: Spread.of(()))
    missing: int = 0

    def to_json(self) -> dict[str, Any]:
        """As a report carries it."""
        return {"rate": self.rate, "seconds": self.seconds, "sent": self.sent, "late_seconds": round(self.late, 3),
                "post": self.posting.to_json(), "status": self.status.to_json(), "missing": self.missing}  # fmt: skip


async def employ(api: Api, earners: Sequence[Earner]) -> None:
    """Give everybody a job that has run for years, so that every month since can be paid."""
    room = asyncio.Semaphore(_AT_ONCE)

    async def hire(earner: Earner) -> None:
        body = {"person": {"person_id": str(earner.person_id)}, "started_on": f"{_FIRST_YEAR}-01-01"}
        async with room:
            spell = await api.post(EMPLOYMENT, "/employment/v1/spells", {**body, "channel": "migrant"})
        earner.spell_id = UUID(spell["id"])

    await asyncio.gather(*(hire(earner) for earner in earners))


def wages(earners: Sequence[Earner], random: Random) -> Iterator[dict[str, Any]]:
    """Wages never reported before: month by month, the earners in a new order each month."""
    for month in range(_FIRST_YEAR * 12, 2023 * 12 + 8):
        for earner in random.sample(earners, len(earners)):
            yield {
                "person": {"person_id": str(earner.person_id)},
                "spell_id": str(earner.spell_id),
                "month": f"{month // 12}-{month % 12 + 1:02d}",
                "amount": f"{random.randrange(1_400, 4_200)}.00",
            }


async def measure_flow(
    api: Api, sightings: Sightings, items: Iterator[dict[str, Any]], rate: int, seconds: float
) -> Flow:
    """Post at a rate for some time; batches leave on time even while earlier ones are not answered yet.

    Raises:
        StackError: there are not so many items.
    """
    found, took = Flow(rate, seconds), list[float]()
    size, times = max(1, round(rate * _TICK)), round(seconds / _TICK)
    due = list(islice(items, size * times))
    if len(due) < size * times:
        raise StackError(
            ExitCode.USAGE,
            zh=f"这座城的工资不够每秒 {rate} 条 {seconds:g} 秒，请减少 --seconds 或 --rate。",
            en=f"This city has no wages left for {seconds:g} s at {rate} a second; ask for less.",
        )
    sightings.wanted = set()

    async def post(batch: list[dict[str, Any]]) -> None:
        began = time.monotonic()
        answer = await api.post(EMPLOYMENT, "/employment/v1/wages:batch", {"items": batch})
        took.append(time.monotonic() - began)
        sightings.wanted |= {UUID(item["id"]) for item in answer["items"]}

    begin = time.monotonic()
    async with asyncio.TaskGroup() as group:
        for number in range(times):
            await asyncio.sleep(max(0.0, begin + number * _TICK - time.monotonic()))
            found.late = time.monotonic() - begin - number * _TICK
            group.create_task(post(due[number * size : (number + 1) * size]))
    found.sent = len(due)
    found.missing = await sightings.until_all(_WITHIN)
    found.posting = Spread.of(took)
    found.status = Spread.of([sightings.waited[fact] for fact in sightings.wanted & sightings.waited.keys()])
    return found
