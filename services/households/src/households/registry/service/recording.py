"""Writing history: the versions of a household, a person and a membership, with the business date of their recording.

A first version is written when a second one is made; until then the row itself is the history.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import Table, text
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.bulk import columns_of, write_columns

from ..queries import Household, Person
from ..rules import FIRST_VERSION
from ..tables import household_versions, membership_versions, person_versions


async def record_history(
    tx: AsyncConnection,
    homes: Sequence[Household],
    people: Sequence[Person],
    stays: Mapping[str, list[Any]],
    *,
    recorded_on: date,
) -> None:
    """Keep these versions for ever; `stays` are columns.

    A person that leaves one household and joins another in one use case has a version in each, so whoever sees only
    one of the two households still sees the person go.
    """
    await _keep(tx, household_versions, _columns(household_versions, homes, household_id="id"), recorded_on)
    await _keep(tx, person_versions, _columns(person_versions, people, person_id="id"), recorded_on)
    await _keep(tx, membership_versions, stays, recorded_on)


def _copied(versions: Table, key: str) -> str:
    """The columns of a history that stand in the row under the same name."""
    names = versions.c.keys()
    return ", ".join(f'"{name}"' for name in names if name not in (key, "version", "recorded_on"))


_OF_HOME, _OF_PERSON = _copied(household_versions, "household_id"), _copied(person_versions, "person_id")
# The texts are names of our own columns; values travel as parameters.
_FIRST_OF_HOMES = text(f"""
    INSERT INTO household_versions (household_id, version, recorded_on, {_OF_HOME})
    SELECT id, version, recorded_on, {_OF_HOME} FROM households
    WHERE id = ANY(CAST(:homes AS uuid[])) AND version = {FIRST_VERSION} AND recorded_on IS NOT NULL
""")  # noqa: S608
_FIRST_OF_PERSONS = text(f"""
    WITH first AS (SELECT id, version, recorded_on, {_OF_PERSON} FROM persons
                   WHERE id = ANY(CAST(:persons AS uuid[])) AND version = {FIRST_VERSION}
                     AND recorded_on IS NOT NULL),
         kept AS (INSERT INTO membership_versions (person_id, household_id, since, version, recorded_on)
                  SELECT id, household_id, since, version, recorded_on FROM first)
    INSERT INTO person_versions (person_id, version, recorded_on, {_OF_PERSON})
    SELECT id, version, recorded_on, {_OF_PERSON} FROM first
""")  # noqa: S608


async def keep_first(tx: AsyncConnection, homes: Sequence[UUID], persons: Sequence[UUID]) -> None:
    """Keep the first versions of what is about to be changed for the first time, with the stay of each person.

    Until then the row itself is that version: most households of a city never change, and a load writes half as much.
    """
    if homes:
        await tx.execute(_FIRST_OF_HOMES, {"homes": homes})
    if persons:
        await tx.execute(_FIRST_OF_PERSONS, {"persons": persons})


async def _keep(tx: AsyncConnection, table: Table, columns: Mapping[str, list[Any]], recorded_on: date) -> None:
    count = len(next(iter(columns.values()), []))
    await write_columns(tx, table, {**columns, "recorded_on": [recorded_on] * count}, conflict="keep")


def _columns(table: Table, rows: Sequence[Household | Person], **renamed: str) -> dict[str, list[Any]]:
    """The columns that the history has in common with the rows; `renamed` tells under which name a row has them."""
    names = [name for name in table.c.keys() if name not in renamed and name != "recorded_on"]  # noqa: SIM118  its names
    told = columns_of(rows, names)
    return told | {name: list(map(attrgetter(of), rows)) for name, of in renamed.items()}
