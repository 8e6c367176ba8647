"""Reading and writing orders and their parts; what the caller may see, row security decides."""

from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Table, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows

from .rules.cancelled import CancelledShare
from .rules.deliveries import DeliveredShare, Delivery
from .rules.orders import Order, Share
from .tables import cancelled_shares, delivered_shares, deliveries, order_shares, orders

TABLES: Final[dict[type[Any], Table]] = {
    Order: orders,
    Share: order_shares,
    Delivery: deliveries,
    DeliveredShare: delivered_shares,
    CancelledShare: cancelled_shares,
}
"""Kind of row → its table."""


async def put(tx: AsyncConnection, *kept: Sequence[Any]) -> None:
    """Insert or replace rows, those of each kind in one statement."""
    for some in kept:
        if some:
            await rows.put(tx, TABLES[type(some[0])], some)


async def order(tx: AsyncConnection, order_id: UUID) -> Order | None:
    """One in scope."""
    return (await rows.by_id(tx, orders, Order, [order_id])).get(order_id)


async def shares_of(tx: AsyncConnection, order_id: UUID, *, to_change: bool = False) -> list[Share]:
    """The shares of an order that are in scope, in their order; held where they are to change."""
    wanted = select(order_shares).where(order_shares.c.order_id == order_id).order_by(order_shares.c.place)
    found = await tx.execute(wanted.with_for_update() if to_change else wanted)
    return [rows.of(Share, row) for row in found]


async def kept_shares(tx: AsyncConnection, number: str, whose: Collection[object]) -> list[Share]:
    """The shares of households or awaited persons in orders of this number that are kept here."""
    wanted = select(order_shares).where(order_shares.c.order_number == number, _whose(order_shares, whose))
    return [rows.of(Share, row) for row in await tx.execute(wanted)]


async def reported_shares(tx: AsyncConnection, number: str, whose: Collection[object]) -> list[CancelledShare]:
    """The standing reports that orders of this number were cancelled for these."""
    wanted = select(cancelled_shares).where(
        cancelled_shares.c.order_number == number,
        cancelled_shares.c.share_id.is_(None),
        ~cancelled_shares.c.void,
        _whose(cancelled_shares, whose),
    )
    return [rows.of(CancelledShare, row) for row in await tx.execute(wanted)]


def _whose(table: Table, whose: Collection[object]) -> Any:
    return or_(
        table.c.household_id.in_([one for one in whose if isinstance(one, UUID)]),
        table.c.blind_index.in_([one for one in whose if isinstance(one, str)]),
    )


async def orders_page(
    tx: AsyncConnection, *, buyer_id: UUID | None, state: str | None, after: UUID | None, limit: int
) -> list[Order]:
    """Orders in scope, in the order of ids."""
    wanted = select(orders).order_by(orders.c.id).limit(limit)
    if buyer_id is not None:
        wanted = wanted.where(orders.c.buyer_id == buyer_id)
    if state is not None:
        wanted = wanted.where(orders.c.state == state)
    if after is not None:
        wanted = wanted.where(orders.c.id > after)
    return [rows.of(Order, row) for row in await tx.execute(wanted)]


async def delivery(tx: AsyncConnection, delivery_id: UUID) -> Delivery | None:
    """One in scope."""
    return (await rows.by_id(tx, deliveries, Delivery, [delivery_id])).get(delivery_id)


async def deliveries_of(tx: AsyncConnection, order_id: UUID) -> list[Delivery]:
    """The deliveries of an order, void ones too, in their order."""
    wanted = select(deliveries).where(deliveries.c.order_id == order_id).order_by(deliveries.c.id)
    return [rows.of(Delivery, row) for row in await tx.execute(wanted)]


async def parts_of(tx: AsyncConnection, delivery_id: UUID) -> list[DeliveredShare]:
    """The households' parts of a delivery, held for a change."""
    wanted = select(delivered_shares).where(delivered_shares.c.delivery_id == delivery_id)
    found = await tx.execute(wanted.order_by(delivered_shares.c.id).with_for_update())
    return [rows.of(DeliveredShare, row) for row in found]


async def cancelled_share(tx: AsyncConnection, share_id: UUID, *, to_change: bool = False) -> CancelledShare | None:
    """One in scope."""
    return (await rows.by_id(tx, cancelled_shares, CancelledShare, [share_id], to_change=to_change)).get(share_id)


async def cancelled_of(tx: AsyncConnection, order_id: UUID, *, to_change: bool = False) -> list[CancelledShare]:
    """The standing cancelled shares of an order, those in scope."""
    wanted = select(cancelled_shares).where(cancelled_shares.c.order_id == order_id, ~cancelled_shares.c.void)
    wanted = wanted.order_by(cancelled_shares.c.id)
    found = await tx.execute(wanted.with_for_update() if to_change else wanted)
    return [rows.of(CancelledShare, row) for row in found]


async def cancelled_page(
    tx: AsyncConnection, *, household_id: UUID | None, order_id: UUID | None, after: UUID | None, limit: int
) -> list[CancelledShare]:
    """Cancelled shares in scope, void ones too, in the order of ids."""
    wanted = select(cancelled_shares).order_by(cancelled_shares.c.id).limit(limit)
    if household_id is not None:
        wanted = wanted.where(cancelled_shares.c.household_id == household_id)
    if order_id is not None:
        wanted = wanted.where(cancelled_shares.c.order_id == order_id)
    if after is not None:
        wanted = wanted.where(cancelled_shares.c.id > after)
    return [rows.of(CancelledShare, row) for row in await tx.execute(wanted)]
