"""Reading and writing registrations and families; what the caller may see, row security decides."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, and_, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows
from directory.rows import of

from ..workers.tables import spells
from .rules import Family, FamilyState, Member, Registration, Stay
from .tables import families, registrations

# By household, through the indexes: most changes concern nobody who is registered unemployed.
_CONCERNED: Final = text("""
    WITH wanted AS (
        SELECT unnest(CAST(:households AS uuid[])) AS household_id
        UNION SELECT household_id FROM directory_persons WHERE id = ANY(CAST(:persons AS uuid[]))
    )
    SELECT w.household_id FROM wanted AS w
    WHERE EXISTS (SELECT FROM zero_employment_households AS f
                  WHERE f.household_id = w.household_id AND f.cleared_on IS NULL AND NOT f.void)
       OR EXISTS (SELECT FROM directory_persons AS p JOIN unemployment_registrations AS r ON r.person_id = p.id
                  WHERE p.household_id = w.household_id AND r.ended_on IS NULL AND NOT r.void)
""")
_NEXT: Final = text("""
    SELECT household_id FROM (
        SELECT p.household_id FROM unemployment_registrations AS r JOIN directory_persons AS p ON p.id = r.person_id
        WHERE r.ended_on IS NULL AND NOT r.void AND p.household_id IS NOT NULL
        UNION SELECT household_id FROM zero_employment_households WHERE cleared_on IS NULL AND NOT void
    ) AS seen
    WHERE CAST(:after AS uuid) IS NULL OR household_id > :after ORDER BY household_id LIMIT :most
""")
_MEMBERS: Final = text("""
    SELECT j.household_id, j.person_id, j.since, p.birth_date, p.sex, p.labour_skill, p.in_school,
           (SELECT min(gone.until) FROM directory_departures AS gone
            WHERE gone.person_id = j.person_id AND gone.household_id = j.household_id
              AND gone.revision > j.revision) AS until
    FROM directory_memberships AS j JOIN directory_persons AS p ON p.id = j.person_id
    WHERE j.household_id = ANY(CAST(:households AS uuid[]))
""")
_PLACES: Final = text("""
    SELECT id, region_code, path FROM directory_households WHERE id = ANY(CAST(:households AS uuid[]))
""")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a household is."""

    region: str
    path: str


async def registrations_by_id(tx: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Registration]:
    """Registrations by their ids, those within the scope."""
    return await rows.by_id(tx, registrations, Registration, ids)


async def standing_of(tx: AsyncConnection, person_id: UUID | None, blind_index: str | None) -> Registration | None:
    """The registration of a person that stands, of one who is only awaited by the blind index."""
    awaited = and_(registrations.c.household_id.is_(None), registrations.c.blind_index == blind_index)
    whose = registrations.c.person_id == person_id if person_id is not None else awaited
    here = select(registrations).where(whose, registrations.c.ended_on.is_(None), ~registrations.c.void)
    row = (await tx.execute(here)).one_or_none()
    return None if row is None else of(Registration, row)


async def works_on(tx: AsyncConnection, person_id: UUID | None, blind_index: str | None, on: date) -> bool:
    """Whether a job of a person runs on a day."""
    awaited = and_(spells.c.household_id.is_(None), spells.c.blind_index == blind_index)
    whose = spells.c.person_id == person_id if person_id is not None else awaited
    runs = or_(spells.c.ended_on.is_(None), spells.c.ended_on > on)
    found = await tx.execute(select(spells.c.id).where(whose, ~spells.c.void, spells.c.started_on <= on, runs).limit(1))
    return found.first() is not None


async def put_registration(tx: AsyncConnection, fact: Registration) -> None:
    """Insert or replace a registration."""
    await rows.put(tx, registrations, [fact])


async def put_families(tx: AsyncConnection, facts: Sequence[Family]) -> None:
    """Insert or replace families, in one statement."""
    await rows.put(tx, families, facts)


async def family_by_id(tx: AsyncConnection, id_: UUID) -> Family | None:
    """One family, if it is in scope."""
    return (await rows.by_id(tx, families, Family, [id_])).get(id_)


async def concerned(tx: AsyncConnection, households: Iterable[UUID], persons: Iterable[UUID]) -> list[UUID]:
    """Of these households and the homes of these persons, those with somebody registered or a finding that stands."""
    found = await tx.execute(_CONCERNED, {"households": sorted(households), "persons": sorted(persons)})
    return sorted(found.scalars())


async def after(tx: AsyncConnection, household_id: UUID | None, most: int) -> list[UUID]:
    """The next households with somebody registered or a finding that stands, in the order of ids."""
    return list((await tx.execute(_NEXT, {"after": household_id, "most": most})).scalars())


async def places(tx: AsyncConnection, households: Collection[UUID]) -> dict[UUID, Place]:
    """Where households are, those that have arrived and are in scope."""
    found = await tx.execute(_PLACES, {"households": list(households)})
    return {row.id: Place(row.region_code, row.path) for row in found}


async def open_families(tx: AsyncConnection, households: Collection[UUID]) -> dict[UUID, Family]:
    """The findings of households that stand."""
    here = select(families).where(
        families.c.household_id.in_(households), families.c.cleared_on.is_(None), ~families.c.void
    )
    return {row.household_id: of(Family, row) for row in await tx.execute(here)}


async def families_by_id(tx: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Family]:
    """Findings by their ids."""
    return await rows.by_id(tx, families, Family, ids)


async def members(tx: AsyncConnection, households: Collection[UUID]) -> dict[UUID, list[Member]]:
    """Everybody who is or was a member of each household, with jobs and registrations."""
    found = (await tx.execute(_MEMBERS, {"households": list(households)})).all()
    persons = {row.person_id for row in found}
    jobs = await _stays(tx, spells, spells.c.started_on, persons)
    registered = await _stays(tx, registrations, registrations.c.registered_on, persons)
    result: dict[UUID, list[Member]] = {household_id: [] for household_id in households}
    for row in found:
        result[row.household_id].append(_member(row, jobs[row.person_id], registered[row.person_id]))
    return result


async def _stays(
    tx: AsyncConnection, table: Any, first: Any, persons: Collection[UUID]
) -> defaultdict[UUID, tuple[Stay, ...]]:
    result: defaultdict[UUID, tuple[Stay, ...]] = defaultdict(tuple)
    wanted = select(table.c.person_id, first.label("first"), table.c.ended_on)
    for row in await tx.execute(wanted.where(table.c.person_id.in_(persons), ~table.c.void).order_by(first)):
        result[row.person_id] += (Stay(row.first, row.ended_on),)
    return result


def _member(row: Row[Any], jobs: tuple[Stay, ...], registered: tuple[Stay, ...]) -> Member:
    return Member(
        stay=Stay(row.since, row.until),
        born=row.birth_date,
        sex=row.sex,
        skill=row.labour_skill,
        in_school=row.in_school,
        jobs=jobs,
        registered=registered,
    )


async def registrations_page(
    tx: AsyncConnection,
    *,
    household_id: UUID | None,
    person_id: UUID | None,
    standing: bool,
    after: UUID | None,
    limit: int,
) -> list[Registration]:
    """Registrations in scope, void ones too unless only those that stand are wanted, in the order of ids."""
    wanted = select(registrations).order_by(registrations.c.id).limit(limit)
    if household_id is not None:
        wanted = wanted.where(registrations.c.household_id == household_id)
    if person_id is not None:
        wanted = wanted.where(registrations.c.person_id == person_id)
    if standing:
        wanted = wanted.where(registrations.c.ended_on.is_(None), ~registrations.c.void)
    if after is not None:
        wanted = wanted.where(registrations.c.id > after)
    return [of(Registration, row) for row in await tx.execute(wanted)]


_OPEN = and_(families.c.cleared_on.is_(None), ~families.c.void)


async def families_page(
    tx: AsyncConnection,
    *,
    state: FamilyState | None,
    household_id: UUID | None,
    on: date,
    after: UUID | None,
    limit: int,
) -> list[Family]:
    """Families in scope, in the order of ids."""
    late = and_(families.c.due_on.is_not(None), families.c.due_on < on)
    states = {
        FamilyState.WAITING: and_(_OPEN, families.c.offered_on.is_(None), ~late),
        FamilyState.OVERDUE: and_(_OPEN, families.c.offered_on.is_(None), late),
        FamilyState.OFFERED: and_(_OPEN, families.c.offered_on.is_not(None)),
        FamilyState.CLEARED: and_(families.c.cleared_on.is_not(None), ~families.c.void),
        FamilyState.VOID: families.c.void,
    }
    wanted = select(families).order_by(families.c.id).limit(limit)
    if state is not None:
        wanted = wanted.where(states[state])
    if household_id is not None:
        wanted = wanted.where(families.c.household_id == household_id)
    if after is not None:
        wanted = wanted.where(families.c.id > after)
    return [of(Family, row) for row in await tx.execute(wanted)]
