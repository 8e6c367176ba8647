"""Routes of public payments; a certificate travels in the body only."""

from dataclasses import asdict
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response

from directory.naming import reporting_area
from directory.people import business_date
from income.months import Month
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.paging import Page, PageRequest, Paging
from kit.route import AuditedRoute, TransactionRoute
from kit.running import Cipher, Tx

from . import service
from .models import (
    AnsweredLineIn,
    AnswerIn,
    BatchIn,
    BatchOut,
    FileIn,
    FileOut,
    LineOut,
    NewPurpose,
    PurposeIn,
    PurposeOut,
    TimelinessOut,
    TransferOut,
    Withdrawal,
)

router = APIRouter(prefix="/v1", tags=["transfers 转移支付"], route_class=TransactionRoute)
audited = APIRouter(prefix="/v1", tags=["transfers 转移支付"], route_class=AuditedRoute)

Read = Annotated[Principal, Depends(needs("transfers:read"))]
Write = Annotated[Principal, Depends(needs("transfers:write"))]
Approve = Annotated[Principal, Depends(needs("transfers:approve"))]

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/transfer-purposes")
async def list_purposes(who: Read, tx: Tx) -> list[PurposeOut]:
    """The purposes of public money, those out of use too."""
    return [_purpose(purpose) for purpose in (await service.PURPOSES.all(tx)).values()]


@router.post("/transfer-purposes", status_code=201)
async def add_purpose(body: NewPurpose, who: Write, tx: Tx, response: Response) -> PurposeOut:
    """Put a purpose into the list; the city's right."""
    return _purpose(await service.PURPOSES.add(tx, body.code, _terms(body), paths=who.paths), response)


@router.put("/transfer-purposes/{code}")
async def change_purpose(
    code: Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,39}$")],
    body: PurposeIn,
    who: Write,
    tx: Tx,
    version: IfMatch,
    response: Response,
) -> PurposeOut:
    """Correct a purpose, or take it out of use."""
    found = await service.PURPOSES.change(tx, code, _terms(body), paths=who.paths, version=version)
    return _purpose(found, response)


@router.post("/transfer-files", status_code=201)
async def take_file(body: FileIn, who: Write, tx: Tx, cipher: Cipher) -> FileOut:
    """Note what a department's file says is owed; whole or not at all, the same lines again change nothing."""
    told: dict[str, Any] = {name: getattr(body, name) for name in ("reference", "purpose", "due_on", "total")}
    file = service.TransferFile(
        **told,
        first_month=Month.parse(body.first_month).first_day,
        last_month=Month.parse(body.last_month).first_day,
        lines=[
            service.FileLine(number=line.number, household=line.household, amount=line.amount) for line in body.lines
        ],
    )
    found, new = await service.take_file(
        tx, file, cipher=cipher, area=reporting_area(who.paths), department=who.department
    )
    return FileOut(
        taken=new,
        unchanged=len(found) - new,
        unmatched=sum(one.household_id is None for one in found),
        transfers=tuple(_transfer(one) for one in found),
    )


@router.get("/transfers")
async def list_transfers(
    who: Read,
    tx: Tx,
    paging: Paging,
    purpose: str | None = None,
    state: service.TransferState | None = None,
    household_id: UUID | None = None,
    person_id: UUID | None = None,
    approval_id: UUID | None = None,
    unmatched: bool = False,
) -> Page[TransferOut]:
    """What is owed and was paid in one's area; `unmatched`: to persons who are not registered yet."""
    filters: dict[str, object] = {
        "purpose": purpose,
        "state": state and state.value,
        "household_id": household_id,
        "person_id": person_id,
        "approval_id": approval_id,
    }
    found = await service.transfers_page(tx, filters, unmatched=unmatched, after=_after(paging), limit=paging.limit)
    return paging.page(found, show=_transfer, place=lambda transfer: [str(transfer.id)])


@router.get("/transfers/{transfer_id}")
async def read_transfer(transfer_id: UUID, who: Read, tx: Tx, response: Response) -> TransferOut:
    """A payment."""
    return _transfer(await service.get_transfer(tx, transfer_id), response)


@router.post("/transfers/{transfer_id}:retry")
async def retry_transfer(transfer_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response) -> TransferOut:
    """What came back waits for another batch."""
    return _transfer(await service.retry(tx, transfer_id, version=version), response)


@router.post("/transfers/{transfer_id}:withdraw")
async def withdraw_transfer(
    transfer_id: UUID, body: Withdrawal, who: Write, tx: Tx, version: IfMatch, response: Response
) -> TransferOut:
    """It will not be paid (publishes TransferReturned)."""
    return _transfer(await service.withdraw(tx, transfer_id, reason=body.reason, version=version), response)


@router.post("/payment-batches", status_code=201)
async def prepare_batch(body: BatchIn, who: Write, tx: Tx, response: Response) -> BatchOut:
    """Put what waits of a purpose into a batch."""
    batch = await service.prepare(tx, body.purpose, due_by=body.due_by, area=reporting_area(who.paths), by=who.subject)
    response.headers["Location"] = f"/v1/payment-batches/{batch.id}"
    return _batch(batch, response)


@router.get("/payment-batches")
async def list_batches(
    who: Read, tx: Tx, paging: Paging, purpose: str | None = None, state: service.BatchState | None = None
) -> Page[BatchOut]:
    """Batches of one's area."""
    filters: dict[str, object] = {"purpose": purpose, "state": state and state.value}
    found = await service.batches_page(tx, filters, after=_after(paging), limit=paging.limit)
    return paging.page(found, show=_batch, place=lambda batch: [str(batch.id)])


@router.get("/payment-batches/{batch_id}")
async def read_batch(batch_id: UUID, who: Read, tx: Tx, response: Response) -> BatchOut:
    """A batch."""
    return _batch(await service.get_batch(tx, batch_id), response)


@router.get("/payment-batches/{batch_id}/lines")
async def list_lines(batch_id: UUID, who: Read, tx: Tx) -> list[LineOut]:
    """The lines of a batch and what the bank said of each, 500 at most."""
    await service.get_batch(tx, batch_id)
    return [LineOut(**_own(line, LineOut)) for line in (await service.lines_of(tx, batch_id)).values()]


@router.post("/payment-batches/{batch_id}:release")
async def release_batch(batch_id: UUID, who: Approve, tx: Tx, version: IfMatch, response: Response) -> BatchOut:
    """A second person releases the batch; from now on there is a payment file."""
    return _batch(await service.release(tx, batch_id, version=version, by=who.subject), response)


@router.post("/payment-batches/{batch_id}:dissolve")
async def dissolve_batch(batch_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response) -> BatchOut:
    """The batch is not released; its payments wait again."""
    return _batch(await service.dissolve(tx, batch_id, version=version), response)


@audited.get("/payment-batches/{batch_id}/payment-file")
async def read_payment_file(batch_id: UUID, who: Read, tx: Tx) -> Response:
    """The payment file of a released batch (xlsx): number, household number, masked name, amount, total."""
    headers = {"content-disposition": f'attachment; filename="payment-{batch_id}.xlsx"'}
    return Response(await service.payment_file(tx, batch_id), media_type=_XLSX, headers=headers)


@router.post("/payment-batches/{batch_id}:reconcile")
async def reconcile_batch(
    batch_id: UUID, body: AnswerIn, who: Write, tx: Tx, version: IfMatch, response: Response
) -> BatchOut:
    """Take the bank's answer (publishes TransferPaid, TransferReturned); whole or not at all, to the cent."""
    answer = service.Answer(lines=[_answered(line) for line in body.lines], paid=body.paid, returned=body.returned)
    return _batch(await service.reconcile(tx, batch_id, answer, version=version), response)


@router.get("/transfer-timeliness")
async def read_timeliness(who: Read, tx: Tx, year: Annotated[int, Query(ge=2021, le=2100)]) -> list[TimelinessOut]:
    """Whether what was planned for a year was paid in time and in full, by purpose and county."""
    found = await service.timeliness(tx, year, await business_date(tx))
    return [
        TimelinessOut(**asdict(one), in_full=one.paid_amount == one.due_amount if one.due else None) for one in found
    ]


def _after(paging: PageRequest) -> UUID | None:
    return UUID(str(paging.after[0])) if paging.after else None


def _own(row: object, model: type[Any]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in model.model_fields if hasattr(row, name)}


def _terms(body: PurposeIn) -> dict[str, object]:
    return {name: getattr(body, name) for name in PurposeIn.model_fields}


def _answered(line: AnsweredLineIn) -> service.AnsweredLine:
    on = line.paid_on or line.returned_on
    assert on is not None  # noqa: S101 - the model asked for one of them
    return service.AnsweredLine(number=line.number, amount=line.amount, on=on, reason=line.reason)


def _purpose(purpose: service.Purpose, response: Response | None = None) -> PurposeOut:
    if response is not None:
        response.headers["ETag"] = etag(purpose.version)
    return PurposeOut(**_own(purpose, PurposeOut))


def _transfer(transfer: service.Transfer, response: Response | None = None) -> TransferOut:
    if response is not None:
        response.headers["ETag"] = etag(transfer.version)
    months = {name: str(Month.of(getattr(transfer, name))) for name in ("first_month", "last_month")}
    return TransferOut(**_own(transfer, TransferOut) | months, matched=transfer.household_id is not None)


def _batch(batch: service.Batch, response: Response | None = None) -> BatchOut:
    if response is not None:
        response.headers["ETag"] = etag(batch.version)
    return BatchOut(**_own(batch, BatchOut))
