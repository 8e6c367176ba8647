"""One reader serves all streams: each sees every row once, in order, from wherever it begins."""

import asyncio
import random
from contextlib import aclosing

import pytest
from sqlalchemy import text

from events import live
from events.ids import uuid7
from events.live import LiveLog
from events.locks import locked
from events.log import append
from events.wire import LoggedEvent

from .homes import Home, wage


def number(event: LoggedEvent) -> int | None:
    """What is shown: even amounts."""
    return event.seq if event.seq % 2 == 0 else None


async def seen(log: LiveLog[int], after: int, last: int) -> list[int]:
    found: list[int] = []
    async with asyncio.timeout(30), aclosing(log.follow(after)) as rows:
        async for row in rows:
            found.append(row)
            if row >= last:
                return found
    return found


async def relay_knows(home: Home, hi: int) -> None:
    await home.run("INSERT INTO relay_state VALUES (1, 'e', :hi) ON CONFLICT (singleton) DO UPDATE SET hi = :hi", hi=hi)


async def test_everyone_sees_everything_once_from_where_he_stands(
    employment: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "KEPT", 10)
    await employment.post(*[wage(uuid7()) for _ in range(60)])
    await relay_knows(employment, 40)
    log = LiveLog(employment.app, number)
    followers = [asyncio.create_task(seen(log, after, 400)) for after in (0, 7, 40, 55, 60, 100)]
    chance = random.Random(20231015)
    while not (await employment.one("SELECT coalesce(max(seq), 0) FROM event_log")) >= 400:
        async with employment.app.connect() as connection, connection.begin() as transaction:
            keys = [uuid7() for _ in range(chance.randint(1, 9))]
            await locked(connection, keys)
            await append(connection, *map(wage, keys))
            await connection.execute(text("SELECT 1"))
            if chance.random() < 0.2:
                await transaction.rollback()
    written = [row.seq for row in await employment.rows("SELECT seq FROM event_log ORDER BY seq")]
    last = next(seq for seq in written if seq >= 400 and seq % 2 == 0) if written[-1] > 400 else written[-1]
    for after, follower in zip((0, 7, 40, 55, 60, 100), followers, strict=True):
        found = await follower
        assert found == [seq for seq in written if seq % 2 == 0 and after < seq <= max(last, found[-1])]


async def test_a_slow_one_misses_nothing_though_it_was_forgotten(
    employment: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "KEPT", 4)
    await relay_knows(employment, 0)
    log = LiveLog(employment.app, number)
    async with aclosing(log.follow(0)) as slow:
        await employment.post(*[wage(uuid7()) for _ in range(3)])
        found = [await anext(slow)]
        await employment.post(*[wage(uuid7()) for _ in range(97)])
        assert (await seen(log, 90, 100))[-1] == 100
        async with asyncio.timeout(30):
            while found[-1] < 100:
                found.append(await anext(slow))
    assert found == list(range(2, 101, 2))


async def test_many_streams_are_one_reader_and_none_when_nobody_follows(employment: Home) -> None:
    await relay_knows(employment, 0)
    log = LiveLog(employment.app, number)
    followers = [asyncio.create_task(seen(log, 0, 2)) for _ in range(50)]
    await asyncio.sleep(0)
    assert log.readers == 1
    await employment.post(wage(uuid7()), wage(uuid7()))
    assert await asyncio.gather(*followers) == [[2]] * 50
    assert log.readers == 0
