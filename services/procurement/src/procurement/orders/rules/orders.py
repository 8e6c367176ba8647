"""An order, its households' shares, and how it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from income.sharing import split

from .refusals import InFuture, NamedTwice, Terms, TooEarly

ALL = Decimal(100)
"""Percent."""


class OrderState(StrEnum):
    """订单状态"""

    PLACED = "placed"
    """已下单"""
    ACCEPTED = "accepted"
    """已接单"""
    PARTLY_DELIVERED = "partly_delivered"
    """部分交付"""
    DELIVERED = "delivered"
    """交付完毕，待结清"""
    SETTLED = "settled"
    """已结清"""
    REJECTED = "rejected"
    """全部拒收"""
    CANCELLED = "cancelled"
    """已取消"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """订单: amounts in yuan; what of them is no household's is the cooperative's own.

    Attributes:
        households: how many shares it has.
        closed_on: 短缺结单, the day it was said that the rest will not come.
        cancelled: what was outstanding when it was cancelled.
        paid: with what was refunded later.
    """

    id: UUID
    version: int
    number: str
    buyer_id: UUID
    region: str
    path: str
    channel: str
    purpose: str
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
    paid: Decimal
    refunded: Decimal
    state: str
    department: str

    @property
    def outstanding(self) -> Decimal:
        """未交付金额: what may still come."""
        gone = self.accepted + self.rejected + self.cancelled
        return Decimal("0.00") if self.closed_on else self.amount - gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """订单份额: what one household delivers to an order, yuan; `percent` of the order where a cooperative supplies."""

    id: UUID
    revision: int
    void: bool
    person_id: UUID | None
    household_id: UUID | None
    region: str | None
    path: str
    blind_index: str | None
    order_id: UUID
    order_number: str
    place: int
    percent: Decimal | None
    ordered: Decimal
    accepted: Decimal
    rejected: Decimal
    cancelled: Decimal
    paid: Decimal
    refunded: Decimal

    @property
    def key(self) -> UUID:
        """The key of the events of its household."""
        return self.household_id or self.id

    @property
    def whose(self) -> object:
        """The household, or the certificate that waits for one."""
        return self.household_id or self.blind_index

    @property
    def outstanding(self) -> Decimal:
        """未交付金额, while the order is open."""
        return self.ordered - self.accepted - self.rejected - self.cancelled

    @property
    def unpaid(self) -> Decimal:
        """应付未付金额: accepted and not paid."""
        return self.accepted - self.paid


class Concerned(Protocol):
    """Whoever stands in an order."""

    @property
    def whose(self) -> object: ...  # noqa: D102


def state_of(order: Order) -> OrderState:
    """Where the order stands, from what happened to it."""
    if order.outstanding > 0:
        if order.accepted + order.rejected > 0:
            return OrderState.PARTLY_DELIVERED
        return OrderState.ACCEPTED if order.accepted_on else OrderState.PLACED
    if order.accepted > 0:
        return OrderState.SETTLED if order.paid >= order.accepted else OrderState.DELIVERED
    return OrderState.CANCELLED if order.cancelled > 0 else OrderState.REJECTED


def ordered_amounts(
    *, cooperative: bool, total: Decimal | None, amounts: Sequence[Decimal | None], percents: Sequence[Decimal | None]
) -> tuple[Decimal, list[Decimal]]:
    """The amount of the order and of each share: as stated, or the cooperative's total by percentages to the cent.

    Raises:
        Terms: what is stated does not fit the way of supply.
    """
    stated = [amount for amount in amounts if amount is not None]
    parts = [percent for percent in percents if percent is not None]
    if cooperative:
        if total is None or stated or len(parts) != len(percents) or sum(parts) > ALL:
            raise Terms(pointer="/shares")
        return total, split(total, [*parts, ALL - sum(parts)])[:-1]
    if total is not None or parts or len(stated) != len(amounts):
        raise Terms(pointer="/shares")
    return sum(stated, Decimal("0.00")), stated


def check_day(day: date, today: date, *, since: date = date.min, pointer: str) -> None:
    """A day that has come, not before the step it follows.

    Raises:
        InFuture, TooEarly: as they say.
    """
    if day > today:
        raise InFuture(pointer=pointer)
    if day < since:
        raise TooEarly(pointer=pointer)


def check_once(shares: Sequence[Concerned]) -> None:
    """Each household once.

    Raises:
        NamedTwice: one of them is there more than once.
    """
    seen: set[object] = set()
    for index, share in enumerate(shares):
        if share.whose in seen:
            raise NamedTwice(pointer=f"/shares/{index}")
        seen.add(share.whose)
