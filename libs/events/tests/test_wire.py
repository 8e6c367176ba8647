"""The hand-written envelope: what is written is read again, and the CloudEvents SDK agrees in both directions."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event, to_binary_event
from cloudevents.core.formats.json import JSONFormat
from hypothesis import given
from hypothesis import strategies as st

from events import wire
from events.catalog.employment import WagePaid, WorkChannel
from events.partitioner import key_bytes
from events.wire import LoggedEvent, Undecodable, decode, header_values, to_headers

MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
WAGES = st.builds(
    WagePaid,
    person_id=st.none() | st.uuids(),
    spell_id=st.none() | st.uuids(),
    month=st.from_regex(r"\A20[0-9]{2}-(0[1-9]|1[0-2])\Z"),
    amount=st.decimals(0, 99_999, places=2),
    channel=st.sampled_from(WorkChannel),
)
TRACEPARENTS = st.none() | st.from_regex(r"\A00-[1-9a-f]{32}-[1-9a-f]{16}-0[01]\Z")


@st.composite
def logged(draw: st.DrawFn) -> LoggedEvent:
    return LoggedEvent(
        seq=draw(st.integers(1, 2**63 - 1)),
        id=draw(st.uuids()),
        type=WagePaid.wire_type(),
        key=draw(st.uuids()),
        household_id=draw(st.none() | st.uuids()),
        region=draw(st.none() | st.from_regex(r"\A53[0-9]{10}\Z")),
        fact_id=draw(st.none() | st.uuids()),
        revision=draw(st.integers(1, 2**31 - 1)),
        void=draw(st.booleans()),
        occurred_at=draw(MOMENTS),
        recorded_at=draw(MOMENTS),
        correlation_id=draw(st.uuids()),
        causation_id=draw(st.none() | st.uuids()),
        traceparent=draw(TRACEPARENTS),
        data=draw(WAGES).model_dump_json(),
    )


def as_sent(event: LoggedEvent) -> tuple[dict[str, str], bytes]:
    return header_values(to_headers("employment", event, event.traceparent)), event.data.encode()


@given(logged())
def test_what_is_written_is_read_again(event: LoggedEvent) -> None:
    received = decode(*as_sent(event))
    assert received is not None
    for name in set(LoggedEvent.model_fields) - {"data"}:
        assert getattr(received, name) == getattr(event, name), name
    assert received.source == "employment"
    assert received.data == WagePaid.model_validate_json(event.data)


@given(logged())
def test_the_sdk_reads_what_we_write(event: LoggedEvent) -> None:
    headers = dict(to_headers("employment", event, None))
    message = KafkaMessage(headers=headers, key=key_bytes(event.key), value=event.data.encode())
    theirs = from_binary_event(message, JSONFormat())
    assert theirs.get_type() == "cn.kunming.zengshou.employment.WagePaid.v1"
    assert theirs.get_id() == str(event.id)
    assert theirs.get_source() == "/services/employment"
    assert theirs.get_specversion() == "1.0"
    assert theirs.get_time() == event.occurred_at
    assert theirs.get_subject() == str(event.household_id or event.key)
    assert theirs.get_datacontenttype() == "application/json"
    assert theirs.get_data() == json.loads(event.data)
    assert theirs.get_extension("partitionkey") == str(event.key)
    assert theirs.get_extension("sequence") == str(event.seq)


@given(logged())
def test_we_read_what_the_sdk_writes(event: LoggedEvent) -> None:
    ours = dict(to_headers("employment", event, None))
    parsed = from_binary_event(KafkaMessage(ours, key_bytes(event.key), event.data.encode()), JSONFormat())
    written = to_binary_event(parsed, JSONFormat())
    assert written.headers.keys() == ours.keys()
    key = written.key if isinstance(written.key, bytes) else str(written.key).encode()
    assert key == key_bytes(event.key)
    again = decode(header_values(written.headers.items()), written.value)
    assert again == decode(header_values(ours.items()), event.data.encode())


EXAMPLE = LoggedEvent(
    seq=7,
    id=UUID(int=1),
    type=WagePaid.wire_type(),
    key=UUID(int=2),
    household_id=UUID(int=2),
    region=None,
    fact_id=None,
    revision=1,
    void=False,
    occurred_at=datetime(2023, 10, 15, tzinfo=UTC),
    recorded_at=datetime(2023, 10, 15, tzinfo=UTC),
    correlation_id=UUID(int=3),
    causation_id=None,
    traceparent=None,
    data='{"person_id": null, "month": "2023-10", "amount": "2400.00"}',
)


def changed(**headers: str | None) -> dict[str, str]:
    given, _ = as_sent(EXAMPLE)
    return {name: value for name, value in {**given, **headers}.items() if value is not None}


@pytest.mark.parametrize(
    ("headers", "named"),
    [
        ({"ce_id": "陈秀兰"}, "ce_id: uuid_parsing"),
        ({"ce_sequence": None}, "ce_sequence: missing"),
        ({"ce_sequence": str(2**63)}, "ce_sequence: less_than_equal"),
        ({"ce_revision": "0"}, "ce_revision: greater_than_equal"),
        ({"ce_time": "2023-10-15T00:00:00"}, "ce_time: timezone_aware"),
        ({"ce_recordedtime": "yesterday"}, "ce_recordedtime: datetime_from_date_parsing"),
        ({"ce_type": "cn.kunming.zengshou.employment.WagePaid.v9"}, "WagePaid.v9"),
    ],
)
def test_a_faulty_attribute_is_named_and_its_value_is_not(headers: dict[str, str | None], named: str) -> None:
    with pytest.raises(Undecodable) as fault:
        decode(changed(**headers), EXAMPLE.data.encode())
    assert named in str(fault.value)
    assert "陈" not in str(fault.value)


@pytest.mark.parametrize(
    "value", [None, b"", b"{", b"\xff\xfe", b"[]", '{"month": "陈秀兰", "person_id": null, "amount": "1.00"}'.encode()]
)
def test_faulty_data_is_undecodable_without_its_values(value: bytes | None) -> None:
    with pytest.raises(Undecodable) as fault:
        decode(changed(), value)
    assert "陈" not in str(fault.value)


def test_a_type_nobody_knows_is_no_fault() -> None:
    assert decode(changed(ce_type="cn.kunming.zengshou.employment.Renamed.v1"), b"whatever") is None


def test_fields_added_by_a_newer_publisher_are_passed_over() -> None:
    received = decode({**changed(), "ce_later": "x"}, EXAMPLE.data.replace("{", '{"later": 1, ', 1).encode())
    assert received is not None
    assert received.data == WagePaid.model_validate_json(EXAMPLE.data)


def test_headers_hold_nothing_the_database_cannot() -> None:
    raw: list[tuple[str, Any]] = [("a", b"\x00x"), ("b", None), ("c", b"\xff")]
    assert header_values(raw) == {"a": "\ufffdx", "b": "", "c": "\ufffd"}


def test_the_largest_sequence_is_that_of_the_database() -> None:
    assert wire.LARGEST_SEQ == 2**63 - 1
