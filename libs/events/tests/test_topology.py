"""Who publishes and who listens fits together, in the table and in the catalog."""

import pytest

from events import gate
from events.catalog.help import HelpProvided
from events.registry import EVENT_CLASSES
from events.topology import (
    LISTENERS,
    RECEIPTS_TOPIC,
    SERVICES,
    all_topics,
    dead_letter_topic,
    listeners_of,
    subscriptions,
    topic,
)
from events.wire import topic_for


def test_every_service_listens_to_others_and_is_listened_to() -> None:
    assert set(LISTENERS) == set(SERVICES)
    for consumer, sources in LISTENERS.items():
        assert consumer not in sources
        assert len(set(sources)) == len(sources)
        assert set(sources) <= set(SERVICES)
    for publisher in SERVICES:
        assert listeners_of(publisher), "an event without a listener would never count as delivered"


@pytest.mark.parametrize("consumer", SERVICES)
def test_every_consumer_reads_its_sources_and_the_receipts(consumer: str) -> None:
    assert set(subscriptions(consumer)) == {*map(topic, LISTENERS[consumer]), RECEIPTS_TOPIC}
    assert set(subscriptions(consumer)) <= set(all_topics())


def test_everybody_hears_the_business_date() -> None:
    assert set(listeners_of("households")) == set(SERVICES) - {"households"}


def test_whoever_answers_a_request_hears_it_and_whoever_asked_hears_the_answer() -> None:
    publishers = HelpProvided.publishers()
    assert set(publishers) <= set(listeners_of("monitoring"))
    assert all("monitoring" in listeners_of(publisher) for publisher in publishers)


def test_every_event_goes_to_a_topic_that_exists() -> None:
    for wire_type, cls in EVENT_CLASSES.items():
        assert {topic_for(service, wire_type) for service in cls.publishers()} <= set(all_topics())


def test_copies_of_dead_letters_and_receipts_stay_off_the_events_topic() -> None:
    off = {topic_for("finance", wire_type) for wire_type in EVENT_CLASSES if ".platform." in wire_type}
    assert off == {RECEIPTS_TOPIC, dead_letter_topic("finance")}


def test_gated_events_are_the_ticks_and_the_policy() -> None:
    assert {cls.__name__ for cls in gate.GATED} == {"BusinessDateAdvanced", "LineChanged"}
