"""What services tell each other about delivery itself: receipts and dead letters."""

from typing import ClassVar, Literal, get_args
from uuid import UUID

from .base import Event, Service


class _Platform(Event):
    SERVICE: ClassVar[Service]

    @classmethod
    def publishers(cls) -> tuple[Service, ...]:
        """Every service."""
        return get_args(Service)

    @classmethod
    def wire_type(cls) -> str:
        """Published by every service, so the type names the platform."""
        return f"cn.kunming.zengshou.platform.{cls.event_name()}.v{cls.VERSION}"


class Consumed(_Platform):
    """回执: a consumer has these events of one source safe in its database.

    Folded by set union, so order and repetition do not matter; a receipt gets no receipt.
    """

    consumer: str
    source: str
    outcome: Literal["applied", "ignored", "parked", "dead_lettered", "duplicate"]
    seqs: tuple[tuple[int, int], ...]
    """closed ranges of sequence numbers of the source's event log"""


class DeadLettered(_Platform):
    """死信: the topic copy of a dead letter; the event itself stays in the consumer's table."""

    consumer: str
    source: str
    source_seq: int
    event_id: UUID | None
    event_type: str
    cause: str
    """error class and field names, never values"""
