"""Reading regions and the business date."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from .rules import Region
from .tables import business_days, regions

_COLUMNS = (
    regions.c.code,
    regions.c.name,
    regions.c.level,
    regions.c.parent_code,
    regions.c.path,
    regions.c.key_county,
    regions.c.valid_from,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Village:
    """行政村: a village with the names that a workbook uses for it."""

    code: str
    path: str
    county: str
    township: str
    village: str


async def current_regions(tx: AsyncConnection, codes: Collection[str] | None = None) -> dict[str, Region]:
    """The rows that stand now, by code."""
    query = select(*_COLUMNS).where(regions.c.valid_to.is_(None))
    if codes is not None:
        query = query.where(regions.c.code == func.any(list(codes)))
    return {row.code: _region(row) for row in await tx.execute(query)}


async def region_on(tx: AsyncConnection, code: str, on: date) -> Region | None:
    """The row of a region that stands on a date."""
    query = select(*_COLUMNS).where(
        regions.c.code == code,
        regions.c.valid_from <= on,
        or_(regions.c.valid_to.is_(None), regions.c.valid_to > on),
    )
    row = (await tx.execute(query)).one_or_none()
    return _region(row) if row else None


async def regions_page(
    tx: AsyncConnection, *, parent_code: str | None, level: str | None, after: str, limit: int
) -> list[Region]:
    """Current regions in the order of their codes."""
    query = select(*_COLUMNS).where(regions.c.valid_to.is_(None), regions.c.code > after)
    if parent_code is not None:
        query = query.where(regions.c.parent_code == parent_code)
    if level is not None:
        query = query.where(regions.c.level == level)
    return [_region(row) for row in await tx.execute(query.order_by(regions.c.code).limit(limit))]


async def villages(tx: AsyncConnection) -> list[Village]:
    """Every village that stands now, with the names above it; a town in custody stands under the city's name."""
    village, township, county = regions.alias("v"), regions.alias("t"), regions.alias("c")
    query = (
        select(
            village.c.code,
            village.c.path,
            county.c.name.label("county"),
            township.c.name.label("township"),
            village.c.name.label("village"),
        )
        .join(township, (township.c.code == village.c.parent_code) & township.c.valid_to.is_(None))
        .join(county, (county.c.code == township.c.parent_code) & county.c.valid_to.is_(None))
        .where(village.c.level == "village", village.c.valid_to.is_(None))
    )
    return [Village(**row) for row in (await tx.execute(query)).mappings()]


async def edition(tx: AsyncConnection) -> tuple[int, int, int]:
    """Differs whenever any region does: a change adds a row, closes one, or replaces one by its next revision."""
    query = select(func.count(), func.count(regions.c.valid_to), func.coalesce(func.sum(regions.c.revision), 0))
    row = (await tx.execute(query.select_from(regions))).one()
    return row[0], row[1], row[2]


async def business_date(tx: AsyncConnection) -> date | None:
    """业务日期: today as the platform counts it; none before it was first set."""
    found: date | None = await tx.scalar(select(func.max(business_days.c.business_date)))
    return found


async def paths_known(tx: AsyncConnection, path: str) -> bool:
    """Whether a region that stands now has this management path."""
    found = regions.select().where(regions.c.path == path, regions.c.valid_to.is_(None)).exists().select()
    return bool(await tx.scalar(found))


def _region(row: Row[*tuple[Any, ...]]) -> Region:
    return Region(**row._mapping)
