"""Reading and writing subsidies and batches; what the caller may see, row security decides."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows

from ..workers.tables import spells
from .rules import Batch, Subsidy, SubsidyState, Work
from .tables import batches, subsidies

STANDING: Final = text("state <> 'closed'")
"""As the index of what stands once says it: a parameter in its place would not be recognised."""

_OUTCOMES: Final = text("""
    UPDATE subsidies AS mine
    SET state = told.state, paid_on = told.paid_on, returned_on = told.returned_on,
        return_reason = told.return_reason, transfer_revision = told.transfer_revision, version = mine.version + 1
    FROM unnest(CAST(:id AS uuid[]), CAST(:state AS text[]), CAST(:paid_on AS date[]), CAST(:returned_on AS date[]),
                CAST(:return_reason AS text[]), CAST(:transfer_revision AS integer[]))
         AS told(id, state, paid_on, returned_on, return_reason, transfer_revision)
    WHERE mine.id = told.id AND mine.transfer_revision < told.transfer_revision
    RETURNING mine.household_id
""")
_SUMMARY: Final = text("""
    SELECT kind, substring(path FROM '^[0-9]{4}/([0-9]{6})/') AS county, state, count(*) AS persons,
           coalesce(sum(amount), 0) AS amount
    FROM subsidies WHERE year = :year AND state <> 'closed'
    GROUP BY kind, county, state ORDER BY kind, county, state
""")


async def by_id(tx: AsyncConnection, ids: Collection[UUID], *, to_change: bool = False) -> dict[UUID, Subsidy]:
    """Subsidies by their ids, those within the scope."""
    return await rows.by_id(tx, subsidies, Subsidy, ids, to_change=to_change)


async def batch_by_id(tx: AsyncConnection, id_: UUID, *, to_change: bool = False) -> Batch | None:
    """One batch, if it is in scope."""
    return (await rows.by_id(tx, batches, Batch, [id_], to_change=to_change)).get(id_)


async def add(tx: AsyncConnection, subsidy: Subsidy) -> bool:
    """Insert an application; False where another one of the person, kind and year stands."""
    values = {name: getattr(subsidy, name) for name in Subsidy.__slots__}
    once = [subsidies.c.person_id, subsidies.c.kind, subsidies.c.year]
    new = insert(subsidies).values(values).on_conflict_do_nothing(index_elements=once, index_where=STANDING)
    return (await tx.execute(new.returning(subsidies.c.id))).first() is not None


async def put(tx: AsyncConnection, changed: Sequence[Subsidy]) -> None:
    """Write how subsidies stand now, in one statement."""
    await rows.put(tx, subsidies, changed)


async def put_batch(tx: AsyncConnection, batch: Batch) -> None:
    """Insert or replace a batch."""
    await rows.put(tx, batches, [batch])


async def outcomes(tx: AsyncConnection, told: dict[str, list[Any]]) -> set[UUID]:
    """Write what finance says of its payments; older news changes nothing. Gives the households it is news for."""
    return set((await tx.execute(_OUTCOMES, told)).scalars())


async def standing(tx: AsyncConnection, person_id: UUID, kind: str, year: int) -> UUID | None:
    """The application of a person for a kind and year that stands."""
    here = select(subsidies.c.id).where(STANDING).filter_by(person_id=person_id, kind=kind, year=year)
    found: UUID | None = await tx.scalar(here)
    return found


async def jobs(tx: AsyncConnection, persons: Collection[UUID]) -> dict[UUID, tuple[Work, ...]]:
    """The job spells of persons, in the order they began."""
    wanted = select(spells.c.id, spells.c.person_id, spells.c.started_on, spells.c.ended_on, spells.c.place_code)
    wanted = wanted.where(spells.c.person_id.in_(persons), ~spells.c.void).order_by(spells.c.started_on, spells.c.id)
    found: defaultdict[UUID, tuple[Work, ...]] = defaultdict(tuple)
    for row in await tx.execute(wanted):
        found[row.person_id] += (
            Work(id=row.id, started_on=row.started_on, ended_on=row.ended_on, place_code=row.place_code),
        )
    return found


async def waiting(tx: AsyncConnection, kind: str, year: int, most: int) -> list[Subsidy]:
    """Applications in scope that are in no batch, the oldest first, held until the end of the transaction."""
    here = select(subsidies).where(subsidies.c.batch_id.is_(None), subsidies.c.state == SubsidyState.APPLIED.value)
    here = here.filter_by(kind=kind, year=year).order_by(subsidies.c.id).limit(most).with_for_update()
    return [rows.of(Subsidy, row) for row in await tx.execute(here)]


async def of_batch(tx: AsyncConnection, batch_id: UUID, *, to_change: bool = False) -> list[Subsidy]:
    """The applications of a batch that lie in scope."""
    here = select(subsidies).where(subsidies.c.batch_id == batch_id).order_by(subsidies.c.id)
    return [rows.of(Subsidy, row) for row in await tx.execute(here.with_for_update() if to_change else here)]


async def subsidies_page(
    tx: AsyncConnection, filters: dict[str, object], *, after: UUID | None, limit: int
) -> list[Subsidy]:
    """Subsidies in scope, in the order of ids; a filter that is None is none."""
    wanted = select(subsidies).order_by(subsidies.c.id).limit(limit)
    wanted = wanted.filter_by(**{name: value for name, value in filters.items() if value is not None})
    if after is not None:
        wanted = wanted.where(subsidies.c.id > after)
    return [rows.of(Subsidy, row) for row in await tx.execute(wanted)]


async def batches_page(tx: AsyncConnection, *, state: str | None, after: UUID | None, limit: int) -> list[Batch]:
    """Batches in scope, in the order of ids."""
    wanted = select(batches).order_by(batches.c.id).limit(limit)
    if state is not None:
        wanted = wanted.where(batches.c.state == state)
    if after is not None:
        wanted = wanted.where(batches.c.id > after)
    return [rows.of(Batch, row) for row in await tx.execute(wanted)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """补贴进度: persons and yuan of a kind, county and state; county is null where the path ends above one."""

    kind: str
    county: str | None
    state: SubsidyState
    persons: int
    amount: Decimal


async def summary(tx: AsyncConnection, year: int) -> list[Tally]:
    """How the subsidies of a year stand, by kind, county and state, those in scope."""
    found = await tx.execute(_SUMMARY, {"year": year})
    return [
        Tally(kind=row.kind, county=row.county, state=SubsidyState(row.state), persons=row.persons, amount=row.amount)
        for row in found
    ]


def outcome(
    id_: UUID,
    state: SubsidyState,
    revision: int,
    *,
    paid_on: date | None = None,
    returned_on: date | None = None,
    reason: str | None = None,
) -> dict[str, Any]:
    """A row for `outcomes`."""
    return {
        "id": id_,
        "state": state.value,
        "paid_on": paid_on,
        "returned_on": returned_on,
        "return_reason": reason,
        "transfer_revision": revision,
    }
