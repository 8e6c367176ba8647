"""Whatever happens on the way, each event has its effect once and in order, and what cannot is among the dead letters.

The topics are in memory; the database, its locks and its transactions are real.
"""

import os
import random
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from events import deadletters
from events.catalog.households import BusinessDateAdvanced
from events.consumer import BATCH, BRISK, CALM, LEAST_POISON, BadDeploy, Pace
from events.ids import uuid7
from events.partitioner import partition_of

from .fakes import Killed, Topics, broken, consume
from .homes import Chains, Home, ledger_of
from .stories import Ledger, Story, logged, wage_event

_UNKNOWN_VERSION = "undecodable: version of cn.kunming.zengshou.employment.WagePaid.v9 is not known here"
SEED = int(os.environ.get("EVENTS_SEED", time.time_ns() % 1_000_000))


async def state(home: Home) -> Chains:
    async with home.owner.connect() as connection:
        return await ledger_of(connection)


async def letters(home: Home) -> dict[tuple[str, int], str]:
    return {(row.source, row.seq): row.state for row in await home.rows("SELECT source, seq, state FROM dead_letters")}


async def receipts(home: Home) -> dict[str, set[int]]:
    """Every number some receipt covers, per source."""
    told: dict[str, set[int]] = {}
    rows = await home.rows("SELECT source, lower(r) AS lo, upper(r) AS hi FROM receipt_outbox, unnest(seqs) AS r")
    for row in rows:
        told.setdefault(row.source, set()).update(range(row.lo, row.hi))
    return told


async def survive(home: Home, topics: Topics, ledger: Ledger, monkeypatch: Any, chance: random.Random) -> None:
    """Consume to the end through kills and lost connections: each life starts anew from the database."""
    for life in range(500):
        share = 0.02 if life < 12 else 0.0
        with broken(home.worker, chance, {Killed: share, ConnectionResetError: share / 2}):
            try:
                await consume(home, topics, ledger.handlers(), monkeypatch, chance.randrange(2**32))
            except Killed:
                continue
            return
    raise AssertionError("never came to the end")


@pytest.mark.parametrize(
    ("pace", "records", "turn", "rest"),
    [
        (BRISK, 1, 0.01, 0.005),
        (BRISK, 19, 0.2, 0.03),
        (BRISK, 20, 0.2, 0.0),
        (CALM, 1, 0.01, 0.09),
        (CALM, BATCH - 1, 0.1, 0.5),
        (CALM, BATCH, 0.1, 0.0),
    ],
)
def test_who_took_little_rests_and_who_is_calm_rests_longer(pace: Pace, records: int, turn: float, rest: float) -> None:
    assert pace.after(records, turn) == pytest.approx(rest)


@pytest.mark.parametrize("service", ["monitoring", "finance"])
async def test_a_clean_run(service: str, homes: Callable[[str], Home], monkeypatch: pytest.MonkeyPatch) -> None:
    home = await homes(service).emptied()
    story = Story.drawn(random.Random(1), events=120, keys=9, poison_in=None)
    story.events = [one for one in story.events if one[0] != service]
    await consume(home, story.sent(random.Random(2), copies=1), story.ledger().handlers(), monkeypatch)
    assert await state(home) == story.applied()
    assert await receipts(home) == story.seqs()


@pytest.mark.parametrize("turn", range(3))
async def test_duplicates_crashes_and_poison_end_in_one_clean_state(
    turn: int, homes: Callable[[str], Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = await homes("monitoring").emptied()
    chance = random.Random(f"{SEED}/{turn}")
    print(f"EVENTS_SEED={SEED}")  # noqa: T201 - shown when it fails
    story = Story.drawn(chance, events=45, keys=chance.choice([3, 9]), poison_in=chance.choice([9, 40]))
    topics, ledger = story.sent(chance, copies=5), story.ledger()
    monkeypatch.setattr("events.consumer._FIRST_BACK_OFF", 0.001)

    await survive(home, topics, ledger, monkeypatch, chance)
    assert await state(home) == story.applied()
    assert await letters(home) == story.letters()
    await everything_is_accounted_for(home, story)

    await survive(home, topics.again("second"), ledger, monkeypatch, chance)
    assert await state(home) == story.applied(), "a rewind changed something"
    assert await letters(home) == story.letters()

    await heal_and_settle(home, topics.again("second"), ledger, story, monkeypatch, chance)
    assert await state(home) == story.applied(healed=True)
    assert set((await letters(home)).values()) <= {"redriven", "dismissed"}
    assert await home.one("SELECT count(*) FROM blocks") == 0

    await survive(home, topics.again("third"), ledger, monkeypatch, chance)
    assert await state(home) == story.applied(healed=True), "a duplicate of a settled letter came through"
    assert await home.one("SELECT count(*) FROM blocks") == 0


async def test_what_comes_with_a_duplicate_of_a_blocked_key_is_applied(
    homes: Callable[[str], Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = await homes("monitoring").emptied()
    blocked, other = uuid7(), uuid7()
    while partition_of(other) == partition_of(blocked):
        # Of every partition that waits a batch has something.
        other = uuid7()
    story = Story(
        [
            ("employment", wage_event(blocked, 1, "employment"), None),
            ("employment", wage_event(blocked, 2, "employment", "handler"), "handler"),
            ("employment", wage_event(other, 3, "employment"), None),
        ]
    )
    topics, ledger = Topics(), story.ledger()
    (_, applied, _), (_, poison, _), (_, new, _) = story.events
    for event in (applied, poison):
        topics.send("employment", event)
    await consume(home, topics, ledger.handlers(), monkeypatch)
    assert await letters(home) == story.letters()
    for event in (applied, new):
        topics.send("employment", event)
    await consume(home, topics, ledger.handlers(), monkeypatch)
    assert await state(home) == story.applied()
    assert await receipts(home) == story.seqs()


async def everything_is_accounted_for(home: Home, story: Story) -> None:
    assert await receipts(home) == story.seqs()
    applied = await home.one("SELECT count(*) FROM received_log")
    assert applied == sum(count for _, count in story.applied().of.values())
    follow_ups = await home.rows("SELECT causation_id FROM event_log WHERE type LIKE '%RiskChanged%'")
    ticks = await home.one("SELECT count(*) FROM received_log WHERE type LIKE '%BusinessDate%'")
    assert len(follow_ups) == len(set(follow_ups)) == applied - ticks
    copies = await home.rows("SELECT data FROM event_log WHERE type LIKE '%DeadLettered%'")
    poison = {place for place, state in story.letters().items() if state == "poison"}
    assert sorted((row.data["source"], row.data["source_seq"]) for row in copies) == sorted(poison)
    told = str([*copies, *await home.rows("SELECT cause FROM dead_letters")])
    assert "陈" not in told
    assert "13800000000" not in told


async def heal_and_settle(
    home: Home, topics: Topics, ledger: Ledger, story: Story, monkeypatch: pytest.MonkeyPatch, chance: random.Random
) -> None:
    """The handlers are repaired and everything is redriven; what still blocks a key then is given up."""
    ledger.poison.clear()
    async with home.app.begin() as tx:
        await deadletters.ask_redrive(tx, None)
    await until_none_is_asked(home, topics, ledger, monkeypatch, chance)
    for row in await home.rows("SELECT id, source, seq FROM dead_letters WHERE state = 'poison'"):
        assert (row.source, row.seq) in story.hopeless(), "it could be handled, and whoever gives it up loses it"
        async with home.app.begin() as tx:
            assert await deadletters.dismiss(tx, row.id)
    await until_none_is_asked(home, topics, ledger, monkeypatch, chance)


async def test_a_redrive_goes_as_far_as_the_first_that_still_fails(
    monitoring: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was mended is applied, and whoever gives up what now blocks the key gives up nothing else."""
    key, fates = uuid7(), ("sqlstate", None, "version", None, "handler", None)
    story = Story([("employment", wage_event(key, n, "employment", f), f) for n, f in enumerate(fates, 1)])
    topics, ledger = story.sent(random.Random(10), copies=1), story.ledger()
    await consume(monitoring, topics, ledger.handlers(), monkeypatch)
    assert await waiting(monitoring) == [
        (1, "poison", "IntegrityError 23502"), (2, "parked", None), (3, "poison", _UNKNOWN_VERSION),
        (4, "parked", None), (5, "parked", None), (6, "parked", None),
    ]  # fmt: skip

    ledger.poison.pop(10_001)
    await redriven(monitoring, topics, ledger, monkeypatch)
    assert await waiting(monitoring) == [
        (3, "poison", _UNKNOWN_VERSION), (4, "parked", None), (5, "parked", None), (6, "parked", None),
    ]  # fmt: skip

    await given_up(monitoring, topics, ledger, monkeypatch, 3)
    assert await waiting(monitoring) == [(5, "poison", "ValueError"), (6, "parked", None)]
    assert await outcomes(monitoring) == {"employment": {"applied", "parked", "dead_lettered"}}
    copies = await monitoring.rows("SELECT data FROM event_log WHERE type LIKE '%DeadLettered%' ORDER BY seq")
    assert [(row.data["source_seq"], row.data["cause"]) for row in copies] == [
        (1, "IntegrityError 23502"), (3, _UNKNOWN_VERSION), (5, "ValueError"),
    ]  # fmt: skip

    await redriven(monitoring, topics, ledger, monkeypatch)
    assert await waiting(monitoring) == [(5, "poison", "ValueError"), (6, "parked", None)]
    ledger.poison.clear()
    await redriven(monitoring, topics, ledger, monkeypatch)
    assert await waiting(monitoring) == []
    assert await monitoring.one("SELECT count(*) FROM blocks") == 0
    applied = await monitoring.rows("SELECT seq FROM received_log ORDER BY number")
    assert [row.seq for row in applied] == [1, 2, 4, 5, 6]


async def waiting(home: Home) -> list[tuple[int, str, str | None]]:
    query = "SELECT seq, state, cause FROM dead_letters WHERE state IN ('poison', 'parked') ORDER BY seq"
    return [(row.seq, row.state, row.cause) for row in await home.rows(query)]


async def redriven(home: Home, topics: Topics, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    async with home.app.begin() as tx:
        await deadletters.ask_redrive(tx, None)
    await until_none_is_asked(home, topics, ledger, monkeypatch, random.Random(11))


async def given_up(home: Home, topics: Topics, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, seq: int) -> None:
    [row] = await home.rows("SELECT id FROM dead_letters WHERE seq = :seq", seq=seq)
    async with home.app.begin() as tx:
        assert await deadletters.dismiss(tx, row.id)
    await until_none_is_asked(home, topics, ledger, monkeypatch, random.Random(12))


async def until_none_is_asked(
    home: Home, topics: Topics, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, chance: random.Random
) -> None:
    for _ in range(50):
        await survive(home, topics, ledger, monkeypatch, chance)
        if not await home.one("SELECT count(*) FROM blocks WHERE redrive_requested_at IS NOT NULL"):
            return
    raise AssertionError("redrive was asked for and never came to an end")


async def test_a_bad_deploy_stops_and_blames_no_fact(monitoring: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story([("employment", wage_event(uuid7(), seq, "employment"), None) for seq in range(1, 31)])
    topics = story.sent(random.Random(3), copies=1)
    ledger = Ledger({10_000 + seq: "handler" for seq in range(1, 31)})
    with pytest.raises(BadDeploy):
        await consume(monitoring, topics, ledger.handlers(), monkeypatch)
    assert len(await letters(monitoring)) < LEAST_POISON
    assert set((await letters(monitoring)).values()) <= {"poison", "parked"}
    ledger.poison.clear()
    async with monitoring.app.begin() as tx:
        await deadletters.ask_redrive(tx, None)
    await consume(monitoring, topics, ledger.handlers(), monkeypatch)
    assert await state(monitoring) == story.applied()


async def test_a_few_among_many_are_poison_and_no_bad_deploy(monitoring: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty-one of five hundred; the count is the database's, so a restart in between changes nothing."""
    keys = [uuid7() for _ in range(30)]
    events = [("employment", wage_event(keys[seq % 30], seq, "employment"), None) for seq in range(1, 501)]
    topics = Story(events[:470]).sent(random.Random(4), copies=1)
    ledger = Ledger({10_000 + seq: "handler" for seq in range(480, 501)}, follow_ups=False)
    await consume(monitoring, topics, ledger.handlers(), monkeypatch)
    for source, event, _ in events[470:]:
        topics.send(source, event)
    await consume(monitoring, topics, ledger.handlers(), monkeypatch)
    assert len(await letters(monitoring)) == 21


@pytest.mark.parametrize("sqlstate", ["40P01", "40001", "55P03", "57014", "57P01", "25006", "53300", "58030"])
async def test_passing_trouble_is_tried_again_and_buries_nothing(
    sqlstate: str, monitoring: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("events.consumer._FIRST_BACK_OFF", 0.001)
    story = Story.drawn(random.Random(5), events=8, keys=2, poison_in=None)
    ledger, troubles = story.ledger(), [1, 2, 3]

    async def trouble(tx: Any, _: object) -> None:
        if troubles:
            troubles.pop()
            await tx.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{sqlstate}'; END $$"))

    handlers = {cls: [trouble, *listed] for cls, listed in ledger.handlers().items()}
    await consume(monitoring, story.sent(random.Random(5), copies=1), handlers, monkeypatch)
    assert troubles == []
    assert await letters(monitoring) == {}
    assert await state(monitoring) == story.applied()


async def test_terminated_connections_are_survived_even_while_idle(
    monitoring: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("events.consumer._FIRST_BACK_OFF", 0.001)
    story = Story.drawn(random.Random(6), events=8, keys=2, poison_in=None)
    topics = story.sent(random.Random(6), copies=1)
    await consume(monitoring, topics, story.ledger().handlers(), monkeypatch)
    with broken(monitoring.worker, random.Random(6), {ConnectionResetError: 0.3}):
        await consume(monitoring, topics, story.ledger().handlers(), monkeypatch)
    assert await state(monitoring) == story.applied()


@pytest.mark.parametrize(
    ("headers", "value"),
    [
        ([], b""),
        ([("ce_type", b"\x00"), ("ce_id", None)], None),
        ([("ce_sequence", str(2**63).encode()), ("ce_partitionkey", str(uuid7()).encode())], b"{}"),
    ],
)
async def test_rubbish_is_buried_and_what_follows_it_goes_on(
    headers: Any, value: bytes | None, monitoring: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = Story.drawn(random.Random(7), events=5, keys=1, poison_in=None)
    topics = Topics()
    for partition in range(12):
        topics.put("employment.v1", partition, headers, value)
    topics.put("consumption.v1", 0, headers, value)
    for source, event, _ in story.events:
        topics.send(source, event)
    await consume(monitoring, topics, story.ledger().handlers(), monkeypatch)
    assert await state(monitoring) == story.applied()
    assert set((await letters(monitoring)).values()) == {"poison"}
    assert set(await receipts(monitoring)) == set(story.seqs()), "nobody is told of a record nobody sent"


async def test_a_key_with_a_nul_in_its_data_is_poison(monitoring: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = wage_event(UUID(int=5), 1, "employment")
    topics = Topics()
    topics.send("employment", logged(bad.type, bad.key, 1, bad.data.replace("{", '{"x": "\\u0000",', 1)))
    await consume(monitoring, topics, Ledger().handlers(), monkeypatch)
    assert await letters(monitoring) == {("employment", 1): "poison"}


async def test_what_nobody_handles_is_passed_over_and_taken_when_it_comes_again_to_a_handler(
    monitoring: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wages are not handled at first; a later deploy has a handler, and the publisher sends its log again."""
    story = Story.drawn(random.Random(8), events=20, keys=3, poison_in=None)
    topics = story.sent(random.Random(8), copies=1)
    only_ticks = {BusinessDateAdvanced: Ledger().handlers()[BusinessDateAdvanced]}
    await consume(monitoring, topics, only_ticks, monkeypatch)
    assert await receipts(monitoring) == story.seqs(), "what is passed over is confirmed"
    assert await outcomes(monitoring) == {"employment": {"ignored"}, "finance": {"ignored"}, "households": {"applied"}}
    assert await monitoring.one("SELECT count(*) FROM received_log") == 5

    await consume(monitoring, topics.again("second"), story.ledger().handlers(), monkeypatch)
    assert await state(monitoring) == story.applied()


async def test_a_log_that_is_replayed_keeps_what_nobody_handles(
    monitoring: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = Story.drawn(random.Random(9), events=20, keys=3, poison_in=None)
    await consume(monitoring, story.sent(random.Random(9), copies=1), {}, monkeypatch, replays=True)
    assert await monitoring.one("SELECT count(*) FROM received_log") == 45
    assert await outcomes(monitoring) == {source: {"applied"} for source in story.seqs()}


async def test_another_version_of_what_is_handled_is_poison_and_not_passed_over(
    monitoring: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    topics = Topics()
    topics.send("employment", wage_event(uuid7(), 1, "employment", "version"))
    topics.send("employment", wage_event(uuid7(), 2, "employment", "ignored"))
    await consume(monitoring, topics, Ledger().handlers(), monkeypatch)
    assert await letters(monitoring) == {("employment", 1): "poison"}
    assert await outcomes(monitoring) == {"employment": {"dead_lettered", "ignored"}}


async def outcomes(home: Home) -> dict[str, set[str]]:
    told: dict[str, set[str]] = {}
    for row in await home.rows("SELECT source, outcome FROM receipt_outbox"):
        told.setdefault(row.source, set()).add(row.outcome)
    return told
