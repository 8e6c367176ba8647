"""Reading and writing the chain."""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.chain import Link

from .tables import decisions

_ALONE: Final = text("SELECT pg_try_advisory_xact_lock(20220823, 5)")

# Own events enter the received log alone under the gate, so their numbers grow in the order they were committed and
# none can appear below one that was read. Evidence: what the service last told of the alert or case before.
_MADE: Final = text("""
    SELECT r.seq, r.id, r.type, r.household_id, r.recorded_at, r.data,
           (SELECT g.business_date FROM gates AS g WHERE g.number <= r.number AND g.business_date IS NOT NULL
            ORDER BY g.number DESC LIMIT 1) AS on_day,
           told.id AS told, told.causation_id AS caused_by, told.policy
    FROM received_log AS r LEFT JOIN LATERAL (
        SELECT l.id, l.causation_id, l.data ->> 'policy_version' AS policy FROM event_log AS l
        WHERE l.household_id = r.household_id AND l.fact_id = r.fact_id AND l.seq < r.seq
          AND NOT l.type = ANY(CAST(:acts AS text[]))
        ORDER BY l.seq DESC LIMIT 1) AS told ON true
    WHERE r.source = 'monitoring' AND r.seq > :after AND r.type = ANY(CAST(:types AS text[]))
    ORDER BY r.seq LIMIT :most
""")


async def alone(tx: AsyncConnection) -> bool:
    """Whether nobody else lengthens the chain until this transaction ends."""
    return bool((await tx.execute(_ALONE)).scalar_one())


async def newest(tx: AsyncConnection) -> Row[Any] | None:
    """The last row; None of an empty chain."""
    return (await tx.execute(select(decisions).order_by(decisions.c.number.desc()).limit(1))).one_or_none()


async def made(
    tx: AsyncConnection, *, after: int, types: Sequence[str], acts: Sequence[str], most: int
) -> Sequence[Row[Any]]:
    """Decisions behind an event of the own log, in their order, with what they rest on."""
    return (await tx.execute(_MADE, {"after": after, "types": types, "acts": acts, "most": most})).all()


async def add(tx: AsyncConnection, links: Iterable[Link]) -> None:
    """Write links down."""
    rows = [
        {name: getattr(link.decision, name) for name in link.decision.__slots__}
        | {"previous": link.previous, "hash": link.hash}
        for link in links
    ]
    if rows:
        await tx.execute(insert(decisions), rows)


async def page(
    tx: AsyncConnection, *, household_id: UUID | None, subject_id: UUID | None, before: int | None, limit: int
) -> Sequence[Row[Any]]:
    """Decisions, the newest first."""
    query = select(decisions).order_by(decisions.c.number.desc()).limit(limit)
    if household_id is not None:
        query = query.where(decisions.c.household_id == household_id)
    if subject_id is not None:
        query = query.where(decisions.c.subject_id == subject_id)
    return (await tx.execute(query if before is None else query.where(decisions.c.number < before))).all()
