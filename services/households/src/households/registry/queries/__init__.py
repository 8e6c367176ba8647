"""Reading households and persons; row security decides what is there."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select, text, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import EliminationWay, HouseholdType, LabourSkill, MonitoringCategory, RiskCause, Sex

from ..rules import Decided
from ..tables import household_merges, households, identities, memberships, persons


# Rows are left as they were read; said by `frozen`, that would make each of an import's thousands four times as dear.
@dataclass(slots=True, kw_only=True)
class Household:
    """户: a household as it now stands."""

    id: UUID
    number: str
    region_code: str
    path: str
    household_type: HouseholdType
    category: MonitoringCategory | None
    identified_on: date | None
    risk_eliminated: bool | None
    causes: tuple[RiskCause, ...]
    no_labour: bool
    size: int
    stated_on: date
    decided_on: date
    version: int
    merged_into: UUID | None = None
    grid: str | None = None
    eliminated_on: date | None = None
    elimination_way: EliminationWay | None = None
    case_id: UUID | None = None
    case_version: int | None = None
    ended_on: date | None = None

    @property
    def decided(self) -> Decided:
        """决定: when, and by which step of a case, its place on the list was decided."""
        return Decided(on=self.decided_on, case_id=self.case_id, case_version=self.case_version or 0)


@dataclass(slots=True, kw_only=True)
class Person:
    """人: a person as it now stands; certificate, name and phone are ciphertext."""

    id: UUID
    household_id: UUID
    number: str | None
    blind_index: str
    certificate: bytes
    name: bytes
    masked_name: str
    phone: bytes | None
    masked_phone: str | None
    birth_date: date
    sex: Sex
    disability: str | None
    relation: str
    labour_skill: LabourSkill | None
    education: str | None
    school_stage: str | None
    health: tuple[str, ...]
    active: bool
    since: date
    version: int
    name_index: str | None = None
    phone_index: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """成员史: when a person belonged to the household; the name is hidden once the person is out of scope."""

    person_id: UUID
    masked_name: str | None
    since: date
    until: date | None
    reason: str | None


_OF_HOUSEHOLD = [item.name for item in fields(Household)]
_OF_PERSON = [item.name for item in fields(Person)]
_HOUSEHOLD = [households.c[name] for name in _OF_HOUSEHOLD]
_PERSON = [persons.c[name] for name in _OF_PERSON]
_PRESENT = [persons.c.household_id, persons.c.id, persons.c.blind_index, persons.c.version]


async def household(tx: AsyncConnection, household_id: UUID) -> Household | None:
    """One household, if in scope."""
    return (await households_by_id(tx, [household_id])).get(household_id)


async def households_by_id(tx: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Household]:
    """Those of the households that are in scope."""
    found = await _households(tx, select(*_HOUSEHOLD).where(households.c.id == func.any(list(ids))))
    return {item.id: item for item in found}


async def households_by_number(tx: AsyncConnection, numbers: Collection[str]) -> dict[str, Household]:
    """Households by 户编号; an unknown number and one out of scope are both absent."""
    found = await _households(tx, select(*_HOUSEHOLD).where(households.c.number == func.any(list(numbers))))
    return {item.number: item for item in found}


async def households_page(
    tx: AsyncConnection, *, path: str | None, category: MonitoringCategory | None, after: UUID | None, limit: int
) -> list[Household]:
    """Households that stand, in the order of their ids, optionally below a management path."""
    query = select(*_HOUSEHOLD).where(households.c.merged_into.is_(None), households.c.ended_on.is_(None))
    if path is not None:
        query = query.where(func.starts_with(households.c.path, path))
    if category is not None:
        query = query.where(households.c.category == category)
    if after is not None:
        query = query.where(households.c.id > after)
    return await _households(tx, query.order_by(households.c.id).limit(limit))


async def members(tx: AsyncConnection, household_ids: Collection[UUID]) -> dict[UUID, list[Person]]:
    """The active members of each household, the head first."""
    query = select(*_PERSON).where(persons.c.household_id == func.any(list(household_ids)), persons.c.active)
    result: dict[UUID, list[Person]] = {household_id: [] for household_id in household_ids}
    order = (persons.c.relation != "户主", persons.c.birth_date, persons.c.id)
    for person in map(_person, (await tx.execute(query.order_by(*order))).all()):
        result[person.household_id].append(person)
    return result


@dataclass(frozen=True, slots=True)
class Present:
    """在户: as much of an active member as it takes to know who is there."""

    household_id: UUID
    id: UUID
    blind_index: str
    version: int


async def present(tx: AsyncConnection, household_ids: Collection[UUID]) -> list[Present]:
    """The active members of these households."""
    query = select(*_PRESENT).where(persons.c.household_id == func.any(list(household_ids)), persons.c.active)
    return [Present(*row) for row in (await tx.execute(query)).all()]


async def persons_by_id(tx: AsyncConnection, ids: Iterable[UUID]) -> dict[UUID, Person]:
    """Those of the persons that are in scope, active or not."""
    query = select(*_PERSON).where(persons.c.id == func.any(list(ids)))
    return {person.id: person for person in map(_person, (await tx.execute(query)).all())}


async def history(tx: AsyncConnection, household_id: UUID) -> list[Membership]:
    """Who ever belonged to the household."""
    query = (
        select(memberships, persons.c.masked_name)
        .outerjoin(persons, persons.c.id == memberships.c.person_id)
        .where(memberships.c.household_id == household_id)
        .order_by(memberships.c.since, memberships.c.person_id)
    )
    return [
        Membership(
            person_id=row.person_id, masked_name=row.masked_name, since=row.since, until=row.until, reason=row.reason
        )
        for row in await tx.execute(query)
    ]


async def aliases_of(tx: AsyncConnection, household_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Households that were merged into one of these: alias → the household that stands."""
    query = select(households.c.id, households.c.merged_into).where(
        households.c.merged_into == func.any(list(household_ids))
    )
    return {row.id: row.merged_into for row in await tx.execute(query)}


async def merged_in(tx: AsyncConnection, household_ids: Collection[UUID]) -> set[UUID]:
    """Persons who came into one of these households by a merge that stands."""
    query = select(household_merges.c.places).where(
        household_merges.c.into_id == func.any(list(household_ids)), household_merges.c.ended_on.is_(None)
    )
    return {UUID(id_) for places in (await tx.execute(query)).scalars() for id_ in places}


async def stays_of(tx: AsyncConnection, household_ids: Collection[UUID]) -> list[Membership]:
    """Memberships of any of these households, without names."""
    query = select(memberships).where(memberships.c.household_id == func.any(list(household_ids)))
    return [
        Membership(person_id=row.person_id, masked_name=None, since=row.since, until=row.until, reason=row.reason)
        for row in await tx.execute(query)
    ]


async def lives_around(tx: AsyncConnection, household_ids: Collection[UUID]) -> list[Row[Any]]:
    """All memberships, wherever, of everybody who ever belonged to one of these households, by the day they began."""
    here = select(memberships.c.person_id).where(memberships.c.household_id == func.any(list(household_ids)))
    theirs = select(memberships).where(memberships.c.person_id.in_(here))
    # each half has an index by person
    query = union_all(theirs.where(memberships.c.until.is_(None)), theirs.where(memberships.c.until.is_not(None)))
    return list(await tx.execute(query.order_by("since", "household_id")))


async def died(tx: AsyncConnection, person_ids: Collection[UUID]) -> set[UUID]:
    """Which of the persons have died."""
    query = select(memberships.c.person_id).where(
        memberships.c.person_id == func.any(list(person_ids)),
        memberships.c.until.is_not(None),
        memberships.c.reason == "died",
    )
    return set((await tx.execute(query)).scalars())


async def persons_of(tx: AsyncConnection, blind_indexes: Collection[str]) -> dict[str, UUID]:
    """Who holds these certificates, in whatever scope."""
    query = select(identities).where(identities.c.blind_index == func.any(list(blind_indexes)))
    return {row.blind_index: row.person_id for row in await tx.execute(query)}


async def last_left(tx: AsyncConnection, person_ids: Collection[UUID]) -> dict[UUID, date]:
    """The latest day on which each person left a household."""
    query = (
        select(memberships.c.person_id, func.max(memberships.c.until))
        .where(memberships.c.person_id == func.any(list(person_ids)), memberships.c.until.is_not(None))
        .group_by(memberships.c.person_id)
    )
    return {row[0]: row[1] for row in await tx.execute(query)}


_MISPLACED = text("""
    SELECT h.id
    FROM households h
    JOIN unnest(CAST(:codes AS text[]), CAST(:paths AS text[])) AS village(code, path) ON village.code = h.region_code
    WHERE village.path <> h.path
    ORDER BY h.id
    LIMIT :limit
""")


async def misplaced(tx: AsyncConnection, paths: Mapping[str, str], limit: int) -> list[UUID]:
    """Households whose path is not the one of their village."""
    told = {"codes": list(paths), "paths": list(paths.values()), "limit": limit}
    return list((await tx.execute(_MISPLACED, told)).scalars())


_OUTSIDE = text("""
    SELECT wanted.path
    FROM unnest(CAST(:paths AS text[])) AS wanted(path)
    WHERE current_setting('app.scope', true) <> ''
      AND NOT wanted.path ^@ ANY (array_remove(string_to_array(current_setting('app.scope', true), ','), ''))
""")


async def outside_scope(tx: AsyncConnection, paths: Collection[str]) -> set[str]:
    """Which of the paths row security would refuse; asked first because its refusal would end the transaction."""
    return set((await tx.execute(_OUTSIDE, {"paths": list(paths)})).scalars())


async def within_scope(tx: AsyncConnection, homes: Mapping[UUID, Household]) -> dict[UUID, Household]:
    """Those whose path the transaction's scope covers; a worker that acts for somebody is not bound by row security."""
    outside = await outside_scope(tx, {home.path for home in homes.values()})
    return {id_: home for id_, home in homes.items() if home.path not in outside}


async def _households(tx: AsyncConnection, query: Select[Any]) -> list[Household]:
    return [_household(row) for row in (await tx.execute(query)).all()]


def _household(row: Row[Any]) -> Household:
    told = dict(zip(_OF_HOUSEHOLD, row, strict=True))
    told["household_type"] = HouseholdType(told["household_type"])
    told["category"] = told["category"] and MonitoringCategory(told["category"])
    told["elimination_way"] = told["elimination_way"] and EliminationWay(told["elimination_way"])
    told["causes"] = tuple(map(RiskCause, told["causes"]))
    return Household(**told)


def _person(row: Row[Any]) -> Person:
    told = dict(zip(_OF_PERSON, row, strict=True))
    told["sex"] = Sex(told["sex"])
    told["labour_skill"] = told["labour_skill"] and LabourSkill(told["labour_skill"])
    told["health"] = tuple(told["health"])
    return Person(**told)
