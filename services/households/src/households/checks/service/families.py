"""Reading households as the rules look at them, in a few bulk queries."""

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import ExpenseKind

from ...conditions import service as conditions
from ...importing import said
from ...income import service as income
from ...measures import service as measures
from ...registry import service as registry
from ..rules import Earned, Family, Member

_MEMBER = ("id", "relation", "sex", "birth_date", "education", "school_stage", "health", "labour_skill", "disability")
_HOUSEHOLD = ("path", "household_type", "category", "identified_on", "risk_eliminated", "causes", "no_labour")


async def families(tx: AsyncConnection, household_ids: Collection[UUID]) -> dict[UUID, Family]:
    """The households that stand and have members."""
    homes = await registry.households_by_id(tx, household_ids)
    standing = [id_ for id_, home in homes.items() if home.merged_into is None]
    people = await registry.members(tx, standing)
    told = await said.members_said(tx, standing)
    # what was recorded for a household that was merged into one of these speaks of that one
    home_of = {**{id_: id_ for id_ in standing}, **await registry.aliases_of(tx, standing)}
    figures = _grouped(home_of, (await income.latest_figures(tx, household_ids=home_of)).values())
    help_ = _grouped(home_of, (row for row in await measures.measures_of(tx, *home_of) if not row.void))
    given = await measures.given_to(tx, standing)
    paid = await conditions.expenses_of(tx, *home_of)
    medical = (row for row in paid if row.kind is ExpenseKind.MEDICAL and row.amount and not row.void)
    ill = {home_of[row.household_id] for row in medical}
    return {
        id_: Family(
            **{name: getattr(homes[id_], name) for name in _HOUSEHOLD},
            members=tuple(_member(person, told.get(person.id)) for person in people[id_]),
            measures=(categories := _categories(help_[id_], given[id_])),
            development=any(map(measures.is_development, categories)),
            medical_expense=id_ in ill,
            earned=_earned(figures[id_]),
        )
        for id_ in standing
        if people[id_]
    }


def _categories(recorded: Iterable[measures.Measure], given: Iterable[measures.GivenMeasure]) -> frozenset[str]:
    told = (item.category for item in given if not item.void and item.category is not None)
    return frozenset([*(item.category for item in recorded), *told])


class _OfHousehold(Protocol):
    @property
    def household_id(self) -> UUID: ...


Row = TypeVar("Row", bound=_OfHousehold)


def _grouped(home_of: Mapping[UUID, UUID], rows: Iterable[Row]) -> dict[UUID, list[Row]]:
    result: dict[UUID, list[Row]] = {id_: [] for id_ in home_of.values()}
    for row in rows:
        result[home_of[row.household_id]].append(row)
    return result


def _member(person: registry.Person, told: said.Said | None) -> Member:
    known = {name: getattr(told, name) for name in said.TOLD} if told else {}
    return Member(**{name: getattr(person, name) for name in _MEMBER}, phone=person.masked_phone, **known)


def _earned(figures: Iterable[income.Figure]) -> Earned | None:
    known = [item for item in figures if item.purpose is income.Purpose.IDENTIFICATION and not item.void]
    if not known:
        return None
    newest = max(known, key=lambda item: (item.window_to, item.window_from, item.recorded_at))
    return Earned.of(newest.amounts, newest.persons)
