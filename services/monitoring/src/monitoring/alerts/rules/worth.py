"""What alerts are worth: how often they were right, the help clock, and what comes first. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from .care import Holder, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """预警准确率: verdicts counted; duplicates say nothing about right or wrong."""

    confirmed: int = 0
    helped: int = 0
    unfounded: int = 0
    duplicate: int = 0

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> "Precision":
        """Out of verdict → count."""
        return cls(**{verdict.value: counts.get(verdict.value, 0) for verdict in Verdict})

    @property
    def judged(self) -> int:
        """Verdicts that say right or wrong."""
        return self.confirmed + self.helped + self.unfounded

    @property
    def share(self) -> Decimal | None:
        """Right ones among them, four places; None where there is no verdict."""
        if not self.judged:
            return None
        return (Decimal(self.confirmed + self.helped) / self.judged).quantize(Decimal("0.0001"))

    @property
    def expected(self) -> Decimal:
        """The share to reckon with: one right and one wrong verdict are thought in, so that few do not decide."""
        return Decimal(self.confirmed + self.helped + 1) / (self.judged + 2)


class HelpState(StrEnum):
    """帮扶时限状态"""

    RUNNING = "running"
    """计时中"""
    OVERDUE = "overdue"
    """超期未帮扶"""
    IN_TIME = "in_time"
    """按期帮扶"""
    LATE = "late"
    """超期帮扶"""
    NOT_NEEDED = "not_needed"
    """无需帮扶"""
    UNKNOWN = "unknown"
    """时限未设定"""


def help_due(opened_on: date, days: int | None) -> date | None:
    """The last day for the first effective help."""
    return None if days is None else opened_on + timedelta(days=days)


def help_state(
    *, due: date | None, helped_on: date | None, open_: bool, verdict: str | None, on: date | None
) -> HelpState:
    """Where the help clock of an alert stands: alert → first effective help. A pause does not stop it."""
    if helped_on is not None and due is not None:
        return HelpState.IN_TIME if helped_on <= due else HelpState.LATE
    if not open_ or verdict in (Verdict.UNFOUNDED, Verdict.DUPLICATE):
        return HelpState.NOT_NEEDED
    if due is None or on is None or helped_on is not None:
        return HelpState.UNKNOWN
    return HelpState.OVERDUE if on > due else HelpState.RUNNING


_LEVELS: Final = ("unknown", "green", "yellow", "orange", "red")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """待办预警: what of an open alert decides its place."""

    id: UUID
    rule: str
    level: str
    holder: Holder
    held_since: date
    helped: bool


def ranked(waiting: Iterable[Waiting], worth: Mapping[str, Precision]) -> list[Waiting]:
    """All of them, first what is worth going for first: level, then how right its rule was, then the oldest."""

    def place(item: Waiting) -> tuple[int, Decimal, date, str]:
        expected = worth.get(item.rule, Precision()).expected
        return -_LEVELS.index(item.level), -expected, item.held_since, str(item.id)

    return sorted(waiting, key=place)


def week_of(on: date) -> tuple[date, date]:
    """Monday and Sunday of the week a day lies in."""
    monday = on - timedelta(days=on.weekday())
    return monday, monday + timedelta(days=6)
