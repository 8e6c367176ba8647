"""Entries on the way in: checked, placed in a village, their persons claimed so that each is registered once."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import delete, func, text
from sqlalchemy.ext.asyncio import AsyncConnection

from events.ids import uuid7
from kit.cipher import FieldCipher
from kit.errors import Refusal

from ...regions import service as regions
from ..queries import died, households_by_id, last_left, outside_scope, persons_by_id, persons_of, within_scope
from ..rules import (
    HouseholdBusy,
    NumberTaken,
    PersonDied,
    RegisteredElsewhere,
    VillageUnknown,
    household_problems,
    member_since,
    one_refusal,
)
from ..tables import identities
from .commands import HouseholdEntry, Outcome, Status
from .people import PersonDraft, check_facts


@dataclass(slots=True, kw_only=True)
class Draft:
    """A household on the way in, with what was found wrong with it so far."""

    entry: HouseholdEntry
    household_id: UUID
    path: str = ""
    people: list[PersonDraft] = field(default_factory=list)
    problems: list[Refusal] = field(default_factory=list)

    @property
    def outcome_refused(self) -> Outcome:
        """What the caller hears of a draft with problems."""
        return Outcome(number=self.entry.facts.number, status=Status.REFUSED, refusal=one_refusal(self.problems))


def draft_of(entry: HouseholdEntry, household_id: UUID, cipher: FieldCipher) -> Draft:
    """Check what an entry says in itself."""
    draft = Draft(entry=entry, household_id=household_id)
    for position, facts in enumerate(entry.members):
        certificate, problems = check_facts(facts, f"/members/{position}")
        draft.problems += problems
        if certificate is not None:
            draft.people.append(
                PersonDraft(
                    facts=facts,
                    certificate=certificate,
                    blind_index=cipher.blind_index(certificate.id18),
                    person_id=uuid7(),
                    since=member_since(facts.since, certificate.birth_date, None),
                    position=position,
                )
            )
    if not draft.problems:
        draft.problems += household_problems([person.shape for person in draft.people])
    return draft


def sound(drafts: Iterable[Draft]) -> list[Draft]:
    """Those without problems."""
    return [draft for draft in drafts if not draft.problems]


async def place(tx: AsyncConnection, drafts: Sequence[Draft]) -> None:
    """Give each draft the management path of its village."""
    known = await regions.current_regions(tx, {draft.entry.facts.region_code for draft in drafts})
    villages = {code: region.path for code, region in known.items() if region.level == "village"}
    outside = await outside_scope(tx, set(villages.values()))
    for draft in drafts:
        path = villages.get(draft.entry.facts.region_code)
        if path is None or path in outside:
            draft.problems.append(VillageUnknown())
        else:
            draft.path = path


def refuse_repeats(drafts: Sequence[Draft]) -> None:
    """One person or one number in two entries of a batch: none of them goes in."""
    people = Counter(person.blind_index for draft in drafts for person in draft.people)
    numbers = Counter(draft.entry.facts.number for draft in drafts)
    for draft in drafts:
        if numbers[draft.entry.facts.number] > 1:
            draft.problems.append(NumberTaken())
        draft.problems += [
            RegisteredElsewhere(person.position) for person in draft.people if people[person.blind_index] > 1
        ]


_CLAIM = text("""
    INSERT INTO identities (blind_index, person_id)
    SELECT blind_index, person_id
    FROM unnest(CAST(:blind_indexes AS text[]), CAST(:persons AS uuid[])) AS new(blind_index, person_id)
    ORDER BY blind_index
    ON CONFLICT DO NOTHING
""")


async def claim_persons(
    tx: AsyncConnection, drafts: Sequence[Draft], *, earliest: dict[UUID, date] | None = None
) -> None:
    """Claim every person of the drafts; who is active in another household makes the draft a refused one.

    1. Insert the identities, sorted, so that two batches wait for each other instead of locking in a circle.
    2. Those that stood already: somebody's member, or a former member that comes back under the same id.
    3. Give back what refused drafts claimed.

    Args:
        tx: the open transaction.
        drafts: drafts without problems; problems are added to them.
        earliest: per household, the date before which a newly named person cannot have belonged to it.
    """
    people = {person.blind_index: person for draft in drafts for person in draft.people}
    if not people:
        return
    new = {"blind_indexes": list(people), "persons": [person.person_id for person in people.values()]}
    if (await tx.execute(_CLAIM, new)).rowcount < len(people):
        await _recognise(tx, drafts, people)
    for draft in drafts:
        start = (earliest or {}).get(draft.household_id)
        for person in draft.people:
            if start is not None and person.facts.since is None:
                person.since = max(person.since, start)
    await give_back(tx, [draft for draft in drafts if draft.problems])


async def _recognise(tx: AsyncConnection, drafts: Sequence[Draft], people: Mapping[str, PersonDraft]) -> None:
    claimed = await persons_of(tx, people)
    if len(claimed) < len(people):
        raise HouseholdBusy
    holders = {index: id_ for index, id_ in claimed.items() if id_ != people[index].person_id}
    found = await persons_by_id(tx, holders.values())
    homes = await within_scope(tx, await households_by_id(tx, {person.household_id for person in found.values()}))
    visible = {id_: person for id_, person in found.items() if person.household_id in homes}
    left, dead = await last_left(tx, visible.keys()), await died(tx, visible.keys())
    for draft in drafts:
        for person in draft.people:
            if person.blind_index not in holders:
                continue
            former = visible.get(holders[person.blind_index])
            if former is None or former.active:
                candidate = f"{homes[former.household_id].number}, {former.masked_name}" if former else None
                draft.problems.append(RegisteredElsewhere(person.position, candidate))
            elif former.id in dead:
                draft.problems.append(PersonDied(person.position))
            else:
                person.former, person.person_id = former, former.id
                person.since = member_since(person.facts.since, person.certificate.birth_date, left.get(former.id))


async def give_back(tx: AsyncConnection, refused: Sequence[Draft]) -> None:
    """Free the identities that refused drafts had claimed."""
    fresh = [person.person_id for draft in refused for person in draft.people if person.former is None]
    if fresh:
        await tx.execute(delete(identities).where(identities.c.person_id == func.any(fresh)))
