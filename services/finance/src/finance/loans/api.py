"""Routes of loans, for banks; a certificate travels in the body only."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from directory.naming import reporting_area
from directory.people import business_date
from kit import policy
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.paging import Page, Paging
from kit.route import TransactionRoute
from kit.running import Cipher, Tx

from ..products.rules import Product
from . import service
from .rules import Loan, Stage
from .views import (
    ApproveIn,
    DisburseIn,
    LoanIn,
    LoanOut,
    RejectIn,
    RepaymentIn,
    RepaymentOut,
    ScheduleOut,
    loan_out,
    repayment_out,
    schedule_out,
)

router = APIRouter(prefix="/v1", tags=["loans 贷款"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("loans:read"))]
Write = Annotated[Principal, Depends(needs("loans:write"))]


@router.post("/loans", status_code=201)
async def apply_for_loan(body: LoanIn, who: Write, tx: Tx, cipher: Cipher, response: Response) -> LoanOut:
    """Take an application in (publishes LoanApplied); the same again answers the same."""
    asked = service.Application(**{name: getattr(body, name) for name in LoanIn.model_fields})
    loan = await service.apply(tx, asked, cipher=cipher, area=reporting_area(who.paths), department=who.department)
    response.headers["Location"] = f"/v1/loans/{loan.id}"
    return await _shown(tx, loan, response)


@router.get("/loans")
async def list_loans(
    who: Read,
    tx: Tx,
    paging: Paging,
    household_id: UUID | None = None,
    stage: Stage | None = None,
    product: Product | None = None,
    overdue_days: Annotated[int | None, Query(ge=1, le=3650)] = None,
) -> Page[LoanOut]:
    """Loans in one's area; `overdue_days` keeps those overdue for so many days or more on the business date."""
    on, book = await business_date(tx), await policy.load(tx)
    found = await service.page(
        tx,
        household_id=household_id,
        stage=stage,
        product=product,
        overdue_by=None if overdue_days is None else (on, overdue_days),
        after=UUID(str(paging.after[0])) if paging.after else None,
        limit=paging.limit,
    )
    return paging.page(found, show=lambda loan: loan_out(loan, on, book), place=lambda loan: [str(loan.id)])


@router.get("/loans/{loan_id}")
async def read_loan(loan_id: UUID, who: Read, tx: Tx, response: Response) -> LoanOut:
    """A loan."""
    return await _shown(tx, await service.get_loan(tx, loan_id), response)


@router.post("/loans/{loan_id}:approve")
async def approve_loan(
    loan_id: UUID, body: ApproveIn, who: Write, tx: Tx, version: IfMatch, response: Response
) -> LoanOut:
    """Approve (publishes LoanApproved) if every condition is met; else each one that is not is named."""
    approval = service.Approval(**{name: getattr(body, name) for name in ApproveIn.model_fields})
    return await _shown(tx, await service.approve(tx, loan_id, approval, version=version), response)


@router.post("/loans/{loan_id}:reject")
async def reject_loan(
    loan_id: UUID, body: RejectIn, who: Write, tx: Tx, version: IfMatch, response: Response
) -> LoanOut:
    """Turn down, or withdraw (publishes LoanRejected)."""
    loan = await service.reject(tx, loan_id, reason=body.reason, rejected_on=body.rejected_on, version=version)
    return await _shown(tx, loan, response)


@router.post("/loans/{loan_id}:disburse")
async def disburse_loan(
    loan_id: UUID, body: DisburseIn, who: Write, tx: Tx, version: IfMatch, response: Response
) -> LoanOut:
    """Pay out (publishes LoanDisbursed and LoanScheduled)."""
    loan = await service.disburse(
        tx, loan_id, loan_number=body.loan_number, disbursed_on=body.disbursed_on, version=version
    )
    return await _shown(tx, loan, response)


@router.get("/loans/{loan_id}/schedule")
async def read_schedule(loan_id: UUID, who: Read, tx: Tx) -> ScheduleOut:
    """The instalments as they now stand; none before disbursement."""
    on = await business_date(tx)
    loan, account = await service.account_of(tx, loan_id)
    return schedule_out(loan, account, on)


@router.post("/loans/{loan_id}/repayments", status_code=201)
async def record_repayment(loan_id: UUID, body: RepaymentIn, who: Write, tx: Tx, response: Response) -> RepaymentOut:
    """Record a repayment (publishes RepaymentReceived, LoanScheduled, LoanCured, LoanSettled as it follows)."""
    paid = service.Paid(**{name: getattr(body, name) for name in RepaymentIn.model_fields})
    return repayment_out(await service.repay(tx, loan_id, paid, department=who.department), response)


@router.get("/loans/{loan_id}/repayments")
async def list_repayments(loan_id: UUID, who: Read, tx: Tx) -> list[RepaymentOut]:
    """All repayments of a loan, those taken back too."""
    return [repayment_out(paid) for paid in await service.repayments_of(tx, loan_id)]


@router.post("/loans/{loan_id}/repayments/{repayment_id}:void")
async def void_repayment(
    loan_id: UUID, repayment_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response
) -> RepaymentOut:
    """It was not paid after all."""
    return repayment_out(await service.void_repayment(tx, loan_id, repayment_id, version=version), response)


async def _shown(tx: Tx, loan: Loan, response: Response) -> LoanOut:
    response.headers["ETag"] = etag(loan.revision)
    return loan_out(loan, await business_date(tx), await policy.load(tx))
