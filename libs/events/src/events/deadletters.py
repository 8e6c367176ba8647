"""Dead letters and what waits behind them: nothing of a key is handled before what came earlier is settled."""

from collections.abc import Sequence
from datetime import UTC, datetime
from json import dumps
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from . import receipts
from .catalog.base import Service
from .catalog.platform import DeadLettered
from .ids import uuid7
from .incoming import Incoming
from .log import NewEvent, append
from .wire import Undecodable

_WRITE = text("""
    INSERT INTO dead_letters (id, source, seq, key, event_id, event_type, state, cause, topic, partition, headers,
                              value)
    VALUES (:id, :source, :seq, :key, :event_id, :event_type, :state, :cause, :topic, :partition,
            CAST(:headers AS jsonb), :value)
    ON CONFLICT (source, seq) DO NOTHING
""")
_BLOCK = text("INSERT INTO blocks (source, key) VALUES (:source, :key) ON CONFLICT DO NOTHING")
_RECENT = text("""
    SELECT count(*) FROM dead_letters
    WHERE event_type = :event_type AND cause IS NOT NULL AND written_at > clock_timestamp() - interval '1 minute'
""")
# Counted in the database, so that all members and a restarted one see the same; far enough back for any share.
_RECENTLY_APPLIED = text("""
    SELECT count(*) FROM (SELECT type, received_at FROM received_log ORDER BY number DESC LIMIT 50000) AS latest
    WHERE type = :event_type AND received_at > clock_timestamp() - interval '1 minute'
""")
_SETTLED_BEFORE = text("""
    SELECT EXISTS (SELECT 1 FROM dead_letters WHERE source = :source AND seq = :seq)
        OR EXISTS (SELECT 1 FROM received_log WHERE source = :source AND seq = :seq)
""")
_LIST = text("""
    SELECT d.id, d.source, d.seq, d.key, d.event_id, d.event_type, d.state, d.cause, d.written_at, d.settled_at,
           b.since AS blocked_since, b.redrive_requested_at
    FROM dead_letters AS d LEFT JOIN blocks AS b USING (source, key)
    WHERE CAST(:waiting AS boolean) IS FALSE OR d.state IN ('poison', 'parked')
    ORDER BY d.written_at, d.seq LIMIT :most
""")
_ASK = text("""
    UPDATE blocks SET redrive_requested_at = clock_timestamp()
    WHERE (source, key) IN (SELECT source, key FROM dead_letters WHERE id = :id) RETURNING key
""")
_ASK_ALL = text("UPDATE blocks SET redrive_requested_at = clock_timestamp() RETURNING key")
# The block row first, as a redrive does: a letter is either handled or given up.
_HOLD_LETTER = text("""
    SELECT 1 FROM blocks AS b JOIN dead_letters AS d USING (source, key) WHERE d.id = :id FOR UPDATE OF b
""")
_DISMISS = text("""
    UPDATE dead_letters SET state = 'dismissed', settled_at = clock_timestamp()
    WHERE id = :id AND state = 'poison' RETURNING id
""")


async def park(tx: AsyncConnection, records: Sequence[Incoming]) -> None:
    """Set records aside, in order, behind the dead letter that blocks their key."""
    if records:
        await tx.execute(_WRITE, [_letter(record, "parked", None) for record in records])


async def bury(tx: AsyncConnection, service: Service, record: Incoming, cause: str) -> None:
    """Write a dead letter, block its key and tell of it. Call it under the key's lock."""
    await tx.execute(_WRITE, _letter(record, "poison", cause))
    await tx.execute(_BLOCK, {"source": record.source, "key": record.key})
    await tell(tx, service, record, cause)


async def tell(tx: AsyncConnection, service: Service, record: Incoming, cause: str) -> None:
    """Append the topic copy of a dead letter and write its receipt. Call it under the key's lock."""
    await append(tx, _copy(service, record, cause))
    await receipts.write(tx, {(record.source, "dead_lettered"): [record.seq]})


async def recent_poison(tx: AsyncConnection, event_type: str) -> int:
    """How many of a type were found poisonous within the last minute."""
    return int((await tx.execute(_RECENT, {"event_type": event_type})).scalar_one())


async def recently_applied(tx: AsyncConnection, event_type: str) -> int:
    """How many of a type were applied within the last minute."""
    return int((await tx.execute(_RECENTLY_APPLIED, {"event_type": event_type})).scalar_one())


async def settled_before(tx: AsyncConnection, record: Incoming) -> bool:
    """Whether an earlier copy of the record was applied or became a dead letter. Call it under the key's lock."""
    result = await tx.execute(_SETTLED_BEFORE, {"source": record.source, "seq": record.seq})
    return bool(result.scalar_one())


async def list_letters(tx: AsyncConnection, *, waiting_only: bool, most: int = 200) -> list[dict[str, Any]]:
    """Dead letters without their payload, oldest first."""
    rows = await tx.execute(_LIST, {"waiting": waiting_only, "most": most})
    return [dict(row._mapping) for row in rows]


async def ask_redrive(tx: AsyncConnection, letter: UUID | None) -> int:
    """Ask the owning consumer to try again, one letter's key or all; returns how many keys."""
    result = await (tx.execute(_ASK, {"id": letter}) if letter else tx.execute(_ASK_ALL))
    return len(result.all())


async def dismiss(tx: AsyncConnection, letter: UUID) -> bool:
    """Give one dead letter up for good; what waits behind it is then handled by the owning consumer."""
    await tx.execute(_HOLD_LETTER, {"id": letter})
    dismissed = (await tx.execute(_DISMISS, {"id": letter})).one_or_none() is not None
    if dismissed:
        await ask_redrive(tx, letter)
    return dismissed


def cause_of(error: BaseException) -> str:
    """Why an event is poison: classes and field names, never values (an error's text may quote personal data)."""
    if isinstance(error, Undecodable):
        return f"undecodable: {error}"
    sqlstate = getattr(getattr(error, "orig", None), "sqlstate", None)
    return f"{type(error).__name__} {sqlstate}" if sqlstate else type(error).__name__


def _letter(record: Incoming, state: str, cause: str | None) -> dict[str, object]:
    return {
        "id": uuid7(),
        "source": record.source,
        "seq": record.seq,
        "key": record.key,
        "event_id": _event_id(record),
        "event_type": record.headers.get("ce_type", "?"),
        "state": state,
        "cause": cause,
        "topic": record.topic,
        "partition": record.partition,
        "headers": dumps(record.headers),
        "value": record.value,
    }


def _event_id(record: Incoming) -> UUID | None:
    try:
        return UUID(record.headers.get("ce_id", ""))
    except ValueError:
        return None


def _copy(service: Service, record: Incoming, cause: str) -> NewEvent:
    return NewEvent(
        event=DeadLettered(
            consumer=service,
            source=record.source,
            source_seq=record.seq,
            event_id=_event_id(record),
            event_type=record.headers.get("ce_type", "?"),
            cause=cause,
        ),
        key=record.key,
        occurred_at=datetime.now(UTC),
    )
