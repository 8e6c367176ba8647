"""Events of the procurement service.

Of the money of a sale HouseholdSalePaid alone counts; OrderPlaced, DeliveryAccepted and PaymentSettled say how an order
goes on, without amounts. OrderCancelled and DeliveryRejected carry what a household lost, one event each.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from .base import Event, Money, Service


class CancelCause(StrEnum):
    """取消原因"""

    BUYER = "buyer"
    """采购方取消"""
    SUPPLIER = "supplier"
    """供货方取消"""
    QUALITY = "quality"
    """质量不合格"""
    DISASTER = "disaster"
    """受灾"""


class RejectCause(StrEnum):
    """拒收原因"""

    QUALITY = "quality"
    """质量不合格"""
    SPECIFICATION = "specification"
    """品种规格不符"""
    LATE = "late"
    """逾期送达"""
    DAMAGED = "damaged"
    """运输损坏"""


class SupplyChannel(StrEnum):
    """供货方式"""

    DIRECT = "direct"
    """农户直供"""
    COOPERATIVE = "cooperative"
    """合作社供货"""


class PurchasePurpose(StrEnum):
    """采购用途"""

    CANTEEN = "canteen"
    """食堂食材"""
    UNION = "union"
    """工会采购"""
    STAFF = "staff"
    """职工个人采购"""
    TOURISM = "tourism"
    """乡村旅游服务"""


class ReserveState(StrEnum):
    """预留填报状态"""

    FILED = "filed"
    """已填报"""
    RETURNED = "returned"
    """退回"""
    ACCEPTED = "accepted"
    """审核通过"""


Ratio = Annotated[Decimal, Field(ge=0, max_digits=7, decimal_places=6)]
"""比例: a share of one, `0.10` is 10 %."""


class _Procurement(Event):
    SERVICE: ClassVar[Service] = "procurement"


class ReserveFiled(_Procurement):
    """预留份额填报: what a budget unit reserves of its canteen's food in a year, as filed, returned or accepted."""

    buyer_id: UUID
    year: Annotated[int, Field(ge=2000, le=2999)]
    food_budget: Money
    """年度食堂食材采购总额, yuan"""
    reserve: Money
    """预留份额, yuan"""
    ratio: Ratio
    """应预留比例, the policy of the day it was filed"""
    state: ReserveState


class OrderPlaced(_Procurement):
    """下单: a buyer orders from households, directly or through a cooperative."""

    order_id: UUID
    buyer_id: UUID
    channel: SupplyChannel
    purpose: PurchasePurpose
    placed_on: date
    households: Annotated[int, Field(ge=1)]
    """户数 behind the order"""


class OrderCancelled(_Procurement):
    """订单取消: the part of a cancelled order that this household would have delivered, one event each; yuan."""

    order_id: UUID
    cancelled_on: date
    amount: Money
    cause: CancelCause


class DeliveryAccepted(_Procurement):
    """验收: goods of an order were accepted, all of them or a part; voided where it was not so."""

    order_id: UUID
    delivery_id: UUID
    delivered_on: date
    complete: bool
    """交付完毕: nothing of the order is outstanding any more, or what is will not come"""


class DeliveryRejected(_Procurement):
    """拒收: the part of a delivery that came from this household and was not accepted, one event each; yuan."""

    order_id: UUID
    delivery_id: UUID
    rejected_on: date
    amount: Money
    cause: RejectCause


class PaymentSettled(_Procurement):
    """结算: the buyer paid for accepted goods; what reached whom HouseholdSalePaid says."""

    order_id: UUID
    settlement_id: UUID
    paid_on: date
    complete: bool
    """结清: nothing that was accepted is unpaid"""


class HouseholdSalePaid(_Procurement):
    """农户销售到账: what a household was paid for what it sold, yuan; business income, the one event that counts.

    A refund or correction is the next revision of the same fact.
    """

    order_id: UUID
    settlement_id: UUID
    buyer_id: UUID
    purpose: PurchasePurpose
    paid_on: date
    amount: Money
