"""The life of a rule that holds: opened, raised higher, held for its dwell, closed, or retracted where disproved.

Pure: the same outcomes in the same order give the same standings, changes and levels.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from msgspec import Struct, field
from msgspec.structs import replace

from ...risk.rules import MARKS, Level, Outcome, State
from .care import Act, Care, Limit, goes_up_on


class Change(StrEnum):
    """预警变化: what happens to an alert."""

    RAISED = "raised"
    """发出"""
    ESCALATED = "escalated"
    """升级"""
    RETRACTED = "retracted"
    """撤回"""
    CLOSED = "closed"
    """解除"""
    HANDED_UP = "handed_up"
    """逐级上报"""


class Standing(Struct, frozen=True):
    """成立中的规则: a rule that holds, or has not been false long enough.

    Attributes:
        level: what it counts for now; `peak`, the highest it ever had, is the level of the alert.
        since: business date on which it opened.
        opening: id of the event that opened it.
        version: counts the changes of its alert.
        lower: the level it would have without dwell (green = false), since `lower_since`.
    """

    rule: str
    level: Level
    peak: Level
    since: date
    opening: UUID
    version: int = 1
    lower: Level | None = None
    lower_since: date | None = None
    care: Care = field(default_factory=Care)


class Step(Struct, frozen=True):
    """预警变化 of one standing, with the outcome that brought it."""

    change: Change
    standing: Standing
    outcome: Outcome


Standings = Mapping[str, Standing]
Dwell = Callable[[str], int | None]
"""Rule → calendar days it must be false before the level falls; None = unknown, so it stays."""


def advance(
    standings: Standings,
    outcomes: Iterable[Outcome],
    *,
    on: date,
    opening: UUID,
    dwell: Dwell,
    disproved: Callable[[Standing], bool],
) -> tuple[dict[str, Standing], list[Step]]:
    """The standings after these outcomes, and what changed for the alerts.

    Args:
        standings: what stands before.
        outcomes: one outcome per rule.
        on: the business date.
        opening: the event being applied; it is what a new alert is derived from.
        dwell: days a rule must be false.
        disproved: whether the facts known now say that the rule did not even hold on the day it opened.
    """
    after: dict[str, Standing] = {}
    steps: list[Step] = []
    for outcome in outcomes:
        # Nearly all rules neither hold nor stand: of those there is nothing to say.
        if (outcome.state is not State.HOLDS and outcome.rule not in standings) or outcome.rule in MARKS:
            continue
        before = standings.get(outcome.rule)
        standing: Standing | None
        change: Change | None
        if before is None:
            standing, change = Standing(outcome.rule, outcome.level, outcome.level, on, opening), Change.RAISED
        elif outcome.state is State.UNKNOWN:
            standing, change = replace(before, lower=None, lower_since=None), None
        elif outcome.holds and outcome.level >= before.level:
            standing, change = _held(before, outcome, on)
        elif not outcome.holds and disproved(before):
            standing, change = None, Change.RETRACTED
        else:
            standing, change = _falling(before, outcome, on, dwell)
        if standing is not None:
            after[outcome.rule] = standing
        if change is not None:
            steps.append(Step(change, standing or ended(before), outcome))
    return after, steps


def _held(before: Standing, outcome: Outcome, on: date) -> tuple[Standing, Change | None]:
    higher = outcome.level > before.peak
    return (
        replace(
            before,
            level=outcome.level,
            peak=max(before.peak, outcome.level),
            version=before.version + higher,
            lower=None,
            lower_since=None,
            care=before.care.risen(on) if higher else before.care,
        ),
        Change.ESCALATED if higher else None,
    )


def _falling(before: Standing, outcome: Outcome, on: date, dwell: Dwell) -> tuple[Standing | None, Change | None]:
    target = outcome.level if outcome.holds else Level.GREEN
    since = before.lower_since if before.lower is target and before.lower_since is not None else on
    days = dwell(outcome.rule)
    if days is None or (on - since).days < days:
        return replace(before, lower=target, lower_since=since), None
    if target is Level.GREEN:
        return None, Change.CLOSED
    return replace(before, level=target, lower=None, lower_since=None), None


def ended(before: Standing | None) -> Standing:
    """The standing as its alert ends: one version on."""
    if before is None:
        raise ValueError("only what stood can end")
    return replace(before, version=before.version + 1, lower=None, lower_since=None)


def household_level(standings: Standings, outcomes: Iterable[Outcome]) -> Level:
    """The highest standing rule; where none stands and any rule is unknown: unknown, never green."""
    if standings:
        return max(standing.level for standing in standings.values())
    if any(outcome.state is State.UNKNOWN for outcome in outcomes if outcome.rule not in MARKS):
        return Level.UNKNOWN
    return Level.GREEN


def highest_first(standings: Standings) -> tuple[str, ...]:
    """Ids of the standing rules, highest level first."""
    return tuple(item.rule for item in sorted(standings.values(), key=lambda item: (-item.level, item.rule)))


def falls_on(standings: Standings, dwell: Dwell) -> date:
    """First day on which a dwell may be over."""
    days = [
        standing.lower_since + timedelta(days=length)
        for standing in standings.values()
        if standing.lower_since is not None and (length := dwell(standing.rule)) is not None
    ]
    return min(days, default=date.max)


def acted(standing: Standing, act: Act) -> Standing:
    """The standing after an officer did something about its alert."""
    return replace(standing, care=standing.care.after(act), version=standing.version + 1)


def tend(
    standings: Standings, outcomes: Iterable[Outcome], *, on: date, limit: Limit
) -> tuple[dict[str, Standing], list[Step]]:
    """Hand up what nobody acted on in time; one level a day at most."""
    if not standings:
        return {}, []
    after, steps = dict(standings), []
    said = {outcome.rule: outcome for outcome in outcomes}
    for rule, standing in standings.items():
        above = standing.care.holder.above
        if above is None or rule not in said or goes_up_on(rule, standings, limit) > on:
            continue
        care = replace(standing.care, holder=above, since=on)
        after[rule] = replace(standing, care=care, version=standing.version + 1)
        steps.append(Step(Change.HANDED_UP, after[rule], said[rule]))
    return after, steps


def tended_on(standings: Standings, limit: Limit) -> date:
    """First day on which something goes up if nobody acts."""
    return min((goes_up_on(rule, standings, limit) for rule in standings), default=date.max)
