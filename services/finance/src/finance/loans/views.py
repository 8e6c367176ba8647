"""Requests and answers of loans."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import Field

from directory.naming import PersonNamed
from kit.etag import etag
from kit.models import AnswerModel, RequestModel, Yuan
from kit.policy_book import PolicyBook

from ..products.rules import LoanUse, Product
from .rules import ZERO, Account, Due, Loan, Method, Rejection, Repayment, Stage, bucket

Months = Annotated[int, Field(ge=1, le=120)]
Rate = Annotated[Decimal, Field(ge=0, le=100, max_digits=7, decimal_places=4)]
Number = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z-]+$")]


class LoanIn(RequestModel):
    """贷款申请"""

    person: PersonNamed
    product: Product
    amount: Yuan
    months: Months
    use: LoanUse
    method: Method
    applied_on: date


class ApproveIn(RequestModel):
    """审批通过: terms not above what was asked; `annual_rate` in percent, fixed for the contract."""

    amount: Yuan
    months: Months
    annual_rate: Rate
    approved_on: date


class RejectIn(RequestModel):
    """未通过或撤回"""

    reason: Rejection
    rejected_on: date


class DisburseIn(RequestModel):
    """放款"""

    loan_number: Number
    disbursed_on: date


class RepaymentIn(RequestModel):
    """还款登记: `receipt` is the bank's 流水号; `early` takes principal off, else the instalments are paid in turn."""

    amount: Yuan
    paid_on: date
    receipt: Number
    early: bool = False


class LoanOut(AnswerModel):
    """贷款: as it stands on the business date; `matched` is false while the borrower is not registered.

    `overdue_days` counts from the oldest instalment not paid; `overdue_bucket` is the highest bucket of days reached.
    """

    id: UUID
    matched: bool
    person_id: UUID | None
    household_id: UUID | None
    region: str | None
    product: Product
    amount: Decimal
    months: int
    use: LoanUse
    method: Method
    stage: Stage
    applied_on: date
    decided_on: date | None
    rejection: Rejection | None
    annual_rate: Decimal | None
    loan_number: str | None
    disbursed_on: date | None
    settled_on: date | None
    principal_left: Decimal
    overdue_since: date | None
    overdue_days: int
    overdue_bucket: int | None
    version: int


class InstalmentOut(AnswerModel):
    """一期: what is due, what of it is not paid yet, and since when it is paid in full."""

    number: int
    due_on: date
    principal: Decimal
    interest: Decimal
    unpaid: Decimal
    paid_up_on: date | None


class ScheduleOut(AnswerModel):
    """还款计划: `payoff` settles the loan on the business date."""

    loan_id: UUID
    on: date
    instalments: list[InstalmentOut]
    principal_left: Decimal
    owed: Decimal
    payoff: Decimal


class RepaymentOut(AnswerModel):
    """还款: split into principal and interest without remainder."""

    id: UUID
    loan_id: UUID
    paid_on: date
    amount: Decimal
    principal: Decimal
    interest: Decimal
    early: bool
    receipt: str
    void: bool
    version: int


def loan_out(loan: Loan, on: date, book: PolicyBook) -> LoanOut:
    """A loan as answers carry it."""
    own = {name: getattr(loan, name) for name in LoanOut.model_fields if hasattr(loan, name)}
    days = (on - loan.overdue_since).days if loan.overdue_since else 0
    return LoanOut(
        **own,
        matched=loan.household_id is not None,
        version=loan.revision,
        overdue_days=days,
        overdue_bucket=bucket(days, loan.path, on, book),
    )


def schedule_out(loan: Loan, account: Account | None, on: date) -> ScheduleOut:
    """A plan as answers carry it; empty before disbursement."""
    return ScheduleOut(
        loan_id=loan.id,
        on=on,
        instalments=[_instalment(due) for due in account.dues] if account else [],
        principal_left=account.principal if account else ZERO,
        owed=account.owed if account else ZERO,
        payoff=account.payoff(on) if account else ZERO,
    )


def _instalment(due: Due) -> InstalmentOut:
    return InstalmentOut(
        number=due.line.number,
        due_on=due.line.due_on,
        principal=due.line.principal,
        interest=due.line.interest,
        unpaid=due.unpaid,
        paid_up_on=due.paid_up_on if due.parts else None,
    )


def repayment_out(paid: Repayment, response: Response | None = None) -> RepaymentOut:
    """A repayment as answers carry it, with its ETag."""
    if response is not None:
        response.headers["ETag"] = etag(paid.revision)
    own = {name: getattr(paid, name) for name in RepaymentOut.model_fields if hasattr(paid, name)}
    return RepaymentOut(**own, version=paid.revision)
