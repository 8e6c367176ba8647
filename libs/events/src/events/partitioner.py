"""Kafka's own murmur2 partitioner, so that every client of any language puts a key on the same partition."""

from uuid import UUID

from aiokafka.partitioner import murmur2

from .topology import PARTITIONS


def key_bytes(key: UUID) -> bytes:
    """A key as it stands on the wire: the UUID's text."""
    return str(key).encode()


def partition_of(key: UUID) -> int:
    """The partition of a key, the same on every topic (0 … 11)."""
    return int((murmur2(key_bytes(key)) & 0x7FFFFFFF) % PARTITIONS)
