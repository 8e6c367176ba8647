"""The course of one household under a policy: its levels day by day and the alerts raised, by the live step itself."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from msgspec import Struct

from ...alerts.rules import Change
from ...policy.rules import World
from ...profile.rules import Cause, Household, Status, assess
from ...risk.rules import RULES, Level, Outcome, Policy, Rules

_BELOW_LINE: Final = "income.below_line"
_NOTHING: Final = Decimal("0.00")


class Course(Struct, frozen=True):
    """风险过程 from the first day to the last.

    Attributes:
        path: where the household stood on the last day; empty while it is not registered.
        levels: day → the level from that day on, in order; the first is the first day's.
        raised: (day, rule) of every alert raised, those that hold on the first day included.
        holding: the rules that hold on the last day.
        shortfall: what the family lacks to the monitoring line on the last day, yuan a year; 0 where it lacks nothing.
    """

    path: str
    levels: tuple[tuple[date, Level], ...]
    raised: tuple[tuple[date, str], ...]
    holding: frozenset[str]
    shortfall: Decimal

    def at(self, on: date) -> Level:
        """The level on a day of the course."""
        return next((level for day, level in reversed(self.levels) if day <= on), Level.UNKNOWN)


def course_of(
    household: Household,
    policy: Policy,
    boundary: Callable[[date], date],
    *,
    first: date,
    last: date,
    rules: Rules = RULES,
) -> Course:
    """Step from day to day on which anything can change.

    Args:
        household: with its facts as they are known.
        policy: the values in force.
        boundary: day → the next one on which a value begins or ends.
        first: first business date.
        last: last business date, included.
        rules: what judges it.
    """
    status, day = Status(household.id), first
    levels: list[tuple[date, Level]] = []
    raised: list[tuple[date, str]] = []
    while day <= last:
        status, steps = assess(status, household, World(0, day, policy, boundary(day)), Cause(household.id), rules)
        raised += [(day, step.standing.rule) for step in steps if step.change is Change.RAISED]
        if not levels or levels[-1][1] is not status.level:
            levels.append((day, status.level))
        day = _next(status, household, day)
    profile, outcomes = status.profile, status.outcomes
    return Course(
        path=profile.path if profile else "",
        levels=tuple(levels),
        raised=tuple(raised),
        holding=frozenset(outcome.rule for outcome in outcomes if outcome.holds),
        shortfall=lacking(outcomes, len(profile.members)) if profile else _NOTHING,
    )


def _next(status: Status, household: Household, day: date) -> date:
    if status.profile is None:
        registered = household.registered_on
        return registered if registered is not None and registered > day else date.max
    return max(status.due_on, day + timedelta(days=1))


def lacking(outcomes: Iterable[Outcome], persons: int) -> Decimal:
    """What a family lacks to the monitoring line, yuan a year."""
    for outcome in outcomes:
        if outcome.rule == _BELOW_LINE and outcome.holds:
            return (Decimal(outcome.values["line"]) - Decimal(outcome.values["projected"])) * persons
    return _NOTHING
