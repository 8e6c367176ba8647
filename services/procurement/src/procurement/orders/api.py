"""Routes of orders and of cancellations that departments report; a certificate travels in the body only."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from directory.naming import reporting_area
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.paging import Page, PageRequest, Paging
from kit.route import TransactionRoute
from kit.running import Cipher, Tx

from . import service
from .models import (
    AcceptIn,
    CancelIn,
    CancellationIn,
    CancellationOut,
    DeliveryIn,
    DeliveryOut,
    LostShareOut,
    LostSharePatch,
    OrderIn,
    OrderOut,
    OrderSheet,
    delivery_out,
    lost_out,
    order_out,
    share_out,
)
from .service import OrderState

router = APIRouter(prefix="/v1", tags=["orders 订单"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("orders:read"))]
Write = Annotated[Principal, Depends(needs("orders:write"))]


@router.post("/orders", status_code=201)
async def place_order(body: OrderIn, who: Write, tx: Tx, cipher: Cipher, response: Response) -> OrderSheet:
    """Place an order, whole or not at all (publishes OrderPlaced); the same again answers the same (200)."""
    order, shares, new = await service.place_order(
        tx, body.report(), cipher=cipher, area=reporting_area(who.paths), department=who.department
    )
    response.status_code = 201 if new else 200
    response.headers["Location"] = f"/v1/orders/{order.id}"
    response.headers["ETag"] = etag(order.version)
    deliveries = () if new else await service.deliveries_of(tx, order.id)
    return _sheet(order, shares, deliveries)


@router.get("/orders")
async def list_orders(
    who: Read, tx: Tx, paging: Paging, buyer_id: UUID | None = None, state: OrderState | None = None
) -> Page[OrderOut]:
    """Orders of the buyers in one's area."""
    found = await service.orders_page(tx, buyer_id=buyer_id, state=state, after=_after(paging), limit=paging.limit)
    return paging.page(found, show=order_out, place=lambda order: [str(order.id)])


@router.get("/orders/{order_id}")
async def read_order(order_id: UUID, who: Read, tx: Tx, response: Response) -> OrderSheet:
    """An order with its shares and deliveries."""
    order = await service.get_order(tx, order_id)
    response.headers["ETag"] = etag(order.version)
    return _sheet(order, await service.shares_of(tx, order_id), await service.deliveries_of(tx, order_id))


@router.post("/orders/{order_id}:accept")
async def accept_order(
    order_id: UUID, body: AcceptIn, who: Write, tx: Tx, version: IfMatch, response: Response
) -> OrderOut:
    """The supplier takes the order on."""
    return _order(await service.accept_order(tx, order_id, accepted_on=body.accepted_on, version=version), response)


@router.post("/orders/{order_id}/deliveries", status_code=201)
async def deliver(order_id: UUID, body: DeliveryIn, who: Write, tx: Tx, response: Response) -> DeliveryOut:
    """Record a delivery (publishes DeliveryAccepted, DeliveryRejected); the same note again answers the same (200)."""
    _, delivery, new = await service.deliver(tx, order_id, body.report(), department=who.department)
    response.status_code = 201 if new else 200
    response.headers["Location"] = f"/v1/deliveries/{delivery.id}"
    return _delivery(delivery, response)


@router.get("/deliveries/{delivery_id}")
async def read_delivery(delivery_id: UUID, who: Read, tx: Tx, response: Response) -> DeliveryOut:
    """A delivery."""
    return _delivery(await service.get_delivery(tx, delivery_id), response)


@router.post("/deliveries/{delivery_id}:void")
async def void_delivery(delivery_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response) -> DeliveryOut:
    """It was not delivered so."""
    return _delivery(await service.void_delivery(tx, delivery_id, version=version), response)


@router.post("/orders/{order_id}:cancel")
async def cancel_order(
    order_id: UUID, body: CancelIn, who: Write, tx: Tx, version: IfMatch, response: Response
) -> OrderOut:
    """Cancel what is outstanding (publishes OrderCancelled for each household concerned)."""
    order = await service.cancel_order(tx, order_id, cancelled_on=body.cancelled_on, cause=body.cause, version=version)
    return _order(order, response)


@router.post("/orders/{order_id}:reinstate")
async def reinstate_order(order_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response) -> OrderOut:
    """The order was not cancelled after all."""
    return _order(await service.reinstate_order(tx, order_id, version=version), response)


@router.post("/cancelled-orders", status_code=201)
async def report_cancelled_order(body: CancellationIn, who: Write, tx: Tx, cipher: Cipher) -> CancellationOut:
    """Report the cancellation of an order that is not kept here, whole or not at all; publishes OrderCancelled."""
    shares = await service.report_cancelled(
        tx, body.report(), cipher=cipher, area=reporting_area(who.paths), department=who.department
    )
    return CancellationOut(order_id=shares[0].order_id, shares=tuple(map(lost_out, shares)))


@router.get("/cancelled-shares")
async def list_cancelled_shares(
    who: Read, tx: Tx, paging: Paging, household_id: UUID | None = None, order_id: UUID | None = None
) -> Page[LostShareOut]:
    """Cancelled shares in one's area."""
    found = await service.cancelled_page(
        tx, household_id=household_id, order_id=order_id, after=_after(paging), limit=paging.limit
    )
    return paging.page(found, show=lost_out, place=lambda share: [str(share.id)])


@router.get("/cancelled-shares/{share_id}")
async def read_cancelled_share(share_id: UUID, who: Read, tx: Tx, response: Response) -> LostShareOut:
    """A cancelled share."""
    return _lost(await service.get_share(tx, share_id), response)


@router.patch("/cancelled-shares/{share_id}")
async def correct_cancelled_share(
    share_id: UUID, body: LostSharePatch, who: Write, tx: Tx, version: IfMatch, response: Response
) -> LostShareOut:
    """Correct the amount."""
    return _lost(await service.correct_share(tx, share_id, amount=body.amount, version=version), response)


@router.post("/cancelled-shares/{share_id}:void")
async def void_cancelled_share(
    share_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response
) -> LostShareOut:
    """It was not cancelled."""
    return _lost(await service.void_share(tx, share_id, version=version), response)


def _after(paging: PageRequest) -> UUID | None:
    return UUID(str(paging.after[0])) if paging.after else None


def _sheet(
    order: service.Order, shares: list[service.Share], deliveries: list[service.Delivery] | tuple[()]
) -> OrderSheet:
    return OrderSheet(
        **order_out(order).model_dump(),
        shares=tuple(map(share_out, shares)),
        deliveries=tuple(map(delivery_out, deliveries)),
    )


def _order(order: service.Order, response: Response) -> OrderOut:
    response.headers["ETag"] = etag(order.version)
    return order_out(order)


def _delivery(delivery: service.Delivery, response: Response) -> DeliveryOut:
    response.headers["ETag"] = etag(delivery.version)
    return delivery_out(delivery)


def _lost(share: service.CancelledShare, response: Response) -> LostShareOut:
    response.headers["ETag"] = etag(share.revision)
    return lost_out(share)
