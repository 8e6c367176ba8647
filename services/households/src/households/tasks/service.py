"""Use cases of the plan; none of them commits."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

import workbook
from directory import rows
from events.catalog.base import Event
from events.catalog.households import (
    PlanReportKind,
    ReportSubmitted,
    TaskAssigned,
    TaskProgressed,
    WorkItemPlanned,
    WorkState,
)
from events.ids import derived_id, uuid7
from events.locks import locked
from events.log import NewEvent, append
from kit import clock
from kit.etag import require_version
from kit.scope import covers

from ..regions import service as regions
from ..registry import service as registry
from .queries import (
    Report,
    items_by_id,
    items_page,
    notes_page,
    overdue_page,
    report,
    reports,
    tasks,
)
from .rules import (
    HEADERS,
    Expected,
    Item,
    ItemDates,
    ItemElsewhere,
    ItemSettled,
    ItemUnknown,
    Note,
    PlaceUnknown,
    PlanOfTheCity,
    ProjectElsewhere,
    ReportPlace,
    Task,
    TaskUnknown,
    due_day,
    expected_reports,
    report_rows,
)
from .tables import plan_reports, plan_tasks, progress_notes, work_items

__all__ = [
    "Expected",
    "Item",
    "ItemEntry",
    "Note",
    "NoteEntry",
    "Report",
    "Task",
    "assign_task",
    "change_item",
    "due_reports",
    "get_task",
    "items_page",
    "note_progress",
    "notes_page",
    "overdue_page",
    "plan_item",
    "report_workbook",
    "reports",
    "settle_item",
    "submit_report",
    "tasks",
]

CITY_PATH = "5301/"
CITY_CODE = "530100000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEntry:
    """项目或清单事项, as somebody plans it."""

    region_code: str
    title: str
    unit: str
    due_on: date | None = None
    project_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteEntry:
    """任务进展, as somebody notes it."""

    region_code: str
    noted_on: date
    words: str
    percent: int | None = None
    item_id: UUID | None = None


async def get_task(tx: AsyncConnection, code: str) -> Task:
    """One task of the plan.

    Raises:
        TaskUnknown: the plan has none of this code.
    """
    found = (await tasks(tx)).get(code)
    if found is None:
        raise TaskUnknown
    return found


async def assign_task(
    tx: AsyncConnection, code: str, changes: Mapping[str, Any], *, paths: Sequence[str], version: int
) -> Task:
    """Say who leads a task, and by when.

    Raises:
        PlanOfTheCity, TaskUnknown, PreconditionFailed: as they say.
    """
    if not covers(paths, CITY_PATH):
        raise PlanOfTheCity
    key = derived_id("plan-task", code)
    await locked(tx, [key])
    before = await get_task(tx, code)
    require_version(before.version, version)
    after = replace(before, **changes)
    if after == before:
        return before
    after = replace(after, version=before.version + 1)
    row = update(plan_tasks).where(plan_tasks.c.code == code)
    await tx.execute(row.values(version=after.version, lead_unit=after.lead_unit, due_on=after.due_on))
    event = TaskAssigned(task=code, lead_unit=after.lead_unit, due_on=after.due_on)
    await _tell(tx, event, key, key, after.version, CITY_CODE)
    return after


async def plan_item(tx: AsyncConnection, code: str, entry: ItemEntry) -> Item:
    """Make a project of a task, or an entry of a project's list.

    Raises:
        TaskUnknown, PlaceUnknown, ProjectElsewhere: as they say.
    """
    id_ = uuid7()
    await locked(tx, [id_])
    await get_task(tx, code)
    await _need_own(tx, entry.region_code)
    if entry.project_id is not None:
        project = (await items_by_id(tx, [entry.project_id])).get(entry.project_id)
        if project is None or project.task != code or project.project_id is not None:
            raise ProjectElsewhere
    item = Item(
        id=id_,
        version=1,
        task=code,
        planned_on=await regions.today(tx),
        state=WorkState.OPEN,
        done_on=None,
        **{name: getattr(entry, name) for name in ItemEntry.__slots__},
    )
    return await _saved(tx, item)


async def _need_own(tx: AsyncConnection, region_code: str) -> regions.Region:
    region = (await regions.current_regions(tx, [region_code])).get(region_code)
    if region is None or await registry.outside_scope(tx, [region.path]):
        raise PlaceUnknown
    return region


async def change_item(tx: AsyncConnection, item_id: UUID, changes: Mapping[str, Any], *, version: int) -> Item:
    """Change title, unit or due day of a project or entry.

    Raises:
        ItemUnknown, ItemSettled, PreconditionFailed: as they say.
    """
    before = await _open_item(tx, item_id, version)
    after = replace(before, **changes)
    return before if after == before else await _saved(tx, replace(after, version=before.version + 1))


async def settle_item(tx: AsyncConnection, item_id: UUID, state: WorkState, *, on: date, version: int) -> Item:
    """A project or entry is done, or dropped.

    Raises:
        ItemUnknown, ItemSettled, ItemDates, PreconditionFailed: as they say.
    """
    before = await _open_item(tx, item_id, version)
    if on < before.planned_on:
        raise ItemDates
    done_on = on if state is WorkState.DONE else None
    return await _saved(tx, replace(before, state=state, done_on=done_on, version=before.version + 1))


async def _open_item(tx: AsyncConnection, item_id: UUID, version: int) -> Item:
    await locked(tx, [item_id])
    item = (await items_by_id(tx, [item_id])).get(item_id)
    if item is None:
        raise ItemUnknown
    require_version(item.version, version)
    if item.state != WorkState.OPEN:
        raise ItemSettled
    return item


async def _saved(tx: AsyncConnection, item: Item) -> Item:
    await rows.put(tx, work_items, [item])
    event = WorkItemPlanned(
        item_id=item.id,
        task=item.task,
        project_id=item.project_id,
        region_code=item.region_code,
        due_on=item.due_on,
        state=WorkState(item.state),
        done_on=item.done_on,
    )
    await _tell(tx, event, item.id, item.id, item.version, item.region_code)
    return item


async def note_progress(tx: AsyncConnection, code: str, entry: NoteEntry, *, author: str) -> Note:
    """Note how far a task, a project or an entry is in a region.

    Raises:
        TaskUnknown, PlaceUnknown, ItemElsewhere: as they say.
    """
    key = entry.item_id or derived_id("plan-task", code)
    await locked(tx, [key])
    await get_task(tx, code)
    await _need_own(tx, entry.region_code)
    if entry.item_id is not None:
        item = (await items_by_id(tx, [entry.item_id])).get(entry.item_id)
        if item is None or item.task != code:
            raise ItemElsewhere
    told = {name: getattr(entry, name) for name in NoteEntry.__slots__}
    note = Note(id=uuid7(), task=code, author=author, **told)
    values = {name: getattr(note, name) for name in Note.__slots__}
    await tx.execute(insert(progress_notes).values(**values, recorded_at=clock.now()))
    event = TaskProgressed(
        note_id=note.id,
        task=code,
        item_id=note.item_id,
        region_code=note.region_code,
        noted_on=note.noted_on,
        percent=note.percent,
    )
    await _tell(tx, event, key, note.id, 1, note.region_code)
    return note


async def submit_report(
    tx: AsyncConnection, *, kind: PlanReportKind, period: str, region_code: str, unit: str, words: str
) -> Report:
    """Hand in a report; sent again with other words it is the next version, the day of the first stays.

    Raises:
        PeriodUnknown, PlaceUnknown, ReportPlace: as they say.
    """
    due_on, on = due_day(kind, period), await regions.today(tx)
    id_ = derived_id("plan-report", kind, period, region_code, unit)
    await locked(tx, [id_])
    region = await _need_own(tx, region_code)
    if (kind is PlanReportKind.YEAR_END) != (region.level == "county") or (kind is PlanReportKind.YEAR_END) == bool(
        unit
    ):
        raise ReportPlace
    before = await report(tx, id_)
    if before is not None and before.words == words:
        return before
    after = Report(
        id=id_,
        version=before.version + 1 if before else 1,
        kind=kind,
        period=period,
        region_code=region_code,
        unit=unit,
        words=words,
        due_on=due_on,
        submitted_on=before.submitted_on if before else on,
    )
    await rows.put(tx, plan_reports, [after])
    event = ReportSubmitted(
        report_id=id_, kind=kind, region_code=region_code, due_on=due_on, submitted_on=after.submitted_on
    )
    await _tell(tx, event, id_, id_, after.version, region_code)
    return after


async def due_reports(tx: AsyncConnection, on: date, *, path: str) -> list[Expected]:
    """Reports that are asked for by a day below a path, with when they came; those without a day are missing."""
    places = await regions.current_regions(tx)
    counties = [code for code, row in places.items() if row.level == "county" and row.path.startswith(path)]
    units = [task.lead_unit for task in (await tasks(tx)).values() if task.lead_unit]
    came = {(row.kind, row.period, row.region_code, row.unit): row.submitted_on for row in await reports(tx)}
    return expected_reports(
        on, units=units if path == CITY_PATH else (), counties=counties, city=CITY_CODE, submitted=came
    )


async def report_workbook(tx: AsyncConnection, *, kind: PlanReportKind, period: str, path: str, unit: str) -> bytes:
    """The workbook of a report: every task, or those that a unit leads, as of the end of the period.

    Raises:
        PeriodUnknown: the plan asks for no such report.
    """
    on = due_day(kind, period)
    wanted = [task for task in (await tasks(tx)).values() if not unit or task.lead_unit == unit]
    items, notes = await items_page(tx, path=path), await notes_page(tx, path=path)
    title = f"昆明市脱贫人口持续增收三年行动方案工作进展（{period}）"
    lines = report_rows(wanted, items, notes, on)
    return await asyncio.to_thread(workbook.write_xlsx, HEADERS, lines, title=title, exported_on=on)


async def _tell(tx: AsyncConnection, event: Event, key: UUID, fact_id: UUID, revision: int, region_code: str) -> None:
    new = NewEvent(
        event=event, key=key, region=region_code, occurred_at=clock.now(), fact_id=fact_id, revision=revision
    )
    await append(tx, new)
