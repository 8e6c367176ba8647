"""Merging 并户, its undoing, and splitting 分户: each one transaction over the households concerned.

1. Lock the keys of both households.
2. Members move with PersonLeft and PersonJoined; the merged household becomes an alias of the one that stands.
3. What was recorded for the alias keeps its household id: consumers resolve the alias, so undoing gives it back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from events.ids import uuid7
from events.locks import locked
from kit.etag import require_version

from ...regions import service as regions
from ..queries import Household, Person, aliases_of, members
from ..rules import (
    HEAD,
    MERGED,
    UNMERGED,
    HasAbsorbed,
    HouseholdBusy,
    MergeIntoItself,
    NotItsMember,
    NotMerged,
    check_leaving,
    household_problems,
    one_refusal,
)
from ..tables import household_merges
from .changes import Changes, Leaving, Merging, save
from .lookup import get_household, get_standing
from .people import shape_of

Relations = Mapping[UUID, str]
"""Person → 与户主关系 in the household that is joined; whoever is not named keeps the relation."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A member as it was before the merge."""

    relation: str
    since: date


async def merge_households(
    tx: AsyncConnection, household_id: UUID, *, into_id: UUID, on: date, version: int, relations: Relations
) -> Household:
    """Merge a household into another one; gives the one that stands.

    Args:
        tx: the open transaction.
        household_id: becomes an alias.
        into_id: takes all members.
        on: first day on which they are one household.
        version: of the household that becomes an alias.
        relations: what its members are to the head of the other one.
    """
    if household_id == into_id:
        raise MergeIntoItself
    await locked(tx, [household_id, into_id])
    row, home = await get_standing(tx, household_id), await get_standing(tx, into_id)
    require_version(row.version, version)
    if await aliases_of(tx, [row.id]):
        raise HasAbsorbed
    present = await members(tx, [row.id, home.id])
    _check_named(relations, present[row.id])
    for person in present[row.id]:
        check_leaving(person.since, on, "moved")
    moved = [_moved(person, home.id, relations.get(person.id, person.relation), on) for person in present[row.id]]
    _check([*present[home.id], *moved])
    grown = replace(home, size=home.size + len(moved), ended_on=None, version=home.version + 1)
    alias = replace(row, size=0, merged_into=home.id, version=row.version + 1)
    await _note(tx, alias, present[row.id], on)
    left = [Leaving(household=alias, person=_gone(person), until=on, reason=MERGED) for person in present[row.id]]
    await save(
        tx,
        Changes(
            left=left,
            joined=[(grown, person) for person in moved],
            updated=[grown],
            merged=[Merging(household=alias, other_id=home.id, on=on)],
        ),
    )
    return grown


async def unmerge_households(
    tx: AsyncConnection, household_id: UUID, *, version: int, successor_id: UUID | None = None
) -> Household:
    """Undo a merge as if it had never been; members who left meanwhile stay away.

    Args:
        tx: the open transaction.
        household_id: the alias.
        version: of the alias.
        successor_id: becomes head where the former one does not come back.
    """
    row, home = await _locked_alias(tx, household_id, version)
    places = await _end_note(tx, row.id)
    present = (await members(tx, [home.id]))[home.id]
    leaving = [person for person in present if person.id in places]
    back = [_restored(person, row.id, places[person.id], successor_id) for person in leaving]
    _check(back)
    _check([person for person in present if person.id not in places])
    shrunk = replace(home, size=home.size - len(back), version=home.version + 1)
    freed = replace(row, size=len(back), merged_into=None, version=row.version + 1)
    await save(
        tx,
        Changes(
            left=[
                Leaving(household=shrunk, person=_gone(person), until=person.since, reason=UNMERGED)
                for person in leaving
            ],
            joined=[(freed, person) for person in back],
            updated=[shrunk],
            unmerged=[Merging(household=freed, other_id=home.id, on=row.stated_on)],
        ),
    )
    return freed


async def _locked_alias(tx: AsyncConnection, household_id: UUID, version: int) -> tuple[Household, Household]:
    """The alias and the household that stands for it, under the locks of both."""
    seen = await get_household(tx, household_id)
    if seen.merged_into is None:
        raise NotMerged
    await locked(tx, [household_id, seen.merged_into])
    row = await get_household(tx, household_id)
    require_version(row.version, version)
    if row.merged_into != seen.merged_into:
        raise HouseholdBusy
    return row, await get_household(tx, seen.merged_into)


def _moved(person: Person, household_id: UUID, relation: str, since: date) -> Person:
    return replace(person, household_id=household_id, relation=relation, since=since, version=person.version + 2)


def _restored(person: Person, household_id: UUID, place: _Place, successor_id: UUID | None) -> Person:
    relation = HEAD if person.id == successor_id else place.relation
    return _moved(person, household_id, relation, place.since)


def _gone(person: Person) -> Person:
    return replace(person, active=False, version=person.version + 1)


def _check(people: Sequence[Person]) -> None:
    if problems := household_problems([shape_of(person) for person in people]):
        raise one_refusal(problems)


def _check_named(relations: Relations, present: Sequence[Person]) -> None:
    if not relations.keys() <= {person.id for person in present}:
        raise NotItsMember


async def _note(tx: AsyncConnection, alias: Household, present: Sequence[Person], on: date) -> None:
    places = {str(person.id): {"relation": person.relation, "since": str(person.since)} for person in present}
    await tx.execute(
        insert(household_merges).values(
            id=uuid7(),
            household_id=alias.id,
            into_id=alias.merged_into,
            merged_on=on,
            recorded_on=await regions.today(tx),
            places=places,
        )
    )


async def _end_note(tx: AsyncConnection, household_id: UUID) -> dict[UUID, _Place]:
    standing = (household_merges.c.household_id == household_id) & household_merges.c.ended_on.is_(None)
    told = await tx.scalar(select(household_merges.c.places).where(standing))
    await tx.execute(update(household_merges).where(standing).values(ended_on=await regions.today(tx)))
    return {
        UUID(id_): _Place(place["relation"], date.fromisoformat(place["since"])) for id_, place in (told or {}).items()
    }
