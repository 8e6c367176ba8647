"""Use cases of duty; none of them commits."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from directory.duty import Duty, answering
from events.catalog.households import StaffAssigned, StaffOnLeave, StaffReleased
from events.ids import derived_id, uuid7
from events.locks import locked
from events.log import NewEvent, append
from kit import clock
from kit.etag import require_version

from ..regions import service as regions
from ..registry import service as registry
from .queries import (
    Grid,
    Leave,
    StaffAssignment,
    assignment,
    assignments_for,
    count_grids,
    duties_for,
    grid,
    grid_path_known,
    grids_below,
    holds_duty,
    leave,
    leaves_of,
    overlapping,
    unanswered,
)
from .rules import (
    AssignmentUnknown,
    DutyEnded,
    DutyHeld,
    DutyPathUnknown,
    GridUnknown,
    HandOverToSelf,
    LeaveOverlaps,
    LeaveUnknown,
    OfficerUnknown,
    Role,
    check_leave,
    next_grid_code,
)
from .tables import grids, staff_assignments, staff_leaves

__all__ = [
    "Grid",
    "Leave",
    "Responsible",
    "StaffAssignment",
    "add_grid",
    "assign_staff",
    "assignments_for",
    "change_leave",
    "follow_villages",
    "grids_below",
    "hand_over",
    "leaves_of",
    "place_households",
    "release_staff",
    "responsible",
    "take_leave",
    "unanswered",
]


async def assign_staff(
    tx: AsyncConnection,
    *,
    officer: str,
    path: str,
    since: date,
    role: Role = Role.LEAD,
    succeeds_id: UUID | None = None,
) -> StaffAssignment:
    """Make an officer answer for a region or a grid.

    Raises:
        DutyPathUnknown: no region or grid has this management path.
        DutyHeld: the officer answers for it already.
    """
    row = StaffAssignment(
        id=uuid7(), officer=officer, path=path, since=since, until=None, version=1, role=role, succeeds_id=succeeds_id
    )
    await locked(tx, [row.id])
    if not await regions.paths_known(tx, path) and not await grid_path_known(tx, path):
        raise DutyPathUnknown
    if await holds_duty(tx, officer, path):
        raise DutyHeld
    await tx.execute(insert(staff_assignments).values(**_values(row)))
    told = {name: getattr(row, name) for name in ("officer", "path", "since", "role", "succeeds_id")}
    event = StaffAssigned(assignment_id=row.id, **told)
    await append(tx, NewEvent(event=event, key=row.id, occurred_at=clock.now(), fact_id=row.id))
    return row


async def release_staff(tx: AsyncConnection, assignment_id: UUID, *, until: date, version: int) -> StaffAssignment:
    """End an officer's duty for a region.

    Raises:
        AssignmentUnknown: no such assignment in scope.
        DutyEnded: it ended already, or would end before it began.
    """
    await locked(tx, [assignment_id])
    row = await assignment(tx, assignment_id)
    if row is None:
        raise AssignmentUnknown
    require_version(row.version, version)
    if row.until is not None or until < row.since:
        raise DutyEnded
    ended = replace(row, until=until, version=row.version + 1)
    changed = update(staff_assignments).where(staff_assignments.c.id == row.id)
    # who answers above one's own area is shown, and not to be released from below
    if not await tx.scalar(changed.values(until=until, version=ended.version).returning(staff_assignments.c.id)):
        raise AssignmentUnknown
    event = StaffReleased(assignment_id=row.id, officer=row.officer, path=row.path, until=until)
    await append(tx, NewEvent(event=event, key=row.id, occurred_at=clock.now(), fact_id=row.id, revision=ended.version))
    return ended


async def hand_over(
    tx: AsyncConnection, assignment_id: UUID, *, officer: str, on: date, version: int
) -> StaffAssignment:
    """交接: a duty ends and another begins on the same day, so that nobody falls between; gives the new one.

    Raises:
        HandOverToSelf: to the same officer.
        AssignmentUnknown, DutyEnded, DutyHeld: as they say.
    """
    await locked(tx, [assignment_id])
    before = await release_staff(tx, assignment_id, until=on, version=version)
    if before.officer == officer:
        raise HandOverToSelf
    return await assign_staff(tx, officer=officer, path=before.path, since=on, role=before.role, succeeds_id=before.id)


async def take_leave(tx: AsyncConnection, *, officer: str, since: date, until: date) -> Leave:
    """请假: the officer answers for nothing until the day of return; deputies and the region above do.

    Raises:
        OfficerUnknown: nobody of this account answers for anything in scope.
        LeaveDates, LeaveOverlaps: as they say.
    """
    row = Leave(id=uuid7(), officer=officer, since=since, until=until, version=1)
    # under the officer's key, so that two leaves at once do not overlap
    await locked(tx, [row.id, derived_id("officer", officer)])
    check_leave(since, until)
    if not await holds_duty(tx, officer):
        raise OfficerUnknown
    if await overlapping(tx, row):
        raise LeaveOverlaps
    await tx.execute(insert(staff_leaves).values(**_values(row)))
    await _tell_leave(tx, row)
    return row


async def change_leave(tx: AsyncConnection, leave_id: UUID, *, until: date, version: int) -> Leave:
    """Come back earlier or later; back on the first day means that the leave was cancelled."""
    seen = await leave(tx, leave_id)
    if seen is None:
        raise LeaveUnknown
    await locked(tx, [leave_id, derived_id("officer", seen.officer)])
    before = await leave(tx, leave_id)
    if before is None:
        raise LeaveUnknown
    require_version(before.version, version)
    row = replace(before, until=until, version=before.version + 1)
    check_leave(row.since, until)
    if await overlapping(tx, row):
        raise LeaveOverlaps
    await tx.execute(update(staff_leaves).where(staff_leaves.c.id == row.id).values(until=until, version=row.version))
    await _tell_leave(tx, row)
    return row


async def _tell_leave(tx: AsyncConnection, row: Leave) -> None:
    event = StaffOnLeave(leave_id=row.id, officer=row.officer, since=row.since, until=row.until)
    await append(tx, NewEvent(event=event, key=row.id, occurred_at=clock.now(), fact_id=row.id, revision=row.version))


async def add_grid(tx: AsyncConnection, *, village_code: str, name: str) -> Grid:
    """A new grid of a village; its code follows the village's."""
    key = derived_id("grids", village_code)
    await locked(tx, [key])
    village = await registry.village_path(tx, village_code)
    code = next_grid_code(village_code, await count_grids(tx, village_code))
    row = Grid(code=code, village_code=village_code, path=f"{village}{code}/", name=name, version=1)
    values = {name: value for name, value in _values(row).items() if name != "households"}
    await tx.execute(insert(grids).values(**values))
    return row


async def place_households(tx: AsyncConnection, code: str, household_ids: Collection[UUID]) -> Grid:
    """Put households of the village into its grid; each publishes HouseholdUpdated.

    Raises:
        GridUnknown: no such grid in scope.
        OtherVillage: a household lies elsewhere.
    """
    await locked(tx, household_ids)
    row = await grid(tx, code)
    if row is None:
        raise GridUnknown
    village = row.path.removesuffix(f"{code}/")
    await registry.place_in_grid(tx, household_ids, row.path, village=village)
    return await grid(tx, code) or row


_FOLLOW = text("""
    UPDATE grids SET path = village.path || grids.code || '/', version = grids.version + 1
    FROM unnest(CAST(:codes AS text[]), CAST(:paths AS text[])) AS village(code, path)
    WHERE grids.village_code = village.code AND grids.path <> village.path || grids.code || '/'
""")


async def follow_villages(tx: AsyncConnection, paths: Mapping[str, str]) -> None:
    """Bring grids to the path of their village."""
    await tx.execute(_FOLLOW, {"codes": list(paths), "paths": list(paths.values())})


@dataclass(frozen=True, slots=True, kw_only=True)
class Responsible:
    """责任链: who acts for a household on a day, and everybody who answers for its place, the nearest first."""

    household_id: UUID
    on: date
    path: str
    answering: list[Duty]
    chain: list[Duty]


async def responsible(tx: AsyncConnection, household_id: UUID, on: date) -> Responsible:
    """Who answers for a household on a day: grid → village → township → county → city.

    The place is the one recorded for that day; before the household was recorded, the present one.
    """
    home = await registry.get_household(tx, household_id)
    past = await registry.household_as_of(tx, household_id, on) or home
    place = past.grid or past.path
    chain = await duties_for(tx, place, on)
    return Responsible(household_id=household_id, on=on, path=place, answering=answering(chain), chain=chain)


def _values(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__slots__}
