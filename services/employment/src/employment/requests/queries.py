"""Reading what answers requests."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.employment import SubsidyKind

from ..subsidies.rules import SubsidyState
from ..subsidies.tables import subsidies
from ..workers.tables import spells


async def jobs(tx: AsyncConnection, households: Collection[UUID]) -> Sequence[Row[Any]]:
    """The job spells of households, those that ended or were taken back too."""
    columns: tuple[Any, ...] = (
        spells.c.id,
        spells.c.household_id,
        spells.c.channel,
        spells.c.started_on,
        spells.c.void,
    )
    return (await tx.execute(select(*columns).where(spells.c.household_id.in_(households)))).all()


async def traffic_subsidies(tx: AsyncConnection, households: Collection[UUID]) -> Sequence[Row[Any]]:
    """The traffic subsidies of households, from the application to the bank's answer."""
    c = subsidies.c
    columns: tuple[Any, ...] = (c.id, c.household_id, c.state, c.paid_on)
    wanted = (c.kind == SubsidyKind.TRAFFIC.value, c.state != SubsidyState.CLOSED.value)
    return (await tx.execute(select(*columns).where(c.household_id.in_(households), *wanted))).all()
