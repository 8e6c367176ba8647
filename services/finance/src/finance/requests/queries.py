"""Reading what answers requests."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..loans.tables import loans


async def paid_out(
    tx: AsyncConnection, households: Collection[UUID], *, products: Collection[str]
) -> Sequence[Row[Any]]:
    """The loans of some products that households were paid, settled ones too."""
    columns: tuple[Any, ...] = (loans.c.id, loans.c.household_id, loans.c.product, loans.c.disbursed_on, loans.c.void)
    lent = (loans.c.disbursed_on.is_not(None), loans.c.product.in_(products))
    return (await tx.execute(select(*columns).where(loans.c.household_id.in_(households), *lent))).all()
