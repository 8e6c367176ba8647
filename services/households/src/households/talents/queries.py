"""Reading talents and their kinds; row security decides what is there."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows

from .tables import talents


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """人才类别"""

    code: str
    version: int
    name: str
    document: str
    confidence: str
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Talent:
    """实用型人才: `name` is ciphertext, None for a member of a household.

    Attributes:
        household_id: of the person when it was registered.
        until: first day without; None while it lasts.
    """

    id: UUID
    revision: int
    void: bool
    kind: str
    region_code: str
    household_id: UUID | None
    person_id: UUID | None
    entity_id: UUID | None
    name: bytes | None
    masked_name: str
    since: date
    until: date | None
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """人才统计: of one county and kind; new in a year, and there at its end."""

    county: str
    kind: str
    new: int
    there: int
    of_households: int


async def talent(tx: AsyncConnection, talent_id: UUID) -> Talent | None:
    """One talent in scope, void ones too."""
    return (await rows.by_id(tx, talents, Talent, [talent_id])).get(talent_id)


_BELOW = text("region_code IN (SELECT code FROM regions WHERE valid_to IS NULL AND starts_with(path, :path))")


async def talents_page(
    tx: AsyncConnection, path: str, on: date, *, kind: str | None, after: UUID | None, limit: int
) -> list[Talent]:
    """Talents below a path on a day, in the order of their ids."""
    until = talents.c.until
    query = select(talents).where(_BELOW.bindparams(path=path), ~talents.c.void, talents.c.since <= on)
    query = query.where(or_(until.is_(None), until > on)).order_by(talents.c.id).limit(limit)
    if kind is not None:
        query = query.where(talents.c.kind == kind)
    if after is not None:
        query = query.where(talents.c.id > after)
    return [rows.of(Talent, row) for row in await tx.execute(query)]


_NUMBERS = text("""
    SELECT split_part(r.path, '/', 1) || '/' || split_part(r.path, '/', 2) || '/' AS county, t.kind,
           count(*) FILTER (WHERE t.since >= make_date(:year, 1, 1)) AS new,
           count(*) FILTER (WHERE t.there) AS there,
           count(*) FILTER (WHERE t.there AND t.person_id IS NOT NULL) AS of_households
    FROM (SELECT *, until IS NULL OR until > make_date(:year, 12, 31) AS there FROM talents
          WHERE NOT void AND since <= make_date(:year, 12, 31)) AS t
    JOIN regions AS r ON r.code = t.region_code AND r.valid_to IS NULL
    WHERE starts_with(r.path, :path)
    GROUP BY county, t.kind
    HAVING bool_or(t.there OR t.since >= make_date(:year, 1, 1))
    ORDER BY county, t.kind
""")


async def numbers(tx: AsyncConnection, path: str, year: int) -> list[Numbers]:
    """Per county below a path and kind: new in a year, there at its end, and how many of these live in households."""
    found = await tx.execute(_NUMBERS, {"path": path, "year": year})
    return [Numbers(**row) for row in found.mappings()]
