"""Reading what a work list is made of, and reading and writing lists."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, func, insert, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import dispatch_lines, dispatch_lists

CHUNK: Final = 500
"""Lines in one statement: the worker has other things to do between two."""

# Places where somebody is watched over; streets without such households hold no meeting.
_PLACES: Final = text("""
    SELECT r.path, r.level FROM directory_regions AS r
    WHERE r.level IN ('township', 'county', 'city') AND r.valid_from <= :on
      AND (r.valid_to IS NULL OR r.valid_to > :on)
      AND EXISTS (SELECT FROM level_counts AS c WHERE c.households > 0 AND c.path ^@ r.path)
    ORDER BY r.path
""")
_CASES: Final = text("""
    SELECT id, household_id, path, state, due_on, CAST(body ->> 'opened_on' AS date) AS since FROM cases
    WHERE state IN ('verifying', 'reviewing', 'posting', 'notice', 'township', 'county')
""")
_SOURCES: Final = text("""
    SELECT p.path, silent.key AS source, count(*) AS households, min(CAST(silent.value AS date)) AS last
    FROM profiles AS p CROSS JOIN LATERAL jsonb_array_elements(p.outcomes) AS o
    CROSS JOIN LATERAL jsonb_each_text(o -> 'values') AS silent
    WHERE p.path <> '' AND o ->> 'rule' = 'data.stale' AND o ->> 'state' = 'holds' GROUP BY 1, 2
""")
_BEHIND: Final = text("""
    SELECT EXISTS (SELECT FROM profiles WHERE gate < (SELECT coalesce(max(number), 0) FROM gates))
""")
_ALONE: Final = text("SELECT pg_try_advisory_xact_lock(20220823, 6)")
_COUNTS: Final = text("""
    SELECT kind, coalesce(resolution, '') AS resolution, count(*) AS lines,
           count(*) FILTER (WHERE overdue) AS overdue
    FROM dispatch_lines WHERE list_id = :id GROUP BY 1, 2
""")


async def alone(tx: AsyncConnection) -> bool:
    """Whether nobody else makes lists until this transaction ends."""
    return bool((await tx.execute(_ALONE)).scalar_one())


async def behind(tx: AsyncConnection) -> bool:
    """Whether a household has not taken up the newest day yet."""
    return bool((await tx.execute(_BEHIND)).scalar_one())


async def places(tx: AsyncConnection, on: date) -> Sequence[Row[Any]]:
    """Areas that hold meetings."""
    return (await tx.execute(_PLACES, {"on": on})).all()


async def known(tx: AsyncConnection) -> set[tuple[str, str, date]]:
    """Level, path and first day of the newest lists."""
    newest = func.max(dispatch_lists.c.period_from)
    query = select(dispatch_lists.c.level, dispatch_lists.c.path, newest).group_by("level", "path")
    return {(row[0], row[1], row[2]) for row in await tx.execute(query)}


async def open_cases(tx: AsyncConnection) -> Sequence[Row[Any]]:
    """Cases under way."""
    return (await tx.execute(_CASES)).all()


async def silent_sources(tx: AsyncConnection) -> Sequence[Row[Any]]:
    """Sources that are silent beyond their rhythm, by village."""
    return (await tx.execute(_SOURCES)).all()


async def add_list(tx: AsyncConnection, row: Mapping[str, object], lines: Sequence[Mapping[str, object]]) -> bool:
    """Write a list down with its lines; False where it is there already."""
    statement = upsert(dispatch_lists).values(**row).on_conflict_do_nothing().returning(dispatch_lists.c.id)
    if (await tx.execute(statement)).first() is None:
        return False
    for start in range(0, len(lines), CHUNK):
        await tx.execute(insert(dispatch_lines), list(lines[start : start + CHUNK]))
    return True


async def one(tx: AsyncConnection, list_id: UUID, *, lock: bool = False) -> Row[Any] | None:
    """One list; None outside one's scope."""
    query = select(dispatch_lists).where(dispatch_lists.c.id == list_id)
    return (await tx.execute(query.with_for_update() if lock else query)).one_or_none()


async def lists(
    tx: AsyncConnection, filters: Mapping[str, object], *, after: tuple[date, UUID] | None, limit: int
) -> Sequence[Row[Any]]:
    """Lists, the newest period first."""
    table = dispatch_lists.c
    query = select(dispatch_lists).order_by(table.period_from.desc(), table.id.desc()).limit(limit)
    for name, value in filters.items():
        if value is not None:
            query = query.where(table[name] == value)
    if after is not None:
        query = query.where(tuple_(table.period_from, table.id) < after)
    return (await tx.execute(query)).all()


async def missed(tx: AsyncConnection, above: Sequence[str], on: date) -> Sequence[Row[Any]]:
    """Lists of the areas right below these whose meeting is overdue, the oldest first."""
    table = dispatch_lists.c
    query = select(dispatch_lists).where(table.above.in_(above), table.held_on.is_(None), table.due_on < on)
    return (await tx.execute(query.order_by(table.due_on, table.path, table.id))).all()


async def lines(tx: AsyncConnection, list_id: UUID) -> Sequence[Row[Any]]:
    """The lines of a list in their order."""
    query = select(dispatch_lines).where(dispatch_lines.c.list_id == list_id).order_by(dispatch_lines.c.place)
    return (await tx.execute(query)).all()


async def line(tx: AsyncConnection, list_id: UUID, line_id: UUID) -> Row[Any] | None:
    """One line of a list."""
    query = select(dispatch_lines).where(dispatch_lines.c.id == line_id, dispatch_lines.c.list_id == list_id)
    return (await tx.execute(query)).one_or_none()


async def decide(tx: AsyncConnection, line_id: UUID, **fields: object) -> Row[Any]:
    """Write a decision on a line down."""
    given = {**fields, "decided_at": func.clock_timestamp()}
    statement = update(dispatch_lines).where(dispatch_lines.c.id == line_id).values(**given)
    row: Row[Any] = (await tx.execute(statement.returning(dispatch_lines))).one()
    return row


async def hold(tx: AsyncConnection, list_id: UUID, **fields: object) -> Row[Any]:
    """Write down that the meeting was held."""
    statement = update(dispatch_lists).where(dispatch_lists.c.id == list_id).values(**fields)
    row: Row[Any] = (await tx.execute(statement.returning(dispatch_lists))).one()
    return row


async def counts(tx: AsyncConnection, list_id: UUID) -> Sequence[Row[Any]]:
    """Lines of a list by kind and decision."""
    return (await tx.execute(_COUNTS, {"id": list_id})).all()
