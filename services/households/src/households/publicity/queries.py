"""Reading publicity and role models; row security decides what is there."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows

from .tables import publicity, role_models


@dataclass(frozen=True, slots=True, kw_only=True)
class Publicity:
    """宣传引导活动"""

    id: UUID
    revision: int
    void: bool
    region_code: str
    kind: str
    title: str
    held_on: date
    persons: int
    households: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleModel:
    """典型: `until` is the first day without."""

    id: UUID
    revision: int
    household_id: UUID
    field: str
    since: date
    until: date | None
    reason: str | None
    consented_on: date
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class VillageReached:
    """村级宣传统计: of a year; role models at its end."""

    region_code: str
    path: str
    registered: int
    held: int
    persons: int
    households: int
    role_models: int


async def publicity_by_id(tx: AsyncConnection, publicity_id: UUID) -> Publicity | None:
    """One record in scope, a void one too."""
    return (await rows.by_id(tx, publicity, Publicity, [publicity_id])).get(publicity_id)


_BELOW = text("region_code IN (SELECT code FROM regions WHERE valid_to IS NULL AND starts_with(path, :path))")


async def publicity_page(
    tx: AsyncConnection, path: str, year: int, *, after: UUID | None, limit: int
) -> list[Publicity]:
    """What was held below a path in a year, in the order of ids."""
    query = select(publicity).where(_BELOW.bindparams(path=path), ~publicity.c.void)
    query = query.where(publicity.c.held_on.between(date(year, 1, 1), date(year, 12, 31)))
    if after is not None:
        query = query.where(publicity.c.id > after)
    return [rows.of(Publicity, row) for row in await tx.execute(query.order_by(publicity.c.id).limit(limit))]


async def role_model(tx: AsyncConnection, role_model_id: UUID) -> RoleModel | None:
    """One role model in scope."""
    return (await rows.by_id(tx, role_models, RoleModel, [role_model_id])).get(role_model_id)


async def role_models_of(tx: AsyncConnection, *household_ids: UUID) -> list[RoleModel]:
    """What a household and those merged into it are or were shown for."""
    query = select(role_models).where(role_models.c.household_id == func.any(list(household_ids)))
    return [rows.of(RoleModel, row) for row in await tx.execute(query.order_by(role_models.c.since, role_models.c.id))]


_HOME = text("household_id IN (SELECT id FROM households WHERE starts_with(path, :path))")


async def role_models_page(
    tx: AsyncConnection, path: str, on: date, *, after: UUID | None, limit: int
) -> list[RoleModel]:
    """Role models below a path on a day, in the order of ids."""
    until = role_models.c.until
    query = select(role_models).where(_HOME.bindparams(path=path), role_models.c.since <= on)
    query = query.where(or_(until.is_(None), until > on)).order_by(role_models.c.id).limit(limit)
    if after is not None:
        query = query.where(role_models.c.id > after)
    return [rows.of(RoleModel, row) for row in await tx.execute(query)]


_REACHED = text("""
    SELECT h.region_code, h.path, h.registered, coalesce(p.held, 0) AS held, coalesce(p.persons, 0) AS persons,
           coalesce(p.households, 0) AS households,
           (SELECT count(DISTINCT m.household_id) FROM role_models AS m
            JOIN households AS home ON home.id = m.household_id AND home.region_code = h.region_code
            WHERE m.since <= make_date(:year, 12, 31)
              AND (m.until IS NULL OR m.until > make_date(:year, 12, 31))) AS role_models
    FROM (SELECT region_code, path, count(*) AS registered FROM households
          WHERE merged_into IS NULL AND starts_with(path, :path) GROUP BY region_code, path) AS h
    LEFT JOIN (SELECT region_code, count(*) AS held, sum(persons) AS persons, sum(households) AS households
               FROM publicity
               WHERE NOT void AND held_on BETWEEN make_date(:year, 1, 1) AND make_date(:year, 12, 31)
               GROUP BY region_code) AS p USING (region_code)
    ORDER BY h.path
""")


async def reached_below(tx: AsyncConnection, path: str, year: int) -> list[VillageReached]:
    """Per village with registered households below a path: what was held in a year, also where nothing was."""
    found = await tx.execute(_REACHED, {"path": path, "year": year})
    return [VillageReached(**row) for row in found.mappings()]
