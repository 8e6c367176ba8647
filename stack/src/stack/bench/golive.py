"""The load before a city goes live: files previewed through the API, then applied with nothing else on the machine.

Relay and listeners are not there: what is measured is how soon the households stand in the service with their events
in its log, from where everybody takes them afterwards.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any, Final

import asyncpg

from ..api import Api
from ..credentials import ensure_secrets
from ..demo.clients import CITY
from ..demo.opening import load_regions, start_calendar
from ..exits import ExitCode, StackError
from ..ports import Ports
from ..postgres import Cluster, Dsns, Postgres
from ..state import Running, StateDirectory
from ..supervisor.keeper import Keeper, prober
from ..supervisor.migrating import migrate
from ..supervisor.program import Plan, inherited
from .lists import measure_lists

_SERVICE: Final = "households"
_READY_WITHIN: Final = 90.0
_UPLOADS: Final = 2
"""At a time, as two counties that send their townships would."""


async def measure_golive(state: StateDirectory, files: Sequence[Path], random: Random) -> dict[str, Any]:
    """Preview and apply the files in a database of their own, then read its lists.

    Args:
        state: an empty directory.
        files: workbooks in the national layout.
        random: draws the households that are read.

    Returns:
        Persons, households, seconds and rates of either half, the greatest memory of a process that applied, MB.

    Raises:
        StackError: something does not start, or fails.
    """
    state.make()
    ensure_secrets(state)
    cluster = Cluster(state.root / "postgres", log=state.logs / "postgres.log")
    await asyncio.to_thread(cluster.start)
    try:
        dsns = Postgres(cluster.admin_dsn).ensure_service_database(_SERVICE, _SERVICE)
        await migrate({_SERVICE: dsns.owner}, state.logs / "migrations.log")
        async with _served(state, dsns) as api:
            jobs, seconds = await _preview(api, files)
        persons = sum(job["members"] for job in jobs)
        began = time.monotonic()
        importers = await asyncio.gather(*(_importer(state, dsns) for _ in range(os.cpu_count() or 1)))
        applied = time.monotonic() - began
        taken = await _taken(dsns)
        async with _served(state, dsns) as api:
            lists = await measure_lists(api, random, services=(_SERVICE,))
    finally:
        await asyncio.to_thread(cluster.stop)
    return {
        "files": len(files),
        "persons": persons,
        "households": sum(taken.values()),
        "states": taken,
        "processes": len(importers),
        "preview_seconds": round(seconds, 1),
        "preview_persons_per_second": round(persons / seconds),
        "apply_seconds": round(applied, 1),
        "apply_persons_per_second": round(persons / applied),
        "most_memory_mb": max(importer["most_memory_mb"] or 0 for importer in importers) or None,
        "lists": {name: spread.to_json() for name, spread in lists.items()},
    }


async def _preview(api: Api, files: Sequence[Path]) -> tuple[list[dict[str, Any]], float]:
    """Upload the files, two at a time, and say that each is to be applied; gives the jobs and the seconds."""
    await load_regions(api)
    await start_calendar(api)
    began, waiting, jobs = time.monotonic(), iter(files), list[dict[str, Any]]()

    async def send() -> None:
        for path in waiting:
            content = {"file": (path.name, await asyncio.to_thread(path.read_bytes))}
            jobs.append(await api.post(CITY, "/households/v1/imports", files=content))

    await asyncio.gather(*(send() for _ in range(_UPLOADS)))
    seconds = time.monotonic() - began
    for job in jobs:
        await api.post(CITY, f"/households/v1/imports/{job['id']}:apply")
    return jobs, seconds


@asynccontextmanager
async def _served(state: StateDirectory, dsns: Dsns) -> AsyncIterator[Api]:
    """The gateway and the API of households, nothing else, as long as the block lasts."""
    plan = Plan(state=state, ports=Ports.free(), databases={_SERVICE: dsns})
    async with AsyncExitStack() as closing:
        http = await closing.enter_async_context(prober())
        for program in (plan.gateway(), plan.api(_SERVICE)):
            keeper = Keeper(program, log=state.logs / f"{program.name}.log", http=http, on_change=lambda: None)
            keeper.start()
            closing.push_async_callback(keeper.stop)
            await asyncio.wait_for(keeper.was_ready.wait(), _READY_WITHIN)
        api = Api(state, _running(plan))
        closing.push_async_callback(api.close)
        yield api


def _running(plan: Plan) -> Running:
    return Running(
        pid=os.getpid(),
        started_at="",
        ready=True,
        base=plan.ports.base,
        gateway=plan.gateway_url,
        kafka="",
        epoch="",
    )


async def _importer(state: StateDirectory, dsns: Dsns) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "households.importing",
        env=inherited() | {
            "ZENGSHOU_SERVICE": _SERVICE,
            "ZENGSHOU_PROFILE": "embedded",
            "ZENGSHOU_WORKER_DSN": dsns.worker,
            "ZENGSHOU_KEYS_FILE": str(state.keys),
        },
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    told, _ = await process.communicate()
    if process.returncode:
        raise StackError(ExitCode.FAILED, zh="导入进程出错。", en="An importing process failed.")
    result: dict[str, Any] = json.loads(told.splitlines()[-1])
    return result


async def _taken(dsns: Dsns) -> dict[str, int]:
    """How many households the jobs left in each state."""
    connection = await asyncpg.connect(dsns.worker)
    try:
        rows = await connection.fetch("SELECT state, count(*) AS households FROM import_households GROUP BY state")
    finally:
        await connection.close()
    return {row["state"]: row["households"] for row in rows}
