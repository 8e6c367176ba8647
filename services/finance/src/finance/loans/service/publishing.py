"""The events of a loan as it stands; each kind is a fact of its own, in the revision of the loan."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from directory.rows import event_of
from events.catalog import finance
from events.catalog.base import Event
from events.ids import derived_id
from events.log import NewEvent
from events.received import Received
from kit.clock import midnight

from ..rules import Account, Delay, Due, Loan, Repayment, Stage

Cause = Received[Any] | None


def application(loan: Loan, cause: Cause = None) -> Iterator[NewEvent]:
    """LoanApplied, and LoanRejected where that was the answer: all that can be told of an unmatched loan."""
    applied = finance.LoanApplied(
        person_id=loan.person_id,
        loan_id=loan.id,
        product=loan.product,
        amount=loan.amount,
        months=loan.months,
        use=loan.use,
        applied_on=loan.applied_on,
    )
    yield _event(loan, applied, loan.applied_on, "loan-applied", cause=cause)
    if loan.stage == Stage.REJECTED:
        yield rejection(loan, cause)


def rejection(loan: Loan, cause: Cause = None) -> NewEvent:
    """LoanRejected."""
    assert loan.decided_on is not None  # noqa: S101
    rejected = finance.LoanRejected(
        person_id=loan.person_id,
        loan_id=loan.id,
        product=loan.product,
        reason=loan.rejection or "other",
        rejected_on=loan.decided_on,
    )
    return _event(loan, rejected, loan.decided_on, "loan-rejected", cause=cause)


def approval(loan: Loan) -> NewEvent:
    """LoanApproved."""
    assert loan.decided_on is not None  # noqa: S101
    assert loan.annual_rate is not None  # noqa: S101
    approved = finance.LoanApproved(
        person_id=loan.person_id,
        loan_id=loan.id,
        product=loan.product,
        amount=loan.amount,
        months=loan.months,
        annual_rate=loan.annual_rate,
        approved_on=loan.decided_on,
    )
    return _event(loan, approved, loan.decided_on, "loan-approved")


def disbursement(loan: Loan) -> NewEvent:
    """LoanDisbursed."""
    terms = loan.terms
    disbursed = finance.LoanDisbursed(
        person_id=loan.person_id,
        loan_id=loan.id,
        loan_number=loan.loan_number or "",
        product=loan.product,
        amount=loan.amount,
        annual_rate=terms.annual_rate,
        method=terms.method,
        disbursed_on=terms.disbursed_on,
        matures_on=terms.due_dates[-1],
    )
    return _event(loan, disbursed, terms.disbursed_on, "loan-disbursed")


def plan(loan: Loan, account: Account) -> NewEvent:
    """LoanScheduled: the whole plan as it now stands."""
    scheduled = finance.LoanScheduled(
        person_id=loan.person_id,
        loan_id=loan.id,
        product=loan.product,
        disbursed_on=loan.terms.disbursed_on,
        instalments=tuple(_instalment(due) for due in account.dues if due.line.amount),
    )
    return _event(loan, scheduled, loan.terms.disbursed_on, "loan-scheduled")


def _instalment(due: Due) -> finance.Instalment:
    paid = tuple(finance.PaidPart(on=part.on, amount=part.amount) for part in due.parts)
    return finance.Instalment(number=due.line.number, due_on=due.line.due_on, amount=due.line.amount, paid=paid)


def settlement(loan: Loan, on: date, *, void: bool = False) -> NewEvent:
    """LoanSettled, or that it is not settled after all."""
    settled = finance.LoanSettled(person_id=loan.person_id, loan_id=loan.id, product=loan.product, settled_on=on)
    return replace(_event(loan, settled, on, "loan-settled"), void=void)


def repaid(loan: Loan, repayment: Repayment) -> NewEvent:
    """RepaymentReceived."""
    received = finance.RepaymentReceived(
        person_id=loan.person_id,
        loan_id=loan.id,
        product=loan.product,
        amount=repayment.amount,
        principal=repayment.principal,
        interest=repayment.interest,
        paid_on=repayment.paid_on,
    )
    event = _event(loan, received, repayment.paid_on, "repayment")
    return replace(event, fact_id=repayment.id, revision=repayment.revision, void=repayment.void)


def delayed(loan: Loan, told: Iterable[tuple[Delay, Delay | None]], cause: Cause = None) -> Iterator[NewEvent]:
    """LoanOverdue and LoanCured for what changed of the delays."""
    for delay, before in told:
        if before is None or delay.revision != before.revision:
            yield _overdue(loan, delay, cause)
        if delay.cure_revision != (before.cure_revision if before else 0):
            yield _cured(loan, delay, before, cause)


def _overdue(loan: Loan, delay: Delay, cause: Cause) -> NewEvent:
    overdue = finance.LoanOverdue(
        person_id=loan.person_id,
        loan_number=loan.loan_number or "",
        product=loan.product,
        due_on=delay.due_on,
        amount=delay.amount,
    )
    event = _event(loan, overdue, delay.due_on, "loan-overdue", cause=cause)
    return replace(event, fact_id=delay.id, revision=delay.revision, void=delay.void)


def _cured(loan: Loan, delay: Delay, before: Delay | None, cause: Cause) -> NewEvent:
    on = delay.cured_on or (before.cured_on if before else None) or delay.due_on
    cured = finance.LoanCured(
        person_id=loan.person_id, loan_number=loan.loan_number or "", overdue_fact_id=delay.id, cured_on=on
    )
    event = _event(loan, cured, on, "loan-cured", cause=cause)
    fact_id = derived_id("loan-cured", delay.id)
    return replace(event, fact_id=fact_id, revision=delay.cure_revision, void=delay.cured_on is None)


def delay_id(loan_id: UUID, number: int) -> UUID:
    """The fact of an instalment's delay."""
    return derived_id("loan-delay", loan_id, number)


def _event(loan: Loan, event: Event, on: date, fact: str, *, cause: Cause = None) -> NewEvent:
    return replace(event_of(event, loan, midnight(on), cause=cause), fact_id=derived_id(fact, loan.id))
