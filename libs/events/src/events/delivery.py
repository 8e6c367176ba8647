"""Where an event is: in the log, on its topic, with whom; and how much is still on its way. For operators."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from .topology import listeners_of

_EVENT = text("""
    SELECT seq, id, type, key, household_id, region, fact_id, revision, void, occurred_at, recorded_at,
           correlation_id, causation_id, traceparent, data
    FROM event_log WHERE id = :id
""")
_SENT = text("""
    SELECT coalesce((SELECT :seq <= hi FROM relay_state), false)
       AND NOT EXISTS (SELECT 1 FROM relay_gaps WHERE CAST(:seq AS bigint) BETWEEN lo AND hi)
""")
_RECEIPTS = text("""
    SELECT DISTINCT ON (consumer) consumer, outcome, received_at FROM receipts
    WHERE CAST(:seq AS bigint) BETWEEN lowest AND highest AND seqs @> CAST(:seq AS bigint)
    ORDER BY consumer, outcome = 'duplicate', id DESC
""")
_RECEIVED = text("SELECT number, source, seq, received_at FROM received_log WHERE id = :id")
_LETTER = text("SELECT state, cause FROM dead_letters WHERE event_id = :id ORDER BY written_at DESC LIMIT 1")
_OUTSTANDING = text("""
    SELECT l.consumer, count(e.seq) AS events
    FROM unnest(CAST(:listeners AS text[])) AS l(consumer)
    LEFT JOIN consumption AS c USING (consumer)
    CROSS JOIN LATERAL unnest(
        int8multirange(int8range(1, (SELECT coalesce(max(seq), 0) FROM event_log) + 1))
        - coalesce(c.seqs, CAST('{}' AS int8multirange))
    ) AS missing
    JOIN event_log AS e ON e.seq >= lower(missing) AND e.seq < upper(missing)
    WHERE e.type NOT LIKE 'cn.kunming.zengshou.platform.%'
    GROUP BY l.consumer
""")
_PAGE = text("""
    SELECT seq, id, type, key, household_id, region, fact_id, revision, void, occurred_at, recorded_at,
           correlation_id, causation_id, traceparent, data
    FROM event_log
    WHERE seq > :after AND seq <= coalesce((SELECT min(lo) - 1 FROM relay_gaps), (SELECT hi FROM relay_state), 0)
    ORDER BY seq LIMIT :most
""")
_REWIND = text("INSERT INTO relay_rewinds (lo, hi) VALUES (:lo, :hi)")


@dataclass(frozen=True, slots=True)
class Taken:
    """What one listener did with an event: `outcome` is null while it has not confirmed it."""

    consumer: str
    outcome: str | None
    at: datetime | None


async def logged(tx: AsyncConnection, event_id: UUID) -> dict[str, Any] | None:
    """The event as it stands in the log; it carries no clear personal data."""
    row = (await tx.execute(_EVENT, {"id": event_id})).one_or_none()
    return None if row is None else dict(row._mapping)


async def sent(tx: AsyncConnection, seq: int) -> bool:
    """Whether the broker has acknowledged it."""
    return bool((await tx.execute(_SENT, {"seq": seq})).scalar_one())


async def taken(tx: AsyncConnection, service: str, seq: int) -> list[Taken]:
    """What each listener confirmed, as told by receipts."""
    told = {row.consumer: row for row in await tx.execute(_RECEIPTS, {"seq": seq})}
    return [
        Taken(consumer, told[consumer].outcome, told[consumer].received_at)
        if consumer in told
        else Taken(consumer, None, None)
        for consumer in listeners_of(service)
    ]


async def received(tx: AsyncConnection, event_id: UUID) -> dict[str, Any] | None:
    """Where an event of another service stands here: its received-log number, or its dead letter."""
    row = (await tx.execute(_RECEIVED, {"id": event_id})).one_or_none()
    if row is not None:
        return {**row._mapping, "state": "applied", "cause": None}
    letter = (await tx.execute(_LETTER, {"id": event_id})).one_or_none()
    return None if letter is None else dict(letter._mapping)


async def outstanding(tx: AsyncConnection, service: str) -> dict[str, int]:
    """Events of this service's log that each listener has not confirmed yet."""
    counted = {row.consumer: row.events for row in await tx.execute(_OUTSTANDING, {"listeners": _listeners(service)})}
    return {consumer: counted.get(consumer, 0) for consumer in _listeners(service)}


def _listeners(service: str) -> Sequence[str]:
    return list(listeners_of(service))


async def page(tx: AsyncConnection, after: int, most: int) -> list[dict[str, Any]]:
    """Settled rows of the log after a number."""
    return [dict(row._mapping) for row in await tx.execute(_PAGE, {"after": after, "most": most})]


async def rewind(tx: AsyncConnection, lo: int, hi: int) -> None:
    """Ask the relay to send `lo … hi` again; consumers drop what they have."""
    await tx.execute(_REWIND, {"lo": lo, "hi": hi})
