"""A reader of all topics beside the consumers: what was on the topic, and in which order it came first."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from events.broker import BrokerSettings, OtherPartitions, ensure_topics
from events.topology import PARTITIONS, SERVICES, topic
from events.wire import header_values, source_of

_POLL_MS: Final = 500
_AGAIN: Final = 0.5

Address = tuple[str, str]
"""(bootstrap, epoch)"""


@dataclass(slots=True)
class TopicWatch:
    """旁观者: reads every life of the broker from its beginning; what came before it could look is not in `seen`.

    A broker that was killed may come back with the log it had: then reading goes on where it stood.

    Attributes:
        seen: (source, seq) → how often it came.
        out_of_order: first deliveries that came after a later one of the same key, in words.
    """

    address: Callable[[], Address]
    seen: dict[tuple[str, int], int] = field(default_factory=dict)
    out_of_order: list[str] = field(default_factory=list)
    _last: dict[tuple[str, str], int] = field(default_factory=dict)
    _read_to: dict[tuple[str, TopicPartition], int] = field(default_factory=dict)
    """(epoch, partition) → offset to go on from"""

    async def follow(self) -> None:
        """Read for ever, through every epoch."""
        while True:
            bootstrap, epoch = self.address()
            consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, fetch_max_wait_ms=50, auto_offset_reset="earliest")
            try:
                # Whoever asks the embedded broker for a topic makes it, with too few partitions.
                await ensure_topics(BrokerSettings(bootstrap=bootstrap, epoch=epoch))
                await consumer.start()
                await self._read(consumer, epoch)
            except (KafkaError, OtherPartitions, OSError, asyncio.IncompleteReadError):
                await asyncio.sleep(_AGAIN)
            finally:
                with suppress(KafkaError, OSError):
                    await consumer.stop()

    async def _read(self, consumer: AIOKafkaConsumer, epoch: str) -> None:
        places = [TopicPartition(topic(service), n) for service in SERVICES for n in range(PARTITIONS)]
        consumer.assign(places)
        for place in places:
            consumer.seek(place, self._read_to.get((epoch, place), 0))
        while self.address()[1] == epoch:
            for place, records in (await consumer.getmany(timeout_ms=_POLL_MS)).items():
                for record in records:
                    self._take(record)
                    self._read_to[epoch, place] = record.offset + 1

    def _take(self, record: ConsumerRecord) -> None:
        headers = header_values(record.headers)
        source, seq, key = source_of(headers), int(headers["ce_sequence"]), headers["ce_partitionkey"]
        times = self.seen[source, seq] = self.seen.get((source, seq), 0) + 1
        if times > 1:
            return
        if self._last.get((source, key), 0) > seq:
            self.out_of_order.append(f"{source} #{seq} first came after #{self._last[source, key]} of its key")
        self._last[source, key] = max(seq, self._last.get((source, key), 0))
