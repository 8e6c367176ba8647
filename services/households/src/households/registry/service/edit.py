"""Changing one household or one of its persons: under the key's lock, against the version the caller saw."""

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.ids import uuid7
from events.locks import locked
from kit.cipher import FieldCipher
from kit.etag import require_version

from ...regions import service as regions
from ..queries import Household, Person, aliases_of, households_by_id, members, outside_scope
from ..rules import (
    HEAD,
    AlreadyMember,
    HeadLeaves,
    HouseholdBusy,
    MemberShape,
    VillageUnknown,
    check_leaving,
    check_own_word,
    household_problems,
    one_refusal,
)
from .changes import Changes, Leaving, save
from .commands import HouseholdChanges, HouseholdEntry, HouseholdFacts, PersonChanges, PersonFacts
from .drafts import Draft, claim_persons
from .lookup import family_ids, get_household, get_person, get_standing
from .people import PersonDraft, amended, check_facts, person_row, shape_of, stated

_DECISION = {"category", "identified_on", "risk_eliminated", "eliminated_on", "elimination_way", "causes"}


async def update_household(
    tx: AsyncConnection, household_id: UUID, changes: HouseholdChanges, *, version: int, on: date
) -> Household:
    """Change what is stated about a household; nothing is published where nothing differs.

    Args:
        tx: the open transaction.
        household_id: the household.
        changes: fields of `HouseholdFacts` with their new values; the number stays.
        version: the version the caller saw.
        on: business date of the statement; it becomes the date of the decision where the category is concerned.
    """
    family = await family_ids(tx, household_id)
    await locked(tx, family)
    row = await get_standing(tx, household_id)
    if await family_ids(tx, household_id) != family:
        raise HouseholdBusy
    require_version(row.version, version)
    wanted = replace(row, **changes)
    if wanted.region_code != row.region_code:
        # a grid is part of a village
        wanted = replace(wanted, path=await village_path(tx, wanted.region_code), grid=None)
    if wanted == row:
        return row
    decides = any(getattr(wanted, name) != getattr(row, name) for name in _DECISION)
    if decides:
        check_own_word(row.decided, on)
    wanted = replace(wanted, stated_on=max(row.stated_on, on), version=row.version + 1)
    if decides:
        wanted = replace(wanted, decided_on=max(row.decided_on, on), case_id=None, case_version=None)
    await save(tx, Changes(updated=[wanted, *await _aliases_moved(tx, row, wanted)]))
    return wanted


async def _aliases_moved(tx: AsyncConnection, row: Household, wanted: Household) -> list[Household]:
    """What was recorded for a merged household is seen where the household that stands is."""
    if wanted.path == row.path:
        return []
    aliases = await households_by_id(tx, await aliases_of(tx, [row.id]))
    return [
        replace(alias, region_code=wanted.region_code, path=wanted.path, version=alias.version + 1)
        for alias in aliases.values()
    ]


async def village_path(tx: AsyncConnection, code: str) -> str:
    """The management path of a village in scope.

    Raises:
        VillageUnknown: there is none.
    """
    region = (await regions.current_regions(tx, [code])).get(code)
    if region is None or region.level != "village" or await outside_scope(tx, [region.path]):
        raise VillageUnknown
    return region.path


async def update_person(
    tx: AsyncConnection, person_id: UUID, changes: PersonChanges, *, version: int, cipher: FieldCipher
) -> Person:
    """Change what is stated about a person; the certificate stays."""
    row, home = await _locked_person(tx, person_id)
    require_version(row.version, version)
    facts = replace(stated(row, cipher), **changes)
    certificate, problems = check_facts(facts, "")
    if certificate is None or problems:
        raise one_refusal(problems)
    new = amended(row, facts, certificate, cipher)
    if new is None:
        return row
    if new.relation != row.relation:
        await _check_members(tx, home, without={row.id}, extra=[shape_of(new)])
    await save(tx, Changes(amended=[(home, new)]))
    return new


async def join_household(
    tx: AsyncConnection, household_id: UUID, facts: PersonFacts, *, version: int, cipher: FieldCipher, on: date
) -> Person:
    """A person joins a household: newborn, married in, or back after having left another one."""
    await locked(tx, [household_id])
    home = await get_standing(tx, household_id)
    require_version(home.version, version)
    certificate, problems = check_facts(facts, "")
    if certificate is None or problems:
        raise one_refusal(problems)
    person = PersonDraft(
        facts=facts,
        certificate=certificate,
        blind_index=cipher.blind_index(certificate.id18),
        person_id=uuid7(),
        since=facts.since or on,
    )
    draft = Draft(entry=_entry_of(home, facts, on), household_id=home.id, path=home.path, people=[person])
    await claim_persons(tx, [draft])
    if draft.problems:
        raise one_refusal(draft.problems)
    await _check_members(tx, home, without=set(), extra=[person.shape])
    joined = person_row(replace(person, since=facts.since or on), home.id, cipher)
    grown = _grown(home, 1)
    await save(tx, Changes(joined=[(grown, joined)], updated=[grown]))
    return joined


def _entry_of(home: Household, facts: PersonFacts, on: date) -> HouseholdEntry:
    known = HouseholdFacts(**{item.name: getattr(home, item.name) for item in fields(HouseholdFacts)})
    return HouseholdEntry(facts=known, members=(facts,), stated_on=on)


async def leave_household(
    tx: AsyncConnection, person_id: UUID, *, version: int, on: date, reason: str, successor_id: UUID | None = None
) -> Person:
    """A person leaves its household; when the head leaves others behind, one of them becomes the head."""
    row, home = await _locked_person(tx, person_id)
    require_version(row.version, version)
    check_leaving(row.since, on, reason)
    successor = await _succession(tx, home, row, successor_id)
    gone = replace(row, active=False, version=row.version + 1)
    shrunk = _grown(home, -1)
    left = Leaving(household=shrunk, person=gone, until=on, reason=reason)
    await save(tx, Changes(left=[left], amended=[(shrunk, item) for item in successor], updated=[shrunk]))
    return gone


async def move_person(
    tx: AsyncConnection,
    person_id: UUID,
    *,
    to_household_id: UUID,
    relation: str,
    version: int,
    on: date,
    reason: str,
    successor_id: UUID | None = None,
) -> Person:
    """A person moves between two households in scope: PersonLeft under the one key, PersonJoined under the other."""
    row, home = await _locked_person(tx, person_id, to_household_id)
    require_version(row.version, version)
    target = await get_standing(tx, to_household_id)
    if target.id == home.id:
        raise AlreadyMember
    check_leaving(row.since, on, reason)
    successor = await _succession(tx, home, row, successor_id)
    gone = replace(row, active=False, version=row.version + 1)
    here = replace(row, household_id=target.id, relation=relation, since=on, version=row.version + 2)
    await _check_members(tx, target, without=set(), extra=[shape_of(here)])
    shrunk, grown = _grown(home, -1), _grown(target, 1)
    await save(
        tx,
        Changes(
            left=[Leaving(household=shrunk, person=gone, until=on, reason=reason)],
            joined=[(grown, here)],
            amended=[(shrunk, item) for item in successor],
            updated=[shrunk, grown],
        ),
    )
    return here


async def _locked_person(tx: AsyncConnection, person_id: UUID, *others: UUID) -> tuple[Person, Household]:
    """The person and its household under the household's lock; who moved while we waited is somebody else's now."""
    seen = await get_person(tx, person_id)
    await locked(tx, [seen.household_id, *others])
    row = await get_person(tx, person_id)
    if row.household_id != seen.household_id or not row.active:
        raise HouseholdBusy
    return row, await get_household(tx, row.household_id)


async def _succession(tx: AsyncConnection, home: Household, leaver: Person, successor_id: UUID | None) -> list[Person]:
    left_behind = [person for person in (await members(tx, [home.id]))[home.id] if person.id != leaver.id]
    if not left_behind or leaver.relation != HEAD:
        return []
    heir = next((person for person in left_behind if person.id == successor_id), None)
    if heir is None:
        raise HeadLeaves
    return [replace(heir, relation=HEAD, version=heir.version + 1)]


async def _check_members(
    tx: AsyncConnection, home: Household, *, without: set[UUID], extra: Iterable[MemberShape]
) -> None:
    rest = [shape_of(person) for person in (await members(tx, [home.id]))[home.id] if person.id not in without]
    problems = household_problems([*rest, *extra])
    if problems:
        raise one_refusal(problems)


def _grown(home: Household, by: int) -> Household:
    return replace(home, size=home.size + by, ended_on=None if by > 0 else home.ended_on, version=home.version + 1)
