"""When a household may leave the list: every reason against it, and the clock of identification. Pure.

Conditions: domain 1.6; measures that match a cause: domain 1.8.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from kit.errors import Refusal

from .model import Case, Measure, Way
from .refusals import EliminationRefused, unmet

_MATCHING: Final[dict[str, frozenset[Measure]]] = {
    "illness": frozenset({Measure.HEALTH, Measure.SOCIAL, Measure.SUPPORT}),
    "schooling": frozenset({Measure.EDUCATION, Measure.COMPULSORY_SCHOOLING, Measure.SOCIAL}),
    "housing": frozenset({Measure.HOUSING, Measure.RELOCATION}),
    "water": frozenset({Measure.WATER}),
}
"""Cause → measures that answer it; a cause that is not named takes any."""

_RISKS: Final = ("work.", "expense.", "guarantee.", "debt.", "market.", "shock.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """户现状 as monitoring sees it today.

    Attributes:
        outcomes: rule → holds, clear, unknown.
        no_labour: 整户无劳动力; None = not known.
        measures: (cause, category) of the measures that departments gave, beside those of the case.
    """

    outcomes: Mapping[str, str]
    no_labour: bool | None
    measures: tuple[tuple[str, str], ...] = ()


def check_elimination(case: Case, now: Situation, *, way: Way, months: int | None, on: date) -> None:
    """Pass, or every reason against it.

    Args:
        case: as it stands.
        now: what monitoring says of the household.
        way: how the risk went away.
        months: months since identification that policy demands; None = not set.
        on: the business date.

    Raises:
        EliminationRefused: with `several`.
    """
    found = [*_statutory(case, now, way, months, on), *_situation(now)]
    if found:
        raise EliminationRefused(several=found)


def _statutory(case: Case, now: Situation, way: Way, months: int | None, on: date) -> Iterator[Refusal]:
    if now.no_labour is not False:
        yield unmet(
            "no-labour", "整户无劳动力（或未登记），不得标注消除", "nobody can work (or it is not known): never"
        )
    if way is not Way.NATURAL and not _long_enough(case.identified_on, months, on):
        yield unmet("too-soon", "识别未满规定月数", "identified too short a time ago")
    if not case.compared:
        yield unmet(
            "comparison-owed", "绿色通道的信息比对尚未补齐", "the comparison of the green channel is still owed"
        )
    given = (*((cause, measure) for cause, measure, _ in case.measures), *now.measures)
    for cause in case.causes:
        if not any(answers(cause, measure) for named, measure in given if named == cause):
            yield unmet(f"no-measure-{cause}", "有风险没有对应的帮扶措施", f"no measure answers the cause {cause}")


def answers(cause: str, measure: str) -> bool:
    """Whether a measure answers a cause."""
    return cause not in _MATCHING or Measure(measure) in _MATCHING[cause]


def _situation(now: Situation) -> Iterator[Refusal]:
    if now.outcomes.get("income.below_line") != "clear":
        yield unmet(
            "income-not-above", "收入未稳定高于当年监测线，或无法判定", "income is not above the line, or unknown"
        )
    for rule, state in sorted(now.outcomes.items()):
        if rule.startswith(_RISKS) and state != "clear":
            yield unmet(f"risk-{rule.replace('.', '-').replace('_', '-')}", "有风险存在或无法判定", f"{rule}: {state}")


def _long_enough(identified_on: date | None, months: int | None, on: date) -> bool:
    return identified_on is not None and months is not None and months_later(identified_on, months) <= on


def months_later(day: date, months: int) -> date:
    """The same day so many months on, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


class ClockState(StrEnum):
    """识别时限状态"""

    RUNNING = "running"
    """计时中"""
    OVERDUE = "overdue"
    """超期未决"""
    IN_TIME = "in_time"
    """按期办结"""
    LATE = "late"
    """超期办结"""
    UNKNOWN = "unknown"
    """无时限"""


def due(opened_on: date, days: int | None) -> date | None:
    """Last day of identification; it runs on whatever pauses are explained."""
    return None if days is None else opened_on + timedelta(days=days)


def clock(case: Case, on: date | None) -> ClockState:
    """Where the identification clock stands: clue → listed or refused."""
    if case.due_on is None:
        return ClockState.UNKNOWN
    if case.decided_on is not None:
        return ClockState.IN_TIME if case.decided_on <= case.due_on else ClockState.LATE
    if on is None:
        return ClockState.UNKNOWN
    return ClockState.OVERDUE if on > case.due_on else ClockState.RUNNING
