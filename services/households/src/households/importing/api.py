"""Routes of imports: upload and preview, apply, progress, what is parked and how it is settled."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, File, Form, Path, Query, Response, UploadFile
from pydantic import Field

from kit.auth import Principal, needs
from kit.models import AnswerModel, Moment, RequestModel, SecretText
from kit.paging import Page, Paging
from kit.route import TransactionRoute
from kit.running import Cipher, Tx

from ..checks import rules as checks
from ..checks.rules import Severity
from ..regions import service as regions
from . import service
from .rules import CHANGED, JobState, State

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

router = APIRouter(prefix="/v1/imports", tags=["importing 导入"], route_class=TransactionRoute)

exports = APIRouter(prefix="/v1", tags=["importing 导入"], route_class=TransactionRoute)

Write = Annotated[Principal, Depends(needs("imports:write"))]
Reveal = Annotated[Principal, Depends(needs("households:reveal"))]
Position = Annotated[int, Path(ge=1)]


class TroubleOut(AnswerModel):
    """问题: where it is, why, and what to do; never what stands in the cell."""

    kind: str
    row: int
    column: int
    reference: str
    header: str
    household: str
    person: str | None
    others: tuple[str, ...]
    also: tuple[int, ...]
    cause_zh: str
    cause_en: str
    remedy_zh: str
    remedy_en: str


class SuspicionOut(AnswerModel):
    """预计疑点: what a rule will find once this is applied; it names fields, never what stands in them."""

    rule: str
    severity: Severity
    zh: str
    en: str
    row: int
    case: str
    fields: tuple[str, ...]


class SuspicionCountOut(AnswerModel):
    """预计疑点数 of a rule"""

    rule: str
    severity: Severity
    zh: str
    en: str
    findings: int
    households: int


class ImportedOut(AnswerModel):
    """导入的户"""

    position: int
    number: str
    state: State
    household_id: UUID | None
    problems: list[TroubleOut]
    suspicions: list[SuspicionOut] = Field(default_factory=list)


class JobOut(AnswerModel):
    """导入任务: its progress; `done` of `households` are settled one way or another."""

    id: UUID
    state: JobState
    exported_on: date
    households: int
    members: int
    done: int
    states: dict[State, int]
    created_at: Moment
    heartbeat_at: Moment | None
    finished_at: Moment | None
    undone_by: str | None
    undone_at: Moment | None


class PreviewOut(JobOut):
    """预览: what applying would do."""

    new: int
    changed: int
    unchanged: int
    parked: int
    problems: dict[str, int]
    """how many of each kind"""
    suspicions: dict[str, int]
    """how many findings each rule will have, as far as the columns of the file let it judge"""


class CorrectionIn(RequestModel):
    """更正: the text that a cell should have had; row and column as in the problem."""

    row: int
    column: int
    text: Annotated[SecretText, Field(max_length=200)]


class Export(RequestModel):
    """导出: households below a management path, as they stand, with the income of the twelve months before `on`."""

    path: Annotated[str, Field(max_length=60, pattern=r"^(\d+/)+$")] | None = None
    on: date | None = None


class Settlement(RequestModel):
    """处理"""

    corrections: Annotated[list[CorrectionIn], Field(max_length=200)] = Field(default_factory=list)


@exports.post("/households:export", response_class=Response, responses={200: {"content": {XLSX: {}}}})
async def export_households(body: Export, who: Reveal, tx: Tx, cipher: Cipher) -> Response:
    """Households with their members under the headers of the national system; names people, so it is audited."""
    on = body.on or await regions.today(tx)
    data = await service.export_households(tx, path=body.path, on=on, cipher=cipher)
    headers = {"content-disposition": f'attachment; filename="households-{on}.xlsx"'}
    return Response(data, media_type=XLSX, headers=headers)


@router.post("", status_code=201)
async def upload_workbook(
    who: Write,
    tx: Tx,
    cipher: Cipher,
    response: Response,
    file: Annotated[UploadFile, File(description="xlsx, xls or CSV (UTF-8 or GB18030)")],
    exported_on: Annotated[date | None, Form(description="export date, where the file does not name it")] = None,
) -> PreviewOut:
    """Upload a workbook of the national system and see what it would do; nothing is registered yet."""
    uploader = service.Uploader(subject=who.subject, department=who.department, scope=who.paths)
    job, outlook = await service.upload(
        tx, await file.read(), uploader=uploader, exported_on=exported_on, cipher=cipher
    )
    response.headers["Location"] = f"/v1/imports/{job.id}"
    return PreviewOut(**dict(_job(job, (await service.progress(tx, [job]))[job.id])), **asdict(outlook))


@router.get("")
async def list_imports(who: Write, tx: Tx, paging: Paging) -> Page[JobOut]:
    """Imports in one's area, the newest first."""
    before = UUID(str(paging.after[0])) if paging.after else None
    rows = await service.jobs_page(tx, before=before, limit=paging.limit)
    states = await service.progress(tx, rows)
    return paging.page(rows, show=lambda row: _job(row, states[row.id]), place=lambda row: (str(row.id),))


@router.get("/{import_id}")
async def show_import(import_id: UUID, who: Write, tx: Tx) -> JobOut:
    """One import and how far it is."""
    return await _shown(tx, import_id)


@router.post("/{import_id}:apply", status_code=202)
async def apply_import(import_id: UUID, who: Write, tx: Tx) -> JobOut:
    """Let an import be applied in the background; follow it by reading it."""
    await service.start(tx, import_id)
    return await _shown(tx, import_id)


@router.post("/{import_id}:undo", status_code=202)
async def undo_import(import_id: UUID, who: Write, tx: Tx) -> JobOut:
    """Let an applied import be taken back in the background; what was changed since stays and is named (`kept`)."""
    await service.start_undo(tx, import_id, subject=who.subject, department=who.department)
    return await _shown(tx, import_id)


@router.post("/{import_id}:stop-undo")
async def stop_undo(import_id: UUID, who: Write, tx: Tx) -> JobOut:
    """Stop taking it back; what was taken back stays so, `:undo` goes on with the rest."""
    await service.stop_undo(tx, import_id)
    return await _shown(tx, import_id)


@router.get("/{import_id}/households")
async def list_imported(
    import_id: UUID,
    who: Write,
    tx: Tx,
    paging: Paging,
    state: Annotated[State | None, Query()] = None,
    rule: Annotated[str | None, Query(max_length=60, pattern=r"^[a-z-]+$")] = None,
) -> Page[ImportedOut]:
    """Households of an import in the order of the file.

    `state=parked` wait for somebody, `state=kept` an undo left; `rule` has findings in them.
    """
    await service.known_job(tx, import_id)
    after = int(paging.after[0] or 0) if paging.after else 0
    rows = await service.imported_page(tx, import_id, state=state, after=after, limit=paging.limit, rule=rule)
    found = await service.suspicions_of(tx, import_id, [row.position for row in rows])
    return paging.page(
        rows, show=lambda row: _imported(row, found.get(row.position, ())), place=lambda row: (row.position,)
    )


@router.get("/{import_id}/suspicions")
async def count_suspicions(import_id: UUID, who: Write, tx: Tx) -> list[SuspicionCountOut]:
    """What the named checks will find in an import, by rule."""
    await service.known_job(tx, import_id)
    counts = await service.suspicion_counts(tx, import_id)
    return [
        SuspicionCountOut(**_rule(rule), findings=findings, households=households)
        for rule, (findings, households) in counts.items()
        if rule in checks.RULES
    ]


@router.post("/{import_id}/households/{position}:take")
async def take_parked(
    import_id: UUID, position: Position, body: Settlement, who: Write, tx: Tx, cipher: Cipher
) -> ImportedOut:
    """Correct cells of a parked household and take it after all; it is judged anew first."""
    corrections = [
        service.Correction(row=item.row, column=item.column, text=item.text.get_secret_value())
        for item in body.corrections
    ]
    return _imported(await service.take_after_all(tx, import_id, position, corrections, cipher=cipher))


@router.post("/{import_id}/households/{position}:drop")
async def drop_parked(import_id: UUID, position: Position, who: Write, tx: Tx) -> ImportedOut:
    """Leave a parked household out."""
    return _imported(await service.drop(tx, import_id, position))


@router.post("/{import_id}:problem-workbook", response_class=Response, responses={200: {"content": {XLSX: {}}}})
async def problem_workbook(import_id: UUID, who: Write, tx: Tx, cipher: Cipher) -> Response:
    """The rows of parked households with the wrong cells marked; names people, so it is audited."""
    data = await service.problem_workbook(tx, import_id, cipher=cipher)
    headers = {"content-disposition": f'attachment; filename="problems-{import_id}.xlsx"'}
    return Response(data, media_type=XLSX, headers=headers)


async def _shown(tx: Tx, import_id: UUID) -> JobOut:
    job = await service.known_job(tx, import_id)
    return _job(job, (await service.progress(tx, [job]))[import_id])


def _job(job: service.Job, states: Mapping[State, int]) -> JobOut:
    undoing = job.state in (JobState.UNDOING, JobState.STOPPED)
    waiting = sum(states.get(state, 0) for state in (CHANGED if undoing else (State.READY,)))
    told = {name: getattr(job, name) for name in JobOut.model_fields if hasattr(job, name)}
    return JobOut(**told, done=job.households - waiting, states=dict(states))


def _rule(name: str) -> dict[str, Any]:
    rule = checks.RULES[name]
    return {"rule": rule.id, "severity": rule.severity, "zh": rule.zh, "en": rule.en}


def _imported(row: service.Imported, found: Sequence[Mapping[str, Any]] = ()) -> ImportedOut:
    problems = [
        TroubleOut(**{name: getattr(trouble, name) for name in TroubleOut.model_fields}) for trouble in row.problems
    ]
    told = {name: getattr(row, name) for name in ("position", "number", "state", "household_id")}
    suspicions = [SuspicionOut(**{**item, **_rule(item["rule"])}) for item in found if item["rule"] in checks.RULES]
    return ImportedOut(**told, problems=problems, suspicions=suspicions)
