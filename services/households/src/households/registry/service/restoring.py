"""Bringing households back to what they were before somebody's statement, in the next versions; history keeps both."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.locks import locked

from ...regions import service as regions
from ..queries import Household, Person, households_by_id, persons_by_id
from .changes import Changes, Leaving, save

CORRECTED = "corrected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoration:
    """恢复: what a household was.

    Attributes:
        home: the household before; None where it stays, or was not registered; then it ends, without members.
        registered: whether the statement registered it.
        people: members as they were before; who left comes back.
        joined: members that the statement brought; they leave as if they had never been.
    """

    household_id: UUID
    home: Household | None
    registered: bool
    people: tuple[Person, ...]
    joined: tuple[UUID, ...]


async def restore_households(tx: AsyncConnection, items: Sequence[Restoration]) -> None:
    """Restore at most 500 households, of which nothing was changed since: who comes back belongs to nobody now."""
    await locked(tx, [item.household_id for item in items])
    homes = await households_by_id(tx, [item.household_id for item in items])
    wanted = [id_ for item in items for id_ in (*item.joined, *(person.id for person in item.people))]
    people = await persons_by_id(tx, wanted)
    changes, on = Changes(), await regions.today(tx)
    for item in items:
        _restore(changes, item, homes[item.household_id], people, on)
    await save(tx, changes)


def _restore(changes: Changes, item: Restoration, row: Household, people: dict[UUID, Person], on: date) -> None:
    home = _home(item, row, on)
    for id_ in item.joined:
        gone = replace(people[id_], active=False, version=people[id_].version + 1)
        changes.left.append(Leaving(household=home, person=gone, until=gone.since, reason=CORRECTED))
    for was in item.people:
        now = people[was.id]
        again = replace(was, version=now.version + 1)
        (changes.amended if now.active else changes.joined).append((home, again))
    if home != row:
        changes.updated.append(home)


def _home(item: Restoration, row: Household, on: date) -> Household:
    if item.registered:
        # nothing is said of it any more, of the list neither, so that monitoring lets go of what it took over
        return replace(
            row,
            size=0,
            ended_on=on,
            category=None,
            identified_on=None,
            risk_eliminated=None,
            causes=(),
            eliminated_on=None,
            elimination_way=None,
            version=row.version + 1,
        )
    return row if item.home is None else replace(item.home, version=row.version + 1)
