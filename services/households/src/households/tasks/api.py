"""Routes of the plan: tasks, projects and lists, progress, what is overdue, reports."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from events.catalog.base import Month, RegionCode
from events.catalog.households import PlanReportKind, WorkState
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.models import AnswerModel, RequestModel
from kit.paging import Page, Paging
from kit.route import TransactionRoute
from kit.running import Tx
from kit.scope import validate_path

from ..regions import service as regions
from . import service

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

router = APIRouter(prefix="/v1", tags=["tasks 方案任务"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("tasks:read"))]
Write = Annotated[Principal, Depends(needs("tasks:write"))]

Unit = Annotated[str, Field(max_length=100)]
Title = Annotated[str, Field(min_length=1, max_length=200)]
Words = Annotated[str, Field(min_length=1, max_length=2000)]
"""进展情况: about the work; it names no household and no person."""
Below = Annotated[str | None, Query(max_length=80)]


class TaskOut(AnswerModel):
    """方案任务: `stated` is what the plan's text says of the time."""

    code: str
    version: int
    clause: str
    part: str
    title: str
    stated: str
    lead_unit: str
    due_on: date | None


class TaskPatch(RequestModel):
    """任务分工: what is left out stays."""

    lead_unit: Unit = ""
    due_on: date | None = None


class ItemIn(RequestModel):
    """项目, or an entry of the list of the project named."""

    region_code: RegionCode
    title: Title
    unit: Unit = ""
    due_on: date | None = None
    project_id: UUID | None = None


class ItemPatch(RequestModel):
    """项目或清单事项变更: what is left out stays."""

    title: Title = ""
    unit: Unit = ""
    due_on: date | None = None


class Settling(RequestModel):
    """办结日期"""

    on: date


class ItemOut(AnswerModel):
    """项目或清单事项"""

    id: UUID
    version: int
    task: str
    project_id: UUID | None
    region_code: str
    title: str
    unit: str
    planned_on: date
    due_on: date | None
    state: WorkState
    done_on: date | None


class NoteIn(RequestModel):
    """任务进展"""

    region_code: RegionCode
    noted_on: date
    words: Words
    percent: Annotated[int, Field(ge=0, le=100)] | None = None
    item_id: UUID | None = None


class NoteOut(AnswerModel):
    """任务进展"""

    id: UUID
    task: str
    item_id: UUID | None
    region_code: str
    noted_on: date
    percent: int | None
    words: str
    author: str


class ReportIn(RequestModel):
    """工作报告: a lead unit's at the end of June or December, a county's at the end of the year."""

    kind: PlanReportKind
    period: Month
    region_code: RegionCode
    unit: Unit = ""
    words: Words


class ReportOut(AnswerModel):
    """工作报告"""

    id: UUID
    version: int
    kind: PlanReportKind
    period: str
    region_code: str
    unit: str
    words: str
    due_on: date
    submitted_on: date


class ExpectedOut(AnswerModel):
    """应报告: `submitted_on` is null while it is missing."""

    kind: PlanReportKind
    period: str
    region_code: str
    unit: str
    due_on: date
    submitted_on: date | None


@router.get("/plan-tasks")
async def list_tasks(who: Read, tx: Tx) -> list[TaskOut]:
    """The 27 measures and 6 safeguards of the plan, in its order."""
    return [_task(task) for task in (await service.tasks(tx)).values()]


@router.get("/plan-tasks/{code}")
async def read_task(code: str, who: Read, tx: Tx, response: Response) -> TaskOut:
    """A task."""
    return _task(await service.get_task(tx, code), response)


@router.patch("/plan-tasks/{code}")
async def assign_task(code: str, body: TaskPatch, who: Write, tx: Tx, version: IfMatch, response: Response) -> TaskOut:
    """Say who leads a task and by when (publishes TaskAssigned)."""
    changes = {name: getattr(body, name) for name in body.model_fields_set}
    return _task(await service.assign_task(tx, code, changes, paths=who.paths, version=version), response)


@router.post("/plan-tasks/{code}/work-items", status_code=201)
async def plan_item(code: str, body: ItemIn, who: Write, tx: Tx, response: Response) -> ItemOut:
    """Make a project of a task, or an entry of a project's list (publishes WorkItemPlanned)."""
    entry = service.ItemEntry(**{name: getattr(body, name) for name in ItemIn.model_fields})
    return _item(await service.plan_item(tx, code, entry), response)


@router.get("/plan-tasks/{code}/work-items")
async def list_items(code: str, who: Read, tx: Tx, paging: Paging, path: Below = None) -> Page[ItemOut]:
    """Projects and list entries of a task in one's area."""
    await service.get_task(tx, code)
    found = await service.items_page(tx, task=code, path=_path(path), after=_after(paging), limit=paging.limit)
    return paging.page(found, show=_item, place=lambda item: [str(item.id)])


@router.patch("/work-items/{item_id}")
async def change_item(
    item_id: UUID, body: ItemPatch, who: Write, tx: Tx, version: IfMatch, response: Response
) -> ItemOut:
    """Change title, unit or due day (publishes WorkItemPlanned)."""
    changes = {name: getattr(body, name) for name in body.model_fields_set}
    return _item(await service.change_item(tx, item_id, changes, version=version), response)


@router.post("/work-items/{item_id}:complete")
async def complete_item(
    item_id: UUID, body: Settling, who: Write, tx: Tx, version: IfMatch, response: Response
) -> ItemOut:
    """It is done (publishes WorkItemPlanned)."""
    await regions.happened(tx, on=body.on)
    return _item(await service.settle_item(tx, item_id, WorkState.DONE, on=body.on, version=version), response)


@router.post("/work-items/{item_id}:drop")
async def drop_item(item_id: UUID, body: Settling, who: Write, tx: Tx, version: IfMatch, response: Response) -> ItemOut:
    """It is not pursued (publishes WorkItemPlanned)."""
    await regions.happened(tx, on=body.on)
    return _item(await service.settle_item(tx, item_id, WorkState.DROPPED, on=body.on, version=version), response)


@router.get("/overdue-work-items")
async def list_overdue(who: Read, tx: Tx, paging: Paging, path: Below = None, on: date | None = None) -> Page[ItemOut]:
    """Projects and list entries that were due before the day and are not settled, the oldest first."""
    day = on or await regions.today(tx)
    place = paging.after
    after = (date.fromisoformat(str(place[0])), UUID(str(place[1]))) if place else None
    found = await service.overdue_page(tx, day, path=_path(path), after=after, limit=paging.limit)
    return paging.page(found, show=_item, place=lambda item: [str(item.due_on), str(item.id)])


@router.post("/plan-tasks/{code}/progress", status_code=201)
async def note_progress(code: str, body: NoteIn, who: Write, tx: Tx) -> NoteOut:
    """Note how far a task, project or entry is (publishes TaskProgressed)."""
    await regions.happened(tx, noted_on=body.noted_on)
    entry = service.NoteEntry(**{name: getattr(body, name) for name in NoteIn.model_fields})
    return _note(await service.note_progress(tx, code, entry, author=who.subject))


@router.get("/plan-tasks/{code}/progress")
async def list_progress(code: str, who: Read, tx: Tx, paging: Paging, path: Below = None) -> Page[NoteOut]:
    """Progress notes of a task in one's area, the newest first."""
    await service.get_task(tx, code)
    found = await service.notes_page(tx, task=code, path=_path(path), after=_after(paging), limit=paging.limit)
    return paging.page(found, show=_note, place=lambda note: [str(note.id)])


@router.post("/plan-reports", status_code=201)
async def submit_report(body: ReportIn, who: Write, tx: Tx, response: Response) -> ReportOut:
    """Hand in a report (publishes ReportSubmitted); with other words it is the next version."""
    told = {name: getattr(body, name) for name in ReportIn.model_fields}
    report = await service.submit_report(tx, **told)
    response.headers["ETag"] = etag(report.version)
    return ReportOut(**asdict(report))


@router.get("/plan-reports")
async def list_reports(who: Read, tx: Tx, path: Below = None) -> list[ReportOut]:
    """The reports of one's area, by period."""
    return [ReportOut(**asdict(report)) for report in await service.reports(tx, path=_path(path))]


@router.get("/plan-reports-due")
async def list_due_reports(
    who: Read, tx: Tx, path: Annotated[str, Query(max_length=80)] = "5301/", on: date | None = None
) -> list[ExpectedOut]:
    """Which reports the plan asks for by a day, and which of them are missing."""
    day = on or await regions.today(tx)
    return [ExpectedOut(**asdict(row)) for row in await service.due_reports(tx, day, path=validate_path(path))]


@router.get("/plan-report-workbooks/{kind}/{period}", response_class=Response, responses={200: {"content": {XLSX: {}}}})
async def read_workbook(
    kind: PlanReportKind,
    period: Month,
    who: Read,
    tx: Tx,
    path: Annotated[str, Query(max_length=80)] = "5301/",
    unit: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """The workbook of a report as of the end of its period: one row per task, or per task that the unit leads."""
    data = await service.report_workbook(tx, kind=kind, period=period, path=validate_path(path), unit=unit)
    headers = {"content-disposition": f'attachment; filename="plan-{kind}-{period}.xlsx"'}
    return Response(data, media_type=XLSX, headers=headers)


def _path(path: str | None) -> str | None:
    return validate_path(path) if path is not None else None


def _after(paging: Paging) -> UUID | None:
    return UUID(str(paging.after[0])) if paging.after else None


def _task(task: service.Task, response: Response | None = None) -> TaskOut:
    if response is not None:
        response.headers["ETag"] = etag(task.version)
    return TaskOut(**{name: getattr(task, name) for name in TaskOut.model_fields})


def _item(item: service.Item, response: Response | None = None) -> ItemOut:
    if response is not None:
        response.headers["ETag"] = etag(item.version)
    return ItemOut(**asdict(item))


def _note(note: service.Note) -> NoteOut:
    return NoteOut(**asdict(note))
