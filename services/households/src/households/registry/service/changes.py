"""What a use case changes, written at once: a few bulk statements, then the events in one append."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.base import Event
from events.catalog.households import (
    HouseholdRegistered,
    HouseholdUpdated,
    PersonJoined,
    PersonLeft,
    PersonUpdated,
)
from events.log import NewEvent, append
from kit import clock

from ..queries import Household, Person
from ..rules import HEAD, in_school
from ..tables import households, memberships, persons


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """离开: a person that no longer belongs to a household from `until`; `person` as it then stands."""

    household: Household
    person: Person
    until: date
    reason: str


@dataclass(slots=True, kw_only=True)
class Changes:
    """Rows as they stand after the use case; households as events go out under their key."""

    registered: list[Household] = field(default_factory=list)
    left: list[Leaving] = field(default_factory=list)
    joined: list[tuple[Household, Person]] = field(default_factory=list)
    amended: list[tuple[Household, Person]] = field(default_factory=list)
    updated: list[Household] = field(default_factory=list)


async def register_rows(tx: AsyncConnection, rows: Sequence[Household]) -> set[UUID]:
    """Insert new households; gives the ids of those whose number was free, in whatever scope the number stands."""
    if not rows:
        return set()
    values = [_household_values(row, clock.now()) for row in rows]
    statement = insert(households).on_conflict_do_nothing(index_elements=["number"]).returning(households.c.id)
    return set((await tx.execute(statement, values)).scalars())


async def save(tx: AsyncConnection, changes: Changes) -> None:
    """Write the rows and append the events; households of `registered` are in the table already."""
    now = clock.now()
    await _write(tx, households, [_household_values(row, now) for row in changes.updated])
    # a person that left and joined elsewhere in one use case is written as it stands last
    people = {item.person.id: item.person for item in changes.left}
    people |= {person.id: person for _, person in (*changes.amended, *changes.joined)}
    await _write(tx, persons, [_values(person) for person in people.values()])
    await _close_memberships(tx, changes.left)
    await _write(
        tx,
        memberships,
        [
            {"person_id": person.id, "household_id": home.id, "since": person.since, "until": None, "reason": None}
            for home, person in changes.joined
        ],
    )
    await append(tx, *_events(changes, now))


def _values(row: Household | Person) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in row.__slots__}


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _household_values(row: Household, now: datetime) -> dict[str, Any]:
    return _values(row) | {"updated_at": now}


async def _write(tx: AsyncConnection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    keys = [column.name for column in table.primary_key]
    statement = insert(table)
    statement = statement.on_conflict_do_update(
        index_elements=keys, set_={name: statement.excluded[name] for name in rows[0] if name not in keys}
    )
    # RETURNING makes SQLAlchemy send many rows in one statement
    await tx.execute(statement.returning(*table.primary_key), list(rows))


_CLOSE = text("""
    UPDATE memberships SET until = ended.until, reason = ended.reason
    FROM unnest(CAST(:persons AS uuid[]), CAST(:households AS uuid[]),
                CAST(:untils AS date[]), CAST(:reasons AS text[]))
         AS ended(person_id, household_id, until, reason)
    WHERE memberships.person_id = ended.person_id AND memberships.household_id = ended.household_id
      AND memberships.until IS NULL
""")


async def _close_memberships(tx: AsyncConnection, left: Sequence[Leaving]) -> None:
    if left:
        await tx.execute(
            _CLOSE,
            {
                "persons": [item.person.id for item in left],
                "households": [item.household.id for item in left],
                "untils": [item.until for item in left],
                "reasons": [item.reason for item in left],
            },
        )


def _events(changes: Changes, now: datetime) -> list[NewEvent]:
    return [
        *(_event(home, HouseholdRegistered(**_household_data(home)), now) for home in changes.registered),
        *(_event(item.household, _left(item), now) for item in changes.left),
        *(_event(home, PersonJoined(**_person_data(person)), now) for home, person in changes.joined),
        *(_event(home, PersonUpdated(**_person_data(person)), now) for home, person in changes.amended),
        *(_event(home, HouseholdUpdated(**_household_data(home)), now) for home in changes.updated),
    ]


def _event(home: Household, event: Event, now: datetime) -> NewEvent:
    return NewEvent(event=event, key=home.id, household_id=home.id, region=home.region_code, occurred_at=now)


def _left(item: Leaving) -> PersonLeft:
    return PersonLeft(
        aggregate_revision=item.person.version, person_id=item.person.id, until=item.until, reason=item.reason
    )


def _household_data(home: Household) -> dict[str, Any]:
    told = {name: getattr(home, name) for name in HouseholdRegistered.model_fields if name != "aggregate_revision"}
    return told | {"aggregate_revision": home.version}


def _person_data(person: Person) -> dict[str, Any]:
    return {
        "aggregate_revision": person.version,
        "person_id": person.id,
        "since": person.since,
        "blind_index": person.blind_index,
        "masked_name": person.masked_name,
        "birth_date": person.birth_date,
        "sex": person.sex,
        "labour_skill": person.labour_skill,
        "in_school": in_school(person.school_stage),
        "head": person.relation == HEAD,
    }
