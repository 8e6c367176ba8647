"""Following a log: each row once, in order, only below the smallest gap, however late its neighbours commit."""

import asyncio
import os
import random
import time

from sqlalchemy import text

from events.ids import uuid7
from events.locks import locked
from events.log import append
from events.tail import BATCH, LogTail, settled

from .homes import Home, until, wage

SEED = int(os.environ.get("EVENTS_SEED", time.time_ns() % 1_000_000))


async def everything(home: Home) -> list[int]:
    return [row.seq for row in await home.rows("SELECT seq FROM event_log ORDER BY seq")]


async def read_on(tail: LogTail, seen: list[int], last: int) -> None:
    async def at_the_end() -> bool:
        seen.extend(row.seq for row in await tail.read())
        return bool(seen) and seen[-1] >= last

    await until(at_the_end)


async def test_nothing_above_a_gap_is_shown_until_the_gap_is_decided(employment: Home) -> None:
    tail = LogTail(employment.app)
    async with employment.app.connect() as late:
        await late.begin()
        key = uuid7()
        await locked(late, [key])
        await append(late, wage(key))
        await employment.post(wage(uuid7()), wage(uuid7()))
        for _ in range(5):
            assert await tail.read() == []
        await late.commit()
    seen: list[int] = []
    await read_on(tail, seen, 3)
    assert seen == [1, 2, 3]


async def test_a_rolled_back_number_holds_nothing_up_for_long(employment: Home) -> None:
    tail, key = LogTail(employment.app), uuid7()
    async with employment.app.connect() as gone:
        await gone.begin()
        await locked(gone, [key])
        await append(gone, wage(key))
        await gone.rollback()
    await employment.post(wage(key))
    seen: list[int] = []
    await read_on(tail, seen, 2)
    assert seen == [2]


async def test_every_reader_sees_every_row_once_beside_late_commits_and_rollbacks(employment: Home) -> None:
    print(f"EVENTS_SEED={SEED}")  # noqa: T201 - shown when it fails
    chance, writing = random.Random(SEED), True

    async def write(count: int) -> None:
        for _ in range(count):
            async with employment.app.connect() as connection:
                transaction = await connection.begin()
                keys = [uuid7() for _ in range(chance.randint(1, 20))]
                await locked(connection, keys)
                await append(connection, *map(wage, keys))
                for _ in range(chance.choice([0, 0, 0, 30])):
                    await asyncio.sleep(0)
                    await connection.execute(text("SELECT 1"))
                await (transaction.rollback() if chance.random() < 0.2 else transaction.commit())

    async def follow(seen: list[int]) -> None:
        tail = LogTail(employment.app)
        while writing:
            seen.extend(row.seq for row in await tail.read())
            if seen and chance.random() < 0.2:
                tail = LogTail(employment.app, after=seen[-1])

    readers: list[list[int]] = [[], []]
    async with asyncio.TaskGroup() as group:
        following = [group.create_task(follow(seen)) for seen in readers]
        async with asyncio.TaskGroup() as writers:
            for _ in range(5):
                writers.create_task(write(25))
        writing = False
        await asyncio.gather(*following)
    expected = await everything(employment)
    for seen in readers:
        if not seen or seen[-1] < expected[-1]:
            await read_on(LogTail(employment.app, after=seen[-1] if seen else 0), seen, expected[-1])
        assert seen == expected


async def test_more_than_a_batch_comes_in_order(employment: Home) -> None:
    await employment.post(*[wage(uuid7()) for _ in range(BATCH - 1)])
    await employment.post(*[wage(uuid7()) for _ in range(BATCH - 1)])
    seen: list[int] = []
    async with asyncio.timeout(20):
        async for row in LogTail(employment.app, after=7).follow(poll=0.001):
            seen.append(row.seq)
            if len(seen) == 2 * (BATCH - 1) - 7:
                break
    assert seen == (await everything(employment))[7:]


async def test_a_start_is_where_the_relay_knows_nothing_to_be_missing(employment: Home) -> None:
    assert await settled(employment.app) == 0
    await employment.run("INSERT INTO relay_state VALUES (1, 'e', 40)")
    assert await settled(employment.app) == 40
    await employment.run("INSERT INTO relay_gaps VALUES (31, 33), (38, 38)")
    assert await settled(employment.app) == 30
