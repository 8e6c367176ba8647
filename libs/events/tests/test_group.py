"""Members that join, hang and die beside a stream: one clean state, as if one had done it all."""

import asyncio
import random
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from events import fence
from events.broker import AnotherCluster, BrokerSettings, OtherPartitions, ensure_topics
from events.consumer import Consumer
from events.ids import uuid7
from events.relay import Relay
from events.topology import topic

from .brokers import running, start_member
from .homes import Chains, Home, ledger_of, until, wage
from .stories import Ledger

KEYS = [uuid7() for _ in range(24)]
PART = 240


async def post(home: Home, chains: Chains) -> None:
    for at in range(0, PART, 12):
        keys: list[UUID] = [KEYS[(at + n * 7) % len(KEYS)] for n in range(12)]
        for key, appended in zip(keys, await home.post(*map(wage, keys)), strict=True):
            chains.add("employment", key, appended.seq)


async def applied(home: Home, count: int, within: float = 60) -> None:
    await until(lambda: home.one(f"SELECT coalesce(sum(count), 0) >= {count} FROM ledger"), within=within)


async def owners_raised(home: Home, above: int) -> None:
    await until(lambda: home.one(f"SELECT coalesce(sum(owner), 0) > {above} FROM consumer_fences"), within=60)


async def fences(home: Home) -> int:
    return int(await home.one("SELECT coalesce(sum(owner), 0) FROM consumer_fences"))


@pytest.mark.slow
async def test_joining_hanging_and_dying_members_end_in_one_clean_state(
    employment: Home, monitoring: Home, fresh_broker: BrokerSettings, tmp_path: Path
) -> None:
    settings, chains = replace(fresh_broker, session_ms=2_000), Chains()
    first = start_member("consumer", monitoring, settings, tmp_path / "first.log")
    async with running(Relay("employment", employment.worker, settings)):
        await post(employment, chains)
        await applied(monitoring, 100)

        raised = await fences(monitoring)
        second = start_member("consumer", monitoring, settings, tmp_path / "second.log")
        await owners_raised(monitoring, raised)
        await post(employment, chains)
        await applied(monitoring, 2 * PART)

        raised = await fences(monitoring)
        posting = asyncio.create_task(post(employment, chains))
        first.send_signal(signal.SIGSTOP)
        await owners_raised(monitoring, raised)
        await posting
        await applied(monitoring, 3 * PART)
        first.send_signal(signal.SIGCONT)

        raised = await fences(monitoring)
        posting = asyncio.create_task(post(employment, chains))
        second.send_signal(signal.SIGKILL)
        second.wait()
        await owners_raised(monitoring, raised)
        await posting
        await applied(monitoring, 4 * PART)
    first.kill()
    first.wait()
    async with monitoring.owner.connect() as connection:
        assert await ledger_of(connection) == chains
    assert await monitoring.one("SELECT count(*) FROM received_log") == 4 * PART
    assert await monitoring.one("SELECT count(*) FROM event_log WHERE type LIKE '%RiskChanged%'") == 4 * PART
    assert await monitoring.one("SELECT count(*) FROM dead_letters") == 0


async def test_a_take_over_that_came_too_late_costs_neither_an_event_nor_the_order(
    employment: Home, monitoring: Home, fresh_broker: BrokerSettings
) -> None:
    """A member was slow to take its partitions over and died: the one that owns them by now is fenced, and not told."""
    chance, chains = random.Random(5), Chains()
    consumer = Consumer("monitoring", monitoring.worker, fresh_broker, Ledger().handlers())
    async with running(Relay("employment", employment.worker, fresh_broker), consumer):
        for turn in range(1, 3):
            posting = asyncio.create_task(post(employment, chains))
            async with monitoring.worker.begin() as tx:
                await fence.take_over(tx, set(chance.sample(range(12), 4)))
            await posting
            await applied(monitoring, turn * PART)
    async with monitoring.owner.connect() as connection:
        assert await ledger_of(connection) == chains


async def test_who_served_an_earlier_log_of_the_broker_touches_no_later_one(
    employment: Home, monitoring: Home, new_broker: Callable[[], Any]
) -> None:
    """Sent or taken under the old epoch, newer events would come before those that the new log still lacks."""
    broker = new_broker()
    earlier = broker.settings
    broker.stop()
    broker.start()
    await employment.post(wage(KEYS[0]))
    relay, consumer = (
        Relay("employment", employment.worker, earlier),
        Consumer("monitoring", monitoring.worker, earlier, {}),
    )
    for member in (relay, consumer):
        with pytest.raises(AnotherCluster):
            await asyncio.wait_for(member.run(asyncio.Event()), 30)
    assert relay.sent == 0
    assert await monitoring.one("SELECT count(*) FROM consumer_fences") == 0
    broker.stop()


async def test_a_topic_that_somebody_else_made_is_refused(new_broker: Callable[[], Any]) -> None:
    broker = new_broker()
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.settings.bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(topic("employment"), 4, 1)])
    await admin.close()
    with pytest.raises(OtherPartitions, match=r"employment\.v1"):
        await ensure_topics(broker.settings)
    broker.stop()
