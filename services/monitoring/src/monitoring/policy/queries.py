"""Reading and writing ticks and policy changes."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from events.received import Received
from kit.tables import policy_values

from ..received import event_of
from .tables import gates

_AFTER = text("""
    SELECT g.number AS gate, g.business_date, g.policy_id, r.source, r.seq, r.id, r.type, r.key, r.household_id,
           r.region, r.fact_id, r.revision, r.void, r.occurred_at, r.recorded_at, r.correlation_id, r.causation_id,
           r.traceparent, r.data::text AS data, r.number
    FROM gates AS g JOIN received_log AS r USING (number) WHERE g.number > :number ORDER BY g.number
""")
_GATE_COLUMNS = frozenset({"gate", "business_date", "policy_id"})


async def gates_after(tx: AsyncConnection, number: int) -> list[tuple[Row[Any], Received[Any]]]:
    """The ticks and policy changes above a number, in their order, each with its event."""
    return [(row, event_of(row, _GATE_COLUMNS)) for row in await tx.execute(_AFTER, {"number": number})]


async def add_gate(
    tx: AsyncConnection, number: int, *, business_date: date | None = None, policy_id: UUID | None = None
) -> None:
    """Write down a tick or a policy change."""
    await tx.execute(insert(gates).values(number=number, business_date=business_date, policy_id=policy_id))


async def business_date(tx: AsyncConnection) -> date | None:
    """The business date; None before the first tick."""
    query = select(gates.c.business_date).where(gates.c.business_date.is_not(None))
    return (await tx.execute(query.order_by(gates.c.number.desc()).limit(1))).scalar_one_or_none()


async def values(tx: AsyncConnection) -> Sequence[Row[Any]]:
    """All policy values with the number they became known under; seeds are known from the beginning."""
    known = select(gates.c.policy_id, gates.c.number).where(gates.c.policy_id.is_not(None)).subquery()
    result = await tx.execute(
        select(policy_values, known.c.number)
        .outerjoin(known, known.c.policy_id == policy_values.c.id)
        .order_by(known.c.number.nulls_first(), policy_values.c.name, policy_values.c.path)
    )
    return result.all()


async def last_gate(tx: AsyncConnection) -> int:
    """The number of the last tick or policy change; 0 before the first."""
    return int((await tx.execute(select(func.coalesce(func.max(gates.c.number), 0)))).scalar_one())
