"""What only Apache Kafka can: a broker that was killed comes back with its log, and the epoch goes on."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError

from events.broker import BrokerSettings, ensure_topics, read_cluster_id
from events.topology import topic

pytestmark = pytest.mark.containers
TOPIC = topic("employment")


async def write(broker: BrokerSettings, numbers: range) -> None:
    async with AIOKafkaProducer(**broker.producer_options()) as producer:
        for number in numbers:
            await producer.send_and_wait(TOPIC, str(number).encode(), key=b"one household")


async def read(broker: BrokerSettings, count: int) -> list[int]:
    async with asyncio.timeout(60), AIOKafkaConsumer(TOPIC, **broker.consumer_options()) as consumer:
        return [int((await consumer.getone()).value) for _ in range(count)]


async def test_a_killed_broker_comes_back_with_what_it_acknowledged(
    new_broker: Callable[[], Any], eventually: Any
) -> None:
    broker = new_broker()
    settings: BrokerSettings = broker.settings
    assert settings.idempotent
    await ensure_topics(settings)
    await write(settings, range(50))

    broker.kill_and_start_again()

    async def same_epoch() -> bool:
        try:
            return await read_cluster_id(settings.bootstrap) == settings.epoch
        except (KafkaError, OSError):
            return False

    await eventually(same_epoch, within=120)
    await write(settings, range(50, 60))
    assert await read(settings, 60) == list(range(60))
    broker.stop()
