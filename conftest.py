"""The real parts that tests stand on: one PostgreSQL and one broker for the session; a missing one is an error.

`TEST_BACKEND` is the one switch: `embedded` (the engines of `zengshou up`) or `containers` (Apache Kafka, PostgreSQL 17
and the platform of docker-compose.yml). Stories do not know which.
"""

import asyncio
import os
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol
from uuid import uuid4

import httpx2
import hypothesis
import pytest

from events.broker import BrokerSettings
from stack.broker import Broker
from stack.ports import Ports
from stack.postgres import Cluster, Postgres
from stack.remote import request_token, start_detached, stop_detached
from stack.state import Running, StateDirectory

# The cores are shared: a rule that is slow once is no finding.
hypothesis.settings.register_profile("shared", deadline=None)
hypothesis.settings.load_profile("shared")

IN_CONTAINERS: Final = {"embedded": False, "containers": True}[os.environ.get("TEST_BACKEND", "embedded")]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What needs an engine is left to `make test-containers`, visibly: pytest counts it as deselected."""
    if not IN_CONTAINERS and (left := [item for item in items if item.get_closest_marker("containers")]):
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


class AnyBroker(Protocol):
    """A broker that forgets when it ends."""

    @property
    def settings(self) -> BrokerSettings:
        """How to reach the life that the last start began."""

    def start(self) -> None:
        """Start with an empty log under a new epoch; return when it answers."""

    def stop(self) -> None:
        """End it."""


@pytest.fixture(scope="session")
def short_directory() -> Iterator[Path]:
    """A directory near the root: pytest's own are too deep for sockets, and closed to PostgreSQL's user."""
    directory = Path(tempfile.mkdtemp(prefix="zs-", dir="/tmp"))
    directory.chmod(0o711)
    yield directory
    shutil.rmtree(directory)


@pytest.fixture(scope="session")
def postgres(short_directory: Path) -> Iterator[Postgres]:
    """Gives databases by `create_service_database`; the server of `TEST_DATABASE_URL` if set, else one of its own."""
    with ExitStack() as closing:
        given = os.environ.get("TEST_DATABASE_URL")
        if given is None and IN_CONTAINERS:
            from tests.engines import postgres_server

            given = closing.enter_context(postgres_server())
        if given is None:
            cluster = Cluster(short_directory / "pg", durable=False)
            closing.callback(cluster.stop)
            cluster.start()
        server = Postgres(given or cluster.admin_dsn)
        closing.callback(server.drop_made)
        yield server


@pytest.fixture(scope="session")
def new_broker(short_directory: Path) -> Iterator[Callable[[], AnyBroker]]:
    """Starts brokers that a test may stop and start again, each time with an empty log under a new epoch."""
    with ExitStack() as closing:

        def start() -> AnyBroker:
            if IN_CONTAINERS:
                from tests.engines import KafkaBroker

                broker: AnyBroker = KafkaBroker()
            else:
                broker = Broker(log=short_directory / f"broker-{uuid4().hex[:8]}.log")
            closing.callback(broker.stop)
            broker.start()
            return broker

        yield start


@pytest.fixture(scope="session")
def broker(new_broker: Callable[[], AnyBroker]) -> BrokerSettings:
    """The broker of `TEST_KAFKA_BOOTSTRAP` if set, else one of its own; modules keep apart by starting their own."""
    if given := os.environ.get("TEST_KAFKA_BOOTSTRAP"):
        return BrokerSettings(bootstrap=given, epoch=uuid4().hex, idempotent=True)
    return new_broker().settings


class AnyPlatform(Protocol):
    """The whole platform behind its gateway."""

    def client(self, department: str = "city-rural") -> httpx2.AsyncClient:
        """An HTTP client at the gateway with the token of a department; close it."""


@dataclass(frozen=True, slots=True)
class Platform:
    """The whole platform, running in processes of its own."""

    state: StateDirectory

    @property
    def running(self) -> Running:
        """What runs at the moment."""
        return self.state.need_running()

    def client(self, department: str = "city-rural") -> httpx2.AsyncClient:
        """An HTTP client at the gateway with the token of a department; close it."""
        token = request_token(self.state, department)["access_token"]
        return httpx2.AsyncClient(
            base_url=self.running.gateway,
            headers={"authorization": f"Bearer {token}"},
            timeout=30,
            trust_env=False,
        )


@pytest.fixture(scope="session")
def platform(short_directory: Path) -> Iterator[AnyPlatform]:
    """The platform with empty databases, by `zengshou up` or by compose; stopped at the end of the session."""
    if IN_CONTAINERS:
        from tests.engines import ComposePlatform

        with ExitStack() as closing:
            composed = ComposePlatform(short_directory)
            closing.callback(composed.stop)
            composed.start()
            yield composed
        return
    state = StateDirectory(short_directory / "platform")
    start_detached(state, Ports.free().base)
    yield Platform(state)
    stop_detached(state)


class Eventually(Protocol):
    """Waits for an outcome."""

    async def __call__(self, holds: Callable[[], bool | Awaitable[bool]], *, within: float = 30.0) -> None:
        """Return as soon as `holds()`; fail after `within` seconds."""


@pytest.fixture(scope="session")
def eventually() -> Eventually:
    """For tests that wait: on the outcome, with a deadline, never for a time."""

    async def wait(holds: Callable[[], bool | Awaitable[bool]], *, within: float = 30.0) -> None:
        deadline = time.monotonic() + within
        while True:
            found = holds()
            if await found if isinstance(found, Awaitable) else found:
                return
            if time.monotonic() > deadline:
                pytest.fail(f"did not happen within {within:.0f} s")
            await asyncio.sleep(0.02)

    return wait
