"""The events of payments, made from rows; of the money HouseholdSalePaid alone counts."""

from typing import Any

from directory.rows import event_of
from events.catalog.procurement import HouseholdSalePaid, PaymentSettled, PurchasePurpose
from events.log import NewEvent
from events.received import Received
from kit.clock import midnight

from ...orders.rules.orders import Order
from ...orders.service import of_order
from ..rules import Sale, Settlement


def settled(order: Order, settlement: Settlement) -> NewEvent:
    """A buyer paid, or it did not after all."""
    event = PaymentSettled(
        order_id=order.id,
        settlement_id=settlement.id,
        paid_on=settlement.paid_on,
        complete=order.paid >= order.accepted,
    )
    return of_order(event, order, settlement.id, settlement.paid_on, revision=settlement.version, void=settlement.void)


def sold(sale: Sale, cause: Received[Any] | None = None) -> NewEvent:
    """What a household was paid, less what was refunded."""
    event = HouseholdSalePaid(
        order_id=sale.order_id,
        settlement_id=sale.settlement_id,
        buyer_id=sale.buyer_id,
        purpose=PurchasePurpose(sale.purpose),
        paid_on=sale.paid_on,
        amount=sale.amount,
    )
    return event_of(event, sale, midnight(sale.paid_on), cause=cause)
