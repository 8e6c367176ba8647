"""Reading and writing cases, and what of a household elimination asks for."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from ..profile.tables import profiles
from .tables import case_steps, cases, consents, register_statements

_SITUATION = text("""
    SELECT p.outcomes, p.gate >= (SELECT coalesce(max(number), 0) FROM gates) AS current,
           (SELECT (f.data ->> 'no_labour')::boolean FROM facts AS f
            WHERE f.household_id = p.household_id AND f.kind IN ('HouseholdRegistered', 'HouseholdUpdated')
              AND NOT f.void ORDER BY f.revision DESC LIMIT 1) AS no_labour,
           ARRAY(SELECT f.data FROM facts AS f WHERE f.household_id = p.household_id AND NOT f.void
                 AND f.kind IN ('MeasureStarted', 'MeasureCompleted', 'HelpProvided', 'PublicPostTaken',
                                'PublicPostEnded', 'EmploymentStarted', 'SubsidyApproved', 'LoanDisbursed',
                                'AidGranted', 'PolicyIssued') AND f.data ->> 'category' IS NOT NULL) AS measures
    FROM profiles AS p WHERE p.household_id = :id
""")


_APPLIED = text("UPDATE case_steps SET applied = true WHERE number = ANY(CAST(:numbers AS bigint[]))")


_MOVES = [
    text(f"""
        UPDATE {table} SET path = new.path
        FROM unnest(CAST(:households AS uuid[]), CAST(:paths AS text[])) AS new(household_id, path)
        WHERE {table}.household_id = new.household_id
    """)  # noqa: S608 - constant names
    for table in ("cases", "case_steps")
]


async def of_households(tx: AsyncConnection, household_ids: Collection[UUID]) -> Sequence[Row[Any]]:
    """The cases of households."""
    return (await tx.execute(select(cases).where(cases.c.household_id.in_(household_ids)))).all()


async def move(tx: AsyncConnection, moved: Mapping[UUID, str]) -> None:
    """Give cases and steps the new path of their household."""
    for statement in _MOVES:
        await tx.execute(statement, {"households": list(moved), "paths": list(moved.values())})


async def mark_applied(tx: AsyncConnection, numbers: Sequence[int]) -> None:
    """These steps have been taken up."""
    await tx.execute(_APPLIED, {"numbers": list(numbers)})


async def one(tx: AsyncConnection, case_id: UUID) -> Row[Any] | None:
    """One case; None outside one's scope."""
    return (await tx.execute(select(cases).where(cases.c.id == case_id))).one_or_none()


async def standing(tx: AsyncConnection, household_id: UUID) -> Row[Any] | None:
    """The household's case that is not refused."""
    query = select(cases).where(cases.c.household_id == household_id, cases.c.state != "refused")
    return (await tx.execute(query)).one_or_none()


async def page(
    tx: AsyncConnection, filters: Mapping[str, object], *, path: str, after: UUID | None, limit: int
) -> Sequence[Row[Any]]:
    """Cases by id."""
    query = select(cases).where(cases.c.path.startswith(path, autoescape=True)).order_by(cases.c.id).limit(limit)
    for name, value in filters.items():
        if value is not None:
            query = query.where(cases.c[name] == value)
    return (await tx.execute(query if after is None else query.where(cases.c.id > after))).all()


async def steps(tx: AsyncConnection, case_id: UUID) -> Sequence[Row[Any]]:
    """The steps of a case, oldest first."""
    query = select(case_steps).where(case_steps.c.case_id == case_id).order_by(case_steps.c.number)
    return (await tx.execute(query)).all()


async def put(tx: AsyncConnection, row: Mapping[str, object], step: Mapping[str, object]) -> None:
    """Write the case as it stands and the step that made it so."""
    statement = upsert(cases).values(**row)
    changed = {name: statement.excluded[name] for name in row if name not in ("id", "household_id")}
    await tx.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed))
    await tx.execute(insert(case_steps).values(**step))


async def household(tx: AsyncConnection, household_id: UUID) -> Row[Any] | None:
    """Where a household is; None outside one's scope."""
    query = select(profiles).where(profiles.c.household_id == household_id, profiles.c.path != "")
    return (await tx.execute(query)).one_or_none()


async def situation(tx: AsyncConnection, household_id: UUID) -> Row[Any] | None:
    """What monitoring says of a household, whether it is up to date, whether nobody can work, and its measures."""
    return (await tx.execute(_SITUATION, {"id": household_id})).one_or_none()


async def refused(tx: AsyncConnection, household_id: UUID) -> int:
    """How many cases of the household were refused."""
    query = select(func.count()).where(cases.c.household_id == household_id, cases.c.state == "refused")
    return int((await tx.execute(query)).scalar_one())


_KEEP = text("""
    INSERT INTO register_statements AS known (household_id, revision, path, region, said, settled)
    SELECT new.household_id, new.revision, new.path, new.region, CAST(new.said AS jsonb), false
    FROM unnest(CAST(:household_id AS uuid[]), CAST(:revision AS integer[]), CAST(:path AS text[]),
                CAST(:region AS text[]), CAST(:said AS text[]), CAST(:listed AS boolean[]))
         AS new(household_id, revision, path, region, said, listed)
    WHERE new.listed OR EXISTS (SELECT FROM register_statements AS s WHERE s.household_id = new.household_id)
    ON CONFLICT (household_id) DO UPDATE
    SET revision = excluded.revision, path = excluded.path, region = excluded.region, said = excluded.said,
        settled = known.settled AND known.said = excluded.said
    WHERE known.revision < excluded.revision
""")
_NEWEST_CASES = text("""
    SELECT DISTINCT ON (household_id) household_id, path, body,
           count(*) FILTER (WHERE state = 'refused') OVER (PARTITION BY household_id) AS refused
    FROM cases WHERE household_id = ANY(CAST(:households AS uuid[]))
    ORDER BY household_id, state = 'refused', number DESC
""")


async def keep_statements(tx: AsyncConnection, rows: Sequence[Mapping[str, object]]) -> None:
    """Keep the newest statement of each household that is, or was, stated to be listed."""
    if rows:
        await tx.execute(_KEEP, {name: [row[name] for row in rows] for name in rows[0]})


async def waiting(tx: AsyncConnection, most: int) -> Sequence[Row[Any]]:
    """Households whose case has not followed the newest statement."""
    query = select(register_statements.c.household_id).where(~register_statements.c.settled)
    return (await tx.execute(query.order_by(register_statements.c.household_id).limit(most))).all()


async def statements(tx: AsyncConnection, households: Collection[UUID]) -> Sequence[Row[Any]]:
    """The newest statements of these households that still wait."""
    query = select(register_statements).where(
        ~register_statements.c.settled, register_statements.c.household_id == func.any(list(households))
    )
    return (await tx.execute(query.order_by(register_statements.c.household_id))).all()


async def newest_cases(tx: AsyncConnection, households: Collection[UUID]) -> dict[UUID, Row[Any]]:
    """The case of each household that stands, or its last one, and how many were refused."""
    rows = await tx.execute(_NEWEST_CASES, {"households": list(households)})
    return {row.household_id: row for row in rows}


async def settle(tx: AsyncConnection, households: Collection[UUID]) -> None:
    """The cases of these households have followed."""
    mine = register_statements.c.household_id == func.any(list(households))
    await tx.execute(update(register_statements).where(mine).values(settled=True))


async def keep_consents(tx: AsyncConnection, rows: Sequence[Mapping[str, object]]) -> None:
    """Keep the highest revision of each household's decision."""
    if not rows:
        return
    statement = upsert(consents)
    kept = {name: statement.excluded[name] for name in ("revision", "given", "decided_on")}
    newer = consents.c.revision < statement.excluded.revision
    await tx.execute(statement.on_conflict_do_update(index_elements=["household_id"], set_=kept, where=newer), rows)


async def consent(tx: AsyncConnection, household_id: UUID) -> Row[Any] | None:
    """What the household decided last; None where it was never asked."""
    return (await tx.execute(select(consents).where(consents.c.household_id == household_id))).one_or_none()
