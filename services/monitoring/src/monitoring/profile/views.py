"""What officers are shown of households: queries for answers, under row security."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from events.tables import blocks
from kit.tables import policy_values

from ..policy.queries import business_date
from .tables import level_counts, profiles

__all__ = ["business_date"]

_EVIDENCE: Final = text("""
    SELECT f.fact_id, f.event_id, f.kind, f.source, f.revision, f.void, f.occurred_on, f.amount, f.received,
           r.recorded_at, r.received_at, split_part(r.traceparent, '-', 2) AS trace_id, r.correlation_id,
           EXISTS (SELECT FROM facts AS c WHERE c.household_id = f.household_id AND c.kind = 'ContestRaised'
                   AND c.data->>'contested_fact_id' IN (f.fact_id::text, r.fact_id::text)) AS contested
    FROM facts AS f LEFT JOIN received_log AS r ON r.number = f.received
    WHERE f.fact_id = ANY(CAST(:ids AS uuid[]))
""")

_ALERTS: Final = text("""
    SELECT id, rule, raised_at FROM alerts WHERE household_id = :id AND state = 'open'
""")


async def profile(tx: AsyncConnection, household_id: UUID) -> Row[Any] | None:
    """The row of one household; None outside one's scope."""
    result = await tx.execute(select(profiles).where(profiles.c.household_id == household_id, profiles.c.path != ""))
    return result.one_or_none()


async def page(
    tx: AsyncConnection, *, level: str | None, path: str, after: UUID | None, limit: int
) -> Sequence[Row[Any]]:
    """Households by id, of a level and below a path."""
    query = select(profiles).where(profiles.c.path != "", profiles.c.path.startswith(path, autoescape=True))
    if level is not None:
        query = query.where(profiles.c.level == level)
    if after is not None:
        query = query.where(profiles.c.household_id > after)
    return (await tx.execute(query.order_by(profiles.c.household_id).limit(limit))).all()


async def levels(tx: AsyncConnection, path: str) -> dict[str, int]:
    """Households by level below a path, from the counts kept."""
    total = func.sum(level_counts.c.households)
    query = select(level_counts.c.level, total).where(level_counts.c.path.startswith(path, autoescape=True))
    return {level: int(count) for level, count in await tx.execute(query.group_by(level_counts.c.level))}


async def evidence(tx: AsyncConnection, fact_ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    """The facts behind outcomes, each with the event that carried it and its trace."""
    return {row.fact_id: row for row in await tx.execute(_EVIDENCE, {"ids": list(fact_ids)})}


async def policies(tx: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    """Policy values by id."""
    result = await tx.execute(select(policy_values).where(policy_values.c.id.in_(ids)))
    return {row.id: row for row in result}


async def open_alerts(tx: AsyncConnection, household_id: UUID) -> dict[str, Row[Any]]:
    """The household's open alerts by rule."""
    return {row.rule: row for row in await tx.execute(_ALERTS, {"id": household_id})}


async def incomplete_since(tx: AsyncConnection, households: Sequence[UUID]) -> dict[UUID, datetime]:
    """Households of whom an event waits behind a dead letter, and since when."""
    query = select(blocks.c.key, func.min(blocks.c.since)).where(blocks.c.key.in_(households)).group_by(blocks.c.key)
    return {row[0]: row[1] for row in await tx.execute(query)}
