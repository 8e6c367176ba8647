"""A database that holds only the directory, and events as a consumer would hand them over."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from directory.ddl import create_v1, create_v2
from directory.handlers import HANDLERS
from events.catalog.base import Event
from events.catalog.households import (
    HouseholdRegistered,
    HouseholdType,
    HouseholdUpdated,
    PersonJoined,
    PersonLeft,
    PersonUpdated,
    Sex,
)
from events.dispatch import Dispatch
from events.ids import uuid7
from events.received import Received
from kit.database import begin, engine

LUQUAN = "5301/530128/530128104/530128104201/"
XUNDIAN = "5301/530129/530129101/530129101202/"

_number = count(1)


def told(data: Event, key: UUID, *, revision: int = 1, void: bool = False) -> Received[Any]:
    moment = datetime(2023, 10, 15, tzinfo=UTC)
    return Received(
        source=data.SERVICE,
        seq=next(_number),
        id=uuid7(),
        type=data.wire_type(),
        key=key,
        household_id=key,
        region=None,
        fact_id=None,
        revision=revision,
        void=void,
        occurred_at=moment,
        recorded_at=moment,
        correlation_id=uuid7(),
        causation_id=None,
        traceparent=None,
        data=data,
    )


def household(
    key: UUID, revision: int = 1, *, path: str = LUQUAN, number: str | None = None, updated: bool = False
) -> Received[Any]:
    cls = HouseholdUpdated if updated else HouseholdRegistered
    return told(
        cls(
            aggregate_revision=revision,
            number=number or str(key.int % 10**11),
            region_code=path.split("/")[-2],
            path=path,
            household_type=HouseholdType.LIFTED,
            size=4,
        ),
        key,
    )


def joined(
    person: UUID, home: UUID, revision: int = 1, *, since: date = date(2023, 1, 1), updated: bool = False, **given: Any
) -> Received[Any]:
    cls = PersonUpdated if updated else PersonJoined
    values: dict[str, Any] = {
        "blind_index": f"k1:{person.hex}",
        "masked_name": "张*三",
        "birth_date": date(1980, 5, 1),
        "sex": Sex.MALE,
    }
    return told(cls(aggregate_revision=revision, person_id=person, since=since, **(values | given)), home)


def left(person: UUID, home: UUID, revision: int, *, until: date = date(2024, 1, 1)) -> Received[Any]:
    return told(PersonLeft(aggregate_revision=revision, person_id=person, until=until, reason="moved"), home)


async def handle(tx: AsyncConnection, events: Sequence[Received[Any]]) -> None:
    await Dispatch(HANDLERS).hand_out(tx, events)


@pytest.fixture(scope="session")
async def dsns(postgres: Any) -> Any:
    made = postgres.create_service_database("dirtest")
    owner = engine(made.owner)
    async with owner.begin() as tx:
        for statement in (*create_v1("dirtest"), *create_v2("dirtest")):
            await tx.execute(text(statement))
    await owner.dispose()
    return made


@pytest.fixture(scope="session")
async def worker(dsns: Any) -> AsyncIterator[AsyncEngine]:
    made = engine(dsns.worker)
    yield made
    await made.dispose()


@pytest.fixture(scope="session")
async def app(dsns: Any) -> AsyncIterator[AsyncEngine]:
    made = engine(dsns.app)
    yield made
    await made.dispose()


@pytest.fixture
async def tx(worker: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """As the worker, rolled back at the end."""
    async with worker.connect() as connection:
        await connection.begin()
        yield connection
        await connection.rollback()


Seen = Callable[[str], AbstractAsyncContextManager[AsyncConnection]]


@pytest.fixture
def seen_from(app: AsyncEngine) -> Seen:
    """A transaction of the API for somebody with this area."""

    @asynccontextmanager
    async def open_(path: str) -> AsyncIterator[AsyncConnection]:
        async with begin(app, [path]) as connection:
            yield connection

    return open_
