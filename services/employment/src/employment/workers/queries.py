"""Reading and writing rows of spells, wages and missed wages; what the caller may see, row security decides."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows
from directory.rows import of

from .rules import MissedWage, Spell, Wage
from .tables import missed_wages, spells, wages

F = TypeVar("F", Spell, Wage, MissedWage)

_TABLES: dict[type[Any], Table] = {Spell: spells, Wage: wages, MissedWage: missed_wages}


async def by_id(tx: AsyncConnection, cls: type[F], ids: Collection[UUID]) -> dict[UUID, F]:
    """Facts by their ids, those within the scope."""
    return await rows.by_id(tx, _TABLES[cls], cls, ids)


async def add(tx: AsyncConnection, facts: Sequence[F]) -> None:
    """Insert new facts, in one statement."""
    for cls in {type(fact) for fact in facts}:
        await rows.add(tx, _TABLES[cls], facts)


async def put(tx: AsyncConnection, facts: Sequence[F]) -> None:
    """Insert or replace facts, in one statement."""
    for cls in {type(fact) for fact in facts}:
        await rows.put(tx, _TABLES[cls], facts)


async def spells_of(
    tx: AsyncConnection, *, persons: Iterable[UUID | None], awaited: Iterable[str | None]
) -> list[Spell]:
    """The standing spells of persons, registered ones by id and awaited ones by blind index."""
    found = await tx.execute(select(spells).where(_of(spells, persons, awaited), ~spells.c.void))
    return [of(Spell, row) for row in found]


async def wages_of(
    tx: AsyncConnection,
    *,
    persons: Iterable[UUID | None],
    awaited: Iterable[str | None],
    months: Collection[date],
) -> list[Wage]:
    """The standing wages of persons for these months, each told by its first day."""
    theirs = select(wages).where(_of(wages, persons, awaited), wages.c.month.in_(months), ~wages.c.void)
    found = await tx.execute(theirs)
    return [of(Wage, row) for row in found]


def _of(table: Table, persons: Iterable[UUID | None], awaited: Iterable[str | None]) -> ColumnElement[bool]:
    by_index = and_(table.c.household_id.is_(None), table.c.blind_index.in_({index for index in awaited if index}))
    return or_(table.c.person_id.in_({person for person in persons if person}), by_index)


async def missed_of(tx: AsyncConnection, spell_ids: Collection[UUID]) -> list[MissedWage]:
    """The wages of spells that are missing now."""
    here = missed_wages.c.spell_id.in_(spell_ids) & ~missed_wages.c.void
    return [of(MissedWage, row) for row in await tx.execute(select(missed_wages).where(here))]


async def expecting(tx: AsyncConnection, *, latest: date, after: UUID | None, most: int) -> list[Spell]:
    """Matched spells whose next expected month (its first day) is not later than `latest`, in the order of ids."""
    wanted = select(spells).where(
        spells.c.next_expected <= latest, ~spells.c.void, spells.c.household_id.is_not(None), _owing()
    )
    if after is not None:
        wanted = wanted.where(spells.c.id > after)
    return [of(Spell, row) for row in await tx.execute(wanted.order_by(spells.c.id).limit(most))]


def _owing() -> ColumnElement[bool]:
    return or_(spells.c.ended_on.is_(None), spells.c.ended_on >= spells.c.next_expected)


async def paid_months(tx: AsyncConnection, spell_ids: Collection[UUID], since: date) -> set[tuple[UUID, date]]:
    """The months of spells for which a wage stands."""
    paid = select(wages.c.spell_id, wages.c.month).where(
        wages.c.spell_id.in_(spell_ids), wages.c.month >= since, ~wages.c.void
    )
    return {(row.spell_id, row.month) for row in await tx.execute(paid)}


async def expect_next(tx: AsyncConnection, months: dict[UUID, date]) -> None:
    """Move on the month that is looked for next."""
    for month in sorted(set(months.values())):
        ids = [spell_id for spell_id, next_month in months.items() if next_month == month]
        await tx.execute(update(spells).where(spells.c.id.in_(ids)).values(next_expected=month))


async def spells_page(
    tx: AsyncConnection,
    *,
    household_id: UUID | None,
    person_id: UUID | None,
    running_on: date | None,
    after: UUID | None,
    limit: int,
) -> list[Spell]:
    """Spells in scope, void ones too, in the order of ids."""
    wanted = select(spells).order_by(spells.c.id).limit(limit)
    if household_id is not None:
        wanted = wanted.where(spells.c.household_id == household_id)
    if person_id is not None:
        wanted = wanted.where(spells.c.person_id == person_id)
    if running_on is not None:
        still = or_(spells.c.ended_on.is_(None), spells.c.ended_on > running_on)
        wanted = wanted.where(~spells.c.void, spells.c.started_on <= running_on, still)
    if after is not None:
        wanted = wanted.where(spells.c.id > after)
    return [of(Spell, row) for row in await tx.execute(wanted)]


async def wages_page(
    tx: AsyncConnection,
    *,
    household_id: UUID | None,
    spell_id: UUID | None,
    month: date | None,
    after: UUID | None,
    limit: int,
) -> list[Wage]:
    """Wages in scope, void ones too, in the order of ids."""
    wanted = select(wages).order_by(wages.c.id).limit(limit)
    for column, value in ((wages.c.household_id, household_id), (wages.c.spell_id, spell_id), (wages.c.month, month)):
        if value is not None:
            wanted = wanted.where(column == value)
    if after is not None:
        wanted = wanted.where(wages.c.id > after)
    return [of(Wage, row) for row in await tx.execute(wanted)]


async def missed_page(
    tx: AsyncConnection, *, household_id: UUID | None, after: UUID | None, limit: int
) -> list[MissedWage]:
    """Wages that are missing now, in scope, in the order of ids."""
    wanted = select(missed_wages).where(~missed_wages.c.void).order_by(missed_wages.c.id).limit(limit)
    if household_id is not None:
        wanted = wanted.where(missed_wages.c.household_id == household_id)
    if after is not None:
        wanted = wanted.where(missed_wages.c.id > after)
    return [of(MissedWage, row) for row in await tx.execute(wanted)]
