"""Reading history: households and members as they were recorded by the end of a business date.

What was never changed is its own first version; the tables of history have the rest.
"""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, Table, select, union_all
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import EliminationWay, HouseholdType, LabourSkill, MonitoringCategory, RiskCause, Sex

from ..rules import FIRST_VERSION
from ..tables import household_versions, households, membership_versions, memberships, person_versions, persons
from . import Household, Membership


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPerson:
    """成员 (历史): a person as recorded on a date, masked."""

    id: UUID
    household_id: UUID
    number: str | None
    masked_name: str
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


async def household_as_of(tx: AsyncConnection, household_id: UUID, on: date) -> Household | None:
    """The household as recorded by the end of a day; None before it was registered."""
    later = select(household_versions).where(household_versions.c.household_id == household_id)
    first = _first(household_versions, households).where(households.c.id == household_id)
    found = union_all(later, first).subquery()
    query = select(found).where(found.c.recorded_on <= on).order_by(found.c.version.desc()).limit(1)
    row = (await tx.execute(query)).mappings().first()
    return _household(row) if row else None


def _first(versions: Table, rows: Table) -> Select[Any]:
    """Rows that were never changed, which are their own first version, with the columns of the history."""
    (own,) = (name for name in ("household_id", "person_id") if name in versions.primary_key.columns)
    told = [rows.c.id.label(own) if name == own else rows.c[name] for name in versions.c.keys()]  # noqa: SIM118  its names
    return select(*told).where(rows.c.version == FIRST_VERSION, rows.c.recorded_on.is_not(None))


def _household(row: RowMapping) -> Household:
    told: dict[str, Any] = {item.name: row[item.name] for item in fields(Household) if item.name != "id"}
    told |= {
        "household_type": HouseholdType(row["household_type"]),
        "category": row["category"] and MonitoringCategory(row["category"]),
        "elimination_way": row["elimination_way"] and EliminationWay(row["elimination_way"]),
        "causes": tuple(RiskCause(cause) for cause in row["causes"]),
    }
    return Household(id=row["household_id"], **told)


async def members_as_of(tx: AsyncConnection, household_id: UUID, on: date) -> list[PastPerson]:
    """The members as recorded by the end of a day, the head first.

    Only versions in this household are asked: who left it has one here that is not active.
    """
    ever = select(membership_versions.c.person_id).where(membership_versions.c.household_id == household_id)
    later = select(person_versions).where(
        person_versions.c.person_id.in_(ever), person_versions.c.household_id == household_id
    )
    found = union_all(later, _first(person_versions, persons).where(persons.c.household_id == household_id)).subquery()
    query = (
        select(found)
        .ext(distinct_on(found.c.person_id))
        .where(found.c.recorded_on <= on)
        .order_by(found.c.person_id, found.c.version.desc())
    )
    members = [_person(row) for row in (await tx.execute(query)).mappings() if row["active"]]
    return sorted(members, key=lambda person: (person.relation != "户主", person.birth_date, person.id))


def _person(row: RowMapping) -> PastPerson:
    told: dict[str, Any] = {item.name: row[item.name] for item in fields(PastPerson) if item.name != "id"}
    told |= {
        "sex": Sex(row["sex"]),
        "labour_skill": row["labour_skill"] and LabourSkill(row["labour_skill"]),
        "health": tuple(row["health"]),
    }
    return PastPerson(id=row["person_id"], **told)


async def history_as_of(tx: AsyncConnection, household_id: UUID, on: date) -> list[Membership]:
    """Who ever belonged to the household, as recorded by the end of a day."""
    columns = ("person_id", "since", "version", "until", "reason", "recorded_on")
    later = select(*(membership_versions.c[name] for name in columns)).where(
        membership_versions.c.household_id == household_id
    )
    first = select(
        persons.c.id, memberships.c.since, persons.c.version, memberships.c.until, memberships.c.reason,
        persons.c.recorded_on,
    ).where(
        memberships.c.household_id == household_id, persons.c.id == memberships.c.person_id,
        persons.c.version == FIRST_VERSION, persons.c.recorded_on.is_not(None),
    )  # fmt: skip
    stays = union_all(later, first).subquery()
    query = (
        select(stays, persons.c.masked_name)
        .ext(distinct_on(stays.c.since, stays.c.person_id))
        .outerjoin(persons, persons.c.id == stays.c.person_id)
        .where(stays.c.recorded_on <= on)
        .order_by(stays.c.since, stays.c.person_id, stays.c.version.desc())
    )
    return [
        Membership(
            person_id=row.person_id, masked_name=row.masked_name, since=row.since, until=row.until, reason=row.reason
        )
        for row in await tx.execute(query)
    ]
