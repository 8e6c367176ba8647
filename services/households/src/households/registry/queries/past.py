"""Reading history: households and members as they were recorded by the end of a business date."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import EliminationWay, HouseholdType, LabourSkill, MonitoringCategory, RiskCause, Sex

from ..tables import household_versions, membership_versions, person_versions, persons
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
    query = (
        select(household_versions)
        .where(household_versions.c.household_id == household_id, household_versions.c.recorded_on <= on)
        .order_by(household_versions.c.version.desc())
        .limit(1)
    )
    row = (await tx.execute(query)).mappings().first()
    return _household(row) if row else None


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
    query = (
        select(person_versions)
        .ext(distinct_on(person_versions.c.person_id))
        .where(person_versions.c.household_id == household_id, person_versions.c.recorded_on <= on)
        .order_by(person_versions.c.person_id, person_versions.c.version.desc())
    )
    found = [_person(row) for row in (await tx.execute(query)).mappings() if row["active"]]
    return sorted(found, key=lambda person: (person.relation != "户主", person.birth_date, person.id))


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
    stays = membership_versions
    query = (
        select(stays, persons.c.masked_name)
        .ext(distinct_on(stays.c.since, stays.c.person_id))
        .outerjoin(persons, persons.c.id == stays.c.person_id)
        .where(stays.c.household_id == household_id, stays.c.recorded_on <= on)
        .order_by(stays.c.since, stays.c.person_id, stays.c.version.desc())
    )
    return [
        Membership(
            person_id=row.person_id, masked_name=row.masked_name, since=row.since, until=row.until, reason=row.reason
        )
        for row in await tx.execute(query)
    ]
