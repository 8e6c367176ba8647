"""What stood before an import, so that it can be taken back: only rows that it changed, as they were.

Sealed names and phones stay sealed: the seal of a row holds for the same row only. Versions tell later whether anybody
changed a row since.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from pydantic import ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass as stored
from sqlalchemy.ext.asyncio import AsyncConnection

from ...conditions import service as conditions
from ...income import service as income
from ...measures import service as measures
from ...registry import service as registry
from ...support import service as support
from ..queries import Content
from ..said import Said, members_said


class _OfHousehold(Protocol):
    @property
    def household_id(self) -> UUID: ...


Row = TypeVar("Row")
Owned = TypeVar("Owned", bound=_OfHousehold)


@dataclass(slots=True, kw_only=True)
class Snapshot:
    """户的现状: all that an import can change of a household, by id."""

    home: registry.Household
    people: dict[UUID, registry.Person]
    figures: dict[UUID, income.Figure]
    expenses: dict[UUID, conditions.Expense]
    conditions: dict[UUID, conditions.Condition]
    helpers: dict[UUID, support.Helper]
    said: dict[UUID, Said]
    given: dict[UUID, measures.Measure]


_AS_KEPT = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")


@stored(frozen=True, slots=True, kw_only=True, config=_AS_KEPT)
class Touched(Generic[Row]):
    """变动: rows as they were before, ids of those that were not there, and the versions that the import left."""

    was: tuple[Row, ...]
    new: tuple[UUID, ...]
    versions: dict[UUID, int]


@stored(frozen=True, slots=True, kw_only=True, config=_AS_KEPT)
class Trace:
    """导入痕迹 of one household; `home` is None where it did not change or was registered."""

    registered: bool
    home: registry.Household | None
    version: int
    people: Touched[registry.Person]
    figures: Touched[income.Figure]
    expenses: Touched[conditions.Expense]
    conditions: Touched[conditions.Condition]
    helpers: Touched[support.Helper]
    said: Touched[Said]
    content: Content | None
    given: Touched[measures.Measure] = Touched(was=(), new=(), versions={})
    """none in traces of before measures were imported"""


_TRACE = TypeAdapter(Trace)


async def snapshots(
    tx: AsyncConnection, household_ids: Collection[UUID], *, also: Collection[UUID] = ()
) -> dict[UUID, Snapshot]:
    """Households as they stand, with their members; `also` are persons who may have left."""
    if not household_ids:
        return {}
    homes = await registry.households_by_id(tx, household_ids)
    members = await registry.members(tx, homes)
    people = {person.id: person for found in members.values() for person in found}
    gone = await registry.persons_by_id(tx, set(also) - people.keys())
    figures = _owned(await income.latest_figures(tx, household_ids=homes))
    expenses = _owned({row.fact_id: row for row in await conditions.expenses_of(tx, *homes)})
    known = _owned({row.fact_id: row for row in await conditions.conditions_of(tx, *homes)})
    helpers = await support.helpers_of(tx, homes)
    said = _owned(await members_said(tx, homes))
    given = _owned({row.id: row for row in await measures.measures_of(tx, *homes)})
    return {
        id_: Snapshot(
            home=home,
            people={person.id: person for person in members[id_]} | gone,
            figures=figures.get(id_, {}),
            expenses=expenses.get(id_, {}),
            conditions=known.get(id_, {}),
            helpers={row.id: row for row in helpers[id_]},
            said=said.get(id_, {}),
            given=given.get(id_, {}),
        )
        for id_, home in homes.items()
    }


def _owned(rows: Mapping[UUID, Owned]) -> dict[UUID, dict[UUID, Owned]]:
    """The rows of each household."""
    found: dict[UUID, dict[UUID, Owned]] = {}
    for id_, row in rows.items():
        found.setdefault(row.household_id, {})[id_] = row
    return found


def trace(before: Snapshot | None, after: Snapshot, content: Content | None) -> Trace:
    """What the import changed of a household."""
    was = before or _nothing(after.home)
    left = set(was.people)
    people = {id_: person for id_, person in after.people.items() if id_ in left or person.active}
    return Trace(
        registered=before is None,
        home=None if was.home == after.home else was.home,
        version=after.home.version,
        people=_touched(was.people, {id_: people[id_] for id_ in people if id_ in left or _here(people[id_], after)}),
        figures=_touched(was.figures, after.figures),
        expenses=_touched(was.expenses, after.expenses),
        conditions=_touched(was.conditions, after.conditions),
        helpers=_touched(was.helpers, after.helpers),
        said=_touched(was.said, after.said),
        content=content,
        given=_touched(was.given, after.given),
    )


@lru_cache(maxsize=1024)
def kept_of_new(content: Content | None) -> str:
    """Of a household that the import registered, as it is stored; mostly there was no export before.

    What it left is all that stands while nobody else spoke of it.
    """
    return kept(
        Trace(
            registered=True,
            home=None,
            version=registry.FIRST_VERSION,
            people=_UNTOUCHED,
            figures=_UNTOUCHED,
            expenses=_UNTOUCHED,
            conditions=_UNTOUCHED,
            helpers=_UNTOUCHED,
            said=_UNTOUCHED,
            content=content,
        )
    )


_UNTOUCHED: Touched[Any] = Touched(was=(), new=(), versions={})


def _here(person: registry.Person, after: Snapshot) -> bool:
    return person.household_id == after.home.id


def _nothing(home: registry.Household) -> Snapshot:
    return Snapshot(home=home, people={}, figures={}, expenses={}, conditions={}, helpers={}, said={}, given={})


def _touched(before: Mapping[UUID, Row], after: Mapping[UUID, Row]) -> Touched[Row]:
    changed = {id_: row for id_, row in after.items() if before.get(id_) != row}
    return Touched(
        was=tuple(before[id_] for id_ in changed if id_ in before),
        new=tuple(id_ for id_ in changed if id_ not in before),
        versions={id_: version(row) for id_, row in changed.items()},
    )


def version(row: Any) -> int:
    """Version or revision of a row; what an export said has neither."""
    return int(getattr(row, "version", getattr(row, "revision", 0)))


def kept(told: Trace) -> str:
    """As it is stored."""
    return _TRACE.dump_json(told).decode()


def read(told: str) -> Trace:
    """The trace that was stored."""
    return _TRACE.validate_json(told)


def leavers(traces: Iterable[Trace]) -> set[UUID]:
    """Persons of whom the traces speak."""
    return {id_ for told in traces for id_ in told.people.versions}
