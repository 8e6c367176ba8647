"""Money out and money back: disbursement, repayments, and taking a repayment back."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.ids import uuid7
from events.log import append
from kit.etag import require_version

from ...missed.queries import is_reported
from ...requests import service as requests
from .. import queries
from ..rules import (
    Account,
    Loan,
    LoanNumberTaken,
    LoanOpen,
    ReceiptKnown,
    Repayment,
    RepaymentUnknown,
    RepaymentVoided,
    ReportedByBank,
    Stage,
)
from . import publishing
from .accounts import Book, books, bring_in_line
from .applying import check_day, get_loan, to_change

_LENT = (Stage.DISBURSED, Stage.SETTLED)


async def disburse(tx: AsyncConnection, loan_id: UUID, *, loan_number: str, disbursed_on: date, version: int) -> Loan:
    """Pay the loan out; its plan begins, and what is due already is overdue at once.

    Raises:
        LoanUnknown, PreconditionFailed, WrongState, OutOfTime, LoanNumberTaken, ReportedByBank: as they say.
    """
    loan, on = await to_change(tx, loan_id, version, Stage.APPROVED)
    check_day(disbursed_on, loan.decided_on or loan.applied_on, on, "/disbursed_on")
    if await queries.number_taken(tx, department=loan.department, loan_number=loan_number):
        raise LoanNumberTaken
    if await is_reported(tx, household_id=loan.household_id, department=loan.department, loan_number=loan_number):
        raise ReportedByBank
    lent = replace(
        loan,
        revision=loan.revision + 1,
        stage=Stage.DISBURSED,
        loan_number=loan_number,
        disbursed_on=disbursed_on,
        principal_left=loan.amount,
    )
    await append(tx, publishing.disbursement(lent))
    [kept] = await bring_in_line(tx, [Book(lent, (), {})], on, replanned=True)
    await requests.settle(tx, [kept.household_id])
    return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """还款登记: what a bank received; `early` takes principal off, otherwise it pays the instalments in turn."""

    amount: Decimal
    paid_on: date
    receipt: str
    early: bool


async def repay(tx: AsyncConnection, loan_id: UUID, paid: Paid, *, department: str) -> Repayment:
    """Record a repayment; the same receipt again changes nothing.

    Raises:
        LoanUnknown, WrongState, OutOfTime, ReceiptKnown, PaidTooMuch: as they say.
    """
    loan, on = await to_change(tx, loan_id, None, *_LENT)
    check_day(paid.paid_on, loan.terms.disbursed_on, on, "/paid_on")
    [book] = await books(tx, [loan])
    for known in book.repayments:
        if known.receipt == paid.receipt and not known.void:
            return _same_or_refused(known, paid)
    zero = Decimal("0.00")
    new = Repayment(
        id=uuid7(), loan_id=loan_id, revision=0, void=False, paid_on=paid.paid_on, amount=paid.amount,
        early=paid.early, receipt=paid.receipt, principal=zero, interest=zero, department=department,
    )  # fmt: skip
    told = Book(_next(loan), [*book.repayments, new], book.delays)
    await bring_in_line(tx, [told], on, replanned=True)
    return await _repayment(tx, loan_id, new.id)


def _same_or_refused(known: Repayment, paid: Paid) -> Repayment:
    if (known.amount, known.paid_on, known.early) != (paid.amount, paid.paid_on, paid.early):
        raise ReceiptKnown
    return known


async def void_repayment(tx: AsyncConnection, loan_id: UUID, repayment_id: UUID, *, version: int) -> Repayment:
    """It was never paid, or came back: what it paid is owed again, and what is late by now is overdue.

    Raises:
        LoanUnknown, RepaymentUnknown, PreconditionFailed, RepaymentVoided: as they say.
        LoanOpen: the loan was settled, and another one of the product has been given since.
    """
    loan, on = await to_change(tx, loan_id, None, *_LENT)
    [book] = await books(tx, [loan])
    known = next((paid for paid in book.repayments if paid.id == repayment_id), None)
    if known is None:
        raise RepaymentUnknown
    require_version(known.revision, version)
    if known.void:
        raise RepaymentVoided
    if loan.stage == Stage.SETTLED and await _another_open(tx, loan):
        raise LoanOpen
    gone = replace(known, void=True, revision=known.revision + 1)
    told = _next(loan)
    await queries.put_repayments(tx, [gone])
    await append(tx, publishing.repaid(told, gone))
    others = [gone if paid.id == repayment_id else paid for paid in book.repayments]
    await bring_in_line(tx, [Book(told, others, book.delays)], on, replanned=True)
    return gone


async def _another_open(tx: AsyncConnection, loan: Loan) -> bool:
    standing = await queries.open_of(tx, loan.household_id)
    return any(other.product == loan.product and other.stage != Stage.APPLIED for other in standing)


async def account_of(tx: AsyncConnection, loan_id: UUID) -> tuple[Loan, Account | None]:
    """The loan and its ledger; no ledger before it is disbursed.

    Raises:
        LoanUnknown: not there, or out of scope.
    """
    loan = await get_loan(tx, loan_id)
    if loan.stage not in _LENT:
        return loan, None
    [book] = await books(tx, [loan])
    return loan, book.account


async def repayments_of(tx: AsyncConnection, loan_id: UUID) -> list[Repayment]:
    """All repayments of a loan in scope, void ones too.

    Raises:
        LoanUnknown: not there, or out of scope.
    """
    await get_loan(tx, loan_id)
    return (await queries.repayments_of(tx, [loan_id])).get(loan_id, [])


async def _repayment(tx: AsyncConnection, loan_id: UUID, repayment_id: UUID) -> Repayment:
    found = await queries.repayments_of(tx, [loan_id])
    return next(paid for paid in found[loan_id] if paid.id == repayment_id)


def _next(loan: Loan) -> Loan:
    return replace(loan, revision=loan.revision + 1)
