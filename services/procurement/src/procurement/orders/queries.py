"""Reading cancelled shares; what the caller may see, row security decides."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows

from .rules import CancelledShare
from .tables import cancelled_shares


async def find(tx: AsyncConnection, share_id: UUID) -> CancelledShare | None:
    """One in scope."""
    return (await rows.by_id(tx, cancelled_shares, CancelledShare, [share_id])).get(share_id)


async def of_order(tx: AsyncConnection, order_id: UUID) -> list[CancelledShare]:
    """The standing shares of an order, those in scope."""
    wanted = select(cancelled_shares).where(cancelled_shares.c.order_id == order_id, ~cancelled_shares.c.void)
    return [rows.of(CancelledShare, row) for row in await tx.execute(wanted)]


async def put(tx: AsyncConnection, shares: Sequence[CancelledShare]) -> None:
    """Insert or replace shares."""
    await rows.put(tx, cancelled_shares, shares)


async def page(
    tx: AsyncConnection, *, household_id: UUID | None, order_id: UUID | None, after: UUID | None, limit: int
) -> list[CancelledShare]:
    """Shares in scope, void ones too, in the order of ids."""
    wanted = select(cancelled_shares).order_by(cancelled_shares.c.id).limit(limit)
    if household_id is not None:
        wanted = wanted.where(cancelled_shares.c.household_id == household_id)
    if order_id is not None:
        wanted = wanted.where(cancelled_shares.c.order_id == order_id)
    if after is not None:
        wanted = wanted.where(cancelled_shares.c.id > after)
    return [rows.of(CancelledShare, row) for row in await tx.execute(wanted)]
