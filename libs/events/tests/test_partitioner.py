"""Every client of any language puts a key on the same partition."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from aiokafka.partitioner import murmur2
from confluent_kafka import Message, Producer
from hypothesis import given
from hypothesis import strategies as st

from events.broker import BrokerSettings
from events.ids import uuid7
from events.partitioner import key_bytes, partition_of
from events.topology import PARTITIONS, topic

PUBLISHED = {
    b"21": -973932308,
    b"foobar": -790332482,
    b"a-little-bit-long-string": -985981536,
    b"a-little-bit-longer-string": -1486304829,
    b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
    b"abc": 479470107,
}
"""Apache Kafka's own test vectors (UtilsTest.testMurmur2)."""


def murmur2_again(data: bytes) -> int:
    """The algorithm written a second time, from its description and not from the client's code."""
    wide, m = 0xFFFFFFFF, 0x5BD1E995
    h = 0x9747B28C ^ len(data)
    body = len(data) - len(data) % 4
    for at in range(0, body, 4):
        k = int.from_bytes(data[at : at + 4], "little") * m & wide
        h = (h * m & wide) ^ ((k ^ k >> 24) * m & wide)
    if tail := data[body:]:
        h = (h ^ int.from_bytes(tail, "little")) * m & wide
    h = (h ^ h >> 13) * m & wide
    return h ^ h >> 15


@pytest.mark.parametrize(("data", "hashed"), PUBLISHED.items())
def test_published_vectors(data: bytes, hashed: int) -> None:
    assert murmur2(data) == murmur2_again(data) == hashed % 2**32


@given(st.uuids())
def test_the_partition_is_that_of_the_keys_text(key: UUID) -> None:
    assert partition_of(key) == (murmur2_again(str(key).encode()) & 0x7FFFFFFF) % PARTITIONS
    assert key_bytes(key) == str(key).encode()


def test_keys_never_move() -> None:
    """Wrong here = a released key order is broken: the number of partitions and the hash are for ever."""
    keys = [UUID(int=n) for n in (0, 1, 2**64, 2**127 + 5)]
    assert [partition_of(key) for key in keys] == [(murmur2_again(str(k).encode()) & 0x7FFFFFFF) % 12 for k in keys]


async def test_another_client_puts_every_key_on_the_same_partition(fresh_broker: BrokerSettings) -> None:
    """librdkafka, which most departments' clients are built on, asked to hash as Java does."""
    keys = [uuid7() for _ in range(200)]
    landed: dict[str, int] = {}

    def note(error: Any, message: Message) -> None:
        assert error is None, error
        landed[message.key().decode()] = message.partition()

    producer = Producer({"bootstrap.servers": fresh_broker.bootstrap, "partitioner": "murmur2_random"})
    for key in keys:
        producer.produce(topic("employment"), key=key_bytes(key), value=b"", on_delivery=note)
    assert await asyncio.to_thread(producer.flush, 30) == 0
    assert landed == {str(key): partition_of(key) for key in keys}
    assert len(set(landed.values())) == PARTITIONS
