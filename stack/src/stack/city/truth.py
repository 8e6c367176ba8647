"""The hidden truth: what no sheet says about a household, by which a platform's alarms can be judged.

It is drawn apart from what is written, so knowing the workbook does not tell it.
"""

import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, Final

from workbook import HouseholdRecord

ONE_TO_ONE: Final = Decimal(11_000)
"""一对一帮扶 line of the plan, to count with; the platform's own line is policy data."""

_SHOCKS: Final[Mapping[str, float]] = {
    "job_lost": 0.035, "illness": 0.012, "disaster": 0.006, "accident": 0.004, "harvest_failed": 0.01, "dropout": 0.001,
}  # fmt: skip
_ENDANGERS: Final[Mapping[str, float]] = {
    "job_lost": 0.3, "illness": 0.6, "disaster": 0.5, "accident": 0.7, "harvest_failed": 0.25, "dropout": 1.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """真相: of one household.

    Attributes:
        hidden_income: yuan a year that the statement leaves out.
        shock: what happens in the twelve months after the export, if anything.
        month: how many months after the export, 1 to 12.
        endangered: whether the household would fall back without help.
        listed: whether the workbook shows it as 监测对象.
    """

    number: str
    village: str
    persons: int
    per_head: Decimal
    hidden_income: int
    shock: str | None
    month: int | None
    endangered: bool
    listed: bool
    has_helper: bool


def drawn(draw: random.Random, record: HouseholdRecord, village: str) -> Truth:
    """The truth about a household."""
    shock = draw.choices((None, *_SHOCKS), (1 - sum(_SHOCKS.values()), *_SHOCKS.values()))[0]
    if shock == "job_lost" and not any(member.work_months for member in record.members):
        shock = None
    net = record.amounts.net or Decimal(0)
    hidden = round(float(net) * draw.uniform(0.1, 0.8)) if draw.random() < 0.04 else 0
    thin = (net + hidden) / len(record.members) < ONE_TO_ONE
    risk = _ENDANGERS.get(shock or "", 0.0) * (1.4 if thin else 0.6)
    return Truth(
        number=record.number,
        village=village,
        persons=len(record.members),
        per_head=record.amounts.per_head or Decimal(0),
        hidden_income=hidden,
        shock=shock,
        month=draw.randint(1, 12) if shock else None,
        endangered=draw.random() < risk,
        listed=bool(record.category),
        has_helper=bool(record.helpers),
    )


@dataclass(slots=True)
class Census:
    """清点: what a generated city holds, counted while it is written."""

    households: int = 0
    persons: int = 0
    monitored: int = 0
    under_one_to_one: int = 0
    without_helper: int = 0
    endangered: int = 0
    sum_wage: Decimal = Decimal(0)
    shocks: dict[str, int] = field(default_factory=dict)

    def add(self, record: HouseholdRecord, truth: Truth) -> None:
        """Count one more household."""
        self.households += 1
        self.persons += truth.persons
        self.monitored += truth.listed
        self.under_one_to_one += truth.per_head < ONE_TO_ONE
        self.without_helper += not truth.has_helper
        self.endangered += truth.endangered
        self.sum_wage += record.amounts.wage or 0
        if truth.shock:
            self.shocks[truth.shock] = self.shocks.get(truth.shock, 0) + 1

    def to_json(self) -> dict[str, Any]:
        """As it is written beside the workbooks."""
        return asdict(self) | {"sum_wage": str(self.sum_wage), "shocks": dict(sorted(self.shocks.items()))}
