"""Reading and writing ratings and outreach; what the caller may see, row security decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows

from .rules import Contact, Outreach, Rating, Unborrowed
from .tables import outreach, ratings


async def by_id(tx: AsyncConnection, rating_id: UUID, *, to_change: bool = False) -> Rating | None:
    """One in scope."""
    return (await rows.by_id(tx, ratings, Rating, [rating_id], to_change=to_change)).get(rating_id)


async def of_day(tx: AsyncConnection, rating: Rating) -> Rating | None:
    """The standing rating of the same person, day and bank."""
    whose = (
        {"person_id": rating.person_id}
        if rating.person_id is not None
        else {"household_id": None, "blind_index": rating.blind_index}
    )
    same = {**whose, "rated_on": rating.rated_on, "department": rating.department, "void": False}
    row = (await tx.execute(select(ratings).filter_by(**same))).first()
    return rows.of(Rating, row) if row else None


async def line_of(tx: AsyncConnection, household_id: UUID, on: date) -> Decimal | None:
    """授信额度 of a household on a day, by its latest rating; None while it has none."""
    standing = (ratings.c.household_id == household_id) & ~ratings.c.void & (ratings.c.rated_on <= on)
    latest = select(ratings.c.credit_line).where(standing).order_by(ratings.c.rated_on.desc(), ratings.c.id.desc())
    line: Decimal | None = await tx.scalar(latest.limit(1))
    return line


async def put(tx: AsyncConnection, changed: Sequence[Rating]) -> None:
    """Insert or replace ratings."""
    await rows.put(tx, ratings, changed)


async def page(tx: AsyncConnection, *, household_id: UUID | None, after: UUID | None, limit: int) -> list[Rating]:
    """Ratings in scope, void ones too, in the order of ids."""
    wanted = select(ratings).order_by(ratings.c.id).limit(limit)
    if household_id is not None:
        wanted = wanted.where(ratings.c.household_id == household_id)
    if after is not None:
        wanted = wanted.where(ratings.c.id > after)
    return [rows.of(Rating, row) for row in await tx.execute(wanted)]


async def contact_of(tx: AsyncConnection, household_id: UUID) -> Contact | None:
    """The last contact with a household in scope."""
    row = (await tx.execute(select(outreach).where(outreach.c.household_id == household_id))).first()
    return rows.of(Contact, row) if row else None


_PUT_CONTACT: Final = text("""
    INSERT INTO outreach (household_id, region, path, status, contacted_on, version, department)
    VALUES (:household_id, :region, :path, :status, :contacted_on, :version, :department)
    ON CONFLICT (household_id) DO UPDATE SET
        region = excluded.region, path = excluded.path, status = excluded.status,
        contacted_on = excluded.contacted_on, version = excluded.version, department = excluded.department
""")


async def put_contact(tx: AsyncConnection, contact: Contact) -> None:
    """Insert or replace the last contact."""
    names = (column.name for column in outreach.c)
    await tx.execute(_PUT_CONTACT, {name: getattr(contact, name) for name in names})


# Lifted, rated by the latest rating, and neither loan nor application: those whom §22 means. Latest is asked row by
# row, not by DISTINCT ON: so a page reads as much of the index as it shows, whatever the size of the city.
_RATED: Final = """
    FROM ratings AS rating JOIN directory_households AS home ON home.id = rating.household_id
    LEFT JOIN outreach AS contact ON contact.household_id = rating.household_id
    WHERE NOT rating.void AND rating.credit_line > 0 AND home.household_type = 'lifted'
      AND NOT EXISTS (
        SELECT FROM ratings AS later
        WHERE later.household_id = rating.household_id AND NOT later.void
          AND (later.rated_on, later.id) > (rating.rated_on, rating.id))
"""
_BORROWED: Final = """
    EXISTS (SELECT FROM loans WHERE loans.household_id = rating.household_id AND loans.stage <> 'rejected')
"""
_STATUS: Final = "coalesce(contact.status, 'not_contacted')"
_UNBORROWED: Final = f"""
    SELECT rating.household_id, home.region_code AS region, rating.grade, rating.credit_line, rating.rated_on,
           {_STATUS} AS status, contact.contacted_on, coalesce(contact.version, 0) AS version
    {_RATED} AND NOT {_BORROWED}
"""


async def unborrowed(
    tx: AsyncConnection,
    *,
    household_id: UUID | None = None,
    status: Outreach | None = None,
    path: str | None = None,
    after: UUID | None = None,
    limit: int,
) -> list[Unborrowed]:
    """Rated households without a loan, in the order of ids."""
    wanted = {
        "rating.household_id = :household": household_id,
        "rating.household_id > :after": after,
        "home.path ^@ :path": path,
        f"{_STATUS} = :status": status,
    }
    asked = {condition: value for condition, value in wanted.items() if value is not None}
    given = {condition.rpartition(":")[2]: value for condition, value in asked.items()}
    conditions = "".join(f" AND {condition}" for condition in asked)
    statement = text(f"{_UNBORROWED}{conditions} ORDER BY rating.household_id LIMIT :limit")
    found = await tx.execute(statement, {**given, "limit": limit})
    return [rows.of(Unborrowed, row) for row in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """授信用信情况 of an area, households."""

    rated: int
    borrowed: int
    by_status: dict[str, int]


_COUNTS: Final = f"SELECT {_BORROWED} AS borrowed, {_STATUS} AS status, count(*) AS households {_RATED}"


async def counts(tx: AsyncConnection, path: str | None) -> Counts:
    """How many are rated, have borrowed, and how far the others have been reached."""
    here = " AND home.path ^@ :path" if path is not None else ""
    found = list(await tx.execute(text(f"{_COUNTS}{here} GROUP BY 1, 2"), {} if path is None else {"path": path}))
    by_status = {status.value: 0 for status in Outreach}
    for row in found:
        if not row.borrowed:
            by_status[row.status] += row.households
    rated = sum(row.households for row in found)
    return Counts(rated=rated, borrowed=rated - sum(by_status.values()), by_status=by_status)
