"""Use cases of funds and aid; none of them commits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.household_naming import HouseholdNamed, place_households
from directory.people import today
from directory.rows import event_of
from events.catalog.base import Event
from events.catalog.finance import AidApplied, AidGranted, AidRejected, DonationReceived, FundOpened
from events.ids import derived_id, uuid7
from events.locks import locked
from events.log import NewEvent, append
from kit.cipher import FieldCipher
from kit.clock import midnight
from kit.etag import require_version
from kit.scope import BadPath, covers, validate_path

from ..requests import service as requests
from . import queries
from .payout import came_back, paid_out
from .queries import applications_page, balance, donations_page, funds_page, helped
from .rules import (
    AidOpen,
    AidOutOfTime,
    AidState,
    AidUnknown,
    ApplicantUnknown,
    Application,
    Donation,
    DonationDrawn,
    DonationUnknown,
    DonorKind,
    DonorNamed,
    Fund,
    FundKnown,
    FundOutOfArea,
    FundUnknown,
    OutsideFund,
    Purpose,
    ReceiptUsed,
    RejectReason,
    TermOver,
    draw,
)
from .tables import aid_applications, aid_donations, aid_funds

__all__ = [
    "DonationEntry",
    "applications_page",
    "apply",
    "approve",
    "balance",
    "donations_page",
    "funds_page",
    "get_application",
    "get_fund",
    "helped",
    "open_fund",
    "pay",
    "receive",
    "reject",
    "revoke",
    "void_donation",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DonationEntry:
    """捐赠登记: yuan, and what the donor tied to it; without an area it is for that of the fund."""

    amount: Decimal
    purposes: Sequence[Purpose]
    area: str | None
    use_by: date | None
    received_on: date
    receipt: str
    kind: DonorKind
    donor: str | None


async def open_fund(
    tx: AsyncConnection, *, name: str, area: str, opened_on: date, paths: Sequence[str], department: str
) -> Fund:
    """Open a fund for an area; the same again changes nothing.

    Raises:
        BadPath, FundOutOfArea, AidOutOfTime, FundKnown: as they say.
    """
    _check_area(area)
    _check_keeper(area, paths)
    await _check_day(tx, opened_on, date.min, "/opened_on")
    new = Fund(
        id=derived_id("aid-fund", area, name), version=1, name=name, area=area, opened_on=opened_on,
        department=department,
    )  # fmt: skip
    await locked(tx, [new.id])
    known = await queries.fund(tx, new.id)
    if known is not None:
        if known.opened_on != opened_on:
            raise FundKnown
        return known
    await queries.put(tx, aid_funds, [new])
    await append(tx, _of_fund(FundOpened(fund_id=new.id, name=name, area=area, opened_on=opened_on), new, opened_on))
    return new


async def get_fund(tx: AsyncConnection, fund_id: UUID) -> Fund:
    """One fund.

    Raises:
        FundUnknown: there is none.
    """
    found = await queries.fund(tx, fund_id)
    if found is None:
        raise FundUnknown
    return found


async def receive(tx: AsyncConnection, fund_id: UUID, entry: DonationEntry, *, paths: Sequence[str]) -> Donation:
    """Take a donation in; the same receipt again changes nothing.

    Raises:
        FundUnknown, FundOutOfArea, AidOutOfTime, OutsideFund, TermOver, DonorNamed, ReceiptUsed: as they say.
    """
    fund = await get_fund(tx, fund_id)
    _check_keeper(fund.area, paths)
    await _check_day(tx, entry.received_on, fund.opened_on, "/received_on")
    new = _donation(fund, entry)
    await locked(tx, [fund.id])
    known = await queries.of_receipt(tx, fund.id, entry.receipt)
    if known is not None:
        if replace(known, id=new.id, revision=1, left=new.left) != new:
            raise ReceiptUsed
        return known
    gone = await queries.donation(tx, new.id)
    return await _donated(tx, fund, replace(new, revision=gone.revision + 1) if gone else new)


def _donation(fund: Fund, entry: DonationEntry) -> Donation:
    area = fund.area if entry.area is None else _check_area(entry.area)
    if not area.startswith(fund.area):
        raise OutsideFund
    if entry.use_by is not None and entry.use_by < entry.received_on:
        raise TermOver
    if (entry.kind is DonorKind.ORGANISATION) != (entry.donor is not None):
        raise DonorNamed
    return Donation(
        id=derived_id("aid-donation", fund.id, entry.receipt),
        revision=1,
        void=False,
        fund_id=fund.id,
        amount=entry.amount,
        left=entry.amount,
        purposes=tuple(sorted(set(entry.purposes))),
        area=area,
        use_by=entry.use_by,
        received_on=entry.received_on,
        receipt=entry.receipt,
        kind=entry.kind,
        donor=entry.donor,
    )


async def void_donation(tx: AsyncConnection, donation_id: UUID, *, paths: Sequence[str], version: int) -> Donation:
    """It never came, or went back to the donor, and no grant has drawn on it.

    Raises:
        DonationUnknown, FundOutOfArea, PreconditionFailed, DonationDrawn: as they say.
    """
    found = await queries.donation(tx, donation_id)
    if found is None:
        raise DonationUnknown
    fund = await get_fund(tx, found.fund_id)
    _check_keeper(fund.area, paths)
    await locked(tx, [fund.id])
    found = await queries.donation(tx, donation_id) or found
    require_version(found.revision, version)
    if found.void or found.left != found.amount:
        raise DonationDrawn
    return await _donated(tx, fund, replace(found, void=True, revision=found.revision + 1))


async def _donated(tx: AsyncConnection, fund: Fund, donation: Donation) -> Donation:
    await queries.put(tx, aid_donations, [donation])
    told = {name: getattr(donation, name) for name in ("amount", "purposes", "area", "use_by", "received_on")}
    event = DonationReceived(fund_id=fund.id, donation_id=donation.id, donor=donation.kind, **told)
    new = _of_fund(event, fund, donation.received_on)
    await append(tx, replace(new, fact_id=donation.id, revision=donation.revision, void=donation.void))
    return donation


async def apply(
    tx: AsyncConnection,
    fund_id: UUID,
    *,
    household: HouseholdNamed,
    purpose: Purpose,
    amount: Decimal,
    cipher: FieldCipher,
    area: str,
    by: str,
    department: str,
) -> Application:
    """Ask a fund to help a household; the same again, while it is open, changes nothing.

    Raises:
        FundUnknown, ApplicantUnknown, AidOpen: as they say.
        Refusal: the household cannot be accepted.
    """
    on = await today(tx)
    fund = await get_fund(tx, fund_id)
    [where] = await place_households(tx, [household], cipher=cipher, area=area, on=on, pointers=["/household"])
    if where.household_id is None or where.region is None:
        raise ApplicantUnknown
    await locked(tx, [where.household_id])
    known = await queries.open_of(tx, where.household_id, fund.id, purpose)
    if known is not None:
        if known.amount != amount or known.state is not AidState.APPLIED:
            raise AidOpen
        return known
    new = Application(
        id=uuid7(), revision=1, void=False, household_id=where.household_id, region=where.region, path=where.path,
        fund_id=fund.id, purpose=purpose, amount=amount, state=AidState.APPLIED, applied_on=on, applied_by=by,
        department=department,
    )  # fmt: skip
    applied = AidApplied(application_id=new.id, fund_id=fund.id, purpose=purpose, applied_on=on)
    return await _told(tx, new, applied, on)


async def get_application(tx: AsyncConnection, application_id: UUID) -> Application:
    """One application in scope.

    Raises:
        AidUnknown: not there, or out of scope.
    """
    found = await queries.application(tx, application_id)
    if found is None:
        raise AidUnknown
    return found


async def approve(
    tx: AsyncConnection, application_id: UUID, *, paths: Sequence[str], version: int, by: str
) -> Application:
    """Grant it out of what donors allow; the household hears of it, the money is still to be paid.

    Raises:
        AidUnknown, PreconditionFailed, FundOutOfArea, WrongAidState, AidSamePerson, NotCovered: as they say.
    """
    application, fund, on = await _to_change(tx, application_id, version, paths)
    granted = application.granted(on, by)
    await queries.take(tx, draw(granted, await queries.undrawn(tx, fund.id), on))
    return await _granted(tx, granted)


async def reject(
    tx: AsyncConnection, application_id: UUID, *, reason: RejectReason, version: int, by: str
) -> Application:
    """Turn it down, or note that the household took it back.

    Raises:
        AidUnknown, PreconditionFailed, WrongAidState: as they say.
    """
    application, _, on = await _to_change(tx, application_id, version)
    rejected = application.rejected(reason, on, by)
    event = AidRejected(
        application_id=application_id, fund_id=rejected.fund_id, purpose=rejected.purpose, reason=reason, rejected_on=on
    )
    return await _told(tx, rejected, event, on)


async def pay(
    tx: AsyncConnection, application_id: UUID, *, paid_on: date, receipt: str, paths: Sequence[str], version: int
) -> Application:
    """The money reached the household: what monitoring asked for is answered.

    Raises:
        AidUnknown, PreconditionFailed, FundOutOfArea, WrongAidState, AidOutOfTime: as they say.
    """
    application, _, _ = await _to_change(tx, application_id, version, paths)
    paid = application.paid(paid_on, receipt)
    await _check_day(tx, paid_on, application.decided_on or application.applied_on, "/paid_on")
    await append(tx, paid_out(paid, paid_on))
    return await _granted(tx, paid)


async def revoke(tx: AsyncConnection, application_id: UUID, *, paths: Sequence[str], version: int) -> Application:
    """It never reached the household, or came back: its money may be granted again, an answered request is open.

    Raises:
        AidUnknown, PreconditionFailed, FundOutOfArea, WrongAidState: as they say.
    """
    application, _, on = await _to_change(tx, application_id, version, paths)
    revoked = application.revoked(on)
    await queries.give_back(tx, application_id)
    if application.paid_on is not None:
        await append(tx, came_back(revoked, application.paid_on, on))
    return await _granted(tx, revoked)


async def _to_change(
    tx: AsyncConnection, application_id: UUID, version: int, paths: Sequence[str] | None = None
) -> tuple[Application, Fund, date]:
    """The application and its fund under their locks; with paths, by who keeps the fund."""
    on = await today(tx)
    known = await get_application(tx, application_id)
    fund = await get_fund(tx, known.fund_id)
    if paths is not None:
        _check_keeper(fund.area, paths)
    await locked(tx, [known.household_id, fund.id])
    application = await queries.application(tx, application_id, to_change=True)
    if application is None:
        raise AidUnknown
    require_version(application.revision, version)
    return application, fund, on


async def _granted(tx: AsyncConnection, application: Application) -> Application:
    granted_on = application.decided_on or application.applied_on
    event = AidGranted(
        application_id=application.id, fund_id=application.fund_id, purpose=application.purpose,
        granted_on=granted_on, paid_on=application.paid_on,
    )  # fmt: skip
    await _told(tx, application, event, application.paid_on or granted_on)
    await requests.settle(tx, [application.household_id])
    return application


async def _told(tx: AsyncConnection, application: Application, event: Event, on: date) -> Application:
    await queries.put(tx, aid_applications, [application])
    await append(tx, event_of(event, application, midnight(on)))
    return application


def _of_fund(event: Event, fund: Fund, on: date) -> NewEvent:
    return NewEvent(event=event, key=fund.id, occurred_at=midnight(on), fact_id=fund.id, revision=fund.version)


def _check_area(area: str) -> str:
    try:
        return validate_path(area)
    except BadPath:
        raise BadPath(pointer="/area") from None


def _check_keeper(area: str, paths: Sequence[str]) -> None:
    if not covers(paths, area):
        raise FundOutOfArea


async def _check_day(tx: AsyncConnection, day: date, since: date, pointer: str) -> None:
    if not since <= day <= await today(tx):
        raise AidOutOfTime(pointer=pointer)
