"""Who publishes where and who must listen: topics, partitions, listeners.

The listener table is what receipts are measured against: an event is delivered when every listener of its
publisher has it safe in its own database.
"""

from typing import Final, get_args

from .catalog.base import Service

SERVICES: Final[tuple[Service, ...]] = get_args(Service)

PARTITIONS: Final = 12
"""Of every topic, for ever: growth would move keys between partitions and break their order."""

RECEIPTS_TOPIC: Final = "consumption.v1"

LISTENERS: Final[dict[Service, tuple[Service, ...]]] = {
    "households": ("employment", "finance", "procurement", "monitoring"),
    "employment": ("households", "finance", "monitoring"),
    "finance": ("households", "employment", "procurement", "monitoring"),
    "procurement": ("households", "finance", "monitoring"),
    "monitoring": ("households", "employment", "finance", "procurement"),
}
"""Consumer → the publishers whose every event it must take (services.md, "Who listens to whom")."""


def topic(service: str) -> str:
    """The topic of a service's events."""
    return f"{service}.v1"


def dead_letter_topic(consumer: str) -> str:
    """The topic of the copies of a consumer's dead letters."""
    return f"{consumer}.v1.dlq"


def listeners_of(publisher: str) -> tuple[Service, ...]:
    """The consumers that must take every event of this publisher."""
    return tuple(consumer for consumer, sources in LISTENERS.items() if publisher in sources)


def subscriptions(consumer: Service) -> tuple[str, ...]:
    """The topics a consumer subscribes to; every member of its group the same, so that they are co-assigned."""
    return (*(topic(source) for source in LISTENERS[consumer]), RECEIPTS_TOPIC)


def all_topics() -> tuple[str, ...]:
    """Every topic that must exist before anyone sends."""
    return (*map(topic, SERVICES), *map(dead_letter_topic, SERVICES), RECEIPTS_TOPIC)
