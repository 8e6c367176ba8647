"""What a use case changes, written at once: a few bulk statements, then the events in one append."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.base import Event
from events.catalog.households import (
    HouseholdMerged,
    HouseholdRegistered,
    HouseholdUnmerged,
    HouseholdUpdated,
    PersonJoined,
    PersonLeft,
    PersonUpdated,
)
from events.ids import derived_id
from events.log import NewEvent, append_many
from kit import clock
from kit.bulk import columns_of, keys_written, write_columns

from ...rechecks import service as rechecks
from ...regions import service as regions
from ..queries import Household, Person
from ..rules import FIRST_VERSION, HEAD, in_school
from ..tables import households, memberships, persons
from .recording import keep_first, record_history
from .telling import about


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """离开: a person that no longer belongs to a household from `until`; `person` as it then stands."""

    household: Household
    person: Person
    until: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Merging:
    """并户, or its undoing: the household that became an alias of another one, or is no longer one."""

    household: Household
    other_id: UUID
    on: date


@dataclass(slots=True, kw_only=True)
class Changes:
    """Rows as they stand after the use case; households as events go out under their key."""

    registered: list[Household] = field(default_factory=list)
    left: list[Leaving] = field(default_factory=list)
    joined: list[tuple[Household, Person]] = field(default_factory=list)
    amended: list[tuple[Household, Person]] = field(default_factory=list)
    updated: list[Household] = field(default_factory=list)
    merged: list[Merging] = field(default_factory=list)
    unmerged: list[Merging] = field(default_factory=list)

    @property
    def concerned(self) -> set[UUID]:
        """Every household of which something changes."""
        rows = [*self.registered, *self.updated, *(home for home, _ in (*self.joined, *self.amended))]
        rows += [item.household for item in self.left]
        rows += [item.household for item in (*self.merged, *self.unmerged)]
        return {row.id for row in rows}


async def register_rows(tx: AsyncConnection, rows: Sequence[Household]) -> set[UUID]:
    """Insert new households; gives the ids of those whose number was free, in whatever scope the number stands."""
    if not rows:
        return set()
    columns = _household_columns(rows, clock.now()) | {"recorded_on": [await regions.today(tx)] * len(rows)}
    return set(await keys_written(tx, households, columns, conflict="keep", key=["number"]))


async def save(tx: AsyncConnection, changes: Changes) -> None:
    """Write the rows and append the events; households of `registered` are in the table already."""
    now, on = clock.now(), await regions.today(tx)
    rows = [*changes.updated, *(item.household for item in (*changes.merged, *changes.unmerged))]
    # a person that left and joined elsewhere in one use case is written as it stands last
    people = {item.person.id: item.person for item in changes.left}
    people |= {person.id: person for _, person in (*changes.amended, *changes.joined)}
    new = [person for person in people.values() if person.version == FIRST_VERSION]
    known = [person for person in people.values() if person.version != FIRST_VERSION]
    await keep_first(tx, [row.id for row in rows], [person.id for person in known])
    await write_columns(tx, households, _household_columns(rows, now), conflict="replace")
    await write_columns(tx, persons, columns_of(new, Person.__slots__) | {"recorded_on": [on] * len(new)})
    await write_columns(tx, persons, columns_of(known, Person.__slots__), conflict="replace")
    await _close_memberships(tx, changes.left)
    first = [(home, person) for home, person in changes.joined if person.version == FIRST_VERSION]
    again = [(home, person) for home, person in changes.joined if person.version != FIRST_VERSION]
    await write_columns(tx, memberships, _stays(first))
    await write_columns(tx, memberships, _stays(again), conflict="replace")
    await _keep_history(tx, changes, again, rows, on)
    await rechecks.mark(tx, changes.concerned)
    await append_many(tx, _events(changes, now))


def _stays(joined: Sequence[tuple[Household, Person]]) -> dict[str, list[Any]]:
    """Memberships that begin, as columns."""
    return {
        "person_id": [person.id for _, person in joined],
        "household_id": [home.id for home, _ in joined],
        "since": [person.since for _, person in joined],
        "until": [None] * len(joined),
        "reason": [None] * len(joined),
    }


async def _keep_history(
    tx: AsyncConnection,
    changes: Changes,
    again: Sequence[tuple[Household, Person]],
    rows: Sequence[Household],
    on: date,
) -> None:
    """Keep the versions of all that was there before; `again` are persons who come back."""
    people = [item.person for item in changes.left]
    people += [person for _, person in (*again, *changes.amended)]
    stays = _stays([*again, *((item.household, item.person) for item in changes.left)])
    begun = [None] * len(again)
    stays["version"] = [person.version for _, person in again] + [item.person.version for item in changes.left]
    stays["until"] = [*begun, *(item.until for item in changes.left)]
    stays["reason"] = [*begun, *(item.reason for item in changes.left)]
    await record_history(tx, rows, people, stays, recorded_on=on)


def _household_columns(rows: Sequence[Household], now: datetime) -> dict[str, list[Any]]:
    return columns_of(rows, Household.__slots__) | {"updated_at": [now] * len(rows)}


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
    # a merge goes before the moves it brings: whoever hears of them knows why
    return [
        *(_merging_event(item, _merged(item), now) for item in changes.merged),
        *(_merging_event(item, _unmerged(item), now) for item in changes.unmerged),
        *(about(home, HouseholdRegistered(**_household_data(home)), at=now) for home in changes.registered),
        *(about(item.household, _left(item), at=now) for item in changes.left),
        *(about(home, PersonJoined(**_person_data(person)), at=now) for home, person in changes.joined),
        *(about(home, PersonUpdated(**_person_data(person)), at=now) for home, person in changes.amended),
        *(about(home, HouseholdUpdated(**_household_data(home)), at=now) for home in changes.updated),
    ]


def _merging_event(item: Merging, event: Event, now: datetime) -> NewEvent:
    home = item.household
    return about(home, event, fact_id=derived_id("merge", home.id), revision=home.version, at=now)


def _merged(item: Merging) -> HouseholdMerged:
    return HouseholdMerged(aggregate_revision=item.household.version, into_id=item.other_id, merged_on=item.on)


def _unmerged(item: Merging) -> HouseholdUnmerged:
    return HouseholdUnmerged(aggregate_revision=item.household.version, from_id=item.other_id)


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
