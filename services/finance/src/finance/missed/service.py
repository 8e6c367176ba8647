"""Use cases of missed repayments; none of them commits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.facts import matched
from directory.naming import PersonNamed, place
from directory.people import today
from directory.rows import event_of
from events.catalog.finance import LoanCured, LoanOverdue
from events.catalog.households import PersonJoined
from events.ids import derived_id, uuid7
from events.locks import locked
from events.log import NewEvent, append
from events.received import Received
from kit.cipher import FieldCipher
from kit.clock import midnight
from kit.errors import Refusal
from kit.etag import require_version

from ..loans.queries import kept_numbers
from ..products.rules import Product
from .queries import find, of_loan, page, put
from .rules import KeptHere, MissedKnown, MissedRepayment, MissedUnknown, NotCured, Voided, check_cure, check_due
from .tables import missed_repayments

__all__ = [
    "MissedRepayment",
    "MissedReport",
    "Product",
    "correct_missed",
    "cure_missed",
    "get_missed",
    "match_missed",
    "page",
    "reopen_missed",
    "report_missed",
    "void_missed",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedReport:
    """逾期登记: what a bank says of a borrower's instalment."""

    person: PersonNamed
    loan_number: str
    product: Product
    due_on: date
    amount: Decimal


async def report_missed(
    tx: AsyncConnection, report: MissedReport, *, cipher: FieldCipher, area: str, department: str
) -> MissedRepayment:
    """Record a missed repayment and publish it; the same report again changes nothing.

    Raises:
        NotDueYet, MissedKnown, KeptHere: as they say.
        Refusal: the person cannot be accepted.
    """
    on = await today(tx)
    check_due(report.due_on, on)
    [where] = await place(tx, [report.person], cipher=cipher, area=area, on=on)
    if isinstance(where, Refusal):
        raise where
    new = MissedRepayment(
        id=uuid7(), revision=1, void=False, **where.values(), loan_number=report.loan_number, product=report.product,
        due_on=report.due_on, amount=report.amount, cured_on=None, cure_revision=0, department=department,
    )  # fmt: skip
    await locked(tx, [new.key])
    if await kept_numbers(tx, [(new.household_id, new.loan_number)], department=department):
        raise KeptHere
    known = await of_loan(tx, department=department, loan_number=report.loan_number, due_on=report.due_on)
    if known is not None:
        same = ("person_id", "blind_index", "product", "amount")
        if any(getattr(known, name) != getattr(new, name) for name in same):
            raise MissedKnown
        return known
    return await _written(tx, new, _overdue(new))


async def get_missed(tx: AsyncConnection, missed_id: UUID) -> MissedRepayment:
    """One missed repayment in scope.

    Raises:
        MissedUnknown: not there, or out of scope.
    """
    found = await find(tx, missed_id)
    if found is None:
        raise MissedUnknown
    return found


async def correct_missed(tx: AsyncConnection, missed_id: UUID, *, amount: Decimal, version: int) -> MissedRepayment:
    """State the amount anew.

    Raises:
        MissedUnknown, PreconditionFailed, Voided: as they say.
    """
    missed, _ = await _to_change(tx, missed_id, version)
    if missed.amount == amount:
        return missed
    changed = replace(missed, amount=amount, revision=missed.revision + 1)
    return await _written(tx, changed, _overdue(changed))


async def cure_missed(tx: AsyncConnection, missed_id: UUID, *, cured_on: date, version: int) -> MissedRepayment:
    """The delay is over; said again with another day, it corrects the cure.

    Raises:
        MissedUnknown, PreconditionFailed, Voided, CureOutOfTime: as they say.
    """
    missed, on = await _to_change(tx, missed_id, version)
    if missed.cured_on == cured_on:
        return missed
    check_cure(missed, cured_on, on)
    changed = replace(missed, cured_on=cured_on, cure_revision=missed.cure_revision + 1)
    return await _written(tx, changed, _cured(changed, cured_on))


async def reopen_missed(tx: AsyncConnection, missed_id: UUID, *, version: int) -> MissedRepayment:
    """The report of the cure was wrong: the delay lasts.

    Raises:
        MissedUnknown, PreconditionFailed, Voided, NotCured: as they say.
    """
    missed, _ = await _to_change(tx, missed_id, version)
    if missed.cured_on is None:
        raise NotCured
    changed = replace(missed, cured_on=None, cure_revision=missed.cure_revision + 1)
    return await _written(tx, changed, _cured(changed, missed.cured_on, void=True))


async def void_missed(tx: AsyncConnection, missed_id: UUID, *, version: int) -> MissedRepayment:
    """The repayment was not missed: takes back the report and its cure.

    Raises:
        MissedUnknown, PreconditionFailed, Voided: as they say.
    """
    missed, _ = await _to_change(tx, missed_id, version)
    gone = replace(missed, void=True, revision=missed.revision + 1)
    events = [_overdue(gone)]
    if missed.cured_on is not None:
        gone = replace(gone, cure_revision=missed.cure_revision + 1)
        events.append(_cured(gone, missed.cured_on, void=True))
    return await _written(tx, gone, *events)


async def match_missed(tx: AsyncConnection, events: Sequence[Received[PersonJoined]]) -> int:
    """Publish the reports that waited for these persons; gives how many events that were.

    A loan that is kept here by now tells its delays itself: reports of it are taken back.
    """
    found = await matched(tx, missed_repayments, MissedRepayment, events)
    kept = await kept_numbers(tx, {(missed.household_id, missed.loan_number) for missed, _ in found})
    stand = [(_as_matched(missed, (missed.household_id, missed.loan_number) in kept), cause) for missed, cause in found]
    await put(tx, [missed for missed, _ in stand])
    new = [_overdue(missed, cause) for missed, cause in stand]
    new += [_cured(m, m.cured_on, void=m.void, cause=cause) for m, cause in stand if m.cured_on is not None]
    await append(tx, *new)
    return len(new)


def _as_matched(missed: MissedRepayment, kept: bool) -> MissedRepayment:
    return replace(missed, void=kept, cure_revision=missed.cure_revision + (missed.cured_on is not None))


async def _to_change(tx: AsyncConnection, missed_id: UUID, version: int) -> tuple[MissedRepayment, date]:
    """The report under its lock, in the version the caller read, and the business date."""
    on = await today(tx)
    await locked(tx, [(await get_missed(tx, missed_id)).key])
    missed = await get_missed(tx, missed_id)
    require_version(missed.version, version)
    if missed.void:
        raise Voided
    return missed, on


async def _written(tx: AsyncConnection, missed: MissedRepayment, *events: NewEvent) -> MissedRepayment:
    await put(tx, [missed])
    await append(tx, *events)
    return missed


def _overdue(missed: MissedRepayment, cause: Received[Any] | None = None) -> NewEvent:
    event = LoanOverdue(
        person_id=missed.person_id,
        loan_number=missed.loan_number,
        product=missed.product,
        due_on=missed.due_on,
        amount=missed.amount,
    )
    return event_of(event, missed, midnight(missed.due_on), cause=cause)


def _cured(missed: MissedRepayment, on: date, *, void: bool = False, cause: Received[Any] | None = None) -> NewEvent:
    event = LoanCured(
        person_id=missed.person_id, loan_number=missed.loan_number, overdue_fact_id=missed.id, cured_on=on
    )
    return replace(
        event_of(event, missed, midnight(on), cause=cause),
        fact_id=derived_id("loan-cured", missed.id),
        revision=missed.cure_revision,
        void=void,
    )
