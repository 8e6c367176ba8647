"""For tests: events as a consumer would hand them to handlers, without a broker."""

from datetime import datetime
from itertools import count
from typing import TypeVar
from uuid import UUID

from .catalog.base import Event
from .ids import uuid7
from .received import Received

E = TypeVar("E", bound=Event)

_seq = count(1)


def received(
    data: E, key: UUID, *, revision: int = 1, void: bool = False, fact_id: UUID | None = None, known: bool = True
) -> Received[E]:
    """The event as received; each call is the next of its publisher.

    Args:
        data: what happened.
        key: of the event; the household's id unless `known` is false.
        revision: of the fact.
        void: whether it takes the fact back.
        fact_id: the fact.
        known: whether the household is.
    """
    moment = datetime.fromisoformat("2023-10-15T08:00:00+08:00")
    return Received(
        source=data.SERVICE,
        seq=next(_seq),
        id=uuid7(),
        type=data.wire_type(),
        key=key,
        household_id=key if known else None,
        region=None,
        fact_id=fact_id,
        revision=revision,
        void=void,
        occurred_at=moment,
        recorded_at=moment,
        correlation_id=uuid7(),
        causation_id=None,
        traceparent=None,
        data=data,
    )
