"""Use cases of orders, from placing to delivery or cancellation; none of them commits."""

from ..queries import cancelled_page, deliveries_of, orders_page, shares_of
from ..rules.cancelled import CancelledShare
from ..rules.deliveries import Delivery
from ..rules.orders import Order, OrderState, Share, state_of
from .cancelling import cancel_order, reinstate_order
from .delivering import DeliveryLine, DeliveryReport, accept_order, deliver, get_delivery, void_delivery
from .keeping import by_share, get_order, held, hold, lock_new, save
from .matching import match_shares
from .placing import OrderReport, ShareReport, Supplier, place_order
from .publishing import of_order
from .reports import Cancellation, LostShare, correct_share, get_share, report_cancelled, void_share

__all__ = [
    "Cancellation",
    "CancelledShare",
    "Delivery",
    "DeliveryLine",
    "DeliveryReport",
    "LostShare",
    "Order",
    "OrderReport",
    "OrderState",
    "Share",
    "ShareReport",
    "Supplier",
    "accept_order",
    "by_share",
    "cancel_order",
    "cancelled_page",
    "correct_share",
    "deliver",
    "deliveries_of",
    "get_delivery",
    "get_order",
    "get_share",
    "held",
    "hold",
    "lock_new",
    "match_shares",
    "of_order",
    "orders_page",
    "place_order",
    "reinstate_order",
    "report_cancelled",
    "save",
    "shares_of",
    "state_of",
    "void_delivery",
    "void_share",
]
