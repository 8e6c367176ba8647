"""Whoever was declared dead writes nothing any more; whoever takes over goes on from what was committed."""

import asyncio
import random

import pytest

from events import fence
from events.broker import BrokerSettings
from events.consumer import Consumer

from .fakes import FakeConsumer, consume
from .homes import Home, ledger_of, until
from .stories import Story

ALL = set(range(12))


async def test_a_member_that_was_replaced_writes_nothing(monitoring: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has fetched records, then another becomes the owner of their partitions."""
    story = Story.drawn(random.Random(21), events=60, keys=9, poison_in=8)
    topics, ledger = story.sent(random.Random(21), copies=1), story.ledger()
    other = Consumer("monitoring", monitoring.worker, BrokerSettings(bootstrap="x", epoch=topics.epoch), {})
    getmany, replaced = FakeConsumer.getmany, []

    async def fetch_and_be_replaced(self: FakeConsumer, **options: int) -> object:
        polled = await getmany(self, **options)
        if not replaced:
            replaced.append(await other.take_over(ALL))
        return polled

    monkeypatch.setattr(FakeConsumer, "getmany", fetch_and_be_replaced)
    await consume(monitoring, topics, ledger.handlers(), monkeypatch)
    for table in ("received_log", "ledger", "dead_letters", "event_log", "receipt_outbox", "consumer_offsets"):
        assert await monitoring.one(f"SELECT count(*) FROM {table}") == 0, table

    await consume(monitoring, topics, ledger.handlers(), monkeypatch)
    async with monitoring.owner.connect() as connection:
        assert await ledger_of(connection) == story.applied()


async def test_taking_over_waits_for_the_batch_under_way(monitoring: Home) -> None:
    async with monitoring.worker.begin() as tx:
        owners = await fence.take_over(tx, ALL)
    async with monitoring.worker.connect() as writing:
        await writing.begin()
        await fence.check(writing, owners)
        taking = asyncio.create_task(taken_over(monitoring))
        await until(lambda: monitoring.rows("SELECT 1 FROM pg_locks WHERE NOT granted"))
        await fence.store_offsets(writing, "e", {("employment.v1", 3): 41})
        await writing.commit()
    assert await taking == {("employment.v1", 3): 41}
    async with monitoring.worker.begin() as tx:
        with pytest.raises(fence.Fenced):
            await fence.check(tx, owners)


async def taken_over(home: Home) -> dict[tuple[str, int], int]:
    async with home.worker.begin() as tx:
        await fence.take_over(tx, ALL)
        return await fence.stored_offsets(tx, "e")


async def test_offsets_of_another_broker_mean_nothing(monitoring: Home) -> None:
    async with monitoring.worker.begin() as tx:
        await fence.store_offsets(tx, "old", {("employment.v1", 3): 41})
        assert await fence.stored_offsets(tx, "new") == {}


@pytest.mark.parametrize("owners", [{3: 0}, {3: 2}, {4: 1}])
async def test_an_owner_number_must_be_exactly_the_own(owners: dict[int, int], monitoring: Home) -> None:
    async with monitoring.worker.begin() as tx:
        assert await fence.take_over(tx, {3}) == {3: 1}
        with pytest.raises(fence.Fenced):
            await fence.check(tx, owners)
        await fence.check(tx, {3: 1})
