"""Reading grids and duties; row security decides what is there. Who answers above one's own area is no secret."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from directory.duty import Duty

from .rules import Role
from .tables import grids, staff_assignments, staff_leaves


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAssignment:
    """责任人: an officer's duty for a region or grid."""

    id: UUID
    officer: str
    path: str
    since: date
    until: date | None
    version: int
    role: Role
    succeeds_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """请假: an officer is away until the first day back."""

    id: UUID
    officer: str
    since: date
    until: date
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """网格: a part of a village."""

    code: str
    village_code: str
    path: str
    name: str
    version: int
    households: int = 0


async def assignment(tx: AsyncConnection, assignment_id: UUID) -> StaffAssignment | None:
    """One assignment, if in scope or above it."""
    query = select(staff_assignments).where(staff_assignments.c.id == assignment_id)
    row = (await tx.execute(query)).mappings().one_or_none()
    return _assignment(row) if row else None


async def assignments_for(tx: AsyncConnection, path: str, on: date) -> list[StaffAssignment]:
    """Who answers for a region on a date, the nearest region first, leads before deputies."""
    query = (
        select(staff_assignments)
        .where(func.starts_with(path, staff_assignments.c.path), _held(on))
        .order_by(func.length(staff_assignments.c.path).desc(), staff_assignments.c.role.desc(), "officer")
    )
    return [_assignment(row) for row in (await tx.execute(query)).mappings()]


async def duties_for(tx: AsyncConnection, path: str, on: date) -> list[Duty]:
    """The same, with whether each is there on that day."""
    held = await assignments_for(tx, path, on)
    away = await officers_away(tx, {item.officer for item in held}, on)
    return [
        Duty(officer=item.officer, path=item.path, role=item.role, present=item.officer not in away) for item in held
    ]


def _held(on: date) -> Any:
    until = staff_assignments.c.until
    return and_(staff_assignments.c.since <= on, or_(until.is_(None), until > on))


def _assignment(row: Mapping[Any, Any]) -> StaffAssignment:
    return StaffAssignment(**{**row, "role": Role(row["role"])})


async def officers_away(tx: AsyncConnection, officers: Collection[str], on: date) -> set[str]:
    """Which of the officers are on leave on a day."""
    query = select(staff_leaves.c.officer).where(
        staff_leaves.c.officer == func.any(list(officers)), staff_leaves.c.since <= on, staff_leaves.c.until > on
    )
    return set((await tx.execute(query)).scalars())


async def holds_duty(tx: AsyncConnection, officer: str, path: str | None = None) -> bool:
    """Whether an officer answers for anything in scope, or for one region."""
    query = staff_assignments.select().where(
        staff_assignments.c.officer == officer, staff_assignments.c.until.is_(None)
    )
    if path is not None:
        query = query.where(staff_assignments.c.path == path)
    return bool(await tx.scalar(query.exists().select()))


async def leave(tx: AsyncConnection, leave_id: UUID) -> Leave | None:
    """One leave, if its officer answers for something in scope."""
    row = (await tx.execute(select(staff_leaves).where(staff_leaves.c.id == leave_id))).mappings().one_or_none()
    return Leave(**row) if row else None


async def leaves_of(tx: AsyncConnection, officer: str) -> list[Leave]:
    """An officer's leaves, the latest first."""
    query = select(staff_leaves).where(staff_leaves.c.officer == officer).order_by(staff_leaves.c.since.desc())
    return [Leave(**row) for row in (await tx.execute(query)).mappings()]


async def overlapping(tx: AsyncConnection, one: Leave) -> bool:
    """Whether the officer has another leave in these days."""
    other = and_(staff_leaves.c.officer == one.officer, staff_leaves.c.id != one.id)
    days = and_(staff_leaves.c.since < one.until, staff_leaves.c.until > one.since)
    return bool(await tx.scalar(select(exists().where(other, days))))


_GRIDS = text("""
    SELECT grids.code, village_code, grids.path, grids.name, grids.version, count(households.id) AS households
    FROM grids LEFT JOIN households ON households.grid = grids.path AND households.merged_into IS NULL
        AND households.ended_on IS NULL
    WHERE starts_with(grids.path, :path) AND (CAST(:code AS text) IS NULL OR grids.code = :code)
    GROUP BY grids.code ORDER BY grids.code
""")


async def grids_below(tx: AsyncConnection, path: str) -> list[Grid]:
    """Grids below a management path with the number of their households."""
    return [Grid(**row) for row in (await tx.execute(_GRIDS, {"path": path, "code": None})).mappings()]


async def grid(tx: AsyncConnection, code: str) -> Grid | None:
    """One grid, if in scope."""
    row = (await tx.execute(_GRIDS, {"path": "", "code": code})).mappings().one_or_none()
    return Grid(**row) if row else None


async def grid_path_known(tx: AsyncConnection, path: str) -> bool:
    """Whether a grid in scope has this path."""
    return bool(await tx.scalar(select(exists().where(grids.c.path == path))))


async def count_grids(tx: AsyncConnection, village_code: str) -> int:
    """How many grids a village has."""
    query = select(func.count()).select_from(grids).where(grids.c.village_code == village_code)
    return int(await tx.scalar(query) or 0)


_UNANSWERED = text("""
    SELECT h.path, count(*) AS households
    FROM households h
    WHERE h.merged_into IS NULL AND h.ended_on IS NULL AND starts_with(h.path, :path) AND NOT EXISTS (
        SELECT FROM staff_assignments s
        WHERE s.path IN (h.path, h.grid) AND s.since <= :on AND (s.until IS NULL OR s.until > :on)
          AND NOT EXISTS (SELECT FROM staff_leaves l
                          WHERE l.officer = s.officer AND l.since <= :on AND l.until > :on))
    GROUP BY h.path ORDER BY h.path
""")


async def unanswered(tx: AsyncConnection, path: str, on: date) -> list[tuple[str, int]]:
    """Villages with households for whom nobody of the village or grid is there on a day, and how many they are."""
    return [(row.path, row.households) for row in await tx.execute(_UNANSWERED, {"path": path, "on": on})]
