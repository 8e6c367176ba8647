"""The fold: a set of facts → the household's profile on a date. Order, repetition and lateness make no difference."""

from bisect import bisect_right, insort
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Final
from uuid import UUID

from ...risk.rules import Fact, Labour, Profile, Spell, next_month
from .earnings import ADJUSTING, PAYING, Earnings
from .relevance import CASES, MEMBERSHIP, MERGES, Memberships, end_of
from .support import ENDINGS, MEASURES, listing, measures, referred

HOUSEHOLD: Final = frozenset({"HouseholdRegistered", "HouseholdUpdated"})
_OWN: Final = HOUSEHOLD | MERGES | CASES | {"IncomeRecorded"}
"""Never taken over from a merged household: its figures speak of other people, and adding them up could hide need."""
_RELATIONS: Final = MEMBERSHIP | MERGES
"""Kinds that say whose facts count for whom."""
_MISSED: Final = "WageMissed"
_LIFTED: Final = frozenset({"lifted", "lifted_no_policy"})


def _place(fact: Fact) -> tuple[date, int]:
    return fact.on, fact.id.int


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
        known = sorted(facts, key=_place)
        self._facts = {fact.id: fact for fact in known}
        self.memberships = Memberships(fact for fact in known if fact.kind in _RELATIONS)
        self._turns: list[date] | None = None
        self._record = next((fact for fact in known if self._registers(fact)), None)
        own = [fact for fact in known if self._counts(fact)]
        self._void = {fact.id: fact for fact in own if fact.void}
        self._by_kind: dict[str, list[Fact]] = {}
        for fact in own:
            if not fact.void:
                self._by_kind.setdefault(fact.kind, []).append(fact)

    @property
    def facts(self) -> Collection[Fact]:
        """What it was folded from."""
        return self._facts.values()

    def accept(self, fact: Fact) -> bool:
        """Take in a higher revision of one fact; False where all must be folded anew, as it says whose facts count."""
        before = self._facts.get(fact.id)
        if fact.kind in _RELATIONS or (before is not None and not _same_place(before, fact)):
            return False
        if before is not None:
            self._leave_out(before)
        self._facts[fact.id] = fact
        self._turns = None
        if self._registers(fact):
            self._record = min((item for item in self._facts.values() if self._registers(item)), key=_place)
        if self._counts(fact):
            if fact.void:
                self._void[fact.id] = fact
            else:
                insort(self._by_kind.setdefault(fact.kind, []), fact, key=_place)
        return True

    def _leave_out(self, before: Fact) -> None:
        self._void.pop(before.id, None)
        kept = [fact for fact in self._by_kind.get(before.kind, ()) if fact.id != before.id]
        if kept:
            self._by_kind[before.kind] = kept
        else:
            self._by_kind.pop(before.kind, None)

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
        record = next(self._seen(on, *HOUSEHOLD), None)
        if record is None:
            return None
        data = record.data
        members = self._members(on)
        spells = self._spells(on)
        figures = tuple(self._seen(on, "IncomeRecorded"))
        helped = tuple(self._seen(on, *MEASURES))
        return Profile(
            household_id=self.id,
            number=str(data["number"]),
            path=str(data["path"]),
            region=str(data["region_code"]),
            lifted=data["household_type"] in _LIFTED,
            monitored=data["category"] is not None and data["risk_eliminated"] is not True,
            category=None if data["category"] is None else str(data["category"]),
            members=members,
            income=self.earnings.at(
                on,
                persons=int(str(data["size"])),
                figures=figures,
                payments=tuple(self._paid(on)),
                spells=spells,
                adjustments=tuple(self._seen(on, *ADJUSTING)),
            ),
            years=tuple(self.earnings.years(figures)),
            spells=spells,
            wages_missed=tuple(self._missed(on)),
            wages_late=tuple(self._late(on)),
            expenses=tuple(self._seen(on, "ExpenseReported")),
            conditions=tuple(self._conditions(on)),
            overdue=tuple(self._not_ended(on, "LoanOverdue", "LoanCured", "overdue_fact_id")),
            orders_lost=tuple(self._seen(on, "OrderCancelled", "DeliveryRejected")),
            sales=tuple(self._seen(on, "HouseholdSalePaid")),
            repayment_plans=tuple(self._seen(on, "LoanScheduled")),
            helpers=tuple(self._helpers(on)),
            shocks=tuple(self._standing(on, "ShockReported", "ShockResolved")),
            zero_employment=tuple(self._standing(on, "ZeroEmploymentFound", "ZeroEmploymentCleared")),
            listing=listing(self._seen(on, *CASES)),
            measures=measures(helped, self._ended(on, referred(helped))),
            labour=tuple(_labour(self.memberships.newest(person)) for person in sorted(members)),
            no_labour=data.get("no_labour") is True,
            freshness=self._freshness(on, spells),
            next_change=self._next_change(on),
        )

    def _seen(self, on: date, *kinds: str) -> Iterator[Fact]:
        for kind in kinds:
            for fact in self._by_kind.get(kind, ()):
                if fact.on > on:
                    break
                yield fact

    def _paid(self, on: date) -> Iterator[Fact]:
        """What counts as income; an interest subsidy is in no figure, as the interest is in none."""
        return (fact for fact in self._seen(on, *PAYING) if fact.data.get("counts_as_income") is not False)

    def _members(self, on: date) -> frozenset[UUID]:
        return frozenset(
            person for person in self.memberships.persons if self.memberships.home(person, on, on) == self.id
        )

    def _spells(self, on: date) -> tuple[Spell, ...]:
        ends = {str(fact.data["spell_id"]): fact for fact in self._seen(on, "EmploymentEnded")}
        spells = [
            Spell(start.id, start.person_id, start, ends.pop(str(start.id), None))
            for start in self._seen(on, "EmploymentStarted")
            if start.person_id is not None
        ]
        known = self._void.keys() | {fact.id for fact in self._by_kind.get("EmploymentStarted", ())}
        orphans = [
            Spell(spell, end.person_id, None, end)
            for spell, end in ((UUID(key), end) for key, end in ends.items())
            if end.person_id is not None and spell not in known
        ]
        return (*spells, *orphans)

    def _missed(self, on: date) -> Iterator[Fact]:
        paid = {(fact.person_id, fact.on) for fact in self._by_kind.get("WagePaid", ())}
        return (fact for fact in self._seen(on, _MISSED) if (fact.person_id, fact.on) not in paid)

    def _late(self, on: date) -> list[Fact]:
        """A wage that came after all takes back that it was missing, and says when it came."""
        came = (fact for fact in self._void.values() if fact.kind == _MISSED)
        return sorted((fact for fact in came if (end := end_of(fact)) is not None and end <= on), key=_place)

    def _conditions(self, on: date) -> Iterator[Fact]:
        yield from self._seen(on, "ConditionReported")
        # Solved later than the date asked for: on that date it stood open.
        yield from (fact for fact in self._by_kind.get("ConditionResolved", ()) if fact.on > on)

    def _standing(self, on: date, begun: str, over: str) -> Iterator[Fact]:
        """What had begun and was not over; the day itself of the end is outside."""
        return (fact for fact in self._seen(on, begun, over) if (end := end_of(fact)) is None or end > on)

    def _not_ended(self, on: date, kind: str, ending: str, reference: str) -> Iterator[Fact]:
        ended = {str(fact.data[reference]) for fact in self._seen(on, ending)}
        return (fact for fact in self._seen(on, kind) if str(fact.id) not in ended)

    def _ended(self, on: date, about: Collection[str]) -> dict[str, date]:
        """What is over of these jobs and loans; who has moved away since ends them elsewhere."""
        if not about:
            return {}
        ends = (fact for fact in self._facts.values() if fact.kind in ENDINGS and not fact.void and fact.on <= on)
        return {name: fact.on for fact in ends if (name := str(fact.data[ENDINGS[fact.kind]])) in about}

    def _helpers(self, on: date) -> Iterator[Fact]:
        # Whoever is assigned again after a release helps again: the later revision of the assignment says.
        released = {str(fact.data["assignment_id"]): fact.revision for fact in self._seen(on, "HelperReleased")}
        return (
            fact
            for fact in self._seen(on, "HelperAssigned")
            if released.get(str(fact.data["assignment_id"]), 0) < fact.revision
        )

    def _freshness(self, on: date, spells: tuple[Spell, ...]) -> dict[str, date]:
        """Source → last day it spoke of, for the sources that should be speaking of this household."""
        fresh: dict[str, date] = {}
        if figures := list(self._seen(on, "IncomeRecorded")):
            fresh["survey"] = figures[-1].on
        paid = {fact.person_id: fact.on for fact in self._seen(on, "WagePaid")}
        running = [
            max(paid.get(spell.person_id, spell.started.on), spell.started.on)
            for spell in spells
            if spell.started is not None and spell.ended is None
        ]
        if running:
            fresh["wages"] = min(running)
        return fresh

    def _next_change(self, on: date) -> date:
        if self._turns is None:
            self._turns = _turns(fact for fact in self._facts.values() if not fact.void or fact.kind == _MISSED)
        place = bisect_right(self._turns, on)
        return min(next_month(on), self._turns[place] if place < len(self._turns) else date.max)


def _same_place(before: Fact, after: Fact) -> bool:
    """Whether a revision counts for the same household and person; what it used to be decides too."""
    return (before.household_id, before.person_id) == (after.household_id, after.person_id) and (
        before.kind not in _RELATIONS
    )


def _turns(facts: Iterable[Fact]) -> list[date]:
    """The days on which facts begin or end to say something, ascending."""
    found: set[date] = set()
    for fact in facts:
        found.add(fact.on)
        if (end := end_of(fact)) is not None:
            found.add(end)
    return sorted(found)


def _labour(person: Fact) -> Labour:
    skill = person.data.get("labour_skill")
    return Labour(None if skill is None else str(skill), person.data.get("in_school") is True)
