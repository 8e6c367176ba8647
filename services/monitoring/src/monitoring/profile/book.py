"""The facts a batch works with, in memory: of which household each is, and what a household's fold must read."""

from collections.abc import Iterable
from uuid import UUID

from ..risk.rules import Fact
from .rules import JOINED, partner


class FactBook:
    """事实簿: the highest revision of each fact of the households and persons concerned."""

    def __init__(self) -> None:
        self._facts: dict[UUID, Fact] = {}
        self._of_household: dict[UUID, set[UUID]] = {}
        self._of_person: dict[UUID, set[UUID]] = {}
        self._partners: dict[UUID, set[UUID]] = {}
        self._merged: dict[UUID, set[UUID]] = {}

    def add(self, facts: Iterable[Fact]) -> None:
        """Take in facts that stand in the database."""
        for fact in facts:
            self._put(fact)

    def accept(self, fact: Fact) -> set[UUID] | None:
        """Take in a new revision; the households whose fold it may change, or None where it is not newer."""
        before = self._facts.get(fact.id)
        if before is not None and before.revision >= fact.revision:
            return None
        touched = self._concerned(before) if before is not None else set()
        if before is not None:
            self._drop(before)
        self._put(fact)
        return touched | self._concerned(fact)

    def of(self, household_id: UUID) -> Iterable[Fact]:
        """The facts of the household, of those ever merged into it, and of everybody who was ever a member."""
        family = {household_id, *self._merged.get(household_id, ())}
        own = {id_ for home in family for id_ in self._of_household.get(home, ())}
        members = (self._facts[id_].person_id for id_ in own if self._facts[id_].kind in JOINED)
        theirs = (self._of_person.get(person, set()) for person in members if person is not None)
        return [self._facts[id_] for id_ in own.union(*theirs)]

    def _concerned(self, fact: Fact) -> set[UUID]:
        found = {fact.household_id} if fact.household_id is not None else set()
        for id_ in self._of_person.get(fact.person_id, ()) if fact.person_id is not None else ():
            other = self._facts[id_]
            if other.kind in JOINED and other.household_id is not None:
                found.add(other.household_id)
        return found.union(*(self._partners.get(home, ()) for home in found))

    def _put(self, fact: Fact) -> None:
        self._facts[fact.id] = fact
        if fact.household_id is not None:
            self._of_household.setdefault(fact.household_id, set()).add(fact.id)
        if fact.person_id is not None:
            self._of_person.setdefault(fact.person_id, set()).add(fact.id)

        if (other := partner(fact)) is not None and fact.household_id is not None:
            self._partners.setdefault(fact.household_id, set()).add(other)
            self._merged.setdefault(other, set()).add(fact.household_id)

    def _drop(self, fact: Fact) -> None:
        if fact.household_id is not None:
            self._of_household[fact.household_id].discard(fact.id)
        if fact.person_id is not None:
            self._of_person[fact.person_id].discard(fact.id)
