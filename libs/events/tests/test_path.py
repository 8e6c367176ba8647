"""The whole path between services: every listener has every event once, receipts come home, one trace joins it all."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import date
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from events import receipts
from events.broker import BrokerSettings
from events.catalog.households import BusinessDateAdvanced
from events.consumer import Consumer
from events.ids import uuid7
from events.log import NewEvent
from events.relay import Relay
from events.topology import LISTENERS

from .brokers import running
from .homes import OCCURRED, Chains, Home, ledger_of, until, wage
from .stories import TICKS, Ledger

KEYS = [uuid7() for _ in range(10)]


class Platform:
    """Relays and consumers of some services on one broker; the absent ones are said to have consumed everything."""

    def __init__(self, *homes: Home):
        self.homes = {home.service: home for home in homes}

    async def run(self, broker: BrokerSettings, stack: AsyncExitStack) -> None:
        members: list[Any] = []
        for service, home in self.homes.items():
            ledger = Ledger(follow_ups=service == "monitoring")
            members += [Relay(service, home.worker, broker), Consumer(service, home.worker, broker, ledger.handlers())]
        await stack.enter_async_context(running(*members))

    async def nobody_else_listens(self) -> None:
        for home in self.homes.values():
            for absent in set(LISTENERS) - set(self.homes):
                await home.run("INSERT INTO consumption VALUES (:c, '{[1,1000000)}')", c=absent)

    async def all_confirmed(self) -> bool:
        for service, home in self.homes.items():
            async with home.worker.connect() as connection:
                last = await home.one("SELECT coalesce(max(seq), 0) FROM event_log")
                if await receipts.not_consumed(connection, service, last):
                    return False
        return True


async def expected(publishers: list[Home]) -> Chains:
    events = [
        (home.service, row.key, row.seq)
        for home in publishers
        for row in await home.rows("SELECT key, seq FROM event_log WHERE type NOT LIKE '%RiskChanged%' ORDER BY seq")
    ]
    return Chains.over(events)


async def state(home: Home) -> Chains:
    async with home.owner.connect() as connection:
        return await ledger_of(connection)


@pytest.mark.slow
async def test_every_listener_has_everything_once_though_the_broker_forgot_it(
    employment: Home, households: Home, monitoring: Home, new_broker: Callable[[], Any], spans: InMemorySpanExporter
) -> None:
    platform = Platform(employment, households, monitoring)
    await platform.nobody_else_listens()
    tracer = trace.get_tracer("test")
    with tracer.start_as_current_span("POST /v1/wages") as request:
        await employment.post(wage(KEYS[0], 1))
    for n in range(2, 80):
        await employment.post(wage(KEYS[n % 10], n))
    await households.post(tick(16))

    broker = new_broker()
    async with AsyncExitStack() as stack:
        await platform.run(broker.settings, stack)
        await until(platform.all_confirmed, within=60)
        for n in range(80, 120):
            await employment.post(wage(KEYS[n % 10], n))
        await until(lambda: employment.one("SELECT max(hi) >= 100 FROM relay_state"))
    broker.stop()
    the_trace_is_whole(request, spans, KEYS)

    await employment.post(wage(KEYS[3], 120))
    await households.post(tick(17))
    broker.start()
    async with AsyncExitStack() as stack:
        await platform.run(broker.settings, stack)
        await until(platform.all_confirmed, within=60)
    broker.stop()

    everything = await expected([employment, households])
    assert await state(monitoring) == everything
    only_wages = Chains({place: chain for place, chain in everything.of.items() if place[0] == "employment"})
    assert await state(households) == only_wages
    assert await monitoring.one("SELECT count(*) FROM event_log WHERE type LIKE '%RiskChanged%'") == 120
    assert await households.one("SELECT count(*) FROM received_log WHERE source = 'monitoring'") == 0
    [told] = await monitoring.rows("SELECT DISTINCT outcome FROM receipts WHERE consumer = 'households'")
    assert told.outcome == "ignored", "what households has no handler for is confirmed and not kept"
    for home in platform.homes.values():
        assert await home.one("SELECT count(*) FROM dead_letters") == 0
        assert await home.one("SELECT count(*) FROM consumption WHERE seqs::text LIKE '%,%,%'") == 0, "fragments"


def tick(day: int) -> NewEvent:
    return NewEvent(event=BusinessDateAdvanced(business_date=date(2023, 10, day)), key=TICKS, occurred_at=OCCURRED)


def the_trace_is_whole(request: Any, spans: InMemorySpanExporter, keys: list[Any]) -> None:
    """The request → sent → taken by both listeners → what followed sent, in one trace; nobody here handles that."""
    whole = [span for span in spans.get_finished_spans() if span.context.trace_id == request.context.trace_id]
    by_id = {span.context.span_id: span for span in whole}

    def parents(name: str) -> list[str]:
        return [by_id[span.parent.span_id].name for span in whole if span.name == name and span.parent]

    sent = request.name
    assert parents("send employment.v1") == [sent]
    assert parents("process employment.v1") == ["send employment.v1"] * 2
    assert parents("send monitoring.v1") == ["process employment.v1"]
    assert parents("process monitoring.v1") == []
    for span in whole:
        no_one_is_named(span, [str(key) for key in keys])


def no_one_is_named(span: ReadableSpan, keys: list[str]) -> None:
    text = span.to_json()
    assert not [key for key in keys if key in text]
    allowed = {"messaging.system.name", "messaging.destination.name", "messaging.operation.name",
               "zengshou.event.type", "zengshou.event_id", "zengshou.source_seq"}  # fmt: skip
    assert set(span.attributes or ()) <= allowed
