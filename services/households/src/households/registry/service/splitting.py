"""Splitting 分户: some members of a household found a new one, in one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.ids import uuid7
from events.locks import locked
from kit.etag import require_version

from ..queries import Household, Person, members
from ..rules import HEAD, SPLIT, NotItsMember, NumberTaken, check_leaving, household_problems, one_refusal
from .changes import Changes, Leaving, register_rows, save
from .commands import HouseholdFacts
from .edit import village_path
from .lookup import get_standing
from .merging import Relations
from .people import shape_of


async def split_household(
    tx: AsyncConnection,
    household_id: UUID,
    facts: HouseholdFacts,
    *,
    relations: Relations,
    on: date,
    version: int,
    successor_id: UUID | None = None,
) -> Household:
    """Members found a new household; gives the new one.

    Args:
        tx: the open transaction.
        household_id: the household they leave.
        facts: of the new household.
        relations: who leaves, and what each is to the head of the new household.
        on: first day of the new household.
        version: of the household they leave.
        successor_id: becomes head of those who stay, where the head leaves.
    """
    new_id = uuid7()
    await locked(tx, [household_id, new_id])
    home = await get_standing(tx, household_id)
    require_version(home.version, version)
    present = (await members(tx, [home.id]))[home.id]
    leaving = _leaving(present, relations, on)
    stay, heirs = _staying([person for person in present if person.id not in relations], successor_id)
    joined = [
        replace(person, household_id=new_id, relation=relations[person.id], since=on, version=person.version + 2)
        for person in leaving
    ]
    for people in (stay, joined):
        if problems := household_problems([shape_of(person) for person in people]):
            raise one_refusal(problems)
    new = await _registered(tx, new_id, facts, len(joined), on)
    shrunk = replace(home, size=len(stay), version=home.version + 1)
    await save(
        tx,
        Changes(
            registered=[new],
            left=[Leaving(household=shrunk, person=_gone(item), until=on, reason=SPLIT) for item in leaving],
            joined=[(new, person) for person in joined],
            amended=[(shrunk, person) for person in heirs],
            updated=[shrunk],
        ),
    )
    return new


def _leaving(present: Sequence[Person], relations: Relations, on: date) -> list[Person]:
    leaving = [person for person in present if person.id in relations]
    if len(leaving) < len(relations):
        raise NotItsMember
    for person in leaving:
        check_leaving(person.since, on, SPLIT)
    return leaving


def _staying(people: Sequence[Person], successor_id: UUID | None) -> tuple[list[Person], list[Person]]:
    heirs = [
        replace(person, relation=HEAD, version=person.version + 1)
        for person in people
        if person.id == successor_id and person.relation != HEAD
    ]
    kept = [person for person in people if person.id not in {heir.id for heir in heirs}]
    return [*kept, *heirs], heirs


def _gone(person: Person) -> Person:
    return replace(person, active=False, version=person.version + 1)


async def _registered(tx: AsyncConnection, id_: UUID, facts: HouseholdFacts, size: int, on: date) -> Household:
    told = {name: getattr(facts, name) for name in HouseholdFacts.__slots__}
    path = await village_path(tx, facts.region_code)
    new = Household(id=id_, path=path, size=size, stated_on=on, decided_on=on, version=1, **told)
    if not await register_rows(tx, [new]):
        raise NumberTaken
    return new
