"""Writing history: every version of a household, a person and a membership, with the business date of its recording."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.bulk import write_rows

from ..queries import Household, Person
from ..tables import household_versions, membership_versions, person_versions


async def record_history(
    tx: AsyncConnection,
    homes: Sequence[Household],
    people: Sequence[Person],
    stays: Sequence[Mapping[str, Any]],
    *,
    recorded_on: date,
) -> None:
    """Keep these versions for ever.

    A person that leaves one household and joins another in one use case has a version in each, so whoever sees only
    one of the two households still sees the person go.
    """
    of_homes = [_values(household_versions, row) | {"household_id": row.id} for row in homes]
    of_people = [_values(person_versions, row) | {"person_id": row.id} for row in people]
    await _keep(tx, household_versions, of_homes, recorded_on)
    await _keep(tx, person_versions, of_people, recorded_on)
    await _keep(tx, membership_versions, stays, recorded_on)


async def _keep(tx: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]], recorded_on: date) -> None:
    await write_rows(tx, table, [{**row, "recorded_on": recorded_on} for row in rows], conflict="keep")


def _values(table: Table, row: Household | Person) -> dict[str, Any]:
    return {name: getattr(row, name) for name in table.c.keys() if hasattr(row, name)}  # noqa: SIM118  its names
