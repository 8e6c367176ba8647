"""The real parts that tests stand on: one PostgreSQL and one broker for the session; a missing one is an error."""

import asyncio
import os
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import httpx2
import pytest

from events.broker import BrokerSettings
from stack.broker import Broker
from stack.ports import Ports
from stack.postgres import Cluster, Postgres
from stack.remote import request_token, start_detached, stop_detached
from stack.state import Running, StateDirectory


@pytest.fixture(scope="session")
def short_directory() -> Iterator[Path]:
    """A directory near the root: pytest's own are too deep for sockets, and closed to PostgreSQL's user."""
    directory = Path(tempfile.mkdtemp(prefix="zs-", dir="/tmp"))
    directory.chmod(0o711)
    yield directory
    shutil.rmtree(directory)


@pytest.fixture(scope="session")
def postgres(short_directory: Path) -> Iterator[Postgres]:
    """Gives databases by `create_service_database`; the server of `TEST_DATABASE_URL` if set, else an embedded one."""
    with ExitStack() as closing:
        if (given := os.environ.get("TEST_DATABASE_URL")) is None:
            cluster = Cluster(short_directory / "pg", durable=False)
            closing.callback(cluster.stop)
            cluster.start()
        server = Postgres(given or cluster.admin_dsn)
        closing.callback(server.drop_made)
        yield server


@pytest.fixture(scope="session")
def new_broker(short_directory: Path) -> Iterator[Callable[[], Broker]]:
    """Starts embedded brokers that a test may kill and start again."""
    with ExitStack() as closing:

        def start() -> Broker:
            broker = Broker(log=short_directory / f"broker-{uuid4().hex[:8]}.log")
            closing.callback(broker.stop)
            broker.start()
            return broker

        yield start


@pytest.fixture(scope="session")
def broker(new_broker: Callable[[], Broker]) -> BrokerSettings:
    """The broker of `TEST_KAFKA_BOOTSTRAP` if set, else an embedded one; modules keep apart by starting their own."""
    if given := os.environ.get("TEST_KAFKA_BOOTSTRAP"):
        return BrokerSettings(bootstrap=given, epoch=uuid4().hex, idempotent=True)
    return new_broker().settings


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
def platform(short_directory: Path) -> Iterator[Platform]:
    """`zengshou up` on free ports, with empty databases; stopped at the end of the session."""
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
