"""Reading the preference list."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows

from .tables import preference_listings, preference_reviews


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """倾斜支持名单: one stay of an entity; `delisted_on` is the first day without it."""

    id: UUID
    revision: int
    entity_id: UUID
    region_code: str
    listed_on: date
    delisted_on: date | None
    reason: str | None
    households: int
    paid: Decimal
    policy_ids: list[UUID]


async def standing(tx: AsyncConnection) -> dict[UUID, Listing]:
    """Who is in the list now, by entity."""
    query = select(preference_listings).where(preference_listings.c.delisted_on.is_(None))
    return {row.entity_id: rows.of(Listing, row) for row in await tx.execute(query)}


_BELOW = text("region_code IN (SELECT code FROM regions WHERE valid_to IS NULL AND starts_with(path, :path))")


async def listed_below(tx: AsyncConnection, path: str, on: date, *, after: UUID | None, limit: int) -> list[Listing]:
    """Who of the entities below a path is in the list on a day, in the order of ids."""
    until = preference_listings.c.delisted_on
    query = select(preference_listings).where(_BELOW.bindparams(path=path), preference_listings.c.listed_on <= on)
    query = query.where(or_(until.is_(None), until > on)).order_by(preference_listings.c.id).limit(limit)
    if after is not None:
        query = query.where(preference_listings.c.id > after)
    return [rows.of(Listing, row) for row in await tx.execute(query)]


async def stays_of(tx: AsyncConnection, entity_id: UUID) -> list[Listing]:
    """When an entity was in the list, the latest first."""
    query = select(preference_listings).where(preference_listings.c.entity_id == entity_id)
    query = query.order_by(preference_listings.c.listed_on.desc())
    return [rows.of(Listing, row) for row in await tx.execute(query)]


async def last_review(tx: AsyncConnection) -> date | None:
    """The last day for which the list was made."""
    found: date | None = await tx.scalar(select(func.max(preference_reviews.c.reviewed_on)))
    return found
