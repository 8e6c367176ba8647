"""Bringing registered households to what a later statement says; only what differs is written and published."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.ids import uuid7
from events.locks import locked
from kit.cipher import FieldCipher

from ..queries import Household, Person, households_by_id, households_by_number, members, merged_in, within_scope
from ..rules import (
    HouseholdMergedAway,
    HouseholdUnknown,
    day_kept,
    decided_by_statement,
    household_problems,
    statement_wins,
)
from .changes import Changes, Leaving, save
from .commands import HouseholdEntry, HouseholdFacts, Outcome, Status
from .drafts import Draft, claim_persons, draft_of, place, refuse_repeats, sound
from .people import PersonDraft, amended, person_row, shape_of

_DECIDED = ("category", "identified_on", "risk_eliminated", "eliminated_on", "elimination_way", "causes")
"""Fields where the latest dated decision wins, apart from the rest of the statement."""


@dataclass(slots=True, kw_only=True)
class _Alignment:
    draft: Draft
    row: Household
    amended: list[Person] = field(default_factory=list)
    newcomers: list[PersonDraft] = field(default_factory=list)
    leavers: list[Person] = field(default_factory=list)
    staying: int = 0
    """members whom the entry cannot know of, because a merge brought them"""


async def align_households(
    tx: AsyncConnection, entries: Sequence[HouseholdEntry], *, cipher: FieldCipher
) -> list[Outcome]:
    """Bring registered households to their entries, at most 500 at once; an older statement changes nothing.

    Members that the entry does not name have left, but for those whom a merge brought, because the national system may
    know nothing of it; new ones join. A household whose entry is refused stays as it is.
    """
    numbers = await households_by_number(tx, {entry.facts.number for entry in entries})
    await locked(tx, [row.id for row in numbers.values()])
    rows = await within_scope(tx, await households_by_id(tx, [row.id for row in numbers.values()]))
    by_number = {row.number: row for row in rows.values()}
    drafts = [_draft(entry, by_number, cipher) for entry in entries]
    later = [draft for draft in sound(drafts) if _takes(by_number[draft.entry.facts.number], draft.entry.stated_on)]
    await place(tx, later)
    refuse_repeats(later)
    aligned = await _members_aligned(tx, sound(later), rows, cipher)
    changes, changed = _changes(aligned, cipher)
    await save(tx, changes)
    return [_outcome(draft, changed) for draft in drafts]


def _takes(row: Household, stated_on: date) -> bool:
    """Whether a statement of this day counts: an older one does only for a household whose registration was undone."""
    return row.ended_on is not None or stated_on >= row.stated_on


def _draft(entry: HouseholdEntry, rows: Mapping[str, Household], cipher: FieldCipher) -> Draft:
    row = rows.get(entry.facts.number)
    draft = draft_of(entry, row.id if row else uuid7(), cipher)
    if row is None:
        draft.problems.append(HouseholdUnknown())
    elif row.merged_into is not None:
        draft.problems.append(HouseholdMergedAway())
    return draft


def _outcome(draft: Draft, changed: set[UUID]) -> Outcome:
    if draft.problems:
        return draft.outcome_refused
    status = Status.CHANGED if draft.household_id in changed else Status.UNCHANGED
    return Outcome(number=draft.entry.facts.number, status=status, household_id=draft.household_id)


async def _members_aligned(
    tx: AsyncConnection, drafts: Sequence[Draft], rows: Mapping[UUID, Household], cipher: FieldCipher
) -> list[_Alignment]:
    present = await members(tx, [draft.household_id for draft in drafts])
    guests = await merged_in(tx, [draft.household_id for draft in drafts])
    aligned = [
        _compare(draft, rows[draft.household_id], present[draft.household_id], guests, cipher) for draft in drafts
    ]
    aligned = [item for item in aligned if not item.draft.problems]
    newcomers = [replace(item.draft, people=item.newcomers) for item in aligned if item.newcomers]
    await claim_persons(tx, newcomers, earliest={row.id: row.stated_on for row in rows.values()})
    return [item for item in aligned if not item.draft.problems]


def _compare(
    draft: Draft, row: Household, present: Sequence[Person], guests: Collection[UUID], cipher: FieldCipher
) -> _Alignment:
    here = {person.blind_index: person for person in present}
    result = _Alignment(draft=draft, row=row)
    for person in draft.people:
        known = here.pop(person.blind_index, None)
        if known is None:
            result.newcomers.append(person)
        elif new := amended(known, person.facts, person.certificate, cipher):
            result.amended.append(new)
    result.leavers = [person for person in here.values() if person.id not in guests]
    staying = [shape_of(person) for person in here.values() if person.id in guests]
    if staying:
        result.staying = len(staying)
        draft.problems += household_problems([*(person.shape for person in draft.people), *staying])
    return result


def _changes(aligned: Sequence[_Alignment], cipher: FieldCipher) -> tuple[Changes, set[UUID]]:
    changes, changed = Changes(), set[UUID]()
    for item in aligned:
        row = _household(item.row, item.draft, len(item.draft.people) + item.staying)
        joined = [person_row(person, row.id, cipher) for person in item.newcomers]
        changes.left += [_leaving(row, person, item.draft.entry.stated_on) for person in item.leavers]
        changes.joined += [(row, person) for person in joined]
        changes.amended += [(row, person) for person in item.amended]
        if row != item.row:
            changes.updated.append(row)
        if row != item.row or item.amended:
            changed.add(row.id)
    return changes, changed


def _household(row: Household, draft: Draft, size: int) -> Household:
    """The row as the entry states it, one version on where anything but the date of the statement differs."""
    facts, stated_on = draft.entry.facts, draft.entry.stated_on
    wanted = replace(
        row,
        region_code=facts.region_code,
        path=draft.path,
        household_type=facts.household_type,
        no_labour=facts.no_labour,
        size=size,
        ended_on=None,
        grid=row.grid if facts.region_code == row.region_code else None,
    )
    listed, was_listed = facts.category is not None, row.category is not None
    decided = row.decided
    if row.ended_on is not None or statement_wins(row.decided, stated_on, listed=listed):
        wanted = _decided(wanted, facts)
        decided = decided_by_statement(row.decided, stated_on, was_listed=was_listed, listed=listed)
    if wanted == row:
        return row
    return replace(wanted, stated_on=stated_on, decided_on=decided.on, version=row.version + 1)


def _decided(row: Household, facts: HouseholdFacts) -> Household:
    """The row with what is stated of the list; it is the case's decision no longer where it says anything else."""
    told = {name: getattr(facts, name) for name in _DECIDED}
    told |= {name: day_kept(getattr(row, name), told[name]) for name in ("identified_on", "eliminated_on")}
    wanted = replace(row, **told)
    return wanted if wanted == row else replace(wanted, case_id=None, case_version=None)


def _leaving(row: Household, person: Person, stated_on: date) -> Leaving:
    gone = replace(person, active=False, version=person.version + 1)
    return Leaving(household=row, person=gone, until=max(stated_on, person.since), reason="corrected")
