"""A broker in memory for the logic of the consumer's loop, and ways to break that loop at every statement."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from aiokafka import ConsumerRecord, TopicPartition
from sqlalchemy import event as hooks
from sqlalchemy.ext.asyncio import AsyncEngine

from events import consumer as module
from events.broker import BrokerSettings
from events.consumer import Consumer
from events.partitioner import key_bytes, partition_of
from events.received import Handlers
from events.topology import PARTITIONS
from events.wire import LoggedEvent, to_headers, topic_for

from .homes import Home

Place = tuple[str, int]


class Killed(BaseException):
    """The process died here; nothing may catch it."""


@dataclass
class Topics:
    """What a broker holds: records per topic and partition, in order."""

    epoch: str = "first"
    held: dict[Place, list[ConsumerRecord[Any, Any]]] = field(default_factory=lambda: defaultdict(list))

    def send(self, service: str, event: LoggedEvent) -> None:
        """As the relay does."""
        topic = topic_for(service, event.type)
        headers = to_headers(service, event, event.traceparent)
        self.put(topic, partition_of(event.key), headers, event.data.encode(), key_bytes(event.key))

    def put(self, topic: str, partition: int, headers: Any, value: bytes | None, key: bytes = b"") -> None:
        """Any record."""
        held = self.held[topic, partition]
        held.append(
            ConsumerRecord(topic, partition, len(held), 0, 0, key, value, None, 0, 0, tuple(headers))
        )  # fmt: skip

    def again(self, epoch: str) -> "Topics":
        """The same records in another life of the broker."""
        return Topics(epoch, self.held)


class FakeConsumer:
    """Stands for AIOKafkaConsumer: one member that owns everything, batches of any size, told to stop at the end."""

    def __init__(self, topics: Topics, stop: asyncio.Event, chance: random.Random):
        self._topics = topics
        self._stop = stop
        self._chance = chance
        self._positions: dict[Place, int] = {}
        self._listener: Any = None
        self._names: tuple[str, ...] = ()
        self.commits: list[dict[TopicPartition, int]] = []

    def __call__(self, **_: object) -> "FakeConsumer":
        return self

    def subscribe(self, topics: tuple[str, ...], listener: Any) -> None:
        self._names, self._listener = topics, listener

    async def start(self) -> None:
        places = {TopicPartition(name, n) for name in self._names for n in range(PARTITIONS)}
        await self._listener.on_partitions_revoked(set())
        await self._listener.on_partitions_assigned(places)

    def seek(self, place: TopicPartition, offset: int) -> None:
        self._positions[place.topic, place.partition] = offset

    async def getmany(self, *, timeout_ms: int, max_records: int) -> dict[TopicPartition, list[Any]]:
        await asyncio.sleep(0)
        left = max_records
        polled: dict[TopicPartition, list[Any]] = {}
        waiting = [p for p in self._positions if self._positions[p] < len(self._topics.held.get(p, ()))]
        for place in self._chance.sample(waiting, len(waiting)):
            at = self._positions[place]
            taken = self._topics.held[place][at : at + min(left, self._chance.choice([1, 3, 40, 500]))]
            if taken:
                polled[TopicPartition(*place)] = taken
                self._positions[place] = at + len(taken)
                left -= len(taken)
        if not polled:
            self._stop.set()
        return polled

    async def commit(self, offsets: dict[TopicPartition, int]) -> None:
        self.commits.append(offsets)

    async def stop(self) -> None:
        pass


async def consume(
    home: Home,
    topics: Topics,
    handlers: Handlers,
    monkeypatch: pytest.MonkeyPatch,
    seed: int = 0,
    *,
    replays: bool = False,
) -> Consumer:
    """Run one member until it has put away all there is."""
    stop = asyncio.Event()
    fake = FakeConsumer(topics, stop, random.Random(seed))
    monkeypatch.setattr(module, "AIOKafkaConsumer", fake)
    monkeypatch.setattr(module, "ensure_topics", _made)
    ticking = count()
    broker = BrokerSettings(bootstrap="nowhere:0", epoch=topics.epoch)
    consumer = Consumer(
        home.service, home.worker, broker, handlers, replays=replays, clock=lambda: float(next(ticking))
    )
    await consumer.run(stop)
    return consumer


async def _made(_: BrokerSettings) -> None:
    pass


@contextmanager
def broken(engine: AsyncEngine, chance: random.Random, causes: Mapping[type[BaseException], float]) -> Iterator[None]:
    """Break at random statements and commits, before or after the server has done them."""

    def perhaps(*_: object) -> None:
        for cause, share in causes.items():
            if chance.random() < share:
                raise cause

    points = ("before_cursor_execute", "after_cursor_execute", "commit")
    for point in points:
        hooks.listen(engine.sync_engine, point, perhaps)
    try:
        yield
    finally:
        for point in points:
            hooks.remove(engine.sync_engine, point, perhaps)
