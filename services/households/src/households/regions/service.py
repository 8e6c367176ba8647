"""Use cases of regions, staff and the business date; none of them commits."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import BusinessDateAdvanced, RegionChanged, StaffAssigned, StaffReleased
from events.gate import gate_exclusive, gate_shared
from events.ids import derived_id, uuid7
from events.locks import locked
from events.log import NewEvent, append
from kit import clock
from kit.etag import require_version

from .queries import (
    StaffAssignment,
    Village,
    business_date,
    current_regions,
    region_on,
    regions_page,
    staff_assignment,
    staff_of,
    villages,
)
from .rules import (
    AssignmentUnknown,
    DutyEnded,
    DutyHeld,
    InFuture,
    PathUnknown,
    Region,
    RegionRow,
    changed,
    days_until,
    placed,
    read_csv,
)
from .tables import business_days, regions, staff_assignments

__all__ = [
    "Region",
    "RegionRow",
    "StaffAssignment",
    "Village",
    "advance_business_date",
    "assign_staff",
    "business_date",
    "changes_of",
    "current_regions",
    "happened",
    "read_csv",
    "region_on",
    "regions_page",
    "release_staff",
    "staff_of",
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


async def assign_staff(tx: AsyncConnection, *, officer: str, path: str, since: date) -> StaffAssignment:
    """Make an officer answer for a region.

    Raises:
        Invalid: no region has this management path.
        Conflict: the officer answers for it already.
    """
    assignment_id = uuid7()
    await locked(tx, [assignment_id])
    if not await tx.scalar(
        regions.select().where(regions.c.path == path, regions.c.valid_to.is_(None)).exists().select()
    ):
        raise PathUnknown
    open_duty = staff_assignments.select().where(
        staff_assignments.c.officer == officer, staff_assignments.c.path == path, staff_assignments.c.until.is_(None)
    )
    if (await tx.execute(open_duty)).first():
        raise DutyHeld
    row = StaffAssignment(id=assignment_id, officer=officer, path=path, since=since, until=None, version=1)
    await tx.execute(
        insert(staff_assignments).values(id=assignment_id, officer=officer, path=path, since=since, version=1)
    )
    event = StaffAssigned(assignment_id=assignment_id, officer=officer, path=path, since=since)
    await append(tx, NewEvent(event=event, key=assignment_id, occurred_at=clock.now(), fact_id=assignment_id))
    return row


async def release_staff(tx: AsyncConnection, assignment_id: UUID, *, until: date, version: int) -> StaffAssignment:
    """End an officer's duty for a region.

    Raises:
        NotFound: no such assignment in scope.
        Conflict: it ended already, or would end before it began.
    """
    await locked(tx, [assignment_id])
    row = await staff_assignment(tx, assignment_id)
    if row is None:
        raise AssignmentUnknown
    require_version(row.version, version)
    if row.until is not None or until < row.since:
        raise DutyEnded
    ended = StaffAssignment(
        id=row.id, officer=row.officer, path=row.path, since=row.since, until=until, version=row.version + 1
    )
    await tx.execute(
        update(staff_assignments)
        .where(staff_assignments.c.id == assignment_id)
        .values(until=until, version=ended.version)
    )
    event = StaffReleased(assignment_id=row.id, officer=row.officer, path=row.path, until=until)
    await append(tx, NewEvent(event=event, key=row.id, occurred_at=clock.now(), fact_id=row.id, revision=ended.version))
    return ended


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
