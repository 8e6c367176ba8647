"""Records as they come from the broker: identity, faults, and cutting a batch into transactions."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from aiokafka import ConsumerRecord
from hypothesis import given
from hypothesis import strategies as st

from events import incoming
from events.catalog.base import Event
from events.catalog.employment import WagePaid
from events.catalog.households import BusinessDateAdvanced
from events.catalog.platform import Consumed
from events.incoming import Incoming
from events.topology import RECEIPTS_TOPIC
from events.wire import LoggedEvent, to_headers

WAGE = WagePaid(person_id=None, month="2023-10", amount="2400.00")
TICK = BusinessDateAdvanced(business_date=date(2023, 10, 16))
KEY = UUID(int=9)
RECEIPT = Consumed(consumer="finance", source="employment", outcome="applied", seqs=((1, 3),))


def a_record(
    event: Event = WAGE, *, seq: int = 1, key: UUID = KEY, topic: str = "employment.v1", offset: int = 0
) -> ConsumerRecord[Any, Any]:
    moment = datetime(2023, 10, 15, tzinfo=UTC)
    envelope = LoggedEvent(
        seq=seq, id=UUID(int=seq), type=event.wire_type(), key=key, household_id=None, region=None, fact_id=None,
        revision=1, void=False, occurred_at=moment, recorded_at=moment, correlation_id=UUID(int=seq),
        causation_id=None, traceparent=None, data=event.model_dump_json(),
    )  # fmt: skip
    headers = to_headers("employment", envelope, None)
    return ConsumerRecord(topic, 3, offset, 0, 0, str(key).encode(), envelope.data.encode(), None, 0, 0, tuple(headers))


def with_header(record: ConsumerRecord[Any, Any], name: str, value: bytes | None) -> ConsumerRecord[Any, Any]:
    headers = tuple((n, v) for n, v in record.headers if n != name)
    return replace(record, headers=headers if value is None else (*headers, (name, value)))


def test_an_event_is_named_by_its_log() -> None:
    read = incoming.read(a_record(seq=41), "epoch")
    assert (read.source, read.seq, read.key, read.fault) == ("employment", 41, UUID(int=9), None)
    assert not read.gated
    assert incoming.read(a_record(TICK), "epoch").gated


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ce_sequence", None),
        ("ce_sequence", b"one"),
        ("ce_sequence", b"-1"),
        ("ce_sequence", str(2**63).encode()),
        ("ce_partitionkey", b"\xff"),
    ],
)
def test_a_record_that_tells_no_identity_gets_one_from_its_place(name: str, value: bytes | None) -> None:
    read = incoming.read(with_header(a_record(offset=12), name, value), "epoch")
    assert read.fault is not None
    assert (read.source, read.seq) == ("epoch/employment.v1/3", 12)
    assert read.key == incoming.read(with_header(a_record(offset=12), name, value), "epoch").key
    assert read.key != incoming.read(with_header(a_record(offset=13), name, value), "epoch").key


def test_receipts_have_no_place_in_a_log_so_faulty_ones_do_not_collide() -> None:
    faulty = [replace(a_record(RECEIPT, seq=0, topic=RECEIPTS_TOPIC, offset=offset), value=b"{") for offset in (4, 5)]
    places = {(read.source, read.seq) for read in (incoming.read(record, "e") for record in faulty)}
    assert len(places) == 2


def test_a_null_value_or_header_is_a_fault_and_no_crash() -> None:
    assert incoming.read(replace(a_record(), value=None), "e").fault
    assert incoming.read(replace(a_record(), headers=(("ce_id", None),)), "e").fault


BATCHES = st.lists(st.tuples(st.integers(0, 6), st.booleans()), max_size=40)


@given(BATCHES, st.integers(1, 5))
def test_cutting_keeps_order_and_stays_small_and_puts_ticks_alone(shape: list[tuple[int, bool]], most: int) -> None:
    records = [
        incoming.read(a_record(TICK if tick else WAGE, seq=n + 1, key=UUID(int=key), offset=n), "e")
        for n, (key, tick) in enumerate(shape)
    ]
    parts = incoming.cut(records, most)
    assert [record for part in parts for record in part] == records
    assert all(parts)
    for part in parts:
        assert len({record.key for record in part}) <= most
        assert len(part) == 1 or not any(record.gated for record in part)
    for left, right in pairwise(parts):
        assert needed(left, right[0], most), "cut where it was not needed"


def needed(left: Sequence[Incoming], following: Incoming, most: int) -> bool:
    full = len({record.key for record in (*left, following)}) > most
    return full or following.gated or left[-1].gated


@given(st.lists(st.tuples(st.sampled_from(["a.v1", "b.v1"]), st.integers(0, 50)), max_size=20))
def test_next_offsets_are_one_past_the_highest(places: list[tuple[str, int]]) -> None:
    records = [replace(incoming.read(a_record(topic=topic, offset=n), "e"), topic=topic) for topic, n in places]
    expected = {(topic, 3): max(n for t, n in places if t == topic) + 1 for topic, _ in places}
    assert incoming.next_offsets(records) == expected
