"""Registering households with their members."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from events.ids import uuid7
from events.locks import locked
from kit.cipher import FieldCipher

from ..queries import Household, Person
from ..rules import FIRST_VERSION, NumberTaken
from .changes import Changes, register_rows, save
from .commands import HouseholdEntry, Outcome, Status
from .drafts import Draft, claim_persons, draft_of, give_back, place, refuse_repeats, sound
from .people import person_row


async def register_households(
    tx: AsyncConnection, entries: Sequence[HouseholdEntry], *, cipher: FieldCipher
) -> list[Outcome]:
    """Register new households, at most 500 at once; each goes in whole or is refused whole.

    Args:
        tx: the open transaction.
        entries: households with all their members.
        cipher: seals what names a person.

    Returns:
        One outcome per entry, in their order; a refused entry left no row and no event.
    """
    drafts = [draft_of(entry, uuid7(), cipher) for entry in entries]
    await locked(tx, [draft.household_id for draft in drafts])
    await place(tx, drafts)
    refuse_repeats(drafts)
    await claim_persons(tx, sound(drafts))
    changes = await _insert(tx, sound(drafts), cipher)
    await save(tx, changes)
    homes = {home.id: home for home in changes.registered}
    return [_registered(draft, homes.get(draft.household_id)) for draft in drafts]


def _registered(draft: Draft, home: Household | None) -> Outcome:
    if home is None:
        return draft.outcome_refused
    return Outcome(
        number=home.number,
        status=Status.REGISTERED,
        household_id=home.id,
        registered=home,
        joined={person.certificate.id18: person.person_id for person in draft.people},
    )


async def _insert(tx: AsyncConnection, drafts: Sequence[Draft], cipher: FieldCipher) -> Changes:
    rows = {draft.household_id: _household_row(draft) for draft in drafts}
    inserted = await register_rows(tx, list(rows.values()))
    late = [draft for draft in drafts if draft.household_id not in inserted]
    for draft in late:
        draft.problems.append(NumberTaken())
    await give_back(tx, late)
    taken = [draft for draft in drafts if draft.household_id in inserted]
    return Changes(
        registered=[rows[draft.household_id] for draft in taken],
        joined=[(rows[draft.household_id], person) for draft in taken for person in _person_rows(draft, cipher)],
    )


def _person_rows(draft: Draft, cipher: FieldCipher) -> list[Person]:
    return [person_row(person, draft.household_id, cipher) for person in draft.people]


def _household_row(draft: Draft) -> Household:
    facts, stated_on = draft.entry.facts, draft.entry.stated_on
    return Household(
        id=draft.household_id,
        number=facts.number,
        region_code=facts.region_code,
        path=draft.path,
        household_type=facts.household_type,
        category=facts.category,
        identified_on=facts.identified_on,
        risk_eliminated=facts.risk_eliminated,
        eliminated_on=facts.eliminated_on,
        elimination_way=facts.elimination_way,
        causes=facts.causes,
        no_labour=facts.no_labour,
        size=len(draft.people),
        stated_on=stated_on,
        decided_on=stated_on,
        version=FIRST_VERSION,
    )
