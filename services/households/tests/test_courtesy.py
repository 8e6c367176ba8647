"""An import gives way: small steps and pauses beside live work, full speed alone."""

import asyncio
from collections.abc import AsyncIterator
from time import monotonic

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from events import receipts
from households.importing.courtesy import BESIDE, Courtesy
from households.importing.runner import ImportRunner
from kit.cipher import FieldCipher
from kit.database import engine
from stack.postgres import Dsns

from .conftest import RIGHTS, Clerk, Database, People, started, uploaded
from .import_files import row, sheet

FULL = 100
QUIET = 3.0
LONGEST = 2.0


@pytest.fixture
async def worker(database: Dsns) -> AsyncIterator[AsyncEngine]:
    held = engine(database.worker)
    yield held
    await held.dispose()


@pytest.fixture
def courtesy(worker: AsyncEngine) -> Courtesy:
    return Courtesy(worker, full=FULL, quiet=QUIET, longest=LONGEST)


async def limit(courtesy: Courtesy, worker: AsyncEngine) -> int:
    async with worker.begin() as tx:
        return await courtesy.limit(tx)


async def until_alone(courtesy: Courtesy, worker: AsyncEngine) -> None:
    until = monotonic() + 20
    while await limit(courtesy, worker) != FULL:
        assert monotonic() < until, "always beside live work"
        await asyncio.sleep(0.05)


async def test_what_an_office_writes_makes_steps_small_and_what_the_import_writes_does_not(
    courtesy: Courtesy, worker: AsyncEngine, clerk: Clerk, cipher: FieldCipher, people: People, db: Database
) -> None:
    importer = clerk.of("5301/", rights=f"{RIGHTS} imports:write", subject="importer")
    job = await uploaded(importer, sheet(*(row(people.person(), 户编号=people.number()) for _ in range(12))))
    await until_alone(courtesy, worker)
    await started(importer, job)
    runner = ImportRunner(worker, cipher)
    while await runner.step():
        pass
    assert await limit(courtesy, worker) == FULL, "it gives way to itself"
    found = await db.rows("SELECT count(DISTINCT key) FROM event_log WHERE correlation_id = :job", job=job["id"])
    assert found[0].count == 12, "the events of an import belong together"
    await clerk.made("/v1/households", people.household())
    assert await limit(courtesy, worker) == BESIDE


async def test_beside_live_work_it_waits_until_its_step_is_taken_and_then_as_long_again(
    courtesy: Courtesy, worker: AsyncEngine, clerk: Clerk, people: People, db: Database
) -> None:
    await clerk.made("/v1/households", people.household())
    assert await limit(courtesy, worker) == BESIDE
    began = monotonic()
    resting = asyncio.create_task(courtesy.rest(asyncio.Event()))
    await asyncio.sleep(0.3)
    async with worker.begin() as tx:
        end = int((await tx.execute(text("SELECT max(seq) FROM event_log"))).scalar_one())
        await receipts.nothing_to_consume(tx, "households", [(1, end)])
    await asyncio.wait_for(resting, 30)
    assert monotonic() - began >= 4 * 0.3


async def test_a_listener_that_is_away_holds_it_up_for_a_while_only(
    courtesy: Courtesy, worker: AsyncEngine, clerk: Clerk, people: People
) -> None:
    await clerk.made("/v1/households", people.household())
    assert await limit(courtesy, worker) == BESIDE
    began = monotonic()
    await asyncio.wait_for(courtesy.rest(asyncio.Event()), 30)
    assert monotonic() - began >= LONGEST


async def test_alone_it_does_not_rest_and_a_stop_ends_a_rest(
    courtesy: Courtesy, worker: AsyncEngine, clerk: Clerk, people: People
) -> None:
    await until_alone(courtesy, worker)
    await asyncio.wait_for(courtesy.rest(asyncio.Event()), 0.5)
    await clerk.made("/v1/households", people.household())
    assert await limit(courtesy, worker) == BESIDE
    stop = asyncio.Event()
    stop.set()
    await asyncio.wait_for(courtesy.rest(stop), 1.5)
