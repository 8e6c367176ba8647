"""Reading advisers and the villages without any; row security decides what is there."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import advisers


@dataclass(frozen=True, slots=True, kw_only=True)
class Adviser:
    """科技顾问: name and phone are ciphertext; `who` is a blind index.

    Attributes:
        until: first day without the adviser; None while it lasts.
    """

    id: UUID
    version: int
    path: str
    who: str
    name: bytes
    masked_name: str
    phone: bytes | None
    masked_phone: str | None
    organisation: str
    trade: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Advised:
    """顾问覆盖: a village with lifted households, and how many advise it."""

    path: str
    lifted: int
    advisers: int


async def adviser(tx: AsyncConnection, adviser_id: UUID) -> Adviser | None:
    """One adviser, if in scope."""
    row = (await tx.execute(select(advisers).where(advisers.c.id == adviser_id))).mappings().one_or_none()
    return Adviser(**row) if row else None


async def stands(tx: AsyncConnection, *, path: str, trade: str, who: str) -> bool:
    """Whether somebody advises a village on a trade already."""
    query = select(advisers.c.id).where(
        advisers.c.path == path, advisers.c.trade == trade, advisers.c.who == who, advisers.c.until.is_(None)
    )
    return (await tx.execute(query)).first() is not None


async def advisers_below(tx: AsyncConnection, path: str, on: date) -> list[Adviser]:
    """Who advises villages below a path on a day."""
    until = advisers.c.until
    query = (
        select(advisers)
        .where(func.starts_with(advisers.c.path, path), advisers.c.since <= on)
        .where(or_(until.is_(None), until > on))
        .order_by(advisers.c.path, advisers.c.trade, advisers.c.id)
    )
    return [Adviser(**row) for row in (await tx.execute(query)).mappings()]


_COVERAGE = text("""
    SELECT h.path, count(*) AS lifted,
           (SELECT count(*) FROM advisers AS a
            WHERE a.path = h.path AND a.since <= :on AND (a.until IS NULL OR a.until > :on)) AS advisers
    FROM households AS h
    WHERE h.household_type IN ('lifted', 'lifted_no_policy') AND h.merged_into IS NULL
      AND h.ended_on IS NULL AND starts_with(h.path, :path)
    GROUP BY h.path ORDER BY h.path
""")


async def coverage(tx: AsyncConnection, path: str, on: date) -> list[Advised]:
    """Per village with lifted households below a path: how many households, and how many advise it on a day."""
    return [
        Advised(row.path, row.lifted, row.advisers) for row in await tx.execute(_COVERAGE, {"path": path, "on": on})
    ]
