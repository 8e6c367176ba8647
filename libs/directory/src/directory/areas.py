"""Keeping regions, staff and the business date; asking where a region is managed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import BusinessDateAdvanced, RegionChanged, StaffAssigned, StaffReleased
from events.received import Handler, Received

from .bulk import columns_of, highest
from .tables import regions


@dataclass(frozen=True, slots=True)
class RegionRef:
    """区划: a region and the path it is managed under."""

    code: str
    path: str


async def region_by_code(tx: AsyncConnection, code: str) -> RegionRef | None:
    """The region of a 统计用区划代码, as far as this service has heard."""
    row = (await tx.execute(select(regions.c.code, regions.c.path).where(regions.c.code == code))).first()
    return row and RegionRef(row.code, row.path)


_REGIONS = text("""
    INSERT INTO directory_regions AS known (code, revision, name, level, parent_code, path, key_county, valid_from,
                                            valid_to)
    SELECT * FROM unnest(CAST(:code AS text[]), CAST(:revision AS integer[]), CAST(:name AS text[]),
                         CAST(:level AS text[]), CAST(:parent_code AS text[]), CAST(:path AS text[]),
                         CAST(:key_county AS boolean[]), CAST(:valid_from AS date[]), CAST(:valid_to AS date[]))
    ON CONFLICT (code) DO UPDATE SET
        revision = excluded.revision, name = excluded.name, level = excluded.level, path = excluded.path,
        parent_code = excluded.parent_code, key_county = excluded.key_county, valid_from = excluded.valid_from,
        valid_to = excluded.valid_to
    WHERE known.revision < excluded.revision
""")


async def on_region(tx: AsyncConnection, events: Sequence[Received[RegionChanged]]) -> None:
    """The region as it stands from its date."""
    newest = highest(events, key=lambda e: e.data.code, revision=lambda e: e.revision)
    await tx.execute(_REGIONS, columns_of([{"revision": e.revision} | e.data.model_dump() for e in newest]))


_STAFF = text("""
    INSERT INTO directory_staff AS known (assignment_id, revision, officer, path, since, until, role)
    SELECT * FROM unnest(CAST(:assignment_id AS uuid[]), CAST(:revision AS integer[]), CAST(:officer AS text[]),
                         CAST(:path AS text[]), CAST(:since AS date[]), CAST(:until AS date[]), CAST(:role AS text[]))
    ON CONFLICT (assignment_id) DO UPDATE SET
        revision = greatest(known.revision, excluded.revision), since = coalesce(excluded.since, known.since),
        until = coalesce(excluded.until, known.until), role = coalesce(excluded.role, known.role)
""")
_KEPT_OF_STAFF = {"assignment_id", "officer", "path", "since", "until", "role"}


async def on_staff(tx: AsyncConnection, events: Sequence[Received[StaffAssigned | StaffReleased]]) -> None:
    """Who answers for a region; a release that comes before its assignment waits for the beginning."""
    rows: dict[object, dict[str, object]] = {}
    for event in events:
        told: dict[str, object] = {"since": None, "until": None, "role": None}
        told |= event.data.model_dump(include=_KEPT_OF_STAFF) | {"revision": event.revision}
        known = rows.get(event.data.assignment_id, {})
        rows[event.data.assignment_id] = known | {k: v for k, v in told.items() if v is not None or k not in known}
    await tx.execute(_STAFF, columns_of(list(rows.values())))


_DAYS = text("""
    INSERT INTO directory_business_days (business_date)
    SELECT unnest(CAST(:business_date AS date[])) ON CONFLICT DO NOTHING
""")


async def on_business_date(tx: AsyncConnection, events: Sequence[Received[BusinessDateAdvanced]]) -> None:
    """The platform's date."""
    await tx.execute(_DAYS, {"business_date": [event.data.business_date for event in events]})


def moving_with_regions(*tables: Table) -> Handler:
    """A handler that keeps the path of what is placed by a region that of the region, whoever manages it by now."""

    async def on_region_moved(tx: AsyncConnection, events: Sequence[Received[RegionChanged]]) -> None:
        codes = sorted({event.data.code for event in events})
        for table in tables:
            await tx.execute(_moving(table), {"codes": codes})

    return on_region_moved


def _moving(table: Table) -> Any:
    return text(f"""
        UPDATE {table.name} AS kept SET path = region.path
        FROM directory_regions AS region
        WHERE region.code = ANY(CAST(:codes AS text[])) AND kept.region = region.code
          AND kept.path IS DISTINCT FROM region.path
    """)  # noqa: S608
