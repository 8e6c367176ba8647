"""A database per service, emptied before each test; brokers are fresh per test, so nothing leaks between stories."""

from collections.abc import AsyncIterator, Callable

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from events.broker import BrokerSettings, ensure_topics
from stack.broker import Broker
from stack.postgres import Postgres

from .homes import Home, make_home


@pytest.fixture(scope="session")
async def homes(postgres: Postgres) -> AsyncIterator[Callable[[str], Home]]:
    made: dict[str, Home] = {}

    def home(service: str) -> Home:
        if service not in made:
            made[service] = make_home(service, postgres.create_service_database(service))
        return made[service]

    yield home
    for one in made.values():
        await one.close()


@pytest.fixture
async def employment(homes: Callable[[str], Home]) -> Home:
    return await homes("employment").emptied()


@pytest.fixture
async def households(homes: Callable[[str], Home]) -> Home:
    return await homes("households").emptied()


@pytest.fixture
async def monitoring(homes: Callable[[str], Home]) -> Home:
    """The one service whose key locks are rows."""
    return await homes("monitoring").emptied()


@pytest.fixture
async def finance(homes: Callable[[str], Home]) -> Home:
    return await homes("finance").emptied()


@pytest.fixture
async def fresh_broker(new_broker: Callable[[], Broker]) -> AsyncIterator[BrokerSettings]:
    """A broker of the test's own, with its topics."""
    broker = new_broker()
    await ensure_topics(broker.settings)
    yield broker.settings
    broker.stop()


@pytest.fixture(scope="session")
def _exporter() -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    provider = trace.get_tracer_provider()
    if not isinstance(provider, TracerProvider):
        provider = TracerProvider()
        trace.set_tracer_provider(provider)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return exporter


@pytest.fixture
def spans(_exporter: InMemorySpanExporter) -> InMemorySpanExporter:
    """The spans that ended since the test began."""
    _exporter.clear()
    return _exporter
