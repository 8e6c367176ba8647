"""Leaving facts out, and what of a household's path they carry. Pure: accounting, no statement about causes.

FactsUnknown (422)   none of the facts is this household's
PeriodAhead, PeriodTurned, TooLong (422)   the days, as for a what-if
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from kit.errors import Invalid

from ..profile.rules import Household
from ..risk.rules import Fact, Policy
from ..whatif.rules import Known
from ..whatif.rules.course import Course, course_of

_HANGS_ON: Final = ("spell_id", "overdue_fact_id")
"""What a fact names the fact it belongs to by: a wage its job, the end of a delay the delay."""


Under = tuple[Policy, Callable[[date], date]]
"""the values in force, and day → the next one on which a value begins or ends"""


class FactsUnknown(Invalid):
    """该户没有所列事实."""

    code = "facts-not-of-household"
    zh, en = "所列事实中有不属于该户的", "a fact that is to be left out is none of this household"
    fix_zh, fix_en = "请从该户风险说明的证据中选取事实编号", "take fact ids from the evidence of the household's risk"
    pointer = "query:without"


@dataclass(frozen=True, slots=True)
class Side:
    """一条路径: the course, and what the household has a year per head on the last day; None = unknown."""

    course: Course
    published: Decimal | None
    projected: Decimal | None


@dataclass(frozen=True, slots=True)
class Compared:
    """推算结果: the path by all facts, the one without some, and the facts that were left out."""

    actual: Side
    without: Side
    left_out: tuple[Fact, ...]


def compared(
    known: Known,
    chosen: Collection[UUID],
    under: Under,
    *,
    first: date,
    last: date,
) -> Compared:
    """Follow the household twice.

    Args:
        known: the household with its facts.
        chosen: ids of the facts to leave out; what hangs on them goes with them.
        under: the policy.
        first: first business date.
        last: last business date, included.

    Raises:
        FactsUnknown: one of them is not there.
    """
    household_id, facts = known.household_id, known.facts
    if set(chosen) - {fact.id for fact in facts}:
        raise FactsUnknown
    gone = {fact.id for fact in facts if fact.id in chosen or _base(fact) in chosen}
    sides = [
        _side(household_id, [fact for fact in facts if fact.id not in left], under, first, last)
        for left in (frozenset[UUID](), gone)
    ]
    left_out = sorted((fact for fact in facts if fact.id in gone and not fact.void), key=lambda f: (f.on, f.id))
    return Compared(sides[0], sides[1], tuple(left_out))


def _base(fact: Fact) -> UUID | None:
    named = next((fact.data[name] for name in _HANGS_ON if fact.data.get(name)), None)
    return None if named is None else UUID(str(named))


def _side(household_id: UUID, facts: Iterable[Fact], under: Under, first: date, last: date) -> Side:
    household = Household(household_id, facts)
    course = course_of(household, *under, first=first, last=last)
    profile = household.at(last)
    income = profile.income if profile else None
    return Side(course, income.published if income else None, income.projected if income else None)
