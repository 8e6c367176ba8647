"""The received log through the same handlers gives the same rows, delivers nothing, and a difference would show."""

import random
from dataclasses import replace

import pytest

from events import deadletters, replay

from .fakes import consume
from .homes import Home
from .stories import Ledger, Story

SCHEMA = "again"


async def differences(home: Home, less: str = "") -> tuple[int, int]:
    """Compare the live ledger with its replayed copy: rows compared, rows that stand on one side only."""
    live, side = (f"SELECT to_jsonb(t) - '{less}' FROM {schema}.ledger AS t" for schema in ("public", SCHEMA))
    odd = f"(({live} EXCEPT ALL {side}) UNION ALL ({side} EXCEPT ALL {live})) AS odd"
    return await home.one("SELECT count(*) FROM ledger"), await home.one(f"SELECT count(*) FROM {odd}")


async def replayed(home: Home, ledger: Ledger, until: int) -> tuple[int, tuple[int, int]]:
    async with home.owner.begin() as tx:
        await replay.make_side_schema(tx, SCHEMA, ["ledger"], f"{home.service}_worker")
    count = await replay.replay(home.worker, replace(ledger, live=False).handlers(), SCHEMA, until=until)
    return count, await differences(home)


async def test_the_side_schema_equals_the_live_tables(monitoring: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(11)
    story = Story.drawn(chance, events=150, keys=7, poison_in=30)
    topics, ledger = story.sent(chance, copies=3), story.ledger()
    await consume(monitoring, topics, ledger.handlers(), monkeypatch)
    ledger.poison.clear()
    async with monitoring.app.begin() as tx:
        await deadletters.ask_redrive(tx, None)
    await consume(monitoring, topics, ledger.handlers(), monkeypatch)

    logged = await monitoring.one("SELECT count(*) FROM event_log")
    received = await monitoring.one("SELECT count(*) FROM received_log")
    last = await monitoring.one("SELECT max(number) FROM received_log")
    rows = await monitoring.one("SELECT count(*) FROM ledger")
    assert await replayed(monitoring, ledger, last) == (received, (rows, 0))
    assert await monitoring.one("SELECT count(*) FROM event_log") == logged, "a replay delivered something"
    assert await monitoring.one("SELECT count(*) FROM receipt_outbox WHERE outcome = 'applied'") > 0
    follow_ups = "SELECT count(*) FROM {}.event_log WHERE type LIKE '%RiskChanged%'"
    assert await monitoring.one(follow_ups.format(SCHEMA)) == await monitoring.one(follow_ups.format("public"))

    await monitoring.run("UPDATE ledger SET count = count + 1 WHERE source = 'households'")
    assert await differences(monitoring) == (rows, 2)
    assert await differences(monitoring, less="count") == (rows, 0)


async def test_known_on_a_day_is_the_log_up_to_a_number(monitoring: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story.drawn(random.Random(12), events=40, keys=4, poison_in=None)
    await consume(monitoring, story.sent(random.Random(12), copies=1), story.ledger().handlers(), monkeypatch)
    count, _ = await replayed(monitoring, story.ledger(), 17)
    assert count == 17
    assert await monitoring.one(f"SELECT sum(count) FROM {SCHEMA}.ledger") == 17
    async with monitoring.owner.begin() as tx:
        await replay.drop_side_schema(tx, SCHEMA)
