"""Whose fact it is: a person's facts count where the person lived on their date, whatever key they had."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from ...risk.rules import Fact, next_month

JOINED: Final = frozenset({"PersonJoined", "PersonUpdated"})
LEFT: Final = "PersonLeft"
MEMBERSHIP: Final = JOINED | {LEFT}
MERGED: Final = "HouseholdMerged"
MERGES: Final = frozenset({MERGED, "HouseholdUnmerged"})
"""Whether a household is an alias of another one; the highest revision says."""
CASES: Final = frozenset({"CaseListed", "CaseReentered", "CaseEliminated", "CaseWithdrawn", "CaseAdvanced"})
"""Steps of a household's own case; a merge does not put another household on the list."""
ENDS: Final[Mapping[str, str]] = {
    "ShockResolved": "resolved_on",
    "ZeroEmploymentCleared": "cleared_on",
    "MeasureCompleted": "completed_on",
    "PublicPostEnded": "ended_on",
    "WageMissed": "came_on",
    "SubsidyApproved": "completed_on",
    "AidGranted": "completed_on",
    "PolicyIssued": "completed_on",
}
"""Kind of fact that also says when what began on its day ended → where; the revision before told of the beginning."""
MONTHLY: Final = frozenset({"WagePaid", "WageMissed"})
"""Facts about a whole month, dated by its first day."""


def end_of(fact: Fact) -> date | None:
    """The day on which what a fact began was over; None where it does not say, or the kind has none."""
    told = fact.data.get(ENDS.get(fact.kind, ""))
    return None if told is None else date.fromisoformat(str(told))


def partner(fact: Fact) -> UUID | None:
    """The household that a merge, or its undoing, is about besides its own."""
    if fact.kind not in MERGES:
        return None
    return UUID(str(fact.data["into_id" if fact.kind == MERGED else "from_id"]))


class Memberships:
    """成员关系: where each person lived when, from the membership facts of all households concerned.

    A merged household is an alias: all that was ever its own is of the household that stands.
    """

    def __init__(self, facts: Iterable[Fact]):
        self._joined: dict[UUID, list[Fact]] = {}
        self._left: dict[tuple[UUID, UUID | None], list[Fact]] = {}
        self._into: dict[UUID, UUID] = {}
        for fact in facts:
            into = partner(fact)
            if into is not None and fact.kind == MERGED and not fact.void and fact.household_id is not None:
                self._into[fact.household_id] = into
            if fact.void or fact.person_id is None or fact.household_id is None:
                continue
            if fact.kind in JOINED:
                self._joined.setdefault(fact.person_id, []).append(fact)
            elif fact.kind == LEFT:
                self._left.setdefault((fact.person_id, fact.household_id), []).append(fact)
        self._lived = {person: self._stays(person, spells) for person, spells in self._joined.items()}

    def _stays(self, person_id: UUID, spells: list[Fact]) -> list[tuple[Fact, date | None]]:
        """Memberships, each with its first day outside; what ended on the day it began never was (a merge undone)."""
        spells.sort(key=lambda fact: (fact.on, fact.household_id))
        stays = [(spell, self._until(person_id, spell)) for spell in spells]
        return [(spell, until) for spell, until in stays if until is None or until > spell.on]

    @property
    def persons(self) -> Iterable[UUID]:
        """Everybody who was ever a member."""
        return self._joined

    def newest(self, person_id: UUID) -> Fact:
        """The person as last told of, by whatever household."""
        return max(self._joined[person_id], key=lambda fact: (fact.revision, fact.on, fact.id))

    def home(self, person_id: UUID, first: date, last: date) -> UUID | None:
        """The household of a person in a period; before the first known membership, the first one.

        A register that begins with the import does not cut off what people earned before it.
        """
        stays = self._lived[person_id]
        if not stays:
            return None
        living, until = stays[0]
        for spell, ended in stays:
            if spell.on <= last:
                living, until = spell, ended
        return None if until is not None and until <= first else self.standing(living.household_id)

    def standing(self, household_id: UUID | None) -> UUID | None:
        """The household itself, or the one it was merged into."""
        return household_id and self._into.get(household_id, household_id)

    def _until(self, person_id: UUID, living: Fact) -> date | None:
        """The first day outside: what was told of the same household under a higher revision of the person."""
        later = [
            left for left in self._left.get((person_id, living.household_id), ()) if left.revision > living.revision
        ]
        return min(later, key=lambda left: left.revision).on if later else None

    def owner(self, fact: Fact) -> UUID | None:
        """The household a fact counts for."""
        person = fact.person_id
        if person is None or fact.kind in MEMBERSHIP or person not in self._joined:
            return self.standing(fact.household_id)
        last = fact.on if fact.kind not in MONTHLY else date.fromordinal(next_month(fact.on).toordinal() - 1)
        return self.home(person, fact.on, last)
