"""Reading asset pilots; row security decides what is there."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows

from .tables import asset_pilots


@dataclass(frozen=True, slots=True, kw_only=True)
class Pilot:
    """试点: `until` is the first day without, `document` the last one that speaks of it."""

    id: UUID
    revision: int
    region_code: str
    body: str
    since: date
    until: date | None
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class County:
    """县级试点统计: villages with lifted households, and how many of these are pilots on a day."""

    path: str
    key_county: bool
    lifted_villages: int
    pilots: int


async def pilot(tx: AsyncConnection, pilot_id: UUID) -> Pilot | None:
    """One pilot in scope."""
    return (await rows.by_id(tx, asset_pilots, Pilot, [pilot_id])).get(pilot_id)


_BELOW = text("region_code IN (SELECT code FROM regions WHERE valid_to IS NULL AND starts_with(path, :path))")


async def pilots_below(tx: AsyncConnection, path: str, on: date) -> list[Pilot]:
    """Villages below a path that are pilots on a day."""
    until = asset_pilots.c.until
    query = select(asset_pilots).where(_BELOW.bindparams(path=path), asset_pilots.c.since <= on)
    query = query.where(or_(until.is_(None), until > on)).order_by(asset_pilots.c.region_code)
    return [rows.of(Pilot, row) for row in await tx.execute(query)]


_COUNTIES = text("""
    SELECT v.county AS path, coalesce(bool_or(c.key_county), false) AS key_county,
           count(*) FILTER (WHERE v.lifted) AS lifted_villages,
           count(p.id) FILTER (WHERE v.lifted) AS pilots
    FROM (SELECT r.code, split_part(r.path, '/', 1) || '/' || split_part(r.path, '/', 2) || '/' AS county,
                 EXISTS (SELECT FROM households AS h WHERE h.region_code = r.code AND h.merged_into IS NULL
                         AND h.household_type IN ('lifted', 'lifted_no_policy')) AS lifted
          FROM regions AS r WHERE r.level = 'village' AND r.valid_to IS NULL AND starts_with(r.path, :path)) AS v
    LEFT JOIN regions AS c ON c.path = v.county AND c.valid_to IS NULL
    LEFT JOIN asset_pilots AS p
           ON p.region_code = v.code AND p.since <= :on AND (p.until IS NULL OR p.until > :on)
    GROUP BY v.county HAVING bool_or(v.lifted) ORDER BY v.county
""")


async def counties_below(tx: AsyncConnection, path: str, on: date) -> list[County]:
    """Per county with lifted villages below a path: how many there are, and how many are pilots on a day."""
    found = await tx.execute(_COUNTIES, {"path": path, "on": on})
    return [County(**row) for row in found.mappings()]
