"""The embedded broker listens to this machine only, and forgets everything under a new epoch."""

import asyncio
import secrets
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from psutil import Process

from events.broker import BrokerSettings, ensure_topics
from events.topology import PARTITIONS, all_topics
from stack.broker import Broker, free_port, refuse_taken_port
from stack.exits import ExitCode, StackError
from stack.growth import Growth


async def test_a_record_comes_back(broker: BrokerSettings) -> None:
    await ensure_topics(broker)
    place = TopicPartition(sorted(all_topics())[0], PARTITIONS - 1)
    async with AIOKafkaProducer(**broker.producer_options()) as producer:
        sent = await producer.send_and_wait(place.topic, b"value", key=b"key", partition=place.partition)
    async with AIOKafkaConsumer(**broker.consumer_options()) as consumer:
        consumer.assign([place])
        # The broker is the session's: what other tests sent stands before it.
        consumer.seek(place, sent.offset)
        record = await consumer.getone()
    assert (record.key, record.value, record.offset) == (b"key", b"value", sent.offset)


def test_it_listens_on_the_loopback_only(new_broker: Callable[[], Broker]) -> None:
    broker = new_broker()
    host, _, port = broker.settings.bootstrap.partition(":")
    assert host == "127.0.0.1"
    listening = Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()
    addresses = {line.split()[1] for line in listening.splitlines() if f":{int(port):04X} " in line and " 0A " in line}
    assert addresses == {f"0100007F:{int(port):04X}"}
    broker.stop()


def test_a_start_after_a_kill_is_a_new_epoch_on_the_same_port(new_broker: Callable[[], Broker]) -> None:
    broker = new_broker()
    before = broker.settings
    assert broker.child is not None
    broker.child.send_signal(signal.SIGKILL)
    broker.child.wait()
    broker.start()
    assert broker.settings.bootstrap == before.bootstrap
    assert broker.settings.epoch != before.epoch
    broker.stop()


async def test_its_life_is_over_when_it_has_ended_or_has_grown(short_directory: Path) -> None:
    growth = Growth(enough=2**40, most=2**40, seconds=0.1, least=0.0)
    broker = Broker(log=short_directory / "grown.log", growth=growth)
    broker.start()
    try:
        over = asyncio.create_task(broker.over())
        broker.process.send_signal(signal.SIGKILL)
        assert await asyncio.wait_for(over, 30), "it has ended"
        broker.start()
        await ensure_topics(broker.settings)
        small = Process(broker.process.pid).memory_info().rss
        over = asyncio.create_task(broker.over())
        async with AIOKafkaProducer(**broker.settings.producer_options()) as producer:
            for _ in range(64):
                await producer.send_and_wait(sorted(all_topics())[0], secrets.token_bytes(2**19), partition=0)
        assert not over.done()
        growth.enough = small + 24 * 2**20
        assert not await asyncio.wait_for(over, 30), "what it was sent stays in its memory"
        assert broker.process.poll() is None
    finally:
        broker.stop()


def test_a_taken_port_is_named_with_its_remedy(tmp_path: Path) -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", port)), pytest.raises(StackError, match=str(port)) as refused:
        Broker(log=tmp_path / "log", port=port).start()
    assert refused.value.code is ExitCode.PORT_TAKEN
    assert "--port-base" in refused.value.en
    refuse_taken_port(port, "broker")
