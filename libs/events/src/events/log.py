"""Appending to the event log: in the transaction that made the fact, under the lock of its key."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from . import hints
from .catalog.base import Event
from .columns import all_the_same
from .copying import copy_columns
from .ids import uuid7s
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


# Not frozen: that would make it four times as dear, and an import appends two for each person.
@dataclass(slots=True, kw_only=True)
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


COPIED: Final = 100
"""So many events are copied into the log; of fewer the preparation costs more than is saved."""

_TYPES: Final = {
    "id": "uuid",
    "type": "text",
    "key": "uuid",
    "household_id": "uuid",
    "region": "text",
    "fact_id": "uuid",
    "revision": "integer",
    "void": "boolean",
    "occurred_at": "timestamptz",
    "correlation_id": "uuid",
    "causation_id": "uuid",
    "traceparent": "text",
    "data": "text",
}


@lru_cache(maxsize=64)
def _insert(once: frozenset[str], *, hint: bool) -> TextClause:
    """Columns go as arrays; those of `once`, where one value stands for all rows, as that value."""
    many = [name for name in _TYPES if name not in once]
    taken = [f"CAST(:{name} AS {kind})" if name in once else f"new.{name}" for name, kind in _TYPES.items()]
    taken[-1] = f"CAST({taken[-1]} AS jsonb)"
    arrays = ", ".join(f"CAST(:{name} AS {_TYPES[name]}[])" for name in many)
    told = f"(SELECT pg_notify('{hints.CHANNEL}', ''))" if hint else "NULL"
    return text(
        f"INSERT INTO event_log ({', '.join(_TYPES)}) SELECT {', '.join(taken)} "  # noqa: S608 - our own columns
        f"FROM unnest({arrays}) WITH ORDINALITY AS new({', '.join(many)}, place) ORDER BY place "
        f"RETURNING seq, id, {told}"
    )


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
    columns = _columns(new)
    once = frozenset(name for name, values in columns.items() if all_the_same(values))
    told = columns | {name: columns[name][0] for name in once}
    result = await tx.execute(_insert(once, hint=hints.due(tx)), told)
    return [Appended(seq, id_) for seq, id_, _ in result]


async def append_many(tx: AsyncConnection, new: Sequence[NewEvent]) -> None:
    """The same, of any number of events of which nobody asks where they landed.

    Raises:
        KeyNotLocked, ValueError, EventTooLarge: as `append`.
    """
    if len(new) < COPIED:
        await append(tx, *new)
        return
    _refuse_unlocked(tx, new)
    await copy_columns(tx, "event_log", _columns(new))


def _refuse_unlocked(tx: AsyncConnection, new: Sequence[NewEvent]) -> None:
    held = held_keys(tx)
    for item in new:
        if item.key not in held:
            raise KeyNotLocked(item.event.wire_type())
        if item.occurred_at.tzinfo is None:
            raise ValueError(f"{item.event.wire_type()} needs an occurred_at with a time zone")


def _data(event: Event) -> str:
    data = event.model_dump_json()
    # a character has four bytes at most
    if len(data) * 4 > MOST_BYTES and len(data.encode()) > MOST_BYTES:
        raise EventTooLarge(event.wire_type())
    return data


_TOLD: Final = ("key", "household_id", "region", "fact_id", "revision", "void", "occurred_at")


def _columns(new: Sequence[NewEvent]) -> dict[str, list[Any]]:
    ids = uuid7s(len(new))
    together, traceparent = _CORRELATION.get(), current_traceparent()
    causes = [item.cause for item in new]
    told = {name: list(map(attrgetter(name), new)) for name in _TOLD}
    return told | {
        "id": ids,
        "type": [item.event.wire_type() for item in new],
        "correlation_id": [
            cause.correlation_id if cause else together or id_ for cause, id_ in zip(causes, ids, strict=True)
        ],
        "causation_id": [cause.id if cause else None for cause in causes],
        "traceparent": [(cause.traceparent if cause else None) or traceparent for cause in causes],
        "data": [_data(item.event) for item in new],
    }
