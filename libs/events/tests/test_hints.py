"""Hints: a relay that rests hears of an append at once, and needs no hint to come to it."""

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from events import hints, reader
from events import relay as relaying
from events.broker import BrokerSettings
from events.ids import uuid7
from events.relay import Relay
from events.turns import own_session

from .brokers import running
from .homes import Home, engine_for, settled, until, wage

KEY = uuid7()


async def test_a_relay_that_rests_is_woken_by_a_hint(
    employment: Home, fresh_broker: BrokerSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("BUSY_POLL", "IDLE_POLL"):
        monkeypatch.setattr(relaying, name, 3_600.0)
    looks, waiting = list[int](), reader.waiting

    async def noted(connection: AsyncConnection, hi: int) -> tuple[bool, bool, bool]:
        found = await waiting(connection, hi)
        looks.append(hi)
        return found

    monkeypatch.setattr(reader, "waiting", noted)
    async with running(Relay("employment", employment.worker, fresh_broker)):
        await until(lambda: _so(looks == [0]))
        await employment.post(wage(KEY))
        await until(lambda: settled(employment))
    assert looks == [0, 0]


async def _so(condition: object) -> bool:
    return bool(condition)


async def test_a_process_gives_few_hints_and_a_relay_needs_none(
    employment: Home, fresh_broker: BrokerSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hints, "EVERY", 3_600.0)
    heard, process = list[None](), replace(employment, app=engine_for(employment.dsns.app))
    async with own_session(employment.worker) as listening:
        await hints.listen(listening, lambda: heard.append(None))
        for n in range(1, 5):
            await process.post(wage(KEY, n))
        await until(lambda: _so(heard))
        await listening.execute(text("SELECT 1"))
    assert len(heard) == 1
    async with running(Relay("employment", employment.worker, fresh_broker)):
        await process.post(wage(KEY, 5))
        await until(lambda: settled(employment))
    await process.app.dispose()
