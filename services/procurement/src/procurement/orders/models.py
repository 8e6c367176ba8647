"""What is asked and answered about orders."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from directory.household_naming import HouseholdNamed
from events.catalog.procurement import CancelCause, PurchasePurpose, RejectCause, SupplyChannel
from kit.models import AnswerModel, RequestModel, Yuan

from . import service
from .service import OrderState

Number = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z-]+$")]
YuanOrNone = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]
"""yuan, zero allowed"""


class ShareIn(HouseholdNamed):
    """份额: of a household; an amount where it supplies itself, a percentage where a cooperative does."""

    amount: Yuan | None = None
    percent: Annotated[Decimal, Field(gt=0, le=100, max_digits=7, decimal_places=4)] | None = None


class SupplierIn(RequestModel):
    """合作社"""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    credit_code: Annotated[str, Field(min_length=1, max_length=40)]


class OrderIn(RequestModel):
    """下单登记: `supplier` and `amount` where a cooperative supplies, else the amounts of the households."""

    order_number: Number
    buyer_id: UUID
    channel: SupplyChannel
    purpose: PurchasePurpose
    placed_on: date
    due_on: date | None = None
    supplier: SupplierIn | None = None
    amount: Yuan | None = None
    shares: Annotated[tuple[ShareIn, ...], Field(min_length=1, max_length=200)]

    def report(self) -> service.OrderReport:
        """What the use case takes."""
        supplier = self.supplier
        return service.OrderReport(
            order_number=self.order_number,
            buyer_id=self.buyer_id,
            channel=self.channel,
            purpose=self.purpose,
            placed_on=self.placed_on,
            due_on=self.due_on,
            supplier=service.Supplier(name=supplier.name, credit_code=supplier.credit_code) if supplier else None,
            amount=self.amount,
            shares=tuple(
                service.ShareReport(household=_household(share), amount=share.amount, percent=share.percent)
                for share in self.shares
            ),
        )


class AcceptIn(RequestModel):
    """接单"""

    accepted_on: date


class DeliveryLineIn(RequestModel):
    """逐户交付"""

    share_id: UUID
    accepted: YuanOrNone = Decimal("0.00")
    rejected: YuanOrNone = Decimal("0.00")


class DeliveryIn(RequestModel):
    """交付登记: in total, or line by line; `final` says that the rest will not come (短缺结单)."""

    reference: Number
    delivered_on: date
    accepted: YuanOrNone = Decimal("0.00")
    rejected: YuanOrNone = Decimal("0.00")
    cause: RejectCause | None = None
    final: bool = False
    lines: Annotated[tuple[DeliveryLineIn, ...], Field(min_length=1, max_length=200)] | None = None

    def report(self) -> service.DeliveryReport:
        """What the use case takes."""
        told = {name: getattr(self, name) for name in DeliveryIn.model_fields if name != "lines"}
        lines = self.lines
        if lines is None:
            return service.DeliveryReport(**told, lines=None)
        each = (
            service.DeliveryLine(**{name: getattr(line, name) for name in DeliveryLineIn.model_fields})
            for line in lines
        )
        return service.DeliveryReport(**told, lines=tuple(each))


class CancelIn(RequestModel):
    """取消订单"""

    cancelled_on: date
    cause: CancelCause


class LostShareIn(HouseholdNamed):
    """取消份额: of a household by its 户编号 or id, or of the household of a person."""

    amount: Yuan


class CancellationIn(RequestModel):
    """订单取消登记: an order that is not kept here, and what each household would have delivered to it."""

    order_number: Number
    cancelled_on: date
    cause: CancelCause
    shares: Annotated[tuple[LostShareIn, ...], Field(min_length=1, max_length=200)]

    def report(self) -> service.Cancellation:
        """What the use case takes."""
        return service.Cancellation(
            order_number=self.order_number,
            cancelled_on=self.cancelled_on,
            cause=self.cause,
            shares=tuple(service.LostShare(household=_household(one), amount=one.amount) for one in self.shares),
        )


class LostSharePatch(RequestModel):
    """份额更正"""

    amount: Yuan


class OrderShareOut(AnswerModel):
    """订单份额: yuan; `matched` is false while the person is not registered."""

    id: UUID
    matched: bool
    household_id: UUID | None
    percent: Decimal | None
    ordered: Decimal
    accepted: Decimal
    rejected: Decimal
    cancelled: Decimal
    paid: Decimal
    refunded: Decimal


class DeliveryOut(AnswerModel):
    """交付"""

    id: UUID
    order_id: UUID
    reference: str
    delivered_on: date
    accepted: Decimal
    rejected: Decimal
    cause: RejectCause | None
    final: bool
    void: bool
    version: int


class OrderOut(AnswerModel):
    """订单: amounts in yuan; `paid` is before what was refunded."""

    id: UUID
    number: str
    buyer_id: UUID
    channel: SupplyChannel
    purpose: PurchasePurpose
    supplier_name: str | None
    supplier_code: str | None
    placed_on: date
    due_on: date | None
    accepted_on: date | None
    closed_on: date | None
    cancelled_on: date | None
    households: int
    amount: Decimal
    accepted: Decimal
    rejected: Decimal
    cancelled: Decimal
    outstanding: Decimal
    paid: Decimal
    refunded: Decimal
    state: OrderState
    version: int


class OrderSheet(OrderOut):
    """订单详情: with the shares in one's area and what was delivered."""

    shares: tuple[OrderShareOut, ...]
    deliveries: tuple[DeliveryOut, ...]


class LostShareOut(AnswerModel):
    """取消份额: as it stands; `share_id` names the share of an order that is kept here."""

    id: UUID
    matched: bool
    household_id: UUID | None
    region: str | None
    order_id: UUID
    order_number: str
    share_id: UUID | None
    cancelled_on: date
    amount: Decimal
    cause: CancelCause
    void: bool
    version: int


class CancellationOut(AnswerModel):
    """订单取消"""

    order_id: UUID
    shares: tuple[LostShareOut, ...]


def _household(named: HouseholdNamed) -> HouseholdNamed:
    """How the household was named, without what was told of it beside."""
    return HouseholdNamed(**{name: getattr(named, name) for name in HouseholdNamed.model_fields})


def order_out(order: service.Order) -> OrderOut:
    """An order as answers carry it."""
    return OrderOut(**{name: getattr(order, name) for name in OrderOut.model_fields})


def delivery_out(delivery: service.Delivery) -> DeliveryOut:
    """A delivery as answers carry it."""
    return DeliveryOut(**{name: getattr(delivery, name) for name in DeliveryOut.model_fields})


def share_out(share: service.Share) -> OrderShareOut:
    """A share as answers carry it."""
    own = {name: getattr(share, name) for name in OrderShareOut.model_fields if hasattr(share, name)}
    return OrderShareOut(**own, matched=share.household_id is not None)


def lost_out(share: service.CancelledShare) -> LostShareOut:
    """A cancelled share as answers carry it."""
    own = {name: getattr(share, name) for name in LostShareOut.model_fields if hasattr(share, name)}
    return LostShareOut(**own, version=share.revision, matched=share.household_id is not None)
