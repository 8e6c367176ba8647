"""Use cases of regions and the business date; none of them commits."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import BusinessDateAdvanced, RegionChanged
from events.gate import gate_exclusive, gate_shared
from events.ids import derived_id
from events.locks import locked
from events.log import NewEvent, append
from kit import clock

from .queries import (
    Village,
    business_date,
    current_regions,
    edition,
    paths_known,
    region_on,
    regions_page,
    villages,
)
from .rules import (
    InFuture,
    Region,
    RegionRow,
    changed,
    days_until,
    placed,
    read_csv,
)
from .tables import business_days, regions

__all__ = [
    "InFuture",
    "Region",
    "RegionRow",
    "Village",
    "advance_business_date",
    "business_date",
    "changes_of",
    "current_regions",
    "edition",
    "happened",
    "paths_known",
    "read_csv",
    "region_on",
    "regions_page",
    "take_regions",
    "today",
    "villages",
]

BUSINESS_DATE = derived_id("business-date")
REGIONS_AT_ONCE = 500


async def changes_of(
    tx: AsyncConnection, rows: Sequence[RegionRow], *, valid_from: date, key_counties: frozenset[str] | None
) -> list[Region]:
    """What a list of rows would change, parents first; nothing is written.

    Args:
        tx: the open transaction.
        rows: regions as told, in any order.
        valid_from: first day on which the changes stand.
        key_counties: codes of the 乡村振兴重点帮扶县; None leaves every flag as it is.
    """
    current = await current_regions(tx)
    flags = key_counties if key_counties is not None else {code for code, row in current.items() if row.key_county}
    wanted = [
        Region(
            code=row.code,
            name=row.name,
            level=row.level,
            parent_code=row.parent_code,
            path=path,
            key_county=row.code in flags,
            valid_from=valid_from,
        )
        for row, path in placed(rows, {code: row.path for code, row in current.items()})
    ]
    return changed(wanted, current)


async def take_regions(tx: AsyncConnection, changes: Sequence[Region]) -> int:
    """Write changed regions and publish them; at most 500 at once, one key each.

    A change on the day on which the current row began replaces it; any other closes it.
    """
    keys = {region.code: derived_id("region", region.code) for region in changes}
    await locked(tx, keys.values())
    revisions = await _close_rows(tx, changes)
    rows = [
        {
            "code": region.code,
            "valid_from": region.valid_from,
            "name": region.name,
            "level": region.level,
            "parent_code": region.parent_code,
            "path": region.path,
            "key_county": region.key_county,
            "revision": revisions.get(region.code, 0) + 1,
        }
        for region in changes
    ]
    if not rows:
        return 0
    await tx.execute(insert(regions).returning(regions.c.code), rows)
    now = clock.now()
    await append(
        tx,
        *(
            NewEvent(
                event=RegionChanged(
                    code=region.code,
                    name=region.name,
                    level=region.level,
                    parent_code=region.parent_code,
                    path=region.path,
                    key_county=region.key_county,
                    valid_from=region.valid_from,
                ),
                key=keys[region.code],
                occurred_at=now,
                fact_id=keys[region.code],
                revision=revisions.get(region.code, 0) + 1,
            )
            for region in changes
        ),
    )
    return len(rows)


async def _close_rows(tx: AsyncConnection, changes: Sequence[Region]) -> dict[str, int]:
    codes = [region.code for region in changes]
    if not codes:
        return {}
    start = {region.code: region.valid_from for region in changes}
    open_rows = regions.c.valid_to.is_(None) & (regions.c.code == func.any(codes))
    found = (await tx.execute(regions.select().where(open_rows))).all()
    replaced = [row.code for row in found if row.valid_from == start[row.code]]
    await tx.execute(regions.delete().where(open_rows, regions.c.code == func.any(replaced)))
    # one request has one first day, so one statement closes what is left
    await tx.execute(update(regions).where(open_rows).values(valid_to=changes[0].valid_from))
    return {row.code: row.revision for row in found}


async def today(tx: AsyncConnection) -> date:
    """The business date for a write that needs one, held until the transaction ends; the calendar before it is set."""
    await gate_shared(tx)
    return await business_date(tx) or clock.today()


async def happened(tx: AsyncConnection, **days: date | None) -> date:
    """The business date, once it is sure that none of the days is after it.

    Args:
        tx: the open transaction.
        days: dates by the name that they have in the request.

    Raises:
        InFuture: one of them is.
    """
    on = await today(tx)
    for name, day in days.items():
        if day is not None and day > on:
            raise InFuture(pointer=f"/{name}")
    return on


async def advance_business_date(tx: AsyncConnection, to: date) -> list[date]:
    """Move the platform's date forward, one BusinessDateAdvanced per day, none skipped.

    The gate is taken exclusively, so no write that reads the date stands half before and half after it.
    """
    await gate_exclusive(tx)
    await locked(tx, [BUSINESS_DATE])
    days = days_until(await business_date(tx), to)
    now = clock.now()
    await tx.execute(
        insert(business_days).returning(business_days.c.business_date),
        [{"business_date": day, "advanced_at": now} for day in days],
    )
    await append(
        tx,
        *(NewEvent(event=BusinessDateAdvanced(business_date=day), key=BUSINESS_DATE, occurred_at=now) for day in days),
    )
    return days
