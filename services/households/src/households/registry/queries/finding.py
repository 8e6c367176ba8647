"""Finding persons by keyed digests of name and phone; row security decides who is found."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..tables import households, persons


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """人 (查询结果): a person who fits, masked, with the household."""

    person_id: UUID
    household_id: UUID
    household_number: str
    path: str
    masked_name: str
    birth_date: date


async def persons_found(
    tx: AsyncConnection,
    *,
    names: Collection[str] = (),
    phones: Collection[str] = (),
    birth_date: date | None = None,
    path: str | None = None,
    limit: int,
) -> list[Found]:
    """Active members who have one of the name indexes and one of the phone indexes, where given."""
    query = (
        select(persons, households.c.number.label("household_number"), households.c.path)
        .join(households, households.c.id == persons.c.household_id)
        .where(persons.c.active)
    )
    for column, wanted in ((persons.c.name_index, names), (persons.c.phone_index, phones)):
        if wanted:
            query = query.where(column == func.any(list(wanted)))
    if birth_date is not None:
        query = query.where(persons.c.birth_date == birth_date)
    if path is not None:
        query = query.where(func.starts_with(households.c.path, path))
    rows = await tx.execute(query.order_by(persons.c.id).limit(limit))
    return [
        Found(
            person_id=row.id,
            household_id=row.household_id,
            household_number=row.household_number,
            path=row.path,
            masked_name=row.masked_name,
            birth_date=row.birth_date,
        )
        for row in rows
    ]


async def without_index(tx: AsyncConnection, limit: int) -> dict[UUID, UUID]:
    """Persons registered before names and phones were indexed, with their households."""
    missing = or_(persons.c.name_index.is_(None), persons.c.phone_index.is_(None) & persons.c.phone.is_not(None))
    query = select(persons.c.id, persons.c.household_id).where(missing).order_by(persons.c.id).limit(limit)
    return {row.id: row.household_id for row in await tx.execute(query)}
