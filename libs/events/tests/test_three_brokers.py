"""Three brokers as docker-compose.yml has them: one vanishes, and events go on from service to service without it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from uuid import uuid4

import pytest

from events.broker import BrokerSettings, ensure_topics, read_cluster_id
from events.consumer import Consumer
from events.ids import uuid7
from events.relay import Relay
from stack.chaos.compose import BROKERS, bootstrap, three_brokers
from stack.chaos.containers import Project
from stack.ports import Ports

from .brokers import running
from .homes import Chains, Home, ledger_of, until, wage
from .stories import Ledger

pytestmark = pytest.mark.containers
KEYS = [uuid7() for _ in range(24)]
"""Enough that each broker leads some of their partitions."""


@pytest.fixture
async def cluster() -> AsyncIterator[tuple[Project, BrokerSettings]]:
    base = Ports.free().base
    project = three_brokers(f"zengshou-test-{uuid4().hex[:8]}", base)
    async with AsyncExitStack() as closing:
        closing.push_async_callback(project.down)
        await project.up(*BROKERS)
        epoch = await read_cluster_id(bootstrap(base))
        settings = BrokerSettings(
            bootstrap=bootstrap(base), epoch=epoch, cluster=epoch, idempotent=True, replication=len(BROKERS)
        )
        await ensure_topics(settings)
        yield project, settings


async def test_events_go_on_while_one_of_three_brokers_is_lost_and_when_it_is_back(
    cluster: tuple[Project, BrokerSettings], employment: Home, households: Home
) -> None:
    project, broker = cluster
    relay = Relay("employment", employment.worker, broker)
    consumer = Consumer("households", households.worker, broker, Ledger(follow_ups=False).handlers())

    async def post(amounts: range) -> None:
        for amount in amounts:
            await employment.post(wage(KEYS[amount % len(KEYS)], amount + 1))

    async def all_taken_once_in_order() -> bool:
        logged = await employment.rows("SELECT key, seq FROM event_log ORDER BY seq")
        async with households.owner.connect() as connection:
            return await ledger_of(connection) == Chains.over(("employment", row.key, row.seq) for row in logged)

    async with running(relay, consumer):
        await post(range(50))
        await until(all_taken_once_in_order, within=90)

        await project.kill(BROKERS[0], "KILL")
        await post(range(50, 150))
        await until(all_taken_once_in_order, within=90)
        assert (await project.states())[BROKERS[0]] == "exited"

        await project.start(BROKERS[0])
        await project.up(*BROKERS)
        await post(range(150, 200))
        await until(all_taken_once_in_order, within=90)
    assert await households.one("SELECT count(*) FROM received_log WHERE source = 'employment'") == 200
