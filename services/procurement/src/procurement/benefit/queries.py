"""Reading and writing settlements and sales; what the caller may see, row security decides."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows

from .rules import Sale, Settlement
from .tables import sales, settlements


async def put(tx: AsyncConnection, settlement: Settlement, some: Sequence[Sale]) -> None:
    """Insert or replace a settlement and its sales."""
    await rows.put(tx, settlements, [settlement])
    await rows.put(tx, sales, some)


async def settlement(tx: AsyncConnection, settlement_id: UUID) -> Settlement | None:
    """One in scope."""
    return (await rows.by_id(tx, settlements, Settlement, [settlement_id])).get(settlement_id)


async def settlements_of(tx: AsyncConnection, order_id: UUID) -> list[Settlement]:
    """The payments of an order, void ones too, in their order."""
    wanted = select(settlements).where(settlements.c.order_id == order_id).order_by(settlements.c.id)
    return [rows.of(Settlement, row) for row in await tx.execute(wanted)]


async def sale(tx: AsyncConnection, sale_id: UUID) -> Sale | None:
    """One in scope."""
    return (await rows.by_id(tx, sales, Sale, [sale_id])).get(sale_id)


async def sales_of(tx: AsyncConnection, settlement_id: UUID, *, to_change: bool = False) -> list[Sale]:
    """What a settlement paid to whom, in a fixed order; held where it is to change."""
    wanted = select(sales).where(sales.c.settlement_id == settlement_id).order_by(sales.c.place)
    found = await tx.execute(wanted.with_for_update() if to_change else wanted)
    return [rows.of(Sale, row) for row in found]


async def sales_page(tx: AsyncConnection, *, household_id: UUID | None, after: UUID | None, limit: int) -> list[Sale]:
    """Sales of households in scope, void ones too, in the order of ids."""
    wanted = select(sales).order_by(sales.c.id).limit(limit)
    if household_id is not None:
        wanted = wanted.where(sales.c.household_id == household_id)
    if after is not None:
        wanted = wanted.where(sales.c.id > after)
    return [rows.of(Sale, row) for row in await tx.execute(wanted)]


async def paid_by(
    tx: AsyncConnection, buyer_ids: Collection[UUID], *, first: date, last: date, purposes: Collection[str]
) -> dict[UUID, Decimal]:
    """What each buyer paid in a period for these purposes, less refunds, yuan."""
    wanted = (
        select(settlements.c.buyer_id, func.sum(settlements.c.amount - settlements.c.refunded).label("net"))
        .where(
            settlements.c.buyer_id.in_(buyer_ids),
            settlements.c.paid_on.between(first, last),
            settlements.c.purpose.in_(purposes),
            ~settlements.c.void,
        )
        .group_by(settlements.c.buyer_id)
    )
    return {row.buyer_id: row.net for row in await tx.execute(wanted)}
