"""Routes of reports and contests for staff."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from kit import audit
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.paging import Page, Paging
from kit.route import AuditedRoute, TransactionRoute
from kit.running import Cipher, Tx

from ..regions import service as regions
from ..registry import service as registry
from . import service
from .models import (
    CodeOut,
    ContestIn,
    ContestOut,
    ContestSettling,
    HotlineIn,
    Linking,
    ReadingOut,
    Receipt,
    ReportOut,
    SaidOut,
    Settling,
)
from .rules import ReportState

router = APIRouter(prefix="/v1", tags=["reports 申报"], route_class=TransactionRoute)
audited = APIRouter(prefix="/v1", tags=["reports 申报"], route_class=AuditedRoute)

Read = Annotated[Principal, Depends(needs("reports:read"))]
Write = Annotated[Principal, Depends(needs("reports:write"))]


@router.post("/hotline-reports", status_code=201)
async def take_report(body: HotlineIn, who: Write, tx: Tx, cipher: Cipher) -> Receipt:
    """Write down what somebody says on the phone or at home."""
    filing = body.filing(body.channel, body.household_id)
    row, receipt = await service.file_report(tx, filing, cipher=cipher)
    return Receipt(receipt=receipt, filed_on=row.filed_on)


@router.get("/self-reports")
async def list_reports(
    who: Read,
    tx: Tx,
    paging: Paging,
    state: ReportState | None = None,
    path: Annotated[str, Query(max_length=80, pattern=r"^(\d+/)*$")] = "",
) -> Page[ReportOut]:
    """Reports of one's area in the order in which they were filed."""
    after = UUID(str(paging.after[0])) if paging.after else None
    rows = await service.reports_page(tx, state=state, path=path, after=after, limit=paging.limit)
    shown = {item.id: item for item in await _shown(tx, rows)}
    return paging.page(rows, show=lambda row: shown[row.id], place=lambda row: [str(row.id)])


@audited.get("/self-reports/{report_id}")
async def read_report(report_id: UUID, who: Read, tx: Tx, response: Response) -> ReportOut:
    """One report, without what was said."""
    return await _one(tx, await service.get_report(tx, report_id), response)


@router.post("/self-reports/{report_id}:reveal")
async def reveal_report(report_id: UUID, who: Write, tx: Tx, cipher: Cipher) -> SaidOut:
    """Show what was said and how to reach who said it; audited, for the household too."""
    row = await service.get_report(tx, report_id)
    if row.household_id is not None:
        await audit.record(tx, action="reveal_report", entity="households", entity_id=row.household_id)
    text, contact = service.said(row, cipher)
    return SaidOut(id=row.id, text=text, contact=contact)


@router.post("/self-reports/{report_id}:accept")
async def accept_report(report_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response) -> ReportOut:
    """Take a report in hand."""
    return await _one(tx, await service.accept_report(tx, report_id, version=version), response)


@router.post("/self-reports/{report_id}:link")
async def link_report(
    report_id: UUID, body: Linking, who: Write, tx: Tx, version: IfMatch, response: Response
) -> ReportOut:
    """Say whose report it is."""
    row = await service.link_report(tx, report_id, body.household_id, version=version)
    return await _one(tx, row, response)


@router.post("/self-reports/{report_id}:settle")
async def settle_report(
    report_id: UUID, body: Settling, who: Write, tx: Tx, version: IfMatch, response: Response
) -> ReportOut:
    """Say what came of it."""
    return await _one(tx, await service.settle_report(tx, report_id, outcome=body.outcome, version=version), response)


@router.post("/households/{household_id}/contests", status_code=201)
async def raise_contest(
    household_id: UUID, body: ContestIn, who: Write, tx: Tx, cipher: Cipher, response: Response
) -> ContestOut:
    """Write down that the household contests a fact."""
    text = body.text.get_secret_value() if body.text else None
    return _contest(await service.raise_contest(tx, household_id, body.fact_id, text=text, cipher=cipher), response)


@router.get("/households/{household_id}/contests")
async def list_contests(household_id: UUID, who: Read, tx: Tx) -> list[ContestOut]:
    """What the household contests and contested, the latest first."""
    await registry.get_household(tx, household_id)
    return [ContestOut.model_validate(asdict(row)) for row in await service.contests_of(tx, household_id=household_id)]


@router.post("/contests/{contest_id}:settle")
async def settle_contest(
    contest_id: UUID, body: ContestSettling, who: Write, tx: Tx, version: IfMatch, response: Response
) -> ContestOut:
    """Say how a contest ended; a correction itself is made where the fact stands."""
    return _contest(await service.settle_contest(tx, contest_id, outcome=body.outcome, version=version), response)


@router.get("/households/{household_id}/readings")
async def list_readings(household_id: UUID, who: Read, tx: Tx) -> list[ReadingOut]:
    """Who read, found or revealed something of the household, the latest first, 200 at most."""
    found = await service.readers(tx, household_id)
    return [
        ReadingOut(
            at=item.at,
            department=item.department,
            subject=item.subject,
            action=item.action,
            what=service.ACTIONS[item.action],
        )
        for item in found
    ]


@router.post("/households/{household_id}/door-codes", status_code=201)
async def issue_code(household_id: UUID, who: Write, tx: Tx, cipher: Cipher) -> CodeOut:
    """A new code by which the household asks about itself without login."""
    return CodeOut(code=await service.issue_code(tx, household_id, cipher=cipher))


async def _shown(tx: Tx, rows: list[service.Report]) -> list[ReportOut]:
    limits, today = await service.last_day_to_accept(tx, rows), await regions.today(tx)
    shown = []
    for row in rows:
        last = limits[row.id]
        overdue = row.state is ReportState.FILED and last is not None and today > last
        told = {name: getattr(row, name) for name in ReportOut.model_fields if hasattr(row, name)}
        shown.append(ReportOut(**told, accept_by=last, overdue=overdue))
    return shown


async def _one(tx: Tx, row: service.Report, response: Response) -> ReportOut:
    response.headers["ETag"] = etag(row.version)
    return (await _shown(tx, [row]))[0]


def _contest(row: service.Contest, response: Response) -> ContestOut:
    response.headers["ETag"] = etag(row.version)
    return ContestOut.model_validate(asdict(row))
