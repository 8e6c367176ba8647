"""Trace context: what is sampled, what is remote, and that a failed handler shows without its words."""

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from events.catalog.employment import WagePaid
from events.ids import uuid7
from events.tracing import Budget, context_of, current_traceparent, message_span, sampled, traceparent_of

from .fakes import Topics, consume
from .homes import Home
from .stories import Ledger, logged, wage_event

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.mark.parametrize(
    ("traceparent", "is_sampled"),
    [
        (PARENT, True),
        (PARENT[:-2] + "03", True),
        (PARENT[:-2] + "00", False),
        (PARENT[:-2] + "02", False),
        ("not a parent-01", False),
        (None, False),
    ],
)
def test_the_lowest_flag_says_sampled(traceparent: str | None, is_sampled: bool) -> None:
    assert sampled(traceparent) is is_sampled


def test_a_message_span_is_a_child_of_the_remote_parent(spans: InMemorySpanExporter) -> None:
    span = message_span("send", "employment.v1", "x", PARENT)
    assert (traceparent_of(span) or "").split("-")[1] == PARENT.split("-")[1]
    span.end()
    [ended] = spans.get_finished_spans()
    assert ended.parent is not None
    assert ended.parent.is_remote
    assert f"{ended.parent.span_id:016x}" == PARENT.split("-")[2]


def test_no_span_no_parent(spans: InMemorySpanExporter) -> None:
    assert current_traceparent() is None
    assert context_of(None) is None
    with trace.get_tracer("test").start_as_current_span("request"):
        assert sampled(current_traceparent())


async def test_a_failed_handler_shows_by_its_class_alone(
    monitoring: Home, spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = wage_event(uuid7(), 1, "employment")
    topics = Topics()
    topics.send("employment", logged(WagePaid.wire_type(), event.key, 1, event.data, PARENT))
    await consume(monitoring, topics, Ledger({10_001: "handler"}).handlers(), monkeypatch)
    failed = [span for span in spans.get_finished_spans() if span.name == "process employment.v1"]
    assert {span.status.description for span in failed} == {"ValueError"}
    assert "陈" not in str([span.to_json() for span in failed])
    assert all(not span.events for span in failed)


def test_a_burst_is_told_and_then_so_many_a_second() -> None:
    now = [0.0]
    budget = Budget(10, 3, lambda: now[0])
    assert [budget.spend() for _ in range(5)] == [True, True, True, False, False]
    now[0] = 0.25
    assert [budget.spend() for _ in range(3)] == [True, True, False]
    now[0] = 60.0
    assert sum(budget.spend() for _ in range(10)) == 3
