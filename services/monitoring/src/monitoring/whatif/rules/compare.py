"""Two policies over the same households: who flips and when, which alerts come by week, what is lacking to the line."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from kit.policy_book import PolicyBook, PolicyValue

from ...profile.rules import Household
from ...risk.rules import RULES, Fact, Level, Outcome, Profile, with_candidates
from .course import Course, course_of
from .day import Day, Side

_TOWNSHIP: Final = 3
"""Parts of a management path down to the township."""


@dataclass(frozen=True, slots=True)
class Known:
    """一户已知事实 with those of everybody who was ever a member, or what they came to on the one day asked about.

    Attributes:
        standing: what the rules in force say of the profile on that day, where that is known.
    """

    household_id: UUID
    facts: Sequence[Fact] = ()
    profile: Profile | None = None
    standing: Sequence[Outcome] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """等级变化: a household that has another level, or other rules, under the values asked about.

    Attributes:
        before, after: level on the last day under the policy in force, and under the values asked about.
        since: the first day on which the two levels differ; None where only rules differ.
        more, fewer: rules that hold on the last day under the values asked about only, and no longer.
    """

    household_id: UUID
    path: str
    before: Level
    after: Level
    since: date | None
    more: tuple[str, ...]
    fewer: tuple[str, ...]


Week = tuple[str, date, str]
"""township path, Monday, rule"""


@dataclass(slots=True)
class Chunk:
    """一批户的结果; sums are of the last day, yuan a year."""

    households: int = 0
    levels: Counter[tuple[str, str]] = field(default_factory=Counter)
    flips: list[Flip] = field(default_factory=list)
    before: Counter[Week] = field(default_factory=Counter)
    after: Counter[Week] = field(default_factory=Counter)
    shortfall_before: Decimal = Decimal("0.00")
    shortfall_after: Decimal = Decimal("0.00")

    def add(self, other: "Chunk") -> None:
        """Take in what became of other households."""
        self.households += other.households
        self.flips += other.flips
        for mine, theirs in ((self.levels, other.levels), (self.before, other.before), (self.after, other.after)):
            mine.update(theirs)  # type: ignore[arg-type]
        self.shortfall_before += other.shortfall_before
        self.shortfall_after += other.shortfall_after


def compare(
    known: Iterable[Known],
    actual: Iterable[PolicyValue],
    asked: Iterable[PolicyValue],
    first: date,
    last: date,
    candidates: Sequence[str] = (),
) -> Chunk:
    """Follow every household as things are, and with the values and candidate rules asked about."""
    values, other = list(actual), list(asked)
    sides = [
        Side(PolicyBook(values), RULES),
        Side(PolicyBook([*values, *other]), with_candidates(candidates)),
    ]
    day = Day(sides[0], sides[1], {value.name for value in other}, last)
    chunk = Chunk()
    for item in known:
        if item.profile is not None and first == last:
            before, after = day.courses(item.profile, item.standing)
        else:
            household = Household(item.household_id, item.facts)
            before, after = (
                course_of(household, side.policy, side.boundary, first=first, last=last, rules=side.rules)
                for side in sides
            )
        _add(chunk, item.household_id, before, after)
    return chunk


def _add(chunk: Chunk, household_id: UUID, before: Course, after: Course) -> None:
    if not before.path:
        return
    chunk.households += 1
    township = township_of(before.path)
    chunk.before.update((township, _monday(day), rule) for day, rule in before.raised)
    chunk.after.update((township, _monday(day), rule) for day, rule in after.raised)
    chunk.shortfall_before += before.shortfall
    chunk.shortfall_after += after.shortfall
    was, now = before.levels[-1][1], after.levels[-1][1]
    chunk.levels[was.wire, now.wire] += 1
    since = _parted(before, after)
    more, fewer = after.holding - before.holding, before.holding - after.holding
    if since is not None or more or fewer:
        chunk.flips.append(
            Flip(
                household_id=household_id,
                path=before.path,
                before=was,
                after=now,
                since=since,
                more=tuple(sorted(more)),
                fewer=tuple(sorted(fewer)),
            )
        )


def _parted(before: Course, after: Course) -> date | None:
    days = sorted({day for course in (before, after) for day, _ in course.levels})
    return next((day for day in days if before.at(day) is not after.at(day)), None)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def township_of(path: str) -> str:
    """The part of a management path down to the township; 磨憨镇 and its like stand right below the city."""
    parts = path.split("/")[:-1]
    depth = next((n for n, part in enumerate(parts, 1) if len(part) == 9), _TOWNSHIP)
    return "/".join(parts[:depth]) + "/"
