"""Appending to the event log: in the transaction that made the fact, under the lock of its key."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from .catalog.base import Event
from .ids import uuid7
from .locks import held_keys
from .received import Received
from .tracing import current_traceparent


class KeyNotLocked(RuntimeError):
    """An event was appended without the lock of its key, so its place in the key's order would be a guess."""

    def __init__(self, wire_type: str):
        super().__init__(f"{wire_type} appended without locking its key first")


MOST_BYTES: Final = 128 * 1024
"""Of an event's data; what no broker batch holds would stop the relay for ever."""


class EventTooLarge(ValueError):
    """An event's data is larger than what can be sent."""

    def __init__(self, wire_type: str):
        super().__init__(f"{wire_type} has more than {MOST_BYTES} bytes of data")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """An event to append.

    Attributes:
        key: household id, else the id of the aggregate; events of one key keep their order.
        occurred_at: when it happened in the world, which may be long before it is written.
        region: 12-digit code of the village, where one is concerned.
        fact_id: names the fact; a correction is the next revision of the same fact, `void` takes it back.
        cause: the event this one follows from; it hands down correlation, causation and trace.
    """

    event: Event
    key: UUID
    occurred_at: datetime
    household_id: UUID | None = None
    region: str | None = None
    fact_id: UUID | None = None
    revision: int = 1
    void: bool = False
    cause: Received[Any] | None = None


@dataclass(frozen=True, slots=True)
class Appended:
    """Where an event landed in the log."""

    seq: int
    id: UUID


_INSERT = text("""
    INSERT INTO event_log (id, type, key, household_id, region, fact_id, revision, void, occurred_at,
                           correlation_id, causation_id, traceparent, data)
    SELECT id, type, key, household_id, region, fact_id, revision, void, occurred_at,
           correlation_id, causation_id, traceparent, CAST(data AS jsonb)
    FROM unnest(CAST(:id AS uuid[]), CAST(:type AS text[]), CAST(:key AS uuid[]), CAST(:household_id AS uuid[]),
                CAST(:region AS text[]), CAST(:fact_id AS uuid[]), CAST(:revision AS integer[]),
                CAST(:void AS boolean[]), CAST(:occurred_at AS timestamptz[]), CAST(:correlation_id AS uuid[]),
                CAST(:causation_id AS uuid[]), CAST(:traceparent AS text[]), CAST(:data AS text[]))
         WITH ORDINALITY AS new(id, type, key, household_id, region, fact_id, revision, void, occurred_at,
                                correlation_id, causation_id, traceparent, data, place)
    ORDER BY place
    RETURNING seq, id
""")


_CORRELATION: ContextVar[UUID | None] = ContextVar("correlation", default=None)


@contextmanager
def correlated(with_: UUID) -> Iterator[None]:
    """Events appended within belong together under this id, as those of one import do, unless they have a cause."""
    token = _CORRELATION.set(with_)
    try:
        yield
    finally:
        _CORRELATION.reset(token)


async def append(tx: AsyncConnection, *new: NewEvent) -> list[Appended]:
    """Append events in their order, in one statement.

    Raises:
        KeyNotLocked: a key was not locked in this transaction.
        ValueError: an event that happened at a moment without a time zone.
        EventTooLarge: its data would not fit into a broker batch.
    """
    if not new:
        return []
    _refuse_unlocked(tx, new)
    traceparent = current_traceparent()
    rows = [_row(item, _data(item.event), traceparent) for item in new]
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    result = await tx.execute(_INSERT, columns)
    return [Appended(seq, id_) for seq, id_ in result]


def _refuse_unlocked(tx: AsyncConnection, new: Sequence[NewEvent]) -> None:
    held = held_keys(tx)
    for item in new:
        if item.key not in held:
            raise KeyNotLocked(item.event.wire_type())
        if item.occurred_at.tzinfo is None:
            raise ValueError(f"{item.event.wire_type()} needs an occurred_at with a time zone")


def _data(event: Event) -> str:
    data = event.model_dump_json()
    if len(data.encode()) > MOST_BYTES:
        raise EventTooLarge(event.wire_type())
    return data


def _row(item: NewEvent, data: str, traceparent: str | None) -> dict[str, object]:
    id_ = uuid7()
    cause = item.cause
    return {
        "id": id_,
        "type": item.event.wire_type(),
        "key": item.key,
        "household_id": item.household_id,
        "region": item.region,
        "fact_id": item.fact_id,
        "revision": item.revision,
        "void": item.void,
        "occurred_at": item.occurred_at,
        "correlation_id": cause.correlation_id if cause else _CORRELATION.get() or id_,
        "causation_id": cause.id if cause else None,
        "traceparent": (cause.traceparent if cause else None) or traceparent,
        "data": data,
    }
