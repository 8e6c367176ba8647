"""Receipts: a set union, so order and repetition do not matter; what is told stays small."""

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import receipts
from events.catalog.employment import WagePaid
from events.catalog.platform import Consumed
from events.gaps import ranges
from events.ids import uuid7
from events.testing import received
from events.topology import listeners_of

from .fakes import Topics, consume
from .homes import Home
from .stories import logged

LISTENERS = listeners_of("employment")
WAGE = WagePaid(person_id=None, month="2023-10", amount="1.00")


def told(consumer: str, seqs: set[int], source: str = "employment") -> Any:
    receipt = Consumed(consumer=consumer, source=source, outcome="applied", seqs=tuple(ranges(seqs)))
    return replace(received(WAGE, uuid7()), data=receipt)


async def lacking(home: Home, hi: int) -> set[int]:
    async with home.worker.connect() as connection:
        gaps = await receipts.not_consumed(connection, "employment", hi)
    return {n for gap in gaps for n in range(gap.lo, gap.hi + 1)}


async def test_consumed_is_what_every_listener_has(employment: Home) -> None:
    chance = random.Random(31)
    has = {consumer: {n for n in range(1, 60) if chance.random() < 0.8} for consumer in LISTENERS}
    pieces = [told(c, set(chance.sample(sorted(seqs), 5))) for c, seqs in has.items() for _ in range(10)]
    pieces += [told(c, seqs) for c, seqs in has.items()]
    chance.shuffle(pieces)
    assert await lacking(employment, 59) == set(range(1, 60))
    for at in range(0, len(pieces), 7):
        async with employment.worker.begin() as tx:
            await receipts.fold(tx, "employment", pieces[at : at + 7])
    everybody = set.intersection(*has.values())
    assert await lacking(employment, 59) == set(range(1, 60)) - everybody
    assert await lacking(employment, 30) == set(range(1, 31)) - everybody


async def test_a_listener_that_never_answered_holds_everything(employment: Home) -> None:
    async with employment.worker.begin() as tx:
        await receipts.fold(tx, "employment", [told(c, {1, 2, 3}) for c in LISTENERS[1:]])
    assert await lacking(employment, 3) == {1, 2, 3}


async def test_receipts_for_others_are_left_to_them(employment: Home) -> None:
    async with employment.worker.begin() as tx:
        await receipts.fold(tx, "employment", [told("monitoring", {1}, source="finance")])
    assert await employment.one("SELECT count(*) FROM consumption") == 0
    assert await employment.one("SELECT count(*) FROM receipts") == 0


async def test_what_is_consumed_stays_one_range_beside_rollbacks_and_copies(employment: Home) -> None:
    """Two of three numbers are events, the rest rolled back or copies of dead letters."""
    real = {n for n in range(1, 901) if n % 3}
    for start in range(1, 901, 50):
        stretch = set(range(start, start + 50))
        async with employment.worker.begin() as tx:
            await receipts.fold(tx, "employment", [told(c, real & stretch) for c in LISTENERS])
            await receipts.nothing_to_consume(tx, "employment", ranges(stretch - real))
    assert {str(row.seqs) for row in await employment.rows("SELECT seqs::text FROM consumption")} == {"{[1,901)}"}
    assert await lacking(employment, 900) == set()


async def test_receipts_come_through_the_consumer_and_get_no_receipt(
    employment: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    topics = Topics()
    for consumer in LISTENERS:
        receipt = Consumed(consumer=consumer, source="employment", outcome="applied", seqs=((1, 8),))
        for _ in range(2):
            topics.send(consumer, logged(receipt.wire_type(), uuid7(), 0, receipt.model_dump_json()))
    await consume(employment, topics, {}, monkeypatch)
    assert await lacking(employment, 9) == {9}
    for table in ("received_log", "receipt_outbox", "dead_letters"):
        assert await employment.one(f"SELECT count(*) FROM {table}") == 0


async def test_a_receipt_nobody_can_read_is_buried_apart_and_the_rest_goes_on(
    employment: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    topics = Topics()
    good = Consumed(consumer="finance", source="employment", outcome="applied", seqs=((1, 8),))
    key = uuid7()
    for data in ("{", good.model_dump_json(), "[]", good.model_dump_json().replace("8", "9")):
        topics.send("finance", logged(good.wire_type(), key, 0, data))
    await consume(employment, topics, {}, monkeypatch)
    assert await employment.one("SELECT count(*) FROM dead_letters") == 2
    assert await employment.one("SELECT seqs::text FROM consumption WHERE consumer = 'finance'") == "{[1,10)}"


@given(st.lists(st.tuples(st.integers(1, 10**15), st.integers(0, 10**6)), max_size=20))
def test_multirange_text_keeps_every_range(pairs: list[tuple[int, int]]) -> None:
    closed = [(lo, lo + more) for lo, more in pairs]
    written = receipts.multirange(closed)
    assert written.startswith("{")
    assert written.count("[") == len(closed)
    assert all(f"[{lo},{hi}]" in written for lo, hi in closed)
