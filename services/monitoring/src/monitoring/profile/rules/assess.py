"""The step of one household: its facts, a date and a policy → outcomes, level, alerts. Pure."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Protocol
from uuid import UUID

from msgspec import Struct, field
from msgspec.structs import replace

from ...alerts.rules import (
    Change,
    Holder,
    Standing,
    Step,
    advance,
    ended,
    falls_on,
    household_level,
    tend,
    tended_on,
)
from ...indicators.rules import NOTHING, Counted, count
from ...risk.rules import RULES, Level, Outcome, Policy, Profile, Rules, State, evaluate


class World(Protocol):
    """政策与业务日期 as they stood at one entry of the received log."""

    @property
    def number(self) -> int:
        """The last tick or policy change in it."""

    @property
    def on(self) -> date | None:
        """The business date; None before the first tick."""

    @property
    def policy(self) -> Policy:
        """The policy values known."""

    @property
    def next_boundary(self) -> date:
        """First later day on which a policy value begins or ends."""


class Folded(Protocol):
    """一户, ready to be read on a date."""

    @property
    def left_behind(self) -> Profile | None:
        """An empty profile where it was merged into another household."""

    def at(self, on: date) -> Profile | None:
        """The profile on a date; None where it has none."""


class Cause(Struct, frozen=True):
    """事由: what makes a household be assessed; `fact` is the kind of fact, None for a tick or a policy change."""

    event_id: UUID
    fact: str | None = None


class Status(Struct, frozen=True):
    """户风险状态: what monitoring says of a household, and up to where it has read.

    Attributes:
        gate: number of the last tick or policy change applied.
        due_on: no tick before this day changes anything.
        counted: what the household adds to the indicators of its area.
    """

    household_id: UUID
    gate: int = 0
    on: date | None = None
    profile: Profile | None = None
    level: Level = Level.UNKNOWN
    level_since: date | None = None
    standings: Mapping[str, Standing] = field(default_factory=dict)
    outcomes: tuple[Outcome, ...] = ()
    due_on: date = date.min
    counted: Counted = NOTHING

    def passed(self, gate: int, on: date | None) -> "Status":
        """The same after a tick that changes nothing."""
        return replace(self, gate=gate, on=on)


def assess(
    status: Status, household: Folded, world: World, cause: Cause, rules: Rules = RULES
) -> tuple[Status, list[Step]]:
    """The status after a cause, and what changed for its alerts; other `rules` than those in force are only tried."""
    gate, on = max(status.gate, world.number), world.on
    profile = household.at(on) if on is not None else None
    if on is not None and household.left_behind is not None:
        return _merged_away(status.passed(gate, on))
    if on is None or profile is None:
        return replace(status, gate=gate, on=on, profile=None, due_on=date.min, counted=NOTHING), []
    outcomes = evaluate(profile, world.policy, on, rules)
    dwell = _dwell(world.policy, profile.path, on)
    standings, steps = advance(
        status.standings,
        outcomes,
        on=on,
        opening=cause.event_id,
        dwell=dwell,
        disproved=_disproof(household, world.policy, rules) if cause.fact else _never,
    )
    limit = _limit(world.policy, profile.path, on)
    standings, handed_up = tend(standings, outcomes, on=on, limit=limit)
    level = household_level(standings, outcomes)
    counted = count(profile, level, standings.values(), outcomes, world.policy, on)
    after = Status(
        status.household_id,
        gate=gate,
        on=on,
        profile=profile,
        level=level,
        level_since=on if level is not status.level or status.level_since is None else status.level_since,
        standings=standings,
        outcomes=outcomes,
        due_on=min(
            _changes(profile, outcomes, world), falls_on(standings, dwell), tended_on(standings, limit), counted.until
        ),
        counted=counted,
    )
    return after, steps + handed_up


def _merged_away(status: Status) -> tuple[Status, list[Step]]:
    """Nothing is said of a household that is an alias; the one that stands goes on with what is still true."""
    steps = [
        Step(
            Change.CLOSED,
            ended(standing),
            Outcome(
                rule,
                State.CLEAR,
                zh="该户已并入另一户，情况由并入后的户接续监测",
                en="the household was merged into another one, which goes on being watched",
            ),
        )
        for rule, standing in status.standings.items()
    ]
    gone = replace(status, profile=None, level=Level.UNKNOWN, level_since=status.on, standings={}, outcomes=())
    return replace(gone, due_on=date.max, counted=NOTHING), steps


def _changes(profile: Profile, outcomes: tuple[Outcome, ...], world: World) -> date:
    return min(profile.next_change, world.next_boundary, *(outcome.until for outcome in outcomes))


def _dwell(policy: Policy, path: str, on: date) -> Callable[[str], int | None]:
    def days(rule: str) -> int | None:
        value = policy.at(f"dwell.{rule}", path, on)
        return None if value is None else int(value.value)

    return days


def _limit(policy: Policy, path: str, on: date) -> Callable[[Holder], int | None]:
    def days(holder: Holder) -> int | None:
        value = policy.at(f"escalation.{holder.value}.days", path, on)
        return None if value is None else int(value.value)

    return days


def _disproof(household: Folded, policy: Policy, rules: Rules) -> Callable[[Standing], bool]:
    """What is known now, asked about the day the rule opened: if it was not so even then, it never was."""
    then: dict[date, Profile | None] = {}

    def disproved(standing: Standing) -> bool:
        if standing.since not in then:
            then[standing.since] = household.at(standing.since)
        profile, rule = then[standing.since], rules.get(standing.rule)
        if profile is None or rule is None:
            return False
        return rule.judge(profile, policy, standing.since).state is State.CLEAR

    return disproved


def _never(standing: Standing) -> bool:
    return False
