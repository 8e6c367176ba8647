"""Reading whole topics back, and relays and consumers that live for a while, here or as processes of their own."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from aiokafka import AIOKafkaConsumer, TopicPartition

from events.broker import BrokerSettings
from events.topology import PARTITIONS
from events.wire import decode, header_values
from stack.children import start_child

from .homes import Home

ROOT = Path(__file__).parents[3]


class Runs(Protocol):
    async def run(self, stop: asyncio.Event) -> None: ...


@asynccontextmanager
async def running(*members: Runs) -> AsyncIterator[asyncio.Event]:
    """Members that run until the block ends; a member that fails fails the block."""
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for member in members:
            group.create_task(member.run(stop))
        try:
            yield stop
        finally:
            stop.set()


@dataclass(frozen=True)
class Delivered:
    """One record as it lies on a topic."""

    topic: str
    partition: int
    source: str
    seq: int
    key: str
    event: Any


async def read_until(
    broker: BrokerSettings, topics: Sequence[str], enough: Callable[[list[Delivered]], bool], within: float = 20
) -> list[Delivered]:
    """All records of the topics, in order per partition, until there are enough of them."""
    found: list[Delivered] = []
    consumer = AIOKafkaConsumer(**broker.consumer_options())
    try:
        await consumer.start()
        consumer.assign([TopicPartition(topic, n) for topic in topics for n in range(PARTITIONS)])
        async with asyncio.timeout(within):
            while not enough(found):
                for records in (await consumer.getmany(timeout_ms=100)).values():
                    found += map(_delivered, records)
    finally:
        await consumer.stop()
    return found


def _delivered(record: Any) -> Delivered:
    headers = header_values(record.headers)
    event = decode(headers, record.value)
    source = headers["ce_source"].removeprefix("/services/")
    return Delivered(
        record.topic, record.partition, source, int(headers["ce_sequence"]), record.key.decode(), event
    )  # fmt: skip


def first_deliveries(records: Sequence[Delivered]) -> dict[str, list[int]]:
    """Per key the sequence numbers in the order in which they first came."""
    seen: dict[str, dict[int, None]] = {}
    for record in records:
        seen.setdefault(record.key, {}).setdefault(record.seq)
    return {key: list(seqs) for key, seqs in seen.items()}


def start_member(role: str, home: Home, broker: BrokerSettings, log: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "libs.events.tests.member", role, home.service, home.dsns.worker]
    return start_child(
        [*command, json.dumps(asdict(broker))], log=log, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    )


async def cancelled(task: "asyncio.Task[Any]") -> None:
    """As a process that dies: nothing is waited for but the end."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
