"""Reading and writing ticks and policy values."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from events.received import Received
from kit.tables import policy_values

from ..received import event_of
from .tables import gates, policy_drafts

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


async def add_value(tx: AsyncConnection, **fields: object) -> None:
    """Write a policy value down; the same id twice is once."""
    await tx.execute(upsert(policy_values).values(**fields).on_conflict_do_nothing())


async def last_gate(tx: AsyncConnection) -> int:
    """The number of the last tick or policy change; 0 before the first."""
    return int((await tx.execute(select(func.coalesce(func.max(gates.c.number), 0)))).scalar_one())


async def names(tx: AsyncConnection) -> set[str]:
    """The names that values are known under."""
    return set((await tx.execute(select(policy_values.c.name).distinct())).scalars())


async def add_draft(tx: AsyncConnection, **fields: object) -> Row[Any]:
    """Write a draft down."""
    row: Row[Any] = (await tx.execute(insert(policy_drafts).values(**fields).returning(policy_drafts))).one()
    return row


async def draft(tx: AsyncConnection, draft_id: UUID, *, lock: bool = False) -> Row[Any] | None:
    """One draft; None outside one's scope."""
    query = select(policy_drafts).where(policy_drafts.c.id == draft_id)
    return (await tx.execute(query.with_for_update() if lock else query)).one_or_none()


async def drafts(tx: AsyncConnection, *, state: str | None, after: UUID | None, limit: int) -> Sequence[Row[Any]]:
    """Drafts by id."""
    query = select(policy_drafts).order_by(policy_drafts.c.id).limit(limit)
    if state is not None:
        query = query.where(policy_drafts.c.state == state)
    if after is not None:
        query = query.where(policy_drafts.c.id > after)
    return (await tx.execute(query)).all()


async def decide_draft(tx: AsyncConnection, draft_id: UUID, *, state: str, by: str) -> Row[Any]:
    """Write down what became of a draft."""
    decided = {"state": state, "decided_by": by, "decided_at": func.clock_timestamp()}
    statement = update(policy_drafts).where(policy_drafts.c.id == draft_id).values(**decided)
    row: Row[Any] = (await tx.execute(statement.returning(policy_drafts))).one()
    return row
