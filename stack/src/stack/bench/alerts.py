"""How soon an alert is on the screen of an officer who listens: jobs are lost at a steady rate."""

import asyncio
import time
from collections.abc import Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from ..api import Api
from ..demo.cast import Earner
from ..demo.facts import Facts
from ..demo.ledger import Ledger
from ..demo.stream import AlertStream
from .figures import Spread

_WITHIN: Final = 60.0
_LOST: Final = "work.job_lost"


@dataclass(slots=True)
class Alerts:
    """预警量测

    Attributes:
        seen: from the moment the department sent the loss of a job until the officer's stream told the alert.
    """

    rate: float
    sent: int = 0
    missing: int = 0
    seen: Spread = field(default_factory=lambda: Spread.of(()))

    def to_json(self) -> dict[str, Any]:
        """As a report carries it."""
        return {"rate": self.rate, "sent": self.sent, "missing": self.missing, "seen": self.seen.to_json()}


class _Arrivals(AlertStream):
    """Notes when the alerts of lost jobs came."""

    def __init__(self, api: Api):
        # a city has tens of thousands of alerts, which are not what is waited for
        super().__init__(api, after=None)
        self.came: dict[str, float] = {}

    def _take(self, fields: dict[str, str]) -> None:
        super()._take(fields)
        if "data" in fields and self.newest[0]["rule"] == _LOST:
            self.came.setdefault(self.newest[0]["household_id"], time.monotonic())

    async def until_all(self, homes: Set[str], within: float) -> None:
        """Wait for the alerts of these households."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while homes - self.came.keys():
                    self._came.clear()
                    await self._came.wait()


async def measure_alerts(api: Api, earners: Sequence[Earner], on: date, rate: float) -> Alerts:
    """End the jobs of earners of different households, so many a second, each call on its own."""
    one_each = list({earner.household_id: earner for earner in earners}.values())
    found = Alerts(rate, sent=len(one_each))
    arrivals = _Arrivals(api)
    following = asyncio.create_task(arrivals.follow())
    sent: dict[str, float] = {}
    facts = Facts(api, Ledger())

    async def lose(earner: Earner) -> None:
        sent[str(earner.household_id)] = time.monotonic()
        await facts.end_job(earner, on)

    try:
        await asyncio.wait_for(arrivals.opened.wait(), _WITHIN)
        begin = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for number, earner in enumerate(one_each):
                await asyncio.sleep(max(0.0, begin + number / rate - time.monotonic()))
                group.create_task(lose(earner))
        await arrivals.until_all(sent.keys(), _WITHIN)
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
    found.missing = len(sent.keys() - arrivals.came.keys())
    found.seen = Spread.of([arrivals.came[home] - sent[home] for home in sent.keys() & arrivals.came.keys()])
    return found
