"""Routes of missed repayments, for banks; a certificate travels in the body only."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from directory.naming import PersonNamed, reporting_area
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.models import AnswerModel, RequestModel, Yuan
from kit.paging import Page, Paging
from kit.route import TransactionRoute
from kit.running import Cipher, Tx

from ..products.rules import Product
from . import service

router = APIRouter(prefix="/v1", tags=["missed 逾期报送"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("loans:read"))]
Write = Annotated[Principal, Depends(needs("loans:write"))]


class MissedIn(RequestModel):
    """逾期登记: an instalment that was not paid on its due date."""

    person: PersonNamed
    loan_number: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z-]+$")]
    product: Product
    due_on: date
    amount: Yuan


class MissedPatch(RequestModel):
    """逾期更正"""

    amount: Yuan


class CureIn(RequestModel):
    """归还登记"""

    cured_on: date


class MissedOut(AnswerModel):
    """逾期: as it stands; `matched` is false while the borrower is not registered."""

    id: UUID
    matched: bool
    person_id: UUID | None
    household_id: UUID | None
    region: str | None
    loan_number: str
    product: Product
    due_on: date
    amount: Decimal
    cured_on: date | None
    void: bool
    version: int


@router.post("/missed-repayments", status_code=201)
async def report_missed_repayment(body: MissedIn, who: Write, tx: Tx, cipher: Cipher, response: Response) -> MissedOut:
    """Report a missed repayment (publishes LoanOverdue); the same report again answers the same."""
    report = service.MissedReport(**{name: getattr(body, name) for name in MissedIn.model_fields})
    missed = await service.report_missed(
        tx, report, cipher=cipher, area=reporting_area(who.paths), department=who.department
    )
    response.headers["Location"] = f"/v1/missed-repayments/{missed.id}"
    return _shown(missed, response)


@router.get("/missed-repayments")
async def list_missed_repayments(
    who: Read, tx: Tx, paging: Paging, household_id: UUID | None = None, open: bool = False
) -> Page[MissedOut]:
    """Missed repayments in one's area; `open` shows those that are neither cured nor taken back."""
    after = UUID(str(paging.after[0])) if paging.after else None
    found = await service.page(tx, household_id=household_id, open_only=open, after=after, limit=paging.limit)
    return paging.page(found, show=_shown, place=lambda missed: [str(missed.id)])


@router.get("/missed-repayments/{missed_id}")
async def read_missed_repayment(missed_id: UUID, who: Read, tx: Tx, response: Response) -> MissedOut:
    """A missed repayment."""
    return _shown(await service.get_missed(tx, missed_id), response)


@router.patch("/missed-repayments/{missed_id}")
async def correct_missed_repayment(
    missed_id: UUID, body: MissedPatch, who: Write, tx: Tx, version: IfMatch, response: Response
) -> MissedOut:
    """Correct the amount."""
    return _shown(await service.correct_missed(tx, missed_id, amount=body.amount, version=version), response)


@router.post("/missed-repayments/{missed_id}:cure")
async def cure_missed_repayment(
    missed_id: UUID, body: CureIn, who: Write, tx: Tx, version: IfMatch, response: Response
) -> MissedOut:
    """The delay is over (publishes LoanCured)."""
    return _shown(await service.cure_missed(tx, missed_id, cured_on=body.cured_on, version=version), response)


@router.post("/missed-repayments/{missed_id}:reopen")
async def reopen_missed_repayment(
    missed_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response
) -> MissedOut:
    """It was not cured after all."""
    return _shown(await service.reopen_missed(tx, missed_id, version=version), response)


@router.post("/missed-repayments/{missed_id}:void")
async def void_missed_repayment(missed_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response) -> MissedOut:
    """It was never missed."""
    return _shown(await service.void_missed(tx, missed_id, version=version), response)


def _shown(missed: service.MissedRepayment, response: Response | None = None) -> MissedOut:
    if response is not None:
        response.headers["ETag"] = etag(missed.version)
    own = {name: getattr(missed, name) for name in MissedOut.model_fields if hasattr(missed, name)}
    return MissedOut(**own, matched=missed.household_id is not None)
