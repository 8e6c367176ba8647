"""The database itself keeps everybody within their area."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from kit.database import begin, engine
from kit.scope import BadPath, covers, scope_read_once_ddl, unprotected, validate_path, validate_paths

from .conftest import CITY, DONGCHUAN, LUQUAN, PINGSHAN

MOHAN = "5301/532823105/532823105201/"
PLACES = (PINGSHAN, DONGCHUAN, MOHAN)


@pytest.fixture(scope="module")
async def apps(database: Any) -> AsyncIterator[AsyncEngine]:
    """The app role, with one note in each of three places."""
    worker, app = engine(database.worker), engine(database.app)
    async with begin(worker) as tx:
        for place in PLACES:
            insert = "INSERT INTO notes VALUES (gen_random_uuid(), :path, 'scope ' || :path, 1)"
            await tx.execute(text(insert), {"path": place})
    yield app
    await worker.dispose()
    await app.dispose()


async def seen(engine: AsyncEngine, scope: str | None) -> set[str]:
    async with engine.begin() as tx:
        if scope is not None:
            await tx.execute(text("SELECT set_config('app.scope', :scope, true)"), {"scope": scope})
        return set(await tx.scalars(text("SELECT path FROM notes WHERE title LIKE 'scope %'")))


@pytest.mark.parametrize(
    ("scope", "places"),
    [
        (None, ()),
        ("", ()),
        (",", ()),
        (",,,", ()),
        (f"{LUQUAN},", (PINGSHAN,)),
        (f",{LUQUAN}", (PINGSHAN,)),
        (LUQUAN, (PINGSHAN,)),
        (f"{LUQUAN},5301/530113/", (PINGSHAN, DONGCHUAN)),
        ("5301/532823105/", (MOHAN,)),
        (CITY, PLACES),
        (" ", ()),
        ("%", ()),
        ("5301/530128/530128001", (PINGSHAN,)),
    ],
)
async def test_scope_shows_what_it_covers(apps: AsyncEngine, scope: str | None, places: Sequence[str]) -> None:
    assert await seen(apps, scope) == set(places)


async def test_scope_ends_with_its_transaction(apps: AsyncEngine) -> None:
    async with begin(apps, [CITY]) as tx:
        assert (await tx.execute(text("SELECT 1 FROM notes"))).first()
    assert await seen(apps, None) == set()


async def test_no_row_moves_out_of_scope(apps: AsyncEngine) -> None:
    with pytest.raises(Exception, match="row-level security"):
        async with begin(apps, [LUQUAN]) as tx:
            await tx.execute(text("UPDATE notes SET path = :path"), {"path": DONGCHUAN})


async def test_table_with_a_path_but_without_row_security_is_found(database: Any) -> None:
    owner = engine(database.owner)
    async with begin(owner) as tx:
        await tx.execute(text("CREATE TABLE bare (path text)"))
        assert await unprotected(tx) == ["bare", "policy_values"]
        await tx.rollback()
    await owner.dispose()


async def test_tables_made_before_read_the_scope_once_too(database: Any) -> None:
    before = "path ^@ ANY (array_remove(string_to_array(current_setting('app.scope', true), ','), ''))"
    owner = engine(database.owner)
    async with begin(owner) as tx:
        await tx.execute(text("CREATE TABLE older (path text)"))
        await tx.execute(text("ALTER TABLE older ENABLE ROW LEVEL SECURITY"))
        await tx.execute(
            text(f"CREATE POLICY app_scope ON older TO kittest_app USING ({before}) WITH CHECK ({before})")
        )
        await tx.execute(text(scope_read_once_ddl()))
        told = text("SELECT DISTINCT qual, with_check FROM pg_policies WHERE tablename IN ('older', 'notes')"
                    " AND policyname = 'app_scope'")  # fmt: skip
        assert len((await tx.execute(told)).all()) == 1
        await tx.rollback()
    await owner.dispose()


async def test_worker_serves_everybody(rows: Any, apps: AsyncEngine) -> None:
    assert len(await rows("SELECT 1 FROM notes WHERE title LIKE 'scope %'")) == len(PLACES)


@pytest.mark.parametrize("path", [CITY, LUQUAN, PINGSHAN, MOHAN, f"{PINGSHAN}53012800100101/"])
def test_paths(path: str) -> None:
    assert validate_path(path) == path


@pytest.mark.parametrize(
    "path", ["", "/", "53/", "530/", "5301", "5301/530128", "5301/530128//", "5301/5301", "5301/,", "5301/%/"]
)
def test_what_is_no_path(path: str) -> None:
    with pytest.raises(BadPath):
        validate_paths([CITY, path])


@pytest.mark.parametrize("path", [f" {CITY}", f"{LUQUAN}\n", "5301/5３0128/"])
def test_what_looks_like_a_path(path: str) -> None:
    with pytest.raises(BadPath):
        validate_path(path)


SCOPES = st.lists(st.sampled_from([CITY, LUQUAN, PINGSHAN, DONGCHUAN, MOHAN, "5301/530113/", ""]), max_size=4)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(paths=SCOPES)
async def test_code_and_database_agree(apps: AsyncEngine, paths: list[str]) -> None:
    assert await seen(apps, ",".join(paths)) == {place for place in PLACES if covers(paths, place)}
