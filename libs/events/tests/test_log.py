"""Appending: under the key's lock, in order, in the transaction of the fact; nobody can rewrite or jump the order."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import RFC_4122, UUID

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from events.ids import uuid7
from events.locks import MOST_ADVISORY_KEYS, TooManyKeys, locked
from events.log import COPIED, Appended, EventTooLarge, KeyNotLocked, NewEvent, append, append_many, correlated
from events.tables import metadata

from .homes import OCCURRED, Home, until, wage

HOUSEHOLD = UUID(int=11)


async def test_an_append_without_the_lock_raises_and_writes_nothing(employment: Home) -> None:
    async with employment.app.begin() as tx:
        await locked(tx, [uuid7()])
        with pytest.raises(KeyNotLocked):
            await append(tx, wage(HOUSEHOLD))
    assert await employment.one("SELECT count(*) FROM event_log") == 0


async def test_the_lock_of_the_last_transaction_does_not_count(employment: Home) -> None:
    async with employment.app.connect() as connection:
        async with connection.begin():
            await locked(connection, [HOUSEHOLD])
        async with connection.begin():
            with pytest.raises(KeyNotLocked):
                await append(connection, wage(HOUSEHOLD))


async def test_a_lock_taken_in_a_savepoint_ends_with_it(employment: Home) -> None:
    async with employment.app.begin() as tx:
        savepoint = await tx.begin_nested()
        await locked(tx, [HOUSEHOLD])
        await append(tx, wage(HOUSEHOLD))
        await savepoint.rollback()
        with pytest.raises(KeyNotLocked):
            await append(tx, wage(HOUSEHOLD))
        await locked(tx, [HOUSEHOLD])
        async with tx.begin_nested():
            await append(tx, wage(HOUSEHOLD))
    assert await employment.one("SELECT count(*) FROM event_log") == 1


async def test_events_of_one_append_are_numbered_as_given(employment: Home) -> None:
    new = [wage(HOUSEHOLD, amount) for amount in range(200, 0, -1)]
    appended = await employment.post(*new)
    assert [one.seq for one in appended] == sorted(one.seq for one in appended)
    stored = await employment.rows("SELECT seq, id, data->>'amount' AS amount FROM event_log ORDER BY seq")
    assert [Appended(row.seq, row.id) for row in stored] == appended
    assert [float(row.amount) for row in stored] == list(range(200, 0, -1))


@pytest.mark.parametrize("count", [3, COPIED - 1, COPIED, 3 * COPIED])
async def test_many_events_are_numbered_as_given_and_say_the_same_as_if_each_were_appended(
    employment: Home, count: int
) -> None:
    home, fact, started = await employment.emptied(), uuid7(), uuid7()
    new = [replace(wage(HOUSEHOLD, amount), region="530128001001") for amount in range(count, 0, -1)]
    new[1:2] = [replace(new[1], household_id=None, region=None, fact_id=fact, revision=7, void=True)]
    async with home.app.begin() as tx:
        await locked(tx, [HOUSEHOLD])
        with correlated(started):
            await append_many(tx, new)
            await append(tx, *new)
    rows = await home.rows(
        "SELECT type, key, household_id, region, fact_id, revision, void, occurred_at, correlation_id, causation_id,"
        " traceparent, data FROM event_log ORDER BY seq"
    )
    assert rows[:count] == rows[count:]
    assert [float(row.data["amount"]) for row in rows[:count]] == list(range(count, 0, -1))
    ids = [row.id for row in await home.rows("SELECT id FROM event_log")]
    assert len(set(ids)) == 2 * count
    assert {(id_.version, id_.variant) for id_ in ids} == {(7, RFC_4122)}


@pytest.mark.parametrize("count", [3, COPIED])
async def test_many_events_need_the_lock_as_one_does(employment: Home, count: int) -> None:
    home = await employment.emptied()
    async with home.app.begin() as tx:
        await locked(tx, [uuid7()])
        with pytest.raises(KeyNotLocked):
            await append_many(tx, [wage(HOUSEHOLD, amount) for amount in range(1, count + 1)])
    assert await home.one("SELECT count(*) FROM event_log") == 0


async def test_what_the_database_refuses_of_many_is_told_as_of_one(employment: Home) -> None:
    async with employment.app.connect() as tx:
        await tx.begin()
        await locked(tx, [HOUSEHOLD])
        await tx.execute(text("SET LOCAL transaction_read_only = on"))
        with pytest.raises(DBAPIError) as caught:
            await append_many(tx, [wage(HOUSEHOLD, amount) for amount in range(1, COPIED + 1)])
        assert caught.value.orig is not None
        assert getattr(caught.value.orig, "sqlstate", None) == "25006"
        assert not caught.value.connection_invalidated


async def test_a_value_that_is_none_of_its_column_is_no_lost_line(employment: Home) -> None:
    async with employment.app.connect() as tx:
        await tx.begin()
        await locked(tx, [HOUSEHOLD])
        with pytest.raises(OverflowError):
            await append_many(tx, [replace(wage(HOUSEHOLD), revision=2**40) for _ in range(COPIED)])
        await tx.rollback()
    await employment.post(wage(HOUSEHOLD))
    assert await employment.one("SELECT count(*) FROM event_log") == 1


async def test_a_line_that_breaks_under_many_is_told_as_lost(employment: Home) -> None:
    async with employment.app.connect() as tx:
        await tx.begin()
        await locked(tx, [HOUSEHOLD])
        (await tx.get_raw_connection()).driver_connection.terminate()  # type: ignore[union-attr]
        with pytest.raises(DBAPIError) as caught:
            await append_many(tx, [wage(HOUSEHOLD, amount) for amount in range(1, COPIED + 1)])
        assert caught.value.connection_invalidated
        await tx.invalidate()


async def test_nothing_appended_is_nothing_written(employment: Home) -> None:
    async with employment.app.begin() as tx:
        assert await append(tx) == []
        await append_many(tx, [])
    assert await employment.one("SELECT count(*) FROM event_log") == 0


async def test_a_moment_without_a_zone_is_refused(employment: Home) -> None:
    bare = NewEvent(event=wage(HOUSEHOLD).event, key=HOUSEHOLD, occurred_at=datetime(2023, 10, 15))  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        await employment.post(bare)


async def test_an_event_that_no_broker_would_take_is_refused_before_it_is_a_fact(employment: Home) -> None:
    event = wage(HOUSEHOLD).event.model_copy(update={"month": "2" * 300_000})
    with pytest.raises(EventTooLarge):
        await employment.post(NewEvent(event=event, key=HOUSEHOLD, occurred_at=OCCURRED))


@pytest.mark.parametrize("service", ["employment", "monitoring"])
async def test_more_keys_than_a_lock_table_holds_are_refused_only_where_locks_are_advisory(
    service: str, homes: Callable[[str], Home]
) -> None:
    home = await homes(service).emptied()
    keys = [uuid7() for _ in range(MOST_ADVISORY_KEYS)]
    async with home.app.begin() as tx:
        await locked(tx, keys)
        await locked(tx, keys)
        if service == "monitoring":
            await locked(tx, [HOUSEHOLD])
        else:
            with pytest.raises(TooManyKeys):
                await locked(tx, [HOUSEHOLD])


@pytest.mark.parametrize("service", ["employment", "monitoring"])
async def test_per_key_the_sequence_is_the_order_of_commits(service: str, homes: Callable[[str], Home]) -> None:
    """The second writer of a key draws its number only after the first has committed; another key is not held up."""
    home = await homes(service).emptied()
    async with home.app.connect() as first:
        await first.begin()
        await locked(first, [HOUSEHOLD])
        second = asyncio.create_task(home.post(wage(HOUSEHOLD, 2)))
        await until(lambda: home.rows("SELECT 1 FROM pg_locks WHERE NOT granted"))
        [other] = await home.post(wage(UUID(int=12), 3))
        [drawn] = await append(first, wage(HOUSEHOLD, 1))
        await first.commit()
    [after] = await second
    assert other.seq < drawn.seq < after.seq


async def test_what_follows_carries_correlation_cause_and_trace(employment: Home) -> None:
    [appended] = await employment.post(wage(HOUSEHOLD))
    row = (await employment.rows("SELECT id, correlation_id, causation_id, traceparent FROM event_log"))[0]
    assert (row.id, row.correlation_id, row.causation_id) == (appended.id, appended.id, None)


@pytest.mark.parametrize("role", ["app", "worker"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event_log SET void = true",
        "DELETE FROM event_log",
        "TRUNCATE event_log",
        "UPDATE received_log SET void = true",
        "DELETE FROM received_log",
        "SELECT nextval('event_log_seq_seq')",
        "SELECT setval('event_log_seq_seq', 1)",
        "SELECT nextval('received_log_number_seq')",
        "DELETE FROM event_log_0000",
        "INSERT INTO event_log (seq) VALUES (1)",
    ],
)
async def test_history_cannot_be_changed_nor_numbers_drawn_apart(employment: Home, role: str, statement: str) -> None:
    engine = employment.app if role == "app" else employment.worker
    with pytest.raises(DBAPIError) as refused:
        async with engine.begin() as tx:
            await tx.execute(text(statement))
    # insufficient privilege, or a number given where it must be drawn
    assert getattr(refused.value.orig, "sqlstate", None) in ("42501", "428C9")


async def test_the_tables_are_what_the_metadata_says(employment: Home) -> None:
    async with employment.owner.connect() as connection:

        def compare(sync: object) -> list[object]:
            context = MigrationContext.configure(sync, opts={"compare_type": True, "include_name": _ours})  # type: ignore[arg-type]
            return list(compare_metadata(context, metadata))

        assert await connection.run_sync(compare) == []


def _ours(name: str | None, kind: str, _: object) -> bool:
    partition = name is not None and name.startswith("event_log_0")
    return not (kind == "table" and (name == "ledger" or partition))
