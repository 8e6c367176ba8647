"""Reading what answers requests."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..orders.tables import order_shares, orders


async def shares(tx: AsyncConnection, households: Collection[UUID]) -> Sequence[Row[Any]]:
    """The shares of households in orders; of an order whose buyer is out of scope the day is null."""
    share = order_shares.c
    stands = and_(~share.void, share.cancelled < share.ordered).label("stands")
    joined = select(share.order_id, share.household_id, orders.c.placed_on, stands).select_from(
        order_shares.outerjoin(orders, orders.c.id == share.order_id)
    )
    return (await tx.execute(joined.where(share.household_id.in_(households)))).all()
