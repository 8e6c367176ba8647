"""The generated contracts are what they claim to be, by the judgement of others."""

import json
from pathlib import Path

import jsonschema_rs
import pytest

from events import contracts
from events.catalog.employment import WagePaid
from events.registry import EVENT_CLASSES

ASYNCAPI = json.loads((Path(__file__).parent / "data" / "asyncapi-3.0.0.schema.json").read_text())


def test_asyncapi_is_valid_by_the_official_schema():
    validator = jsonschema_rs.validator_for(ASYNCAPI)
    document = contracts.asyncapi("1")
    assert [error.message for error in validator.iter_errors(document)] == []
    document["operations"]["households_sends"]["action"] = "publish"
    assert not validator.is_valid(document)


def test_every_message_of_every_channel_is_described():
    document = contracts.asyncapi("1")
    messages = document["components"]["messages"]
    used = {name for channel in document["channels"].values() for name in channel["messages"]}
    assert used == set(messages)
    assert len(messages) == len(EVENT_CLASSES)
    assert all(message["summary"] for message in messages.values())


def test_schema_accepts_what_is_written_and_refuses_money_as_a_number():
    event = WagePaid(person_id=None, month="2023-10", amount="2400.00")
    validator = jsonschema_rs.validator_for(contracts.schemas()[contracts.schema_path(WagePaid.wire_type())])
    written = json.loads(event.model_dump_json())
    assert validator.is_valid(written)
    assert written["amount"] == "2400.00"
    assert not validator.is_valid({**written, "amount": 2400.0})


@pytest.mark.parametrize("cls", EVENT_CLASSES.values(), ids=lambda cls: cls.event_name())
def test_page_names_every_event_with_its_chinese_term(cls):
    page = contracts.events_page()
    section = page.split(f"### {cls.event_name()} v{cls.VERSION}\n", 1)[1].split("###", 1)[0]
    assert any("\u4e00" <= character <= "\u9fff" for character in section)
