"""What areas gain and lose: differences by path, month and part, which sum to the values; how months ended. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Final
from uuid import UUID

from ...alerts.rules import Verdict
from ...cases.rules import Case
from .counting import ONE, Counted, Values

_RIGHT: Final = (Verdict.CONFIRMED, Verdict.HELPED)
_ZERO: Final = Decimal(0)
_NOTHING: Final[Values] = MappingProxyType({})


def month_of(on: date) -> date:
    """The first day of the month."""
    return on.replace(day=1)


@dataclass(frozen=True, slots=True)
class Change:
    """增减: what the areas of a path gain in a month, by part; what they lose is below zero."""

    path: str
    month: date
    values: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """月末计入: what a household added to the areas of a path as a month ended, and since the one told before it."""

    household_id: UUID
    path: str
    month: date
    values: Values


class Changes:
    """增减集: adds up, so that what comes and goes again leaves nothing."""

    def __init__(self) -> None:
        self._sums: defaultdict[tuple[str, date], defaultdict[str, Decimal]] = defaultdict(_sums)
        self._ends: dict[tuple[UUID, str, date], Values] = {}

    def __iter__(self) -> Iterator[Change]:
        for (path, month), sums in sorted(self._sums.items()):
            values = {part: value for part, value in sorted(sums.items()) if value}
            if path and values:
                yield Change(path, month, values)

    def add(self, path: str, on: date, values: Values, sign: int = 1) -> None:
        """A path gains values in the month of a day, or loses them."""
        sums = self._sums[path, month_of(on)]
        for part, value in values.items():
            sums[part] += sign * value

    @property
    def ends(self) -> list[MonthEnd]:
        """How months ended for the households that changed first after them."""
        return [MonthEnd(*place, values) for place, values in sorted(self._ends.items())]

    def move(self, household_id: UUID, before: Counted, after: Counted, on: date) -> None:
        """A household adds something else than before, or does so somewhere else."""
        if before.path == after.path:
            self.add(after.path, on, _gained(before.values, after.values))
        else:
            self.add(before.path, on, before.values, -1)
            self.add(after.path, on, after.values)
        ended = month_of(month_of(on) - timedelta(days=1))
        for path in {before.path, after.path} - {""}:
            self._ends.setdefault((household_id, path, ended), before.values if path == before.path else _NOTHING)

    def judged(self, verdict: Verdict, path: str, on: date) -> None:
        """An officer said what was found about an alert; a duplicate says nothing about right or wrong."""
        values = {"verdicts.given": ONE}
        if verdict is not Verdict.DUPLICATE:
            values["verdicts.judged"] = ONE
        if verdict in _RIGHT:
            values["verdicts.right"] = ONE
        self.add(path, on, values)

    def case(self, before: Case | None, after: Case, path: str, on: date, *, was: str = "") -> None:
        """A case took a step, perhaps elsewhere than it `was`; on its first one there is nothing before."""
        if before is not None:
            self.add(was or path, on, {f"cases.{before.state.value}": ONE}, -1)
        self.add(path, on, {f"cases.{after.state.value}": ONE})
        if before is None or before.decided_on is not None or after.decided_on is None:
            return
        values = {"cases.decided": ONE, "cases.days": Decimal((after.decided_on - after.opened_on).days)}
        if after.due_on is not None:
            values["cases.timed"] = ONE
            values["cases.in_time"] = ONE if after.decided_on <= after.due_on else Decimal(0)
        self.add(path, on, values)

    def case_moved(self, state: str, was: str, path: str, on: date) -> None:
        """A case followed its household."""
        self.add(was, on, {f"cases.{state}": ONE}, -1)
        self.add(path, on, {f"cases.{state}": ONE})

    def merge(self, other: "Changes") -> None:
        """Take over what another set has gathered."""
        for change in other:
            self.add(change.path, change.month, change.values)
        for place, values in other._ends.items():
            self._ends.setdefault(place, values)


def _gained(before: Values, after: Values) -> Values:
    """What was not there before, or was another value; most parts of a household stay what they are."""
    gone = {part: -value for part, value in before.items() if part not in after}
    return gone | {part: value - was for part, value in after.items() if (was := before.get(part, _ZERO)) != value}


def _sums() -> defaultdict[str, Decimal]:
    return defaultdict(Decimal)
