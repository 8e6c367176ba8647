"""An event as a consumer sees it, and the form of a handler."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from .catalog.base import Event

E_co = TypeVar("E_co", bound=Event, covariant=True)


class OutOfTurn(Exception):
    """Behind a lock that was waited for, a later number was handled already: the batch is to draw new numbers.

    Where a handler locks more than the keys of its batch, another worker may have drawn later numbers and been first.
    Tried again, the batch stands behind what came before it, so a replay in the order of the numbers sees the same.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(Generic[E_co]):
    """One event with its envelope.

    Attributes:
        source: the publishing service.
        seq: its place in the publisher's event log.
        number: its place in this consumer's received log; per key the order of handling, 0 before it is written.
        traceparent: W3C parent for whatever follows from this event.
    """

    source: str
    seq: int
    id: UUID
    type: str
    key: UUID
    household_id: UUID | None
    region: str | None
    fact_id: UUID | None
    revision: int
    void: bool
    occurred_at: datetime
    recorded_at: datetime
    correlation_id: UUID
    causation_id: UUID | None
    traceparent: str | None
    data: E_co
    number: int = 0


Handler = Callable[[AsyncConnection, Sequence[Received[Any]]], Awaitable[None]]
"""Takes all events of its types in a batch at once, in received order; a few bulk statements, never one per event."""

Handlers = Mapping[type[Event], Sequence[Handler]]
"""The table of contents of a consumer: event class → its handlers. One handler may stand under several classes."""


def merge_handlers(*tables: Handlers) -> dict[type[Event], tuple[Handler, ...]]:
    """One table out of several, in their order."""
    merged: dict[type[Event], tuple[Handler, ...]] = {}
    for table in tables:
        for cls, handlers in table.items():
            merged[cls] = (*merged.get(cls, ()), *handlers)
    return merged
