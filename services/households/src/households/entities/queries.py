"""Reading entities, links and benefits; row security decides what is there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows

from .tables import benefits, interest_links, market_entities

MOST_FOUND = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """市场主体"""

    id: UUID
    version: int
    kind: str
    name: str
    credit_code: str
    region_code: str
    closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """利益联结模式"""

    code: str
    version: int
    name: str
    document: str
    confidence: str
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """利益联结: a household and an entity, by a contract."""

    id: UUID
    revision: int
    void: bool
    entity_id: UUID
    household_id: UUID
    mode: str
    contract: str
    signed_on: date
    starts_on: date
    ends_on: date | None
    ended_on: date | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """收益发放: rent or dividend under a link, yuan for all the months it names."""

    id: UUID
    revision: int
    void: bool
    link_id: UUID
    entity_id: UUID
    household_id: UUID
    benefit: str
    reference: str
    paid_on: date
    first_month: str
    last_month: str
    amount: Decimal
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Pull:
    """带动成效: households an entity is linked with on a day, and what it paid in the year before, yuan."""

    entity_id: UUID
    name: str
    kind: str
    households: int
    paid: Decimal


async def entities_by_id(tx: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Entity]:
    """Entities by their ids, closed ones too."""
    return await rows.by_id(tx, market_entities, Entity, ids)


async def entity_by_code(tx: AsyncConnection, credit_code: str) -> Entity | None:
    """The entity of a credit code that is not closed."""
    wanted = select(market_entities).where(market_entities.c.credit_code == credit_code, ~market_entities.c.closed)
    row = (await tx.execute(wanted)).one_or_none()
    return rows.of(Entity, row) if row is not None else None


_BELOW = text("region_code IN (SELECT code FROM regions WHERE valid_to IS NULL AND starts_with(path, :path))")


async def entities_page(
    tx: AsyncConnection, *, kind: str | None, path: str | None, after: UUID | None, limit: int
) -> list[Entity]:
    """Entities that are not closed, in the order of their ids, optionally below a management path."""
    query = select(market_entities).where(~market_entities.c.closed).order_by(market_entities.c.id).limit(limit)
    if kind is not None:
        query = query.where(market_entities.c.kind == kind)
    if path is not None:
        query = query.where(_BELOW.bindparams(path=path))
    if after is not None:
        query = query.where(market_entities.c.id > after)
    return [rows.of(Entity, row) for row in await tx.execute(query)]


async def entities_found(tx: AsyncConnection, words: str) -> list[Entity]:
    """Entities whose name holds the words or whose credit code they are, fifty at most, open ones first."""
    query = select(market_entities).where(
        or_(market_entities.c.name.contains(words, autoescape=True), market_entities.c.credit_code == words.upper())
    )
    query = query.order_by(market_entities.c.closed, market_entities.c.name, market_entities.c.id).limit(MOST_FOUND)
    return [rows.of(Entity, row) for row in await tx.execute(query)]


async def links_by_id(tx: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Link]:
    """Links of households in scope, void ones too."""
    return await rows.by_id(tx, interest_links, Link, ids)


async def links_of(tx: AsyncConnection, household_ids: Collection[UUID]) -> list[Link]:
    """The links of households that were not taken back, the newest first."""
    query = select(interest_links).where(interest_links.c.household_id.in_(household_ids), ~interest_links.c.void)
    query = query.order_by(interest_links.c.starts_on.desc(), interest_links.c.id)
    return [rows.of(Link, row) for row in await tx.execute(query)]


async def links_page(tx: AsyncConnection, entity_id: UUID, *, after: UUID | None, limit: int) -> list[Link]:
    """The links of an entity with households in scope, in the order of their ids."""
    query = select(interest_links).where(interest_links.c.entity_id == entity_id, ~interest_links.c.void)
    if after is not None:
        query = query.where(interest_links.c.id > after)
    return [rows.of(Link, row) for row in await tx.execute(query.order_by(interest_links.c.id).limit(limit))]


async def benefits_by_id(tx: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Benefit]:
    """Benefits of households in scope, void ones too."""
    return await rows.by_id(tx, benefits, Benefit, ids)


async def benefits_of(tx: AsyncConnection, household_ids: Collection[UUID]) -> list[Benefit]:
    """What households were paid under links, void ones too, the latest first."""
    query = select(benefits).where(benefits.c.household_id.in_(household_ids))
    query = query.order_by(benefits.c.paid_on.desc(), benefits.c.id)
    return [rows.of(Benefit, row) for row in await tx.execute(query)]


async def paid_under(tx: AsyncConnection, link_id: UUID) -> bool:
    """Whether a benefit stands under the link."""
    wanted = select(benefits.c.id).where(benefits.c.link_id == link_id, ~benefits.c.void).limit(1)
    return (await tx.execute(wanted)).first() is not None


_PULL = text("""
    SELECT e.id, e.name, e.kind, l.households, coalesce(b.paid, 0.00) AS paid
    FROM market_entities e
    JOIN (SELECT entity_id, count(DISTINCT household_id) AS households FROM interest_links
          WHERE NOT void AND starts_on <= :on AND (ended_on IS NULL OR ended_on > :on)
            AND (ends_on IS NULL OR ends_on >= :on)
          GROUP BY entity_id) l ON l.entity_id = e.id
    LEFT JOIN (SELECT entity_id, sum(amount) AS paid FROM benefits
               WHERE NOT void AND paid_on <= :on AND paid_on > CAST(:on AS date) - interval '1 year'
               GROUP BY entity_id) b ON b.entity_id = e.id
    WHERE NOT e.closed
    ORDER BY l.households DESC, paid DESC, e.id
    LIMIT CAST(:limit AS bigint)
""")


async def pulling(tx: AsyncConnection, on: date, *, limit: int | None) -> list[Pull]:
    """Entities by the households in scope they are linked with on a day, the most first; no limit = all of them."""
    found = await tx.execute(_PULL, {"on": on, "limit": limit})
    return [Pull(row.id, row.name, row.kind, row.households, row.paid) for row in found]
