"""The fold: a set of facts → the household's profile on a date. Order, repetition and lateness make no difference."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Final
from uuid import UUID

from ...risk.rules import Fact, Profile, next_month
from .earnings import Earnings
from .filed import Filed, place
from .parts import HOUSEHOLD, PARTS, Parts, fed_by
from .relevance import CASES, MEMBERSHIP, MERGES, Memberships

_OWN: Final = HOUSEHOLD | MERGES | CASES | {"IncomeRecorded"}
"""Never taken over from a merged household: its figures speak of other people, and adding them up could hide need."""
_RELATIONS: Final = MEMBERSHIP | MERGES
"""Kinds that say whose facts count for whom."""


class Household:
    """一户的全部事实: facts in their highest revision, ready to be read on any date.

    Args:
        household_id: whose fold it is.
        facts: its own and those of everybody who was ever a member.
        earnings: what was computed for the household before; it only saves time.
    """

    def __init__(self, household_id: UUID, facts: Iterable[Fact], earnings: Earnings | None = None):
        self.id = household_id
        self.earnings = earnings or Earnings()
        known = sorted(facts, key=place)
        self.memberships = Memberships(fact for fact in known if fact.kind in _RELATIONS)
        self._record = next((fact for fact in known if self._registers(fact)), None)
        self._filed = Filed(household_id, known, self.memberships)
        for fact in known:
            if self._counts(fact):
                self._filed.put(fact)
        self._looked: tuple[date, Parts] | None = None
        """the last day looked at, and what was read for it"""

    @property
    def facts(self) -> Collection[Fact]:
        """What it was folded from."""
        return self._filed.known.values()

    def accept(self, fact: Fact) -> bool:
        """Take in a higher revision of one fact; False where all must be folded anew, as it says whose facts count."""
        before = self._filed.known.get(fact.id)
        if fact.kind in _RELATIONS or (before is not None and not _same_place(before, fact)):
            return False
        self._filed.replace(before, fact)
        if self._registers(fact):
            self._record = min((item for item in self.facts if self._registers(item)), key=place)
        if self._counts(fact):
            self._filed.put(fact)
        if self._looked is not None:
            for name in fed_by(fact.kind) + (fed_by(before.kind) if before is not None else ()):
                self._looked[1].pop(name, None)
        return True

    def _registers(self, fact: Fact) -> bool:
        return fact.kind in HOUSEHOLD and fact.household_id == self.id

    def _counts(self, fact: Fact) -> bool:
        if fact.kind in _OWN and fact.household_id != self.id:
            return False
        return self.memberships.owner(fact) == self.id

    @property
    def registered_on(self) -> date | None:
        """The day of its first registration; None while nobody has told of it."""
        return self._record.on if self._record else None

    @property
    def left_behind(self) -> Profile | None:
        """An empty profile of a household that was merged into another one: what is still to be told of it."""
        if self._record is None or self.memberships.standing(self.id) == self.id:
            return None
        data = self._record.data
        return Profile(
            household_id=self.id,
            number=str(data["number"]),
            path=str(data["path"]),
            region=str(data["region_code"]),
            lifted=False,
            monitored=False,
        )

    def at(self, on: date) -> Profile | None:
        """The profile on a date; None while the household is not registered, and once it is merged into another."""
        parts = self._parts(on)
        if parts["registered"] is None:
            return None
        income = self.earnings.at(
            on,
            persons=parts["persons"],
            figures=parts["figures"],
            payments=parts["payments"],
            spells=parts["spells"],
            adjustments=parts["adjustments"],
        )
        return Profile(
            household_id=self.id,
            **parts["registered"],
            members=parts["members"],
            income=income,
            years=tuple(self.earnings.years(parts["figures"])),
            spells=parts["spells"],
            wages_missed=parts["wages_missed"],
            wages_late=parts["wages_late"],
            expenses=parts["expenses"],
            conditions=parts["conditions"],
            overdue=parts["overdue"],
            orders_lost=parts["orders_lost"],
            sales=parts["sales"],
            repayment_plans=parts["repayment_plans"],
            helpers=parts["helpers"],
            shocks=parts["shocks"],
            zero_employment=parts["zero_employment"],
            listing=parts["listing"],
            measures=parts["measures"],
            labour=parts["labour"],
            freshness=parts["freshness"],
            next_change=min(next_month(on), self._filed.next_turn(on)),
        )

    def _parts(self, on: date) -> Parts:
        """Everything that is read for a date; what was read for the day before and is still so is taken from there."""
        parts: Parts = {} if self._looked is None else self._still_so(*self._looked, on)
        if len(parts) < len(PARTS):
            for name, part in PARTS.items():
                if name not in parts:
                    parts[name] = part.read(self._filed, on, parts)
        if self._looked is None or on >= self._looked[0]:
            # A look back, at the day a rule opened, is not what will be asked for next.
            self._looked = on, parts
        return parts

    def _still_so(self, day: date, parts: Parts, on: date) -> Parts:
        """Of what was read for a day, what is the same on another one."""
        turned = self._filed.turned(day, on)
        if not turned:
            return parts
        if not turned.isdisjoint(_RELATIONS):
            return {}
        stale = {name for kind in turned for name in fed_by(kind)}
        return {name: part for name, part in parts.items() if name not in stale}


def _same_place(before: Fact, after: Fact) -> bool:
    """Whether a revision counts for the same household and person; what it used to be decides too."""
    return (before.household_id, before.person_id) == (after.household_id, after.person_id) and (
        before.kind not in _RELATIONS
    )
