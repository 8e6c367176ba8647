"""Routes of cancelled orders; a certificate travels in the body only."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import Field, model_validator

from directory.naming import PersonNamed, reporting_area
from events.catalog.procurement import CancelCause
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.models import AnswerModel, RequestModel
from kit.paging import Page, Paging
from kit.route import TransactionRoute
from kit.running import Cipher, Tx

from . import service

router = APIRouter(prefix="/v1", tags=["orders 订单"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("orders:read"))]
Write = Annotated[Principal, Depends(needs("orders:write"))]

Yuan = Annotated[Decimal, Field(gt=0, max_digits=14, decimal_places=2)]
Number = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z-]+$")]


class ShareIn(RequestModel):
    """份额: of a household by its 户编号 or id, or of the household of a person."""

    amount: Yuan
    household_number: Number | None = None
    household_id: UUID | None = None
    person: PersonNamed | None = None

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        if [self.household_number, self.household_id, self.person].count(None) != 2:
            raise ValueError("one of household_number, household_id, person")
        return self


class CancellationIn(RequestModel):
    """订单取消登记: the order and what each household would have delivered to it."""

    order_number: Number
    cancelled_on: date
    cause: CancelCause
    shares: Annotated[tuple[ShareIn, ...], Field(min_length=1, max_length=200)]


class SharePatch(RequestModel):
    """份额更正"""

    amount: Yuan


class ShareOut(AnswerModel):
    """取消份额: as it stands; `matched` is false while the person is not registered."""

    id: UUID
    matched: bool
    household_id: UUID | None
    region: str | None
    order_id: UUID
    order_number: str
    cancelled_on: date
    amount: Decimal
    cause: CancelCause
    void: bool
    version: int


class CancellationOut(AnswerModel):
    """订单取消"""

    order_id: UUID
    shares: tuple[ShareOut, ...]


@router.post("/cancelled-orders", status_code=201)
async def report_cancelled_order(body: CancellationIn, who: Write, tx: Tx, cipher: Cipher) -> CancellationOut:
    """Report a cancelled order, whole or not at all; publishes OrderCancelled for each household."""
    report = service.Cancellation(
        order_number=body.order_number,
        cancelled_on=body.cancelled_on,
        cause=body.cause,
        shares=tuple(
            service.ShareReport(**{name: getattr(share, name) for name in ShareIn.model_fields})
            for share in body.shares
        ),
    )
    shares = await service.report_cancelled(
        tx, report, cipher=cipher, area=reporting_area(who.paths), department=who.department
    )
    return CancellationOut(order_id=shares[0].order_id, shares=tuple(map(_shown, shares)))


@router.get("/cancelled-shares")
async def list_cancelled_shares(
    who: Read, tx: Tx, paging: Paging, household_id: UUID | None = None, order_id: UUID | None = None
) -> Page[ShareOut]:
    """Cancelled shares in one's area."""
    after = UUID(str(paging.after[0])) if paging.after else None
    found = await service.page(tx, household_id=household_id, order_id=order_id, after=after, limit=paging.limit)
    return paging.page(found, show=_shown, place=lambda share: [str(share.id)])


@router.get("/cancelled-shares/{share_id}")
async def read_cancelled_share(share_id: UUID, who: Read, tx: Tx, response: Response) -> ShareOut:
    """A cancelled share."""
    return _shown(await service.get_share(tx, share_id), response)


@router.patch("/cancelled-shares/{share_id}")
async def correct_cancelled_share(
    share_id: UUID, body: SharePatch, who: Write, tx: Tx, version: IfMatch, response: Response
) -> ShareOut:
    """Correct the amount."""
    return _shown(await service.correct_share(tx, share_id, amount=body.amount, version=version), response)


@router.post("/cancelled-shares/{share_id}:void")
async def void_cancelled_share(share_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response) -> ShareOut:
    """It was not cancelled."""
    return _shown(await service.void_share(tx, share_id, version=version), response)


def _shown(share: service.CancelledShare, response: Response | None = None) -> ShareOut:
    if response is not None:
        response.headers["ETag"] = etag(share.revision)
    own = {name: getattr(share, name) for name in ShareOut.model_fields if hasattr(share, name)}
    return ShareOut(**own, version=share.revision, matched=share.household_id is not None)
