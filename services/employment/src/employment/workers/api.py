"""Routes of job spells and wages; a certificate travels in the body only."""

from collections import Counter
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, File, Form, Query, Response, UploadFile

from directory.naming import reporting_area
from directory.people import business_date
from events.catalog.base import Month as MonthText
from income.months import Month
from kit.auth import Principal, needs
from kit.errors import Invalid
from kit.etag import IfMatch, etag
from kit.paging import Page, PageRequest, Paging
from kit.problems import Fault, Wording, fault
from kit.route import TransactionRoute
from kit.running import Cipher, Tx
from workbook import Problem

from . import service
from .models import (
    BatchOut,
    CandidateOut,
    Ending,
    MissedWageOut,
    RowOutcome,
    SheetOut,
    SheetRow,
    SpellIn,
    SpellOut,
    SpellPatch,
    WageBatch,
    WageIn,
    WageOut,
    WagePatch,
    WaitingRow,
)

LARGEST_UPLOAD: Final = 21 << 20
"""Bytes of a request with a file; the workbook library refuses files above 20 MB itself."""

router = APIRouter(prefix="/v1", tags=["workers 务工"], route_class=TransactionRoute)

ReadWork = Annotated[Principal, Depends(needs("employment:read"))]
WriteWork = Annotated[Principal, Depends(needs("employment:write"))]
ReadWages = Annotated[Principal, Depends(needs("wages:read"))]
WriteWages = Annotated[Principal, Depends(needs("wages:write"))]
WorkSheet = Annotated[UploadFile, File(description="务工月监测, xlsx, xls or CSV (UTF-8 or GB18030)")]
AfterRow = Annotated[int, Form(ge=0, description="last_row of the part before")]

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.post("/spells", status_code=201)
async def report_spell(body: SpellIn, who: WriteWork, tx: Tx, cipher: Cipher, response: Response) -> SpellOut:
    """Record a job; the same report again answers the same job."""
    report = service.SpellReport(**{name: getattr(body, name) for name in SpellIn.model_fields})
    [outcome] = await service.report_spells(
        tx, [report], cipher=cipher, area=reporting_area(who.paths), department=who.department
    )
    spell = outcome.accepted()
    response.headers["Location"] = f"/v1/spells/{spell.id}"
    return _spell(spell, response)


@router.post("/spells:import", max_body_size=LARGEST_UPLOAD)
async def import_sheet(who: WriteWork, tx: Tx, cipher: Cipher, file: WorkSheet, after_row: AfterRow = 0) -> SheetOut:
    """Record the jobs of the next 400 rows of a national work sheet; rows with a problem are named and left out."""
    part = await service.take_sheet(tx, await file.read(), after_row=after_row, cipher=cipher, **_reporter(who))
    return await _sheet(tx, part, after_row)


@router.post("/spells:preview-import", max_body_size=LARGEST_UPLOAD)
async def preview_sheet(who: WriteWork, tx: Tx, cipher: Cipher, file: WorkSheet, after_row: AfterRow = 0) -> SheetOut:
    """What `:import` would do with the next 400 rows; nothing is recorded, and the ids named are never used."""
    part = await service.preview_sheet(tx, await file.read(), after_row=after_row, cipher=cipher, **_reporter(who))
    return await _sheet(tx, part, after_row)


@router.post(
    "/spells:problem-workbook",
    max_body_size=LARGEST_UPLOAD,
    response_class=Response,
    responses={200: {"content": {XLSX: {}}}},
)
async def sheet_problems(who: WriteWork, tx: Tx, cipher: Cipher, file: WorkSheet, after_row: AfterRow = 0) -> Response:
    """The rows among the next 400 that `:import` refuses, with the wrong cells marked, to be corrected and sent."""
    data = await service.problem_workbook(tx, await file.read(), after_row=after_row, cipher=cipher, **_reporter(who))
    headers = {"content-disposition": 'attachment; filename="work-problems.xlsx"'}
    return Response(data, media_type=XLSX, headers=headers)


def _reporter(who: Principal) -> dict[str, str]:
    return {"area": reporting_area(who.paths), "department": who.department}


@router.get("/spells")
async def list_spells(
    who: ReadWork,
    tx: Tx,
    paging: Paging,
    household_id: UUID | None = None,
    person_id: UUID | None = None,
    running: bool = False,
) -> Page[SpellOut]:
    """Jobs in one's area; `running` shows those that go on at the business date."""
    found = await service.spells_page(
        tx,
        household_id=household_id,
        person_id=person_id,
        running_on=await business_date(tx) if running else None,
        after=_after(paging),
        limit=paging.limit,
    )
    return paging.page(found, show=_spell, place=lambda spell: [str(spell.id)])


@router.get("/spells/{spell_id}")
async def read_spell(spell_id: UUID, who: ReadWork, tx: Tx, response: Response) -> SpellOut:
    """A job."""
    return _spell(await service.get_spell(tx, spell_id), response)


@router.patch("/spells/{spell_id}")
async def correct_spell(
    spell_id: UUID, body: SpellPatch, who: WriteWork, tx: Tx, version: IfMatch, response: Response
) -> SpellOut:
    """Correct what was stated of a job."""
    changes = {name: getattr(body, name) for name in body.model_fields_set}
    return _spell(await service.correct_spell(tx, spell_id, changes, version=version), response)


@router.post("/spells/{spell_id}:end")
async def end_spell(
    spell_id: UUID, body: Ending, who: WriteWork, tx: Tx, version: IfMatch, response: Response
) -> SpellOut:
    """The job ended; sent again with another day or reason, it corrects the end."""
    spell = await service.end_spell(tx, spell_id, ended_on=body.ended_on, reason=body.reason, version=version)
    return _spell(spell, response)


@router.post("/spells/{spell_id}:reopen")
async def reopen_spell(spell_id: UUID, who: WriteWork, tx: Tx, version: IfMatch, response: Response) -> SpellOut:
    """The job did not end after all."""
    return _spell(await service.reopen_spell(tx, spell_id, version=version), response)


@router.post("/spells/{spell_id}:void")
async def void_spell(spell_id: UUID, who: WriteWork, tx: Tx, version: IfMatch, response: Response) -> SpellOut:
    """There never was such a job."""
    return _spell(await service.void_spell(tx, spell_id, version=version), response)


@router.post("/wages", status_code=201)
async def report_wage(body: WageIn, who: WriteWages, tx: Tx, cipher: Cipher, response: Response) -> WageOut:
    """Record what a person was paid for a month; the same report again answers the same wage."""
    [outcome] = await service.report_wages(
        tx, [_report(body, "")], cipher=cipher, area=reporting_area(who.paths), department=who.department
    )
    wage = outcome.accepted()
    response.headers["Location"] = f"/v1/wages/{wage.id}"
    return _wage(wage, response)


@router.post("/wages:batch")
async def report_wages(body: WageBatch, who: WriteWages, tx: Tx, cipher: Cipher) -> BatchOut:
    """Record up to 500 wages; a row that is refused keeps none of the others out."""
    reports = [_report(item, f"/items/{index}") for index, item in enumerate(body.items)]
    outcomes = await service.report_wages(
        tx, reports, cipher=cipher, area=reporting_area(who.paths), department=who.department
    )
    return _batch([_row(index, outcome) for index, outcome in enumerate(outcomes)])


@router.get("/wages")
async def list_wages(
    who: ReadWages,
    tx: Tx,
    paging: Paging,
    household_id: UUID | None = None,
    spell_id: UUID | None = None,
    month: Annotated[MonthText | None, Query()] = None,
) -> Page[WageOut]:
    """Wages in one's area."""
    found = await service.wages_page(
        tx,
        household_id=household_id,
        spell_id=spell_id,
        month=Month.parse(month).first_day if month else None,
        after=_after(paging),
        limit=paging.limit,
    )
    return paging.page(found, show=_wage, place=lambda wage: [str(wage.id)])


@router.get("/wages/{wage_id}")
async def read_wage(wage_id: UUID, who: ReadWages, tx: Tx, response: Response) -> WageOut:
    """A wage."""
    return _wage(await service.get_wage(tx, wage_id), response)


@router.patch("/wages/{wage_id}")
async def correct_wage(
    wage_id: UUID, body: WagePatch, who: WriteWages, tx: Tx, version: IfMatch, response: Response
) -> WageOut:
    """Correct the amount."""
    return _wage(await service.correct_wage(tx, wage_id, amount=body.amount, version=version), response)


@router.post("/wages/{wage_id}:void")
async def void_wage(wage_id: UUID, who: WriteWages, tx: Tx, version: IfMatch, response: Response) -> WageOut:
    """The wage was never paid."""
    return _wage(await service.void_wage(tx, wage_id, version=version), response)


@router.get("/missed-wages")
async def list_missed_wages(
    who: ReadWages, tx: Tx, paging: Paging, household_id: UUID | None = None
) -> Page[MissedWageOut]:
    """Agreed wages whose pay day has passed, as far as they have not come."""
    found = await service.missed_page(tx, household_id=household_id, after=_after(paging), limit=paging.limit)
    return paging.page(found, show=_missed, place=lambda fact: [str(fact.id)])


def _after(paging: PageRequest) -> UUID | None:
    return UUID(str(paging.after[0])) if paging.after else None


def _report(body: WageIn, pointer: str) -> service.WageReport:
    return service.WageReport(
        person=body.person,
        month=Month.parse(body.month),
        amount=body.amount,
        channel=body.channel,
        spell_id=body.spell_id,
        pointer=pointer,
    )


def _shown(fact: service.Spell | service.Wage | service.MissedWage, model: Any) -> dict[str, Any]:
    own = {name: getattr(fact, name) for name in model.model_fields if hasattr(fact, name)}
    month = own.get("month")
    return own | ({"month": str(Month.of(month))} if isinstance(month, date) else {})


def _spell(spell: service.Spell, response: Response | None = None) -> SpellOut:
    if response is not None:
        response.headers["ETag"] = etag(spell.version)
    return SpellOut(**_shown(spell, SpellOut), matched=spell.household_id is not None)


def _wage(wage: service.Wage, response: Response | None = None) -> WageOut:
    if response is not None:
        response.headers["ETag"] = etag(wage.version)
    return WageOut(**_shown(wage, WageOut), matched=wage.household_id is not None)


def _missed(fact: service.MissedWage) -> MissedWageOut:
    return MissedWageOut(**_shown(fact, MissedWageOut))


def _row(index: int, outcome: service.Outcome[service.Wage]) -> RowOutcome:
    if outcome.fact is None:
        return RowOutcome(
            index=index, status=outcome.status, problem=fault(outcome.refusal) if outcome.refusal else None
        )
    wage = outcome.fact
    return RowOutcome(
        index=index,
        status=outcome.status,
        id=wage.id,
        matched=wage.household_id is not None,
        version=wage.version,
    )


async def _sheet(tx: Tx, part: service.SheetPart, after_row: int) -> SheetOut:
    refused = [
        SheetRow(row=row, status=outcome.status, problem=fault(outcome.refusal))
        for row, outcome in part.outcomes.items()
        if outcome.refusal is not None
    ]
    wrong = [
        SheetRow(row=found.row, status=service.Status.REFUSED, reference=found.reference, problem=_trouble(found))
        for found in part.problems
        if part.covers(found.row, after_row)
    ]
    waiting = [
        WaitingRow(row=row, candidates=tuple(CandidateOut(**asdict(item)) for item in found))
        for row, found in (await service.candidates(tx, part.waiting)).items()
    ]
    counts = Counter(outcome.status for outcome in part.outcomes.values())
    return SheetOut(
        recorded=counts[service.Status.RECORDED],
        corrected=counts[service.Status.CORRECTED],
        unchanged=counts[service.Status.UNCHANGED],
        refused=len({row.row for row in (*refused, *wrong)}),
        skipped=part.skipped,
        last_row=part.last_row,
        more=part.more,
        rows=tuple(sorted([*refused, *wrong], key=lambda row: row.row)),
        waiting=tuple(waiting),
    )


def _trouble(found: Problem) -> Fault:
    wording = Wording(title=Invalid.title_en, detail=found.cause_en, remedy=found.remedy_en)
    return Fault(
        code=found.kind.replace("_", "-"),
        detail=found.cause_zh,
        remedy=found.remedy_zh,
        pointer=f"cell:{found.reference}",
        en=wording,
    )


def _batch(rows: list[RowOutcome]) -> BatchOut:
    counts = {status: sum(row.status == status for row in rows) for status in service.Status}
    return BatchOut(
        recorded=counts[service.Status.RECORDED],
        unchanged=counts[service.Status.UNCHANGED],
        refused=counts[service.Status.REFUSED],
        items=tuple(rows),
    )
