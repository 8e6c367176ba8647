"""Rows written by arrays stand as they were given: texts of any kind, lists, documents, nothing at all."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import ARRAY, Column, Integer, MetaData, String, Table, Text, delete, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from kit.bulk import as_columns, columns_of, keys_written, write_rows
from kit.database import engine

SHELF = Table(
    "bulk_shelf",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("label", Text),
    Column("tags", ARRAY(Text)),
    Column("told", JSONB),
)
EDITIONS = Table(
    "bulk_editions",
    SHELF.metadata,
    Column("id", Integer, primary_key=True),
    Column("revision", Integer),
    Column("month", String(7)),
)

# PostgreSQL keeps every text but the one with a zero character in it.
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "label": st.none() | TEXTS,
            "tags": st.none() | st.lists(TEXTS | st.sampled_from(["", '"', "\\", "NULL", "{a,b}", " 户 "]), max_size=4),
            "told": st.none() | st.dictionaries(TEXTS, TEXTS | st.integers(-9, 9), max_size=3),
        }
    ),
    max_size=5,
)


@pytest.fixture(scope="module")
async def shelf(database: Any) -> AsyncIterator[AsyncEngine]:
    held = engine(database.owner)
    async with held.begin() as tx:
        await tx.run_sync(SHELF.metadata.create_all)
    yield held
    async with held.begin() as tx:
        await tx.run_sync(SHELF.metadata.drop_all)
    await held.dispose()


@given(drawn=ROWS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_what_was_written_is_what_stands(shelf: AsyncEngine, drawn: list[dict[str, Any]]) -> None:
    rows = [{"id": n, **row} for n, row in enumerate(drawn)]
    async with shelf.begin() as tx:
        await tx.execute(delete(SHELF))
        assert await write_rows(tx, SHELF, rows) == len(rows)
        stand = (await tx.execute(select(SHELF).order_by(SHELF.c.id))).mappings().all()
    assert [dict(row) for row in stand] == rows


async def test_a_key_that_stands_is_refused_kept_or_replaced(shelf: AsyncEngine) -> None:
    def row(label: str) -> list[dict[str, Any]]:
        return [{"id": 1, "label": label, "tags": [], "told": {}}]

    async with shelf.begin() as tx:
        await tx.execute(delete(SHELF))
        await write_rows(tx, SHELF, row("first"))
        with pytest.raises(IntegrityError):
            async with tx.begin_nested():
                await write_rows(tx, SHELF, row("second"))
        assert await write_rows(tx, SHELF, row("third"), conflict="keep") == 0
        assert (await tx.execute(select(SHELF.c.label))).scalar_one() == "first"
        assert await write_rows(tx, SHELF, row("fourth"), conflict="replace") == 1
        assert (await tx.execute(select(SHELF.c.label))).scalar_one() == "fourth"


async def test_of_two_revisions_the_higher_one_stands_in_whatever_order_they_come(shelf: AsyncEngine) -> None:
    async with shelf.begin() as tx:
        written = [
            await write_rows(tx, EDITIONS, [{"id": 1, "revision": revision}], conflict="newer")
            for revision in (2, 1, 2, 3)
        ]
        assert written == [1, 0, 0, 1]
        assert (await tx.execute(select(EDITIONS.c.revision))).scalar_one() == 3


async def test_what_is_too_long_for_its_column_is_refused_and_not_cut_off(shelf: AsyncEngine) -> None:
    rows = [{"id": 7, "month": "2023-09"}, {"id": 8, "month": "2023-10-01"}]
    for sent in (rows, rows[1:]):
        async with shelf.connect() as tx:
            with pytest.raises(DBAPIError, match="value too long"):
                await write_rows(tx, EDITIONS, sent)


async def test_columns_of_which_every_row_says_the_same_stand_in_every_row(shelf: AsyncEngine) -> None:
    rows = [{"id": n, "label": None, "tags": ["a", '"b"', ""], "told": {"户": 1}} for n in range(150)]
    async with shelf.begin() as tx:
        await tx.execute(delete(SHELF))
        await write_rows(tx, SHELF, rows)
        stand = (await tx.execute(select(SHELF).order_by(SHELF.c.id))).mappings().all()
        assert [dict(row) for row in stand] == rows
        told = columns_of([row.id for row in await tx.execute(select(SHELF.c.id))], ["real", "imag"])
    assert (sorted(told["real"]), told["imag"]) == (list(range(150)), [0] * 150)


async def test_a_row_that_says_the_same_already_is_left(shelf: AsyncEngine) -> None:
    row = {"id": 1, "label": "a", "tags": ["b"], "told": {"c": None}}
    async with shelf.begin() as tx:
        await tx.execute(delete(SHELF))
        await write_rows(tx, SHELF, [row])
        assert await write_rows(tx, SHELF, [row], conflict="replace") == 0
        assert await write_rows(tx, SHELF, [row | {"told": None}], conflict="replace") == 1


async def test_the_keys_of_what_was_written_are_those_that_were_free(shelf: AsyncEngine) -> None:
    rows = [{"id": n, "label": f"{n}", "tags": [], "told": {}} for n in range(4)]
    async with shelf.begin() as tx:
        await tx.execute(delete(SHELF))
        assert sorted(await keys_written(tx, SHELF, as_columns(rows[::2]))) == [0, 2]
        assert sorted(await keys_written(tx, SHELF, as_columns(rows), conflict="keep")) == [1, 3]
        assert await keys_written(tx, SHELF, as_columns([])) == []
