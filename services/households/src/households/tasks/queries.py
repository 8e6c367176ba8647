"""Reading tasks, items, notes and reports; row security decides what is there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows

from .rules import Item, Note, Task
from .tables import plan_reports, plan_tasks, progress_notes, work_items


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """工作报告"""

    id: UUID
    version: int
    kind: str
    period: str
    region_code: str
    unit: str
    words: str
    due_on: date
    submitted_on: date


_BELOW = text("region_code IN (SELECT code FROM regions WHERE valid_to IS NULL AND starts_with(path, :path))")


def _below(path: str | None) -> list[Any]:
    return [_BELOW.bindparams(path=path)] if path is not None else []


async def tasks(tx: AsyncConnection) -> dict[str, Task]:
    """The plan's tasks in its order, by code."""
    found = await tx.execute(select(plan_tasks).order_by(plan_tasks.c.place))
    return {row.code: rows.of(Task, row) for row in found}


async def items_by_id(tx: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Item]:
    """Projects and entries in scope."""
    return await rows.by_id(tx, work_items, Item, ids)


async def items_page(
    tx: AsyncConnection,
    *,
    task: str | None = None,
    path: str | None = None,
    after: UUID | None = None,
    limit: int | None = None,
) -> list[Item]:
    """Projects and entries in scope, in the order of ids."""
    query = select(work_items).where(*_below(path)).order_by(work_items.c.id).limit(limit)
    if task is not None:
        query = query.where(work_items.c.task == task)
    if after is not None:
        query = query.where(work_items.c.id > after)
    return [rows.of(Item, row) for row in await tx.execute(query)]


async def overdue_page(
    tx: AsyncConnection, on: date, *, path: str | None, after: tuple[date, UUID] | None, limit: int
) -> list[Item]:
    """Projects and entries in scope that are due before the day and not settled by then, the oldest first."""
    item = work_items.c
    query = select(work_items).where(*_below(path), item.due_on < on, item.state != "dropped")
    query = query.where(or_(item.done_on.is_(None), item.done_on > on))
    if after is not None:
        query = query.where(or_(item.due_on > after[0], and_(item.due_on == after[0], item.id > after[1])))
    return [rows.of(Item, row) for row in await tx.execute(query.order_by(item.due_on, item.id).limit(limit))]


async def notes_page(
    tx: AsyncConnection,
    *,
    task: str | None = None,
    path: str | None = None,
    after: UUID | None = None,
    limit: int | None = None,
) -> list[Note]:
    """Progress notes in scope, the newest first."""
    query = select(progress_notes).where(*_below(path)).order_by(progress_notes.c.id.desc()).limit(limit)
    if task is not None:
        query = query.where(progress_notes.c.task == task)
    if after is not None:
        query = query.where(progress_notes.c.id < after)
    return [rows.of(Note, row) for row in await tx.execute(query)]


async def report(tx: AsyncConnection, report_id: UUID) -> Report | None:
    """One report in scope."""
    return (await rows.by_id(tx, plan_reports, Report, [report_id])).get(report_id)


async def reports(tx: AsyncConnection, *, path: str | None = None) -> list[Report]:
    """The reports in scope, by period."""
    query = select(plan_reports).where(*_below(path)).order_by(plan_reports.c.period, plan_reports.c.id)
    return [rows.of(Report, row) for row in await tx.execute(query)]
