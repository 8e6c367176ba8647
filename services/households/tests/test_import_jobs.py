"""Import jobs: killed, worked on by two, stopped by something unforeseen, each household is taken once."""

import asyncio
import json
import os
import sys
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from households.importing.runner import ImportRunner
from households.importing.service import apply
from kit.cipher import FieldCipher
from kit.database import engine
from stack.postgres import Dsns

from .conftest import Clerk, Database, People, Run, started, uploaded
from .import_files import killed_worker, row, sheet, until


async def test_killed_worker_goes_on_where_it_was(
    importer: Clerk, runner: ImportRunner, database: Dsns, keys: Path, db: Database, people: People
) -> None:
    rows = [row(people.person(), 户编号=people.number()) for _ in range(120)]
    job = await uploaded(importer, sheet(*rows))
    await started(importer, job)
    async with killed_worker(database, keys):
        await until(lambda: taken(db, job["id"]), least=3)
    assert 3 <= await taken(db, job["id"]) <= 120
    await until_applied(runner, importer, job["id"])
    shown = (await importer.get(f"/v1/imports/{job['id']}")).json()
    assert shown["states"] == {"registered": 120}
    [found] = await db.rows(
        "SELECT count(*) AS events, count(DISTINCT key) AS keys FROM event_log"
        " JOIN import_households h ON h.household_id = key AND h.job_id = CAST(:job AS uuid)"
        " WHERE type LIKE '%.HouseholdRegistered.%'",
        job=job["id"],
    )
    assert (found.events, found.keys) == (120, 120)


async def taken(db: Database, job_id: str) -> int:
    query = "SELECT count(*) FROM import_households WHERE job_id = CAST(:job AS uuid) AND state = 'registered'"
    [found] = await db.rows(query, job=job_id)
    return int(found[0])


async def until_applied(runner: ImportRunner, clerk: Clerk, job_id: str) -> None:
    """The killed process may hold its lock on the job until the server notices."""
    deadline = monotonic() + 90
    while (await clerk.get(f"/v1/imports/{job_id}")).json()["state"] != "applied":
        await runner.step()
        assert monotonic() < deadline, "not applied within 90 s"


async def test_processes_that_only_import_share_the_files_and_end(
    importer: Clerk, database: Dsns, keys: Path, db: Database, people: People
) -> None:
    jobs = []
    for _ in range(4):
        jobs.append(await uploaded(importer, sheet(*(row(people.person(), 户编号=people.number()) for _ in range(30)))))
        await started(importer, jobs[-1])
    told = await asyncio.gather(*(importing_process(database, keys) for _ in range(2)))
    shown = [(await importer.get(f"/v1/imports/{job['id']}")).json() for job in jobs]
    assert [(job["state"], job["states"]) for job in shown] == [("applied", {"registered": 30})] * 4
    assert sum(process["steps"] for process in told) >= 4 * 2, "its households, then its end, of each file"
    [found] = await db.rows(
        "SELECT count(*) AS events, count(DISTINCT key) AS keys FROM event_log"
        " WHERE correlation_id = ANY(CAST(:jobs AS uuid[])) AND type LIKE '%.HouseholdRegistered.%'",
        jobs=[job["id"] for job in jobs],
    )
    assert (found.events, found.keys) == (120, 120)


async def importing_process(database: Dsns, keys: Path) -> dict[str, Any]:
    settings = {
        "ZENGSHOU_SERVICE": "households",
        "ZENGSHOU_PROFILE": "embedded",
        "ZENGSHOU_WORKER_DSN": database.worker,
        "ZENGSHOU_KEYS_FILE": str(keys),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "households.importing", env={**os.environ, **settings}, stdout=asyncio.subprocess.PIPE
    )
    told, _ = await asyncio.wait_for(process.communicate(), 90)
    assert process.returncode == 0
    return dict(json.loads(told.splitlines()[-1]))


# What other stories have just written is no reason to give way here: nobody listens, so nobody takes it, and beside it
# the steps are of another size.
_ALONE = 0.0


async def test_two_workers_take_no_household_twice(
    importer: Clerk, database: Dsns, cipher: FieldCipher, db: Database, people: People
) -> None:
    held = engine(database.worker)
    numbers = [people.number() for _ in range(30)]
    job = await uploaded(importer, sheet(*(row(people.person(), 户编号=number) for number in numbers)))
    await started(importer, job)
    stop = asyncio.Event()
    workers = [asyncio.create_task(ImportRunner(held, cipher, at_once=4, quiet=_ALONE).run(stop)) for _ in range(2)]
    await until(lambda: taken(db, job["id"]), least=30)
    stop.set()
    await asyncio.gather(*workers)
    await held.dispose()
    assert await taken(db, job["id"]) == 30


async def test_a_household_that_fails_for_unforeseen_reasons_is_parked_alone(
    take: Run, importer: Clerk, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [people.number() for _ in range(5)]
    plain = apply.household_entry

    def stumble(statement: Any, standing: Any) -> Any:
        if statement.record.number == numbers[2]:
            raise ZeroDivisionError
        return plain(statement, standing)

    monkeypatch.setattr(apply, "household_entry", stumble)
    job = await take(sheet(*(row(people.person(), 户编号=number) for number in numbers)))
    assert job["states"] == {"registered": 4, "parked": 1}
    [parked] = (await importer.get(f"/v1/imports/{job['id']}/households?state=parked")).json()["items"]
    assert (parked["number"], parked["problems"][0]["kind"]) == (numbers[2], "could_not_take")


async def test_what_an_import_says_of_its_households_is_what_stands_at_every_moment(
    importer: Clerk, database: Dsns, cipher: FieldCipher, db: Database, people: People
) -> None:
    held = engine(database.worker)
    runner = ImportRunner(held, cipher, at_once=2, quiet=_ALONE)
    rows = [row(people.person(), 户编号=people.number()) for _ in range(5)]
    rows += [row(people.person(), 户编号=people.number()) | {"证件号码": "530128"} for _ in range(2)]
    job = await uploaded(importer, sheet(*rows))
    told = [await said(importer, db, job["id"])]

    async def step(times: int = 1) -> None:
        for _ in range(times):
            await runner.step()
            told.append(await said(importer, db, job["id"]))

    await started(importer, job)
    await step(4)
    assert (await importer.post(f"/v1/imports/{job['id']}/households/6:drop")).status_code == 200
    told.append(await said(importer, db, job["id"]))
    [waiting] = (await importer.get(f"/v1/imports/{job['id']}/households?state=parked")).json()["items"]
    [problem] = waiting["problems"]
    cell = {"row": problem["row"], "column": problem["column"], "text": people.person()["certificate"]}
    await importer.made(f"/v1/imports/{job['id']}/households/{waiting['position']}:take", {"corrections": [cell]})
    told.append(await said(importer, db, job["id"]))
    await step(2)
    assert (await importer.post(f"/v1/imports/{job['id']}:undo")).status_code == 202
    await step()
    assert (await importer.post(f"/v1/imports/{job['id']}:stop-undo")).status_code == 200
    told.append(await said(importer, db, job["id"]))
    assert (await importer.post(f"/v1/imports/{job['id']}:undo")).status_code == 202
    await step(4)
    await held.dispose()
    [[kept]] = await db.rows("SELECT counts FROM import_jobs WHERE id = CAST(:job AS uuid)", job=job["id"])
    assert kept == told[-1], "what nothing works on any more is not counted again"
    assert told[0] == {"ready": 5, "parked": 2}
    assert told[-1] == {"undone": 6, "dropped": 1}
    assert len({tuple(sorted(states.items())) for states in told}) >= 8


async def said(importer: Clerk, db: Database, job_id: str) -> dict[str, int]:
    """The states that the list and the import tell, which are those that stand."""
    rows = await db.rows(
        "SELECT state, count(*) AS many FROM import_households WHERE job_id = CAST(:job AS uuid) GROUP BY state",
        job=job_id,
    )
    stand = {row.state: row.many for row in rows}
    [listed] = [item for item in (await importer.get("/v1/imports")).json()["items"] if item["id"] == job_id]
    shown = (await importer.get(f"/v1/imports/{job_id}")).json()
    assert listed["states"] == shown["states"] == stand
    return stand
