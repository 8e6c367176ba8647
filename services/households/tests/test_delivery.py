"""The message path of this service on a real broker: its own events go out, wages of employment come in."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from time import monotonic
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from events.broker import BrokerSettings
from events.catalog.employment import WagePaid
from events.consumer import Consumer
from events.ddl import create_v1
from events.ids import uuid7
from events.locks import locked
from events.log import NewEvent, append
from events.relay import Relay
from households.worker import HANDLERS
from kit.clock import now
from kit.database import begin, engine
from stack.postgres import Dsns, Postgres

from .conftest import Clerk, Database, People

DEADLINE = 40.0


@pytest.fixture
async def employment(postgres: Postgres) -> AsyncIterator[AsyncEngine]:
    """A database that holds nothing of employment but its event log."""
    dsns: Dsns = postgres.create_service_database("employment")
    owner = engine(dsns.owner)
    async with owner.begin() as tx:
        for statement in create_v1("employment"):
            await tx.execute(text(statement))
    await owner.dispose()
    worker = engine(dsns.worker)
    yield worker
    await worker.dispose()


@asynccontextmanager
async def running(*tasks: Callable[[asyncio.Event], Awaitable[None]]) -> AsyncIterator[None]:
    stop = asyncio.Event()
    futures = [asyncio.ensure_future(task(stop)) for task in tasks]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*futures)


async def until(outcome: Callable[[], Awaitable[Any]]) -> Any:
    """The outcome once it is there."""
    deadline = monotonic() + DEADLINE
    while not (found := await outcome()):
        assert monotonic() < deadline, "the outcome did not come"
        await asyncio.sleep(0.05)
    return found


async def test_wage_paid_by_employment_shows_in_the_statement(
    clerk: Clerk,
    people: People,
    db: Database,
    worker_engine: AsyncEngine,
    employment: AsyncEngine,
    broker: BrokerSettings,
) -> None:
    home = await clerk.made("/v1/households", people.household())
    household, person = UUID(home["id"]), UUID(home["members"][0]["id"])
    fact = uuid7()

    async def pay(revision: int, amount: str) -> None:
        async with begin(employment) as tx:
            await locked(tx, [household])
            wage = WagePaid(person_id=person, month="2023-08", amount=Decimal(amount))
            await append(tx, NewEvent(
                event=wage, key=household, household_id=household, occurred_at=now(), fact_id=fact, revision=revision
            ))  # fmt: skip

    async def shown() -> list[tuple[str, str]]:
        answer = await clerk.get(f"/v1/households/{household}/income-statement?on=2023-10-15")
        return [(payment["amount"], payment["source"]) for payment in answer.json()["payments"]]

    async def shows(amount: str) -> bool:
        return await shown() == [(amount, "employment")]

    tasks = (
        Relay("employment", employment, broker).run,
        Relay("households", worker_engine, broker).run,
        Consumer("households", worker_engine, broker, HANDLERS).run,
    )
    async with running(*tasks):
        await pay(1, "3000.00")
        await until(lambda: shows("3000.00"))
        await pay(2, "3200.00")
        await until(lambda: shows("3200.00"))
        [count] = await db.rows("SELECT count(*) FROM event_log")
        await until(lambda: _relayed(db, count[0]))


async def _relayed(db: Database, events: int) -> bool:
    [state] = await db.rows("SELECT coalesce((SELECT hi FROM relay_state), 0)") or [(0,)]
    return int(state[0]) >= events
