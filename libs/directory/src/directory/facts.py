"""Departments' facts about persons: where they are kept, how they find their household, how they move with it.

A fact about somebody who is not registered yet is accepted as unmatched: revision 1 under its own id, no household.
When the person registers, its owner publishes the next revision under the household's key.
"""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Boolean, Column, Index, Integer, Row, String, Table, Text, Uuid, text
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import HouseholdRegistered, PersonJoined
from events.received import Handler, Received

from .bulk import columns_of, highest
from .rows import of

F = TypeVar("F")


def fact_columns() -> tuple[Column[Any], ...]:
    """The columns that every table of facts about persons begins with.

    `revision` counts what was published of the fact; `path` is the reporter's area until the household is known;
    `blind_index` is kept while the person is not.
    """
    return (
        Column("id", Uuid, primary_key=True),
        Column("revision", Integer, nullable=False),
        Column("void", Boolean, nullable=False),
        Column("person_id", Uuid),
        Column("household_id", Uuid),
        Column("region", String(12)),
        Column("path", Text(collation="C"), nullable=False),
        Column("blind_index", Text),
    )


def awaited_index(table: str) -> Index:
    """The index by which a registered person's unmatched facts are found."""
    return Index(f"ix_{table}_awaited", "blind_index", postgresql_where=text("household_id IS NULL"))


FACT_COLUMNS_V1 = """
    id uuid NOT NULL,
    revision integer NOT NULL,
    void boolean NOT NULL,
    person_id uuid,
    household_id uuid,
    region varchar(12),
    path text COLLATE "C" NOT NULL,
    blind_index text"""
"""The same columns in the SQL of a first migration."""


async def matched(
    tx: AsyncConnection, table: Table, cls: type[F], events: Sequence[Received[PersonJoined]]
) -> list[tuple[F, Received[PersonJoined] | None]]:
    """`match`, as facts, each with the registration that it follows from."""
    causes = {event.data.person_id: event for event in events}
    rows = await match(tx, table, events)
    return [(of(cls, row), causes.get(row.person_id)) for row in rows]


async def match(tx: AsyncConnection, table: Table, events: Sequence[Received[PersonJoined]]) -> list[Row[Any]]:
    """Give the unmatched facts of newly registered persons their household; gives the rows, one revision on.

    The household's key is locked already: the events came under it. Void facts stay as they are.
    """
    newest = highest(events, key=lambda e: e.data.blind_index, revision=lambda e: e.data.aggregate_revision)
    told = [{"blind_index": e.data.blind_index, "person_id": e.data.person_id, "household_id": e.key} for e in newest]
    found = await tx.execute(_matching(table), columns_of(told))
    return list(found)


def _matching(table: Table) -> Any:
    return text(f"""
        UPDATE {table.name} AS fact
        SET person_id = told.person_id, household_id = told.household_id, blind_index = NULL,
            region = coalesce(home.region_code, fact.region), path = coalesce(home.path, fact.path),
            revision = fact.revision + 1
        FROM unnest(CAST(:blind_index AS text[]), CAST(:person_id AS uuid[]), CAST(:household_id AS uuid[]))
                 AS told(blind_index, person_id, household_id)
        LEFT JOIN directory_households AS home ON home.id = told.household_id
        WHERE fact.household_id IS NULL AND NOT fact.void AND fact.blind_index = told.blind_index
        RETURNING fact.*
    """)  # noqa: S608


def moving_with_households(*tables: Table) -> Handler:
    """A handler that keeps region and path of facts those of their household, so that scope follows a move."""

    async def on_household_moved(tx: AsyncConnection, events: Sequence[Received[HouseholdRegistered]]) -> None:
        ids: list[UUID] = sorted({event.key for event in events})
        for table in tables:
            await tx.execute(_moving(table), {"households": ids})

    return on_household_moved


def _moving(table: Table) -> Any:
    return text(f"""
        UPDATE {table.name} AS fact SET region = home.region_code, path = home.path
        FROM directory_households AS home
        WHERE home.id = ANY(CAST(:households AS uuid[])) AND fact.household_id = home.id
          AND (fact.region, fact.path) IS DISTINCT FROM (home.region_code, home.path)
    """)  # noqa: S608
