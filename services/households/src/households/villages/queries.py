"""Reading villages: what was stated of them, beside what is registered there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from .rules import VillageFacts
from .tables import village_facts


@dataclass(frozen=True, slots=True, kw_only=True)
class VillageSeen:
    """村情对照: what an export says of a village, and how much of it is registered here.

    Attributes:
        registered: households that stand.
        members: their persons.
    """

    code: str
    name: str
    path: str
    revision: int
    stated_on: date
    lifted: bool | None
    households: int | None
    persons: int | None
    hamlets: int | None
    groups: int | None
    registered: int
    members: int


async def facts_of(tx: AsyncConnection, codes: Collection[str]) -> dict[str, VillageFacts]:
    """What stands of these villages."""
    query = select(village_facts).where(village_facts.c.code == func.any(list(codes)))
    return {row["code"]: VillageFacts(**row) for row in (await tx.execute(query)).mappings()}


_SEEN = text("""
    SELECT f.code, r.name, r.path, f.revision, f.stated_on, f.lifted, f.households, f.persons, f.hamlets, f.groups,
           count(h.id) AS registered, coalesce(sum(h.size), 0) AS members
    FROM village_facts AS f
    JOIN regions AS r ON r.code = f.code AND r.valid_to IS NULL
    LEFT JOIN households AS h ON h.region_code = f.code AND h.merged_into IS NULL AND h.ended_on IS NULL
    WHERE r.path ^@ :path AND f.code > :after
    GROUP BY f.code, r.name, r.path ORDER BY f.code LIMIT :limit
""")


async def villages_page(tx: AsyncConnection, *, path: str, after: str, limit: int) -> list[VillageSeen]:
    """Villages below a management path in the order of their codes."""
    found = await tx.execute(_SEEN, {"path": path, "after": after, "limit": limit})
    return [VillageSeen(**row) for row in found.mappings()]
