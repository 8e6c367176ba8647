"""Bringing what is stored and told of loans in line with their ledgers on the business date."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.people import today
from events.locks import locked
from events.log import NewEvent, append
from events.received import Received

from .. import queries
from ..rules import Account, Delay, Due, Loan, Repayment, Stage, look_on, overdue_since, tell
from . import publishing

AT_ONCE = 400
"""Loans looked at in one transaction; a transaction may lock 500 keys."""


@dataclass(frozen=True, slots=True)
class Book:
    """账册: a loan with its repayments and what was told of its delays, as stored."""

    loan: Loan
    repayments: Sequence[Repayment]
    delays: dict[int, Delay]

    @property
    def account(self) -> Account:
        """What the repayments pay."""
        return Account.of(self.loan.terms, [paid.payment for paid in self.repayments if not paid.void])


async def books(tx: AsyncConnection, loans: Iterable[Loan]) -> list[Book]:
    """The books of loans, in two statements."""
    known = list(loans)
    ids = [loan.id for loan in known]
    repaid, delays = await queries.repayments_of(tx, ids), await queries.delays_of(tx, ids)
    return [Book(loan, repaid.get(loan.id, ()), delays.get(loan.id, {})) for loan in known]


async def find_overdue(
    tx: AsyncConnection, *, after: UUID | None = None, cause: Received[Any] | None = None
) -> UUID | None:
    """Publish the instalments that time has made overdue by the business date, for up to 400 loans.

    Returns:
        The last loan looked at, to go on after; None when all were.
    """
    on = await today(tx)
    passed = await queries.passed_due(tx, on=on, after=after, most=AT_ONCE)
    await locked(tx, {loan.key for loan in passed})
    standing = await queries.by_id(tx, [loan.id for loan in passed], to_change=True)
    due = [loan for loan in standing.values() if loan.look_on is not None and loan.look_on <= on]
    await bring_in_line(tx, await books(tx, due), on, cause=cause)
    return passed[-1].id if len(passed) == AT_ONCE else None


async def bring_in_line(
    tx: AsyncConnection, kept: Sequence[Book], on: date, *, replanned: bool = False, cause: Received[Any] | None = None
) -> list[Loan]:
    """Store and publish what the ledgers say on a day and was not told yet; `replanned` tells the plan anew too.

    Raises:
        PaidTooMuch: a repayment is more than was owed on its day.
    """
    steps = [_step(book, on) for book in kept]
    await queries.put_loans(tx, [step.loan for step in steps])
    await queries.put_repayments(tx, [paid for step in steps for paid in step.split])
    await queries.put_delays(tx, [delay for step in steps for delay, _ in step.told])
    await append(tx, *(event for step in steps for event in _events(step, replanned, cause)))
    return [step.loan for step in steps]


@dataclass(frozen=True, slots=True)
class _Step:
    before: Loan
    loan: Loan
    account: Account
    split: list[Repayment]
    told: list[tuple[Delay, Delay | None]]


def _step(book: Book, on: date) -> _Step:
    account = book.account
    told = list(tell(account, on, book.delays, partial(_new_delay, book.loan.id)))
    return _Step(book.loan, _as_of(book, account, on), account, list(_split_anew(book, account)), told)


def _as_of(book: Book, account: Account, on: date) -> Loan:
    days = [paid.paid_on for paid in book.repayments if not paid.void]
    return replace(
        book.loan,
        stage=Stage.SETTLED if account.settled else Stage.DISBURSED,
        settled_on=max(days) if account.settled else None,
        principal_left=account.principal,
        overdue_since=overdue_since(account, on),
        look_on=look_on(account.dues, on),
    )


def _split_anew(book: Book, account: Account) -> Iterator[Repayment]:
    """The repayments that are split in another way than was told, the new one among them."""
    for paid in book.repayments:
        split = account.splits.get(paid.id)
        if split is not None and (paid.principal, paid.interest) != (split.principal, split.interest):
            yield replace(paid, principal=split.principal, interest=split.interest, revision=paid.revision + 1)


def _new_delay(loan_id: UUID, due: Due) -> Delay:
    return Delay(
        id=publishing.delay_id(loan_id, due.line.number),
        loan_id=loan_id,
        number=due.line.number,
        revision=1,
        void=False,
        due_on=due.line.due_on,
        amount=due.unpaid,
        cured_on=None,
        cure_revision=0,
    )


def _events(step: _Step, replanned: bool, cause: Received[Any] | None) -> Iterator[NewEvent]:
    yield from (publishing.repaid(step.loan, paid) for paid in step.split)
    if replanned:
        yield publishing.plan(step.loan, step.account)
    yield from publishing.delayed(step.loan, step.told, cause)
    if step.loan.settled_on and step.loan.settled_on != step.before.settled_on:
        yield publishing.settlement(step.loan, step.loan.settled_on)
    elif step.before.settled_on and not step.loan.settled_on:
        yield publishing.settlement(step.loan, step.before.settled_on, void=True)
