"""The relay beside concurrent, long and rolled-back transactions, killed at random: nothing missed or invented."""

import asyncio
import gc
import os
import random
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaTimeoutError
from sqlalchemy import text

from events import delivery, receipts
from events.broker import BrokerSettings
from events.catalog.platform import DeadLettered
from events.ids import uuid7
from events.locks import locked
from events.log import NewEvent, append
from events.relay import Relay
from events.topology import listeners_of
from stack.postgres import Cluster, Postgres, cluster

from .brokers import cancelled, first_deliveries, read_until, running, start_member
from .homes import OCCURRED, Home, engine_for, make_home, settled, until, wage

SEED = int(os.environ.get("EVENTS_SEED", time.time_ns() % 1_000_000))
KEYS = [uuid7() for _ in range(12)]
TOPIC = ["employment.v1"]


class Writers:
    """Many use cases at once: some roll back, some stay open until others have written much more."""

    def __init__(self, home: Home, chance: random.Random, total: int):
        self._home = home
        self._chance = chance
        self._total = total
        self.begun = 0

    async def write(self) -> None:
        while self.begun < self._total:
            self.begun += 1
            await self._one()

    async def _one(self) -> None:
        keys = self._chance.sample(KEYS, self._chance.randint(1, 3))
        async with self._home.app.connect() as connection:
            transaction = await connection.begin()
            await locked(connection, keys)
            for _ in range(self._chance.choice([1, 1, 2])):
                await append(connection, *[wage(key, self._chance.randint(1, 9_999)) for key in keys])
                if self._chance.random() < 0.1:
                    await self._stay_open()
            await (transaction.rollback() if self._chance.random() < 0.2 else transaction.commit())

    async def _stay_open(self) -> None:
        """Until others have begun twenty more, or nobody else can."""
        mark = self.begun + 20
        for _ in range(200):
            if self.begun >= min(mark, self._total):
                return
            await asyncio.sleep(0.001)


@asynccontextmanager
async def foreign_long_transactions(home: Home) -> AsyncIterator[None]:
    """Snapshots and writes elsewhere that last the whole test: they must not matter."""
    async with home.owner.connect() as reading, home.owner.connect() as writing:
        await reading.execution_options(isolation_level="REPEATABLE READ")
        await reading.execute(text("SELECT count(*) FROM event_log"))
        await writing.execute(text("INSERT INTO event_keys (key) VALUES (gen_random_uuid())"))
        yield
        await reading.rollback()
        await writing.rollback()


async def committed(home: Home) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row in await home.rows("SELECT key, seq FROM event_log ORDER BY seq"):
        found.setdefault(str(row.key), []).append(row.seq)
    return found


async def kill_at_random(home: Home, broker: BrokerSettings, chance: random.Random, done: asyncio.Event) -> None:
    """Two relays at a time, each with its own connections; now and then one dies, or loses its connection."""
    lives = [_Life(home, broker), _Life(home, broker)]
    try:
        while not done.is_set():
            await _some_rounds(chance, done)
            victim = chance.randrange(2)
            await lives[victim].end()
            lives[victim] = _Life(home, broker)
    finally:
        for life in lives:
            await life.end()


async def _some_rounds(chance: random.Random, done: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(done.wait(), chance.uniform(0.05, 0.5))
    except TimeoutError:
        return


class _Life:
    def __init__(self, home: Home, broker: BrokerSettings):
        self._engine = engine_for(home.dsns.worker, pool_size=1)
        self._task = asyncio.create_task(Relay(home.service, self._engine, broker).run(asyncio.Event()))

    async def end(self) -> None:
        await cancelled(self._task)
        await self._engine.dispose()


# A cancelled start leaves aiokafka's first connection to the garbage collector.
@pytest.mark.filterwarnings("ignore:Unclosed AIOKafka:ResourceWarning")
async def test_nothing_is_missed_and_order_holds_while_relays_die(
    employment: Home, fresh_broker: BrokerSettings
) -> None:
    chance, done = random.Random(SEED), asyncio.Event()
    print(f"EVENTS_SEED={SEED}")  # noqa: T201 - shown when it fails
    writers = Writers(employment, chance, total=250)
    killing = asyncio.create_task(kill_at_random(employment, fresh_broker, chance, done))
    async with foreign_long_transactions(employment):
        async with asyncio.TaskGroup() as group:
            for _ in range(8):
                group.create_task(writers.write())
        done.set()
        await killing
        gc.collect()
        async with running(Relay("employment", employment.worker, fresh_broker)):
            await until(lambda: settled(employment))
    await everything_arrived(employment, fresh_broker)


async def everything_arrived(home: Home, broker: BrokerSettings) -> None:
    expected = await committed(home)
    total = sum(map(len, expected.values()))
    delivered = await read_until(broker, TOPIC, lambda found: len({one.seq for one in found}) >= total)
    assert first_deliveries(delivered) == expected
    rolled_back = await home.one("SELECT max(seq) FROM event_log") - total
    for row in await home.rows("SELECT consumer, seqs FROM consumption"):
        assert sum(r.upper - r.lower for r in row.seqs) == rolled_back, "numbers of no event count as consumed"


async def test_a_relay_process_killed_at_any_moment_loses_nothing(
    employment: Home, fresh_broker: BrokerSettings, tmp_path: Path
) -> None:
    chance = random.Random(SEED)
    for life in range(2):
        child = start_member("relay", employment, fresh_broker, tmp_path / f"relay-{life}.log")
        writers = Writers(employment, chance, total=120)
        before = await employment.one("SELECT coalesce(max(hi), 0) FROM relay_state")
        async with asyncio.TaskGroup() as group:
            for _ in range(4):
                group.create_task(writers.write())
            await until(lambda b=before: employment.one(f"SELECT coalesce(max(hi), 0) > {b + 20} FROM relay_state"))  # type: ignore[misc]
            child.send_signal(signal.SIGKILL)
            child.wait()
    async with running(Relay("employment", employment.worker, fresh_broker)):
        await until(lambda: settled(employment))
    await everything_arrived(employment, fresh_broker)


async def test_one_leads_and_the_other_takes_over_when_it_loses_its_session(
    employment: Home, fresh_broker: BrokerSettings, postgres: Postgres
) -> None:
    engines = [engine_for(employment.dsns.worker), engine_for(employment.dsns.worker)]
    relays = [Relay("employment", engine, fresh_broker) for engine in engines]
    admin = engine_for(postgres.admin_dsn)
    async with running(*relays):
        for turn in range(1, 4):
            await employment.post(wage(KEYS[0], turn))
            await until(lambda: settled(employment))
            assert await lead_holders(employment) == 1
            async with admin.begin() as tx:
                await tx.execute(
                    text("""
                        SELECT pg_terminate_backend(pid) FROM pg_locks
                        WHERE locktype = 'advisory' AND classid = 20220823 AND objid = 2 AND granted
                    """)
                )
        await employment.post(wage(KEYS[0], 9))
        await until(lambda: settled(employment))
    for engine in (*engines, admin):
        await engine.dispose()
    delivered = await read_until(fresh_broker, TOPIC, lambda found: len({one.seq for one in found}) >= 4)
    assert first_deliveries(delivered) == {str(KEYS[0]): [1, 2, 3, 4]}
    assert sum(relay.sent for relay in relays) <= len(delivered)


async def lead_holders(home: Home) -> int:
    return int(
        await home.one("""
            SELECT count(*) FROM pg_locks
            WHERE locktype = 'advisory' AND classid = 20220823 AND objid = 2 AND granted
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """)
    )


async def test_a_failed_term_leaves_no_lock_behind_in_the_pool(
    employment: Home, fresh_broker: BrokerSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine is shared with the consumer, so its pool holds several connections and gives out another next time."""
    connections = [await employment.worker.connect() for _ in range(3)]
    for connection in connections:
        await connection.close()
    failures, send = [1, 2], AIOKafkaProducer.send_batch

    async def sometimes(self: AIOKafkaProducer, *args: object, **options: object) -> object:
        if failures:
            failures.pop()
            raise KafkaTimeoutError
        return await send(self, *args, **options)

    monkeypatch.setattr(AIOKafkaProducer, "send_batch", sometimes)
    await employment.post(wage(KEYS[0]))
    async with running(Relay("employment", employment.worker, fresh_broker)):
        await until(lambda: settled(employment), within=8)
    await until(lambda: _nobody_leads(employment))
    assert failures == []


async def _nobody_leads(home: Home) -> bool:
    return await lead_holders(home) == 0


async def test_a_new_broker_gets_what_receipts_do_not_cover_before_anything_newer(
    employment: Home, new_broker: Callable[[], object], fresh_broker: BrokerSettings
) -> None:
    await employment.post(*[wage(KEYS[0], n) for n in range(1, 21)])
    async with running(Relay("employment", employment.worker, fresh_broker)):
        await until(lambda: settled(employment))
    first, *others = listeners_of("employment")
    await employment.run(
        "INSERT INTO consumption SELECT c, CAST('{[1,15]}' AS int8multirange) FROM unnest(CAST(:others AS text[])) AS c"
        " UNION ALL SELECT :first, '{[1,5],[8,20]}'",
        others=others,
        first=first,
    )
    await employment.post(*[wage(KEYS[0], n) for n in range(21, 24)])
    second = new_broker().settings  # type: ignore[attr-defined]
    async with running(Relay("employment", employment.worker, second)):
        await until(lambda: settled(employment))
    delivered = await read_until(second, TOPIC, lambda found: bool(found) and found[-1].seq == 23)
    assert [one.seq for one in delivered] == [6, 7, 16, 17, 18, 19, 20, 21, 22, 23]


async def test_an_operator_may_have_a_stretch_sent_again(employment: Home, fresh_broker: BrokerSettings) -> None:
    await employment.post(*[wage(KEYS[0], n) for n in range(1, 11)])
    async with running(Relay("employment", employment.worker, fresh_broker)):
        await until(lambda: settled(employment))
        async with employment.app.begin() as tx:
            await delivery.rewind(tx, 4, 6)
        await until(lambda: employment.one("SELECT count(*) = 0 FROM relay_rewinds"))
        await until(lambda: settled(employment))
    delivered = await read_until(fresh_broker, TOPIC, lambda found: len(found) >= 13)
    assert [one.seq for one in delivered] == [*range(1, 11), 4, 5, 6]


async def test_copies_of_dead_letters_go_to_their_own_topic_and_wait_for_nobody(
    employment: Home, fresh_broker: BrokerSettings
) -> None:
    copy = DeadLettered(
        consumer="employment", source="finance", source_seq=3, event_id=None, event_type="x", cause="ValueError"
    )
    await employment.post(NewEvent(event=copy, key=KEYS[0], occurred_at=OCCURRED), wage(KEYS[0]))
    async with running(Relay("employment", employment.worker, fresh_broker)):
        await until(lambda: settled(employment))
    [letter] = await read_until(fresh_broker, ["employment.v1.dlq"], bool)
    assert letter.event.data == copy
    async with employment.worker.connect() as connection:
        lacking = await receipts.not_consumed(connection, "employment", 2)
    assert [(gap.lo, gap.hi) for gap in lacking] == [(2, 2)]


async def test_many_scattered_receipts_fit_into_messages(monitoring: Home, fresh_broker: BrokerSettings) -> None:
    scattered = [list(range(n, 400_000, 800)) for n in range(0, 120, 2)]
    async with monitoring.worker.begin() as tx:
        for seqs in scattered:
            await receipts.write(tx, {("employment", "applied"): seqs})
    async with running(Relay("monitoring", monitoring.worker, fresh_broker)):
        await until(lambda: monitoring.one("SELECT count(*) = 0 FROM receipt_outbox"))
    expected = {seq for seqs in scattered for seq in seqs}

    def told(found: list[object]) -> set[int]:
        closed = [r for one in found for r in one.event.data.seqs]  # type: ignore[attr-defined]
        return {seq for lo, hi in closed for seq in range(lo, hi + 1)}

    await read_until(fresh_broker, ["consumption.v1"], lambda found: told(list(found)) == expected)


async def test_a_prepared_transaction_is_waited_for(
    short_directory: Path, fresh_broker: BrokerSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(cluster._SETTINGS, "max_prepared_transactions", "4")
    server = Cluster(short_directory / "pg-prepared", durable=False)
    server.start()
    home = await make_home("employment", Postgres(server.admin_dsn).create_service_database("employment")).emptied()
    try:
        await prepare_while_relayed(home, fresh_broker)
    finally:
        await home.close()
        server.stop()


async def prepare_while_relayed(home: Home, broker: BrokerSettings) -> None:
    async with running(Relay("employment", home.worker, broker)):
        async with home.app.connect() as plain:
            connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text("BEGIN"))
            await connection.execute(text(_BARE_INSERT), {"id": uuid7(), "key": KEYS[1]})
            await home.post(wage(KEYS[0]))
            await until(lambda: home.one("SELECT count(*) = 1 FROM relay_gaps"))
            await connection.execute(text("PREPARE TRANSACTION 'late'"))
        await home.post(wage(KEYS[0]))
        await until(lambda: home.one("SELECT max(hi) = 3 FROM relay_state"))
        for _ in range(3):
            await rounds_pass(home)
        assert await home.one("SELECT count(*) FROM relay_gaps") == 1
        async with home.app.connect() as plain:
            connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text("COMMIT PREPARED 'late'"))
        await until(lambda: settled(home))
    delivered = await read_until(broker, TOPIC, lambda found: len(found) >= 6)
    assert {one.seq for one in delivered if one.key == str(KEYS[1])} == {1}


async def rounds_pass(home: Home) -> None:
    """Another event has gone its whole way, so the relay has been round at least once."""
    await home.post(wage(UUID(int=77)))
    await until(lambda: home.one("SELECT max(hi) = (SELECT max(seq) FROM event_log) FROM relay_state"))


_BARE_INSERT = """
    INSERT INTO event_log (id, type, key, revision, void, occurred_at, correlation_id, data)
    VALUES (:id, 'cn.kunming.zengshou.employment.WagePaid.v1', :key, 1, false, now(), :id,
            '{"person_id": null, "month": "2023-10", "amount": "1.00"}')
"""
