"""Ticks reach every household, whether it is looked at or not, and cost little where nothing is due."""

import asyncio
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from datetime import date, timedelta
from time import process_time
from typing import Any

import pytest
from monitoring_feed import Feed, Home
from sqlalchemy import URL, make_url

from kit.aside import Aside
from kit.database import engine
from monitoring.profile import sweep as sweeping
from monitoring.profile.service import Profiles
from monitoring.profile.sweep import Sweep, sweep_aside
from stack.ports import free_port

START = date(2023, 10, 15)


async def test_a_tick_escalates_and_the_dwell_ends_on_its_day(feed: Feed) -> None:
    await feed.day(START)
    home = Home()
    await feed.send(*home.settled())
    await feed.send(home.loses(START))
    await feed.through(START + timedelta(days=1), START + timedelta(days=29))
    assert await feed.alerts(home.id) == [("work.job_lost", "yellow", "open")]
    await feed.day(START + timedelta(days=30))
    assert await feed.alerts(home.id) == [("work.job_lost", "orange", "open")]
    assert (await feed.told(home.id))[-2:] == ["RiskChanged", "AlertEscalated"]


async def test_a_household_applies_missed_ticks_before_its_next_event(feed: Feed) -> None:
    home = Home()
    today = START + timedelta(days=30)
    await feed.send(*home.settled())
    await feed.send(home.loses(today))
    await feed.through(today + timedelta(days=1), today + timedelta(days=40), sweep=False)
    await feed.send(home.starts(today + timedelta(days=40), 2))
    told = [name for name in await feed.told(home.id) if name.startswith("Alert")]
    assert told == ["AlertRaised", "AlertHandedUp", "AlertHandedUp", "AlertEscalated", "AlertClosed"]


async def test_without_a_line_for_the_year_the_level_is_unknown(feed: Feed) -> None:
    home = Home()
    await feed.send(*home.settled())
    await feed.through(START + timedelta(days=71), date(2023, 12, 31))
    assert await feed.level(home.id) == "green"
    await feed.day(date(2024, 1, 1))
    assert await feed.level(home.id) == "unknown"


async def test_a_year_of_many_households_costs_little(feed: Feed) -> None:
    homes = [Home() for _ in range(400)]
    for start in range(0, 400, 50):
        await feed.send(*(event for home in homes[start : start + 50] for event in home.settled()))
    began = process_time()
    for n in range(60):
        await feed.day(date(2024, 1, 2) + timedelta(days=n))
    assert (process_time() - began) * 365 / 60 < 30
    [row] = await feed.rows("SELECT count(DISTINCT gate) AS gates FROM profiles")
    assert row.gates == 1


async def test_where_very_many_wait_a_process_aside_sweeps(
    feed: Feed, dsns: Any, eventually: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = await _many_waiting(feed, monkeypatch)
    asked, run = list[int](), Aside.run

    async def noted(aside: Aside, function: Any, *arguments: object) -> Any:
        asked.append(await run(aside, function, *arguments))
        return asked[-1]

    monkeypatch.setattr(Aside, "run", noted)
    await _sweep(feed, eventually)
    # A chunk is the worker's own before it calls.
    assert sum(asked) == everybody - sweeping.CHUNK
    # It does the whole of it too.
    await feed.day(date(2024, 5, 1), sweep=False)
    swept = 0
    while more := await asyncio.to_thread(sweep_aside, dsns.worker):
        swept += more
    assert swept == everybody
    assert await _swept(feed)
    assert (await feed.rebuilt()).identical


async def test_without_help_the_worker_sweeps_alone(
    feed: Feed, eventually: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _many_waiting(feed, monkeypatch)
    asked = list[object]()

    async def broken(_: Aside, function: Any, *arguments: object) -> Any:
        asked.append(function)
        raise BrokenProcessPool

    monkeypatch.setattr(Aside, "run", broken)
    await _sweep(feed, eventually)
    assert set(asked) == {sweep_aside}


async def _sweep(feed: Feed, eventually: Any) -> None:
    stop = asyncio.Event()
    task = asyncio.create_task(Sweep(Profiles(), feed.engine).run(stop))
    await eventually(lambda: _swept(feed))
    stop.set()
    await task


async def _many_waiting(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many households wait; some are of other tests."""
    for _ in range(30):
        await feed.send(*Home().settled())
    await feed.day(date(2024, 4, 1), sweep=False)
    monkeypatch.setattr(sweeping, "CHUNK", 2)
    monkeypatch.setattr(sweeping, "MANY", 1)
    [row] = await feed.rows("SELECT count(*) AS households FROM profiles")
    return int(row.households)


async def _swept(feed: Feed) -> bool:
    [row] = await feed.rows(
        "SELECT NOT EXISTS (SELECT FROM profiles WHERE gate < (SELECT max(number) FROM gates)) AS all_there"
    )
    return bool(row.all_there)


async def _way_to(url: URL, port: int) -> asyncio.Server:
    """Let connections to the port through to the database."""

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def through(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = (
            asyncio.open_unix_connection(f"{url.query['host']}/.s.PGSQL.{url.query['port']}")
            if "host" in url.query
            else asyncio.open_connection(url.host, url.port)
        )
        back, forth = await there
        await asyncio.gather(pass_on(reader, forth), pass_on(back, writer))

    return await asyncio.start_server(through, "127.0.0.1", port)


async def test_a_database_that_is_away_is_waited_for(feed: Feed, dsns: Any, eventually: Any) -> None:
    home = Home()
    await feed.send(*home.settled())
    url, port = make_url(dsns.worker), free_port()
    away = url.set(host="127.0.0.1", port=port, query={}).render_as_string(hide_password=False)
    database, stop = engine(away, key_locks="rows"), asyncio.Event()
    task = asyncio.create_task(Sweep(Profiles(), database).run(stop))
    await feed.day(date(2024, 2, 1), sweep=False)
    ended, _ = await asyncio.wait({task}, timeout=0.3)
    assert not ended
    way = await _way_to(url, port)

    await eventually(lambda: _swept(feed))
    stop.set()
    await task
    await database.dispose()
    way.close()
