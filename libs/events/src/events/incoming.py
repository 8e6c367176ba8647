"""A record as it came from the broker, decoded or with the reason why not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from aiokafka import ConsumerRecord

from .catalog.base import Event
from .catalog.platform import Consumed
from .gate import GATED
from .ids import derived_id
from .received import Received
from .topology import RECEIPTS_TOPIC
from .wire import LARGEST_SEQ, Undecodable, decode, header_values, source_of

Place = tuple[str, int]
"""(topic, partition)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One record.

    Attributes:
        event: the decoded event; None where nobody here handles its type or the record is faulty.
        fault: why it cannot be read (field names and error kinds only).
        source, seq, key: its identity; a record that tells none gets one from its place in the topic.
    """

    topic: str
    partition: int
    offset: int
    headers: dict[str, str]
    value: bytes
    event: Received[Any] | None
    fault: str | None
    source: str
    seq: int
    key: UUID

    @property
    def gated(self) -> bool:
        """Whether it concerns everybody and must be taken alone, under the exclusive gate."""
        return self.event is not None and isinstance(self.event.data, GATED)

    @property
    def receipt(self) -> bool:
        """Whether it is a receipt, which is folded and not handled."""
        return self.event is not None and isinstance(self.event.data, Consumed)

    @property
    def locks(self) -> bool:
        """Whether its key must be locked: what is passed over changes nothing."""
        return self.event is not None or self.fault is not None

    def concerns(self, service: str) -> bool:
        """Whether there is anything to do: a receipt is meant for one publisher, everybody else reads past it."""
        return not (self.event is not None and isinstance(self.event.data, Consumed)) or (
            self.event.data.source == service
        )


def names_of(classes: Iterable[type[Event]]) -> frozenset[str]:
    """The wire types of these classes without their versions: another version of one of them concerns us too."""
    return frozenset(name_of(cls.wire_type()) for cls in classes)


def name_of(wire_type: str) -> str:
    """The wire type without its version; empty if it has none."""
    return wire_type.rpartition(".v")[0]


def read(record: ConsumerRecord, epoch: str, heard: frozenset[str] | None = None) -> Incoming:
    """Decode one record; what cannot be decoded carries its fault instead of raising.

    Args:
        record: as it came.
        epoch: names records that tell no identity.
        heard: names of what is decoded; an event of another name is passed over unread. None = all.
    """
    headers = header_values(record.headers)
    event, fault = None, None
    if heard is None or (name := name_of(headers.get("ce_type", ""))) in heard or not name:
        try:
            event = decode(headers, record.value)
        except Undecodable as error:
            fault = str(error)
    return from_parts(record.topic, record.partition, record.offset, headers, record.value or b"", event, fault, epoch)


def from_parts(
    topic: str,
    partition: int,
    offset: int,
    headers: dict[str, str],
    value: bytes,
    event: Received[Any] | None,
    fault: str | None,
    epoch: str,
) -> Incoming:
    """Build the record with its identity."""
    place = f"{epoch}/{topic}/{partition}"
    # A receipt has no place in a log, so it is named by its place in the topic.
    named = None if topic == RECEIPTS_TOPIC else _named(headers)
    source, seq, key = named or (place, offset, derived_id("stray record", place, offset))
    return Incoming(
        topic=topic,
        partition=partition,
        offset=offset,
        headers=headers,
        value=value,
        event=event,
        fault=fault,
        source=source,
        seq=seq,
        key=key,
    )


def _named(headers: dict[str, str]) -> tuple[str, int, UUID] | None:
    try:
        source, seq, key = source_of(headers), int(headers["ce_sequence"]), UUID(headers["ce_partitionkey"])
    except (KeyError, ValueError):
        return None
    return (source, seq, key) if 0 <= seq <= LARGEST_SEQ else None


def next_offsets(records: Sequence[Incoming]) -> dict[Place, int]:
    """Where each partition goes on after these records."""
    offsets: dict[Place, int] = {}
    for record in records:
        place = (record.topic, record.partition)
        offsets[place] = max(offsets.get(place, 0), record.offset + 1)
    return offsets


def cut(records: Sequence[Incoming], most_keys: int) -> list[list[Incoming]]:
    """Cut a batch into parts for one transaction each: gated events alone, at most so many keys."""
    parts: list[list[Incoming]] = []
    keys: set[UUID] = set()
    fresh = True
    for record in records:
        if fresh or record.gated or (record.locks and record.key not in keys and len(keys) >= most_keys):
            parts.append([])
            keys = set()
        parts[-1].append(record)
        if record.locks:
            keys.add(record.key)
        fresh = record.gated
    return parts
