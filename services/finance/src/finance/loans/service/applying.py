"""From application to decision."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.facts import matched
from directory.naming import PersonNamed, place
from directory.people import today
from events.catalog.households import PersonJoined
from events.ids import uuid7
from events.locks import locked
from events.log import append
from events.received import Received
from kit.cipher import FieldCipher
from kit.errors import Refusal
from kit.etag import require_version

from ...products.rules import Ask, Eligibility, LoanUse, Product, State, Verdict
from ...products.service import of_household
from .. import queries
from ..rules import (
    Loan,
    LoanOpen,
    LoanUnknown,
    Method,
    MoreThanApplied,
    NotEligible,
    NotMet,
    OutOfTime,
    Rejection,
    Stage,
    WrongState,
)
from ..tables import loans
from . import publishing


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """贷款申请: what somebody asks for."""

    person: PersonNamed
    product: Product
    amount: Decimal
    months: int
    use: LoanUse
    method: Method
    applied_on: date


async def apply(
    tx: AsyncConnection, application: Application, *, cipher: FieldCipher, area: str, department: str
) -> Loan:
    """Take an application in; the same one again is the same loan.

    Raises:
        OutOfTime, LoanOpen: as they say.
        Refusal: the person cannot be accepted.
    """
    on = await today(tx)
    check_day(application.applied_on, date.min, on, "/applied_on")
    [where] = await place(tx, [application.person], cipher=cipher, area=area, on=on)
    if isinstance(where, Refusal):
        raise where
    asked = {field.name: getattr(application, field.name) for field in fields(application) if field.name != "person"}
    new = Loan(
        id=uuid7(), revision=1, void=False, **where.values(), **asked, stage=Stage.APPLIED, department=department
    )
    await locked(tx, [new.key])
    for standing in await queries.open_of(tx, new.household_id, new.blind_index):
        if standing.product == new.product:
            return _same_or_refused(standing, new, asked)
    await queries.put_loans(tx, [new])
    await append(tx, *publishing.application(new))
    return new


def _same_or_refused(standing: Loan, new: Loan, asked: dict[str, object]) -> Loan:
    same = (*asked, "person_id", "blind_index", "stage", "department")
    if any(getattr(standing, name) != getattr(new, name) for name in same):
        raise LoanOpen
    return standing


_RATE: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """审批: the terms granted."""

    amount: Decimal
    months: int
    annual_rate: Decimal
    approved_on: date


async def approve(tx: AsyncConnection, loan_id: UUID, approval: Approval, *, version: int) -> Loan:
    """Approve an application if every condition of the product is met on the day; what is unknown is not met.

    Raises:
        LoanUnknown, PreconditionFailed, WrongState, OutOfTime, MoreThanApplied, NotEligible: as they say.
    """
    loan, on = await to_change(tx, loan_id, version, Stage.APPLIED)
    check_day(approval.approved_on, loan.applied_on, on, "/approved_on")
    if approval.amount > loan.amount or approval.months > loan.months:
        raise MoreThanApplied(pointer="/amount" if approval.amount > loan.amount else "/months")
    ask = Ask(
        product=Product(loan.product),
        amount=approval.amount,
        months=approval.months,
        on=approval.approved_on,
        use=LoanUse(loan.use),
        annual_rate=approval.annual_rate,
    )
    await _require_eligible(tx, loan, ask)
    approved = replace(
        loan,
        revision=loan.revision + 1,
        stage=Stage.APPROVED,
        amount=approval.amount,
        months=approval.months,
        annual_rate=approval.annual_rate.quantize(_RATE),
        decided_on=approval.approved_on,
    )
    await queries.put_loans(tx, [approved])
    await append(tx, publishing.approval(approved))
    return approved


async def _require_eligible(tx: AsyncConnection, loan: Loan, ask: Ask) -> None:
    if loan.household_id is None:
        raise NotEligible(several=[NotMet(zh="借款人尚未登记，无法审查条件", en="the borrower is not registered yet")])
    found = await of_household(tx, ask, loan.household_id, loan.person_id, besides=loan.id)
    if found.verdict is not Verdict.ELIGIBLE:
        raise NotEligible(several=_faults(found))


def _faults(found: Eligibility) -> list[NotMet]:
    return [
        NotMet(code=f"{reason.check}-{reason.state}".replace("_", "-"), zh=reason.zh, en=reason.en)
        for reason in found.reasons
        if reason.state is not State.MET
    ]


async def reject(tx: AsyncConnection, loan_id: UUID, *, reason: Rejection, rejected_on: date, version: int) -> Loan:
    """Turn an application down, or note that it was withdrawn; an approved loan can still be withdrawn.

    Raises:
        LoanUnknown, PreconditionFailed, WrongState, OutOfTime: as they say.
    """
    loan, on = await to_change(tx, loan_id, version, Stage.APPLIED, Stage.APPROVED)
    check_day(rejected_on, loan.decided_on or loan.applied_on, on, "/rejected_on")
    rejected = replace(loan, revision=loan.revision + 1, stage=Stage.REJECTED, rejection=reason, decided_on=rejected_on)
    await queries.put_loans(tx, [rejected])
    await append(tx, publishing.rejection(rejected))
    return rejected


async def match_applications(tx: AsyncConnection, events: Sequence[Received[PersonJoined]]) -> None:
    """Publish the applications that waited for these persons, under their household."""
    found = await matched(tx, loans, Loan, events)
    await append(tx, *(event for loan, cause in found for event in publishing.application(loan, cause)))


async def get_loan(tx: AsyncConnection, loan_id: UUID) -> Loan:
    """A loan in scope.

    Raises:
        LoanUnknown: not there, or out of scope.
    """
    found = (await queries.by_id(tx, [loan_id])).get(loan_id)
    if found is None:
        raise LoanUnknown
    return found


async def to_change(tx: AsyncConnection, loan_id: UUID, version: int | None, *stages: Stage) -> tuple[Loan, date]:
    """The loan under its lock, in the version the caller read and at the stage the step begins from; and the date.

    Raises:
        LoanUnknown, PreconditionFailed, WrongState: as they say.
    """
    on = await today(tx)
    await locked(tx, [(await get_loan(tx, loan_id)).key])
    loan = (await queries.by_id(tx, [loan_id], to_change=True))[loan_id]
    # A registration may have given it its household between the two reads; then its key is another one.
    await locked(tx, [loan.key])
    if version is not None:
        require_version(loan.revision, version)
    if loan.stage not in stages:
        raise WrongState
    return loan, on


def check_day(day: date, earliest: date, latest: date, pointer: str) -> None:
    """A day not before the step it follows, and not in the future.

    Raises:
        OutOfTime: it is.
    """
    if not earliest <= day <= latest:
        raise OutOfTime(pointer=pointer)
