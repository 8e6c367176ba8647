"""Reading demonstration bases; row security decides what is there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows

from .tables import base_recognitions, bases


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """示范基地: area in mu; `closed_on` is the first day without it."""

    id: UUID
    version: int
    kind: str
    name: str
    trade: str
    region_code: str
    entity_id: UUID | None
    collective_id: UUID | None
    area: Decimal
    since: date
    closed_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """认定: of a base at one level."""

    id: UUID
    revision: int
    base_id: UUID
    level: str
    recognised_on: date
    withdrawn_on: date | None
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InBase:
    """带动农户: a household in a base."""

    id: UUID
    revision: int
    base_id: UUID
    household_id: UUID
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Standing:
    """示范基地 of a county on a day: the levels it has then, and how many households."""

    county: str
    kind: str
    area: Decimal
    levels: list[str]
    households: int


async def base(tx: AsyncConnection, base_id: UUID) -> Base | None:
    """One base, if it is in scope."""
    return (await rows.by_id(tx, bases, Base, [base_id])).get(base_id)


_BELOW = text("region_code IN (SELECT code FROM regions WHERE valid_to IS NULL AND starts_with(path, :path))")


def _stands(on: date) -> ColumnElement[bool]:
    return (bases.c.since <= on) & or_(bases.c.closed_on.is_(None), bases.c.closed_on > on)


async def bases_page(tx: AsyncConnection, path: str, on: date, *, after: UUID | None, limit: int) -> list[Base]:
    """Bases below a path that stand on a day, in the order of their ids."""
    query = select(bases).where(_BELOW.bindparams(path=path), _stands(on))
    if after is not None:
        query = query.where(bases.c.id > after)
    return [rows.of(Base, row) for row in await tx.execute(query.order_by(bases.c.id).limit(limit))]


async def recognitions_by_id(tx: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Recognition]:
    """Recognitions by their ids."""
    return await rows.by_id(tx, base_recognitions, Recognition, ids)


async def recognitions_of(tx: AsyncConnection, base_id: UUID) -> list[Recognition]:
    """How a base was recognised, the latest first, withdrawn ones too."""
    query = select(base_recognitions).where(base_recognitions.c.base_id == base_id)
    query = query.order_by(base_recognitions.c.recognised_on.desc(), base_recognitions.c.id)
    return [rows.of(Recognition, row) for row in await tx.execute(query)]


_STANDING = text("""
    SELECT split_part(r.path, '/', 1) || '/' || split_part(r.path, '/', 2) || '/' AS county, b.kind, b.area,
           array(SELECT level FROM base_recognitions AS l
                 WHERE l.base_id = b.id AND l.recognised_on <= :on
                   AND (l.withdrawn_on IS NULL OR l.withdrawn_on > :on)) AS levels,
           (SELECT count(*) FROM base_households AS h
            WHERE h.base_id = b.id AND h.since <= :on AND (h.until IS NULL OR h.until > :on)) AS households
    FROM bases AS b JOIN regions AS r ON r.code = b.region_code AND r.valid_to IS NULL
    WHERE starts_with(r.path, :path) AND b.since <= :on AND (b.closed_on IS NULL OR b.closed_on > :on)
    ORDER BY county, b.kind
""")


async def standing_below(tx: AsyncConnection, path: str, on: date) -> list[Standing]:
    """Every base below a path that stands on a day, with what it is then."""
    found = await tx.execute(_STANDING, {"path": path, "on": on})
    return [Standing(row.county, row.kind, row.area, list(row.levels), row.households) for row in found]
