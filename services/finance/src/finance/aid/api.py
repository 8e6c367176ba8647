"""Routes of funds and aid."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from directory.naming import reporting_area
from directory.people import business_date
from kit.auth import Principal, needs
from kit.etag import IfMatch
from kit.paging import Page, Paging
from kit.route import TransactionRoute
from kit.running import Cipher, Tx

from . import service
from .rules import AidState, Purpose
from .views import (
    AidIn,
    AidOut,
    AidPayIn,
    AidRejectIn,
    BalanceOut,
    DonationIn,
    DonationOut,
    FundIn,
    FundOut,
    HelpedOut,
    aid_out,
    balance_out,
    donation_out,
    fund_out,
)

router = APIRouter(prefix="/v1", tags=["aid 社会帮扶"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("aid:read"))]
Write = Annotated[Principal, Depends(needs("aid:write"))]
Approve = Annotated[Principal, Depends(needs("aid:approve"))]


@router.post("/aid-funds", status_code=201)
async def open_fund(body: FundIn, who: Write, tx: Tx, response: Response) -> FundOut:
    """Open a fund (publishes FundOpened); the same again answers the same."""
    fund = await service.open_fund(
        tx, name=body.name, area=body.area, opened_on=body.opened_on, paths=who.paths, department=who.department
    )
    response.headers["Location"] = f"/v1/aid-funds/{fund.id}"
    return fund_out(fund, response)


@router.get("/aid-funds")
async def list_funds(who: Read, tx: Tx, paging: Paging) -> Page[FundOut]:
    """All funds: they are public."""
    after = UUID(str(paging.after[0])) if paging.after else None
    found = await service.funds_page(tx, after=after, limit=paging.limit)
    return paging.page(found, show=fund_out, place=lambda fund: [str(fund.id)])


@router.get("/aid-funds/{fund_id}")
async def read_fund(fund_id: UUID, who: Read, tx: Tx) -> BalanceOut:
    """A fund with its money on the business date."""
    fund = await service.get_fund(tx, fund_id)
    return balance_out(fund, await service.balance(tx, fund_id, await business_date(tx)))


@router.post("/aid-funds/{fund_id}/donations", status_code=201)
async def receive_donation(fund_id: UUID, body: DonationIn, who: Write, tx: Tx, response: Response) -> DonationOut:
    """Take a donation in with its conditions (publishes DonationReceived); the same again answers the same."""
    entry = service.DonationEntry(**{name: getattr(body, name) for name in DonationIn.model_fields})
    return donation_out(await service.receive(tx, fund_id, entry, paths=who.paths), response)


@router.get("/aid-funds/{fund_id}/donations")
async def list_donations(
    fund_id: UUID, who: Read, tx: Tx, paging: Paging, lapsing_by: date | None = None
) -> Page[DonationOut]:
    """Donations as they came; `lapsing_by` keeps what must be granted by that day and is not."""
    await service.get_fund(tx, fund_id)
    place = paging.after
    found = await service.donations_page(
        tx,
        fund_id,
        lapsing_by=lapsing_by,
        after=(date.fromisoformat(str(place[0])), UUID(str(place[1]))) if place else None,
        limit=paging.limit,
    )
    return paging.page(found, show=donation_out, place=lambda gift: [gift.received_on.isoformat(), str(gift.id)])


@router.post("/donations/{donation_id}:void")
async def void_donation(donation_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response) -> DonationOut:
    """It never came, or went back; only while no grant has drawn on it."""
    return donation_out(await service.void_donation(tx, donation_id, paths=who.paths, version=version), response)


@router.post("/aid-applications", status_code=201)
async def apply_for_aid(body: AidIn, who: Write, tx: Tx, cipher: Cipher, response: Response) -> AidOut:
    """Ask a fund to help a household; the same again, while it is open, answers the same."""
    application = await service.apply(
        tx,
        body.fund_id,
        household=body.household,
        purpose=body.purpose,
        amount=body.amount,
        cipher=cipher,
        area=reporting_area(who.paths),
        by=who.subject,
        department=who.department,
    )
    response.headers["Location"] = f"/v1/aid-applications/{application.id}"
    return aid_out(application, response)


@router.get("/aid-applications")
async def list_aid_applications(
    who: Read,
    tx: Tx,
    paging: Paging,
    state: AidState | None = None,
    purpose: Purpose | None = None,
    fund_id: UUID | None = None,
    household_id: UUID | None = None,
) -> Page[AidOut]:
    """Applications in one's area."""
    after = UUID(str(paging.after[0])) if paging.after else None
    filters = {"state": state, "purpose": purpose, "fund_id": fund_id, "household_id": household_id}
    found = await service.applications_page(tx, filters, after=after, limit=paging.limit)
    return paging.page(found, show=aid_out, place=lambda application: [str(application.id)])


@router.get("/aid-applications/{application_id}")
async def read_aid_application(application_id: UUID, who: Read, tx: Tx, response: Response) -> AidOut:
    """An application."""
    return aid_out(await service.get_application(tx, application_id), response)


@router.post("/aid-applications/{application_id}:approve")
async def approve_aid(application_id: UUID, who: Approve, tx: Tx, version: IfMatch, response: Response) -> AidOut:
    """Grant it (publishes AidGranted), by a second person, if what donors allow covers it; else every reason."""
    granted = await service.approve(tx, application_id, paths=who.paths, version=version, by=who.subject)
    return aid_out(granted, response)


@router.post("/aid-applications/{application_id}:reject")
async def reject_aid(
    application_id: UUID, body: AidRejectIn, who: Write, tx: Tx, version: IfMatch, response: Response
) -> AidOut:
    """Turn it down, or take it back for the household."""
    rejected = await service.reject(tx, application_id, reason=body.reason, version=version, by=who.subject)
    return aid_out(rejected, response)


@router.post("/aid-applications/{application_id}:pay")
async def pay_aid(
    application_id: UUID, body: AidPayIn, who: Write, tx: Tx, version: IfMatch, response: Response
) -> AidOut:
    """The money reached the household (AidGranted says so); an open request of monitoring is answered by it."""
    paid = await service.pay(
        tx, application_id, paid_on=body.paid_on, receipt=body.receipt, paths=who.paths, version=version
    )
    return aid_out(paid, response)


@router.post("/aid-applications/{application_id}:revoke")
async def revoke_aid(application_id: UUID, who: Approve, tx: Tx, version: IfMatch, response: Response) -> AidOut:
    """It never reached the household, or came back: its money is free again, the request open."""
    return aid_out(await service.revoke(tx, application_id, paths=who.paths, version=version), response)


@router.get("/aid-summary")
async def read_aid_summary(
    who: Read, tx: Tx, path: Annotated[str, Query(max_length=60, pattern=r"^(\d+/)*$")] = ""
) -> list[HelpedOut]:
    """How many households aid reached, by purpose, with how much, and how many wait (§27)."""
    return [
        HelpedOut(**{name: getattr(found, name) for name in HelpedOut.model_fields})
        for found in await service.helped(tx, path)
    ]
