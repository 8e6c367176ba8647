"""Reading relocation sites; row security decides what is there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows

from .tables import relocation_sites, site_households


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """易地扶贫搬迁安置区: `closed_on` is the first day without it."""

    id: UUID
    version: int
    name: str
    region_code: str
    since: date
    closed_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """安置农户: `until` is the first day without."""

    id: UUID
    revision: int
    site_id: UUID
    household_id: UUID
    since: date
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteNumbers:
    """安置区统计: households of one's area and their members on a day."""

    id: UUID
    name: str
    region_code: str
    path: str
    households: int
    persons: int


async def site(tx: AsyncConnection, site_id: UUID) -> Site | None:
    """One site, if it is in scope."""
    return (await rows.by_id(tx, relocation_sites, Site, [site_id])).get(site_id)


async def living(tx: AsyncConnection, household_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Household → the site in which it lives now."""
    query = select(site_households.c.household_id, site_households.c.site_id).where(
        site_households.c.household_id == func.any(list(household_ids)), site_households.c.until.is_(None)
    )
    return {row.household_id: row.site_id for row in await tx.execute(query)}


_NUMBERS = text("""
    SELECT s.id, s.name, s.region_code, r.path, count(DISTINCT h.household_id) AS households,
           count(m.person_id) AS persons
    FROM relocation_sites AS s JOIN regions AS r ON r.code = s.region_code AND r.valid_to IS NULL
    LEFT JOIN site_households AS h
           ON h.site_id = s.id AND h.since <= :on AND (h.until IS NULL OR h.until > :on)
    LEFT JOIN memberships AS m
           ON m.household_id = h.household_id AND m.since <= :on AND (m.until IS NULL OR m.until > :on)
    WHERE starts_with(r.path, :path) AND s.since <= :on AND (s.closed_on IS NULL OR s.closed_on > :on)
    GROUP BY s.id, s.name, s.region_code, r.path ORDER BY r.path, s.id
""")


async def sites_below(tx: AsyncConnection, path: str, on: date) -> list[SiteNumbers]:
    """Sites below a path that stand on a day, with who lives there then."""
    found = await tx.execute(_NUMBERS, {"path": path, "on": on})
    return [SiteNumbers(**row) for row in found.mappings()]
