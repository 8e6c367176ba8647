"""The events of orders, made from rows; one place decides their keys, facts and revisions."""

from datetime import date
from typing import Any
from uuid import UUID

from directory.rows import event_of
from events.catalog.base import Event
from events.catalog.procurement import (
    CancelCause,
    DeliveryAccepted,
    DeliveryRejected,
    OrderCancelled,
    OrderPlaced,
    PurchasePurpose,
    RejectCause,
    SupplyChannel,
)
from events.log import NewEvent
from events.received import Received
from kit.clock import midnight

from ..rules.cancelled import CancelledShare
from ..rules.deliveries import DeliveredShare, Delivery
from ..rules.orders import Order


def of_order(event: Event, order: Order, fact_id: UUID, on: date, *, revision: int = 1, void: bool = False) -> NewEvent:
    """An event of the order itself, under its own key: how it goes on, without amounts."""
    return NewEvent(
        event=event,
        key=order.id,
        region=order.region,
        fact_id=fact_id,
        revision=revision,
        void=void,
        occurred_at=midnight(on),
    )


def placed(order: Order) -> NewEvent:
    """The order was placed."""
    event = OrderPlaced(
        order_id=order.id,
        buyer_id=order.buyer_id,
        channel=SupplyChannel(order.channel),
        purpose=PurchasePurpose(order.purpose),
        placed_on=order.placed_on,
        households=order.households,
    )
    return of_order(event, order, order.id, order.placed_on)


def accepted(order: Order, delivery: Delivery) -> NewEvent:
    """Goods were accepted, or they were not after all."""
    event = DeliveryAccepted(
        order_id=order.id,
        delivery_id=delivery.id,
        delivered_on=delivery.delivered_on,
        complete=order.outstanding == 0,
    )
    return of_order(event, order, delivery.id, delivery.delivered_on, revision=delivery.version, void=delivery.void)


def rejected(part: DeliveredShare, cause: Received[Any] | None = None) -> NewEvent:
    """What was rejected of a household's part."""
    event = DeliveryRejected(
        order_id=part.order_id,
        delivery_id=part.delivery_id,
        rejected_on=part.delivered_on,
        amount=part.rejected,
        cause=RejectCause(part.cause or ""),
    )
    return event_of(event, part, midnight(part.delivered_on), cause=cause)


def cancelled(share: CancelledShare, cause: Received[Any] | None = None) -> NewEvent:
    """What a household loses by a cancelled order."""
    event = OrderCancelled(
        order_id=share.order_id,
        cancelled_on=share.cancelled_on,
        amount=share.amount,
        cause=CancelCause(share.cause),
    )
    return event_of(event, share, midnight(share.cancelled_on), cause=cause)
