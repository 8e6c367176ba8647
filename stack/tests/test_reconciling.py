"""A row that somebody removed by hand is named, in whichever of the four tables it stood; projections are mended."""

import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from kit.testing import certificate
from stack.chaining import verify
from stack.exits import ExitCode
from stack.postgres import Cluster
from stack.rebuilding import rebuild_and_compare
from stack.reconciling import Gone, reconcile

REGIONS = Path(__file__).parents[2] / "data" / "kunming_regions.csv"
VILLAGE = "530128001001"


async def done(http: httpx2.AsyncClient, path: str, json: Any = None, **options: Any) -> dict[str, Any]:
    answer = await http.post(path, json=json, **options)
    assert answer.status_code in (200, 201, 202), answer.text
    return dict(answer.json())


@asynccontextmanager
async def administrator(platform: Any, database: str) -> AsyncIterator[AsyncConnection]:
    url = make_url(Cluster(platform.state.root / "postgres").admin_dsn)
    engine = create_async_engine(url.set(drivername="postgresql+asyncpg", database=database), poolclass=NullPool)
    async with engine.begin() as tx:
        yield tx


async def remove(platform: Any, database: str, table: str, where: str, value: object) -> None:
    """Put one row aside."""
    async with administrator(platform, database) as tx:
        await tx.execute(text(f"CREATE TABLE aside AS SELECT * FROM {table} WHERE {where} = :value"), {"value": value})
        gone = await tx.execute(text(f"DELETE FROM {table} WHERE {where} = :value"), {"value": value})
        assert gone.rowcount == 1


async def put_back(platform: Any, database: str, table: str) -> None:
    async with administrator(platform, database) as tx:
        await tx.execute(text(f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM aside"))
        await tx.execute(text("DROP TABLE aside"))


async def paid_wage(http: httpx2.AsyncClient) -> UUID:
    """A wage of a registered person."""
    content, headers = REGIONS.read_bytes(), {"content-type": "text/csv"}
    await done(http, "/households/v1/regions:import?valid_from=2020-01-01", content=content, headers=headers)
    number = certificate(124, date(1985, 4, 8))
    household = {
        "number": "53012800778", "region_code": VILLAGE, "household_type": "lifted", "stated_on": "2023-10-15",
        "members": [{"certificate": number, "name": "李小四", "relation": "户主"}],
    }  # fmt: skip
    await done(http, "/households/v1/households", household)
    named = {"certificate": number, "household_number": "53012800778"}
    wage = await done(http, "/employment/v1/wages", {"person": named, "month": "2023-09", "amount": "3200.00"})
    return UUID(wage["id"])


async def newest_event(platform: Any, fact: UUID) -> UUID:
    async with administrator(platform, "employment") as look:
        query = text("SELECT id FROM event_log WHERE fact_id = :fact ORDER BY seq DESC LIMIT 1")
        return UUID(str((await look.execute(query, {"fact": fact})).scalar_one()))


@pytest.mark.slow
async def test_a_row_removed_by_hand_is_named_in_each_of_the_four_tables(platform: Any, eventually: Any) -> None:
    async with platform.client() as http:
        wage = await paid_wage(http)

    async def all_there() -> bool:
        async with administrator(platform, "monitoring") as look:
            there = await look.execute(text("SELECT 1 FROM facts WHERE fact_id = :fact"), {"fact": wage})
            return there.one_or_none() is not None

    await eventually(all_there)
    event = await newest_event(platform, wage)
    assert (await reconcile(platform.running)).gone == []

    removed: list[tuple[str, str, str, UUID]] = [
        ("employment", "wages", "id", wage),
        ("employment", "event_log", "id", event),
        ("monitoring", "received_log", "id", event),
        ("monitoring", "facts", "fact_id", wage),
    ]
    for database, table, where, value in removed:
        await remove(platform, database, table, where, value)
        found = await reconcile(platform.running)
        assert not found.holds
        assert any(names(gone, database, table, value) for gone in found.gone), (table, found.gone)
        if table == "facts":
            break
        await put_back(platform, database, table)

    assert (await rebuild_and_compare(platform.running, swap=True)).swapped
    async with administrator(platform, "monitoring") as tx:
        await tx.execute(text("DROP TABLE aside"))
    after = await reconcile(platform.running)
    assert after.holds, after


def names(gone: Gone, service: str, table: str, value: UUID) -> bool:
    return (gone.service, gone.table) == (service, table) and str(value) in gone.row


def audited(platform: Any, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-P", "-m", "stack", "audit", *arguments, "--state", str(platform.state.root)]
    return subprocess.run(command, capture_output=True, text=True)


async def test_a_decision_changed_by_hand_is_named(platform: Any, eventually: Any, tmp_path: Path) -> None:
    value = {
        "name": "help.days", "value": "12.00", "valid_from": "2023-01-01", "document": "演示", "clause": "演示",
        "confidence": "demo",
    }  # fmt: skip
    async with platform.client() as http:
        draft = await done(http, "/monitoring/v1/policy-drafts", value)
        await done(http, f"/monitoring/v1/policy-drafts/{draft['id']}:withdraw")

    async def chained() -> bool:
        found = await verify(platform.running.databases)
        return found.rows > 0 and found.waiting == 0

    await eventually(chained)
    anchors = tmp_path / "anchors.json"
    assert audited(platform, "anchor", "--out", str(anchors)).returncode == ExitCode.OK
    whole = audited(platform, "verify", "--anchor", str(anchors))
    assert (whole.returncode, "decisions hold: monitoring" in whole.stdout) == (ExitCode.OK, True), whole.stderr
    changed = "UPDATE decisions SET officer = :who WHERE subject_id = :id"
    async with administrator(platform, "monitoring") as tx:
        assert (await tx.execute(text(changed), {"who": "somebody", "id": UUID(draft["id"])})).rowcount == 1
    broken = audited(platform, "verify")
    assert broken.returncode == ExitCode.AUDIT
    assert "PolicyDraftWithdrawn" in broken.stdout
    assert "its content does not match its hash" in broken.stdout
    async with administrator(platform, "monitoring") as tx:
        await tx.execute(text(changed), {"who": "city-rural", "id": UUID(draft["id"])})
    assert (await verify(platform.running.databases)).holds
