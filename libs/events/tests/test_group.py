"""Members that join, hang and die beside a stream: one clean state, as if one had done it all."""

import asyncio
import signal
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from events.broker import BrokerSettings
from events.ids import uuid7
from events.relay import Relay

from .brokers import running, start_member
from .homes import Chains, Home, ledger_of, until, wage

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
