"""An order is placed: with households themselves, or with a cooperative and the households behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.household_naming import HouseholdNamed, place_households
from directory.people import today
from events.catalog.procurement import PurchasePurpose, SupplyChannel
from events.ids import derived_id, uuid7
from events.locks import locked
from events.log import append
from kit.cipher import FieldCipher
from kit.credit_code import normalise_credit_code
from kit.errors import Refusal

from ...buyers.rules import Buyer
from ...buyers.rules.refusals import BuyerClosed, BuyerUnknown
from ...buyers.service import get_buyer
from ...requests import service as requests
from ..queries import order as find_order
from ..queries import put, reported_shares, shares_of
from ..rules.orders import Order, OrderState, Share, check_day, check_once, ordered_amounts
from ..rules.refusals import CancellationReported, OrderKnown, Terms
from . import publishing

NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareReport:
    """份额: of a household; an amount where it supplies itself, a percentage where a cooperative does."""

    household: HouseholdNamed
    amount: Decimal | None = None
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier:
    """合作社: its name and 统一社会信用代码."""

    name: str
    credit_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReport:
    """下单登记"""

    order_number: str
    buyer_id: UUID
    channel: SupplyChannel
    purpose: PurchasePurpose
    placed_on: date
    due_on: date | None
    supplier: Supplier | None
    amount: Decimal | None
    shares: tuple[ShareReport, ...]


async def place_order(
    tx: AsyncConnection, report: OrderReport, *, cipher: FieldCipher, area: str, department: str
) -> tuple[Order, list[Share], bool]:
    """Place an order, whole or not at all; the same again changes nothing. Gives whether it is new.

    Raises:
        Refusal: the buyer, a household, a day, the terms or the number cannot be accepted.
    """
    on = await today(tx)
    check_day(report.placed_on, on, pointer="/placed_on")
    if report.due_on is not None:
        check_day(report.due_on, date.max, since=report.placed_on, pointer="/due_on")
    supplier = _supplier(report)
    buyer = await _buyer(tx, report.buyer_id)
    pointers = [f"/shares/{index}" for index in range(len(report.shares))]
    named = [share.household for share in report.shares]
    placed = await place_households(tx, named, cipher=cipher, area=area, on=on, pointers=pointers)
    amount, amounts = ordered_amounts(
        cooperative=supplier is not None,
        total=report.amount,
        amounts=[share.amount for share in report.shares],
        percents=[share.percent for share in report.shares],
    )
    order = _order(report, buyer, supplier, amount, department)
    shares = [
        Share(
            id=uuid7(), revision=1, void=False, **where.values(), order_id=order.id, order_number=order.number,
            place=index, percent=share.percent, ordered=ordered, accepted=NOTHING, rejected=NOTHING,
            cancelled=NOTHING, paid=NOTHING, refunded=NOTHING,
        )
        for index, (share, where, ordered) in enumerate(zip(report.shares, placed, amounts, strict=True))
    ]  # fmt: skip
    check_once(shares)
    return await _kept(tx, order, shares)


async def _kept(tx: AsyncConnection, order: Order, shares: list[Share]) -> tuple[Order, list[Share], bool]:
    await locked(tx, {order.id, *(share.key for share in shares)})
    known = await find_order(tx, order.id)
    if known is not None:
        standing = await shares_of(tx, order.id)
        if _terms(known, standing) != _terms(order, shares):
            raise OrderKnown
        return known, standing, False
    if await reported_shares(tx, order.number, [share.whose for share in shares]):
        raise CancellationReported(pointer="/order_number")
    await put(tx, [order], shares)
    await append(tx, publishing.placed(order))
    await requests.settle(tx, [share.household_id for share in shares])
    return order, shares, True


def _terms(order: Order, shares: Sequence[Share]) -> tuple[object, ...]:
    """What was agreed, which never changes."""
    names = ("buyer_id", "channel", "purpose", "supplier_code", "placed_on", "due_on", "amount")
    agreed = tuple(getattr(order, name) for name in names)
    return agreed, [(share.whose, share.percent, share.ordered) for share in shares]


def _supplier(report: OrderReport) -> Supplier | None:
    if (report.supplier is not None) != (report.channel is SupplyChannel.COOPERATIVE):
        raise Terms(pointer="/supplier")
    if report.supplier is None:
        return None
    try:
        return Supplier(name=report.supplier.name, credit_code=normalise_credit_code(report.supplier.credit_code))
    except Refusal as refusal:
        refusal.pointer = "/supplier/credit_code"
        raise


async def _buyer(tx: AsyncConnection, buyer_id: UUID) -> Buyer:
    try:
        buyer = await get_buyer(tx, buyer_id)
    except BuyerUnknown as unknown:
        unknown.pointer = "/buyer_id"
        raise
    if buyer.closed:
        raise BuyerClosed(pointer="/buyer_id")
    return buyer


def _order(report: OrderReport, buyer: Buyer, supplier: Supplier | None, amount: Decimal, department: str) -> Order:
    return Order(
        id=derived_id("order", department, report.order_number), version=1, number=report.order_number,
        buyer_id=buyer.id, region=buyer.region, path=buyer.path, channel=report.channel, purpose=report.purpose,
        supplier_name=supplier.name if supplier else None, supplier_code=supplier.credit_code if supplier else None,
        placed_on=report.placed_on, due_on=report.due_on, accepted_on=None, closed_on=None, cancelled_on=None,
        households=len(report.shares), amount=amount, accepted=NOTHING, rejected=NOTHING, cancelled=NOTHING,
        paid=NOTHING, refunded=NOTHING, state=OrderState.PLACED, department=department,
    )  # fmt: skip
