"""A new monitoring line: how long until every household is judged by it, beside live work; and what a what-if takes."""

import asyncio
import time
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import text

from events.catalog.monitoring import LineChanged, RiskChanged

from ..api import Api
from ..databases import connection
from ..demo.clients import CITY
from ..demo.facts import Facts
from ..demo.ledger import Ledger
from ..exits import ExitCode, StackError
from .beside import Live, Officers

_LINE: Final = Decimal(8050)
"""Of 2023, which a loaded city stands under."""
_HIGHER: Final = Decimal(1000)
"""About as much as a line rises in a year: thousands of households turn over, and writing that is much of the work."""
_WITHIN: Final = 3_600.0
_EVERY: Final = 0.1
_BEHIND = text("SELECT EXISTS (SELECT FROM profiles WHERE gate < (SELECT max(number) FROM gates))")
_HOUSEHOLDS = text("SELECT count(*) FROM profiles")
_TURNED = text("""
    SELECT count(*) FROM event_log WHERE type = :changed
       AND causation_id = (SELECT id FROM event_log WHERE type = :line ORDER BY seq DESC LIMIT 1)
""")


@dataclass(slots=True)
class Rescored:
    """重算量测

    Attributes:
        turned: households whose level the line changed.
        seconds: from the release of the line until no household stood under the one before.
        what_if: seconds of a what-if over every household at the business date.
    """

    households: int
    turned: int
    seconds: float
    quiet: Live
    beside: Live
    what_if: float

    def to_json(self) -> dict[str, Any]:
        """With what follows."""
        return {"households": self.households, "turned": self.turned, "seconds": round(self.seconds, 1),
                "households_per_second": round(self.households / self.seconds),
                "calls_p95_ratio": self.beside.calls.times(self.quiet.calls),
                "status_p95_ratio": self.beside.status.times(self.quiet.status),
                "quiet": self.quiet.to_json(), "beside": self.beside.to_json(),
                "what_if_seconds": round(self.what_if, 1)}  # fmt: skip


async def measure_rescore(
    api: Api, dsn: str, officers: Officers, on: date, seconds: float, *, run: int = 1
) -> Rescored:
    """A what-if with nobody beside it, officers alone for some seconds, then officers beside a line that is released.

    `dsn` is that of monitoring's worker role, `on` the business date; each `run` has a line of its own.
    """
    line = _LINE + _HIGHER * run
    what_if = await _what_if(api, on, line)
    quiet = await officers.work(lambda: asyncio.sleep(seconds))
    took: list[float] = []

    async def release() -> None:
        began = time.monotonic()
        await Facts(api, Ledger()).release_line(date(on.year, 1, 1), line)
        took.append(await _until_all(dsn) - began)

    beside = await officers.work(release)
    async with connection(dsn) as look:
        households = int((await look.execute(_HOUSEHOLDS)).scalar_one())
        told = {"changed": RiskChanged.wire_type(), "line": LineChanged.wire_type()}
        turned = int((await look.execute(_TURNED, told)).scalar_one())
    return Rescored(households, turned, took[0], quiet, beside, what_if)


async def _until_all(dsn: str) -> float:
    until = time.monotonic() + _WITHIN
    async with connection(dsn) as plain:
        look = await plain.execution_options(isolation_level="AUTOCOMMIT")
        while (await look.execute(_BEHIND)).scalar_one():
            if time.monotonic() > until:
                raise StackError(ExitCode.NOT_READY, zh="重算超时。", en="The line was not applied in time.")
            await asyncio.sleep(_EVERY)
    return time.monotonic()


async def _what_if(api: Api, on: date, line: Decimal) -> float:
    began = time.monotonic()
    value = {"name": "line.monitoring", "valid_from": f"{on.year}-01-01", "value": str(line)}
    asked = await api.post(CITY, "/monitoring/v1/what-ifs", {"title": "bench", "values": [value]})
    while (asked := await api.get(CITY, f"/monitoring/v1/what-ifs/{asked['id']}"))["state"] != "done":
        if time.monotonic() - began > _WITHIN:
            raise StackError(ExitCode.NOT_READY, zh="测算超时。", en="The what-if did not end in time.")
        await asyncio.sleep(_EVERY)
    return time.monotonic() - began
