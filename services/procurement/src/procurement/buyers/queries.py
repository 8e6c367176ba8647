"""Reading buyers and reserves; what the caller may see, row security decides."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows

from .rules import Buyer, Reserve
from .tables import buyers, reserves


async def buyers_by_id(tx: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Buyer]:
    """Those in scope."""
    return await rows.by_id(tx, buyers, Buyer, ids)


async def buyer_by_code(tx: AsyncConnection, credit_code: str) -> Buyer | None:
    """The buyer of a credit code that is not closed, if in scope."""
    wanted = select(buyers).where(buyers.c.credit_code == credit_code, ~buyers.c.closed)
    row = (await tx.execute(wanted)).first()
    return rows.of(Buyer, row) if row is not None else None


async def counting_for(tx: AsyncConnection, ids: Collection[UUID]) -> list[Buyer]:
    """The buyers whose purchases count for these."""
    found = await tx.execute(select(buyers).where(buyers.c.counts_for.in_(ids)).order_by(buyers.c.id))
    return [rows.of(Buyer, row) for row in found]


async def buyers_page(
    tx: AsyncConnection, *, kind: str | None, path: str | None, after: UUID | None, limit: int
) -> list[Buyer]:
    """Buyers in scope, closed ones too, in the order of ids."""
    wanted = select(buyers).order_by(buyers.c.id).limit(limit)
    if kind is not None:
        wanted = wanted.where(buyers.c.kind == kind)
    if path is not None:
        wanted = wanted.where(buyers.c.path.startswith(path, autoescape=True))
    if after is not None:
        wanted = wanted.where(buyers.c.id > after)
    return [rows.of(Buyer, row) for row in await tx.execute(wanted)]


async def put_buyer(tx: AsyncConnection, buyer: Buyer) -> None:
    """Insert or replace one."""
    await rows.put(tx, buyers, [buyer])


async def reserves_by_id(tx: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Reserve]:
    """Those in scope."""
    return await rows.by_id(tx, reserves, Reserve, ids)


async def reserves_of(tx: AsyncConnection, buyer_ids: Collection[UUID], year: int | None = None) -> list[Reserve]:
    """What these units filed, the latest year first."""
    wanted = select(reserves).where(reserves.c.buyer_id.in_(buyer_ids)).order_by(reserves.c.year.desc(), reserves.c.id)
    if year is not None:
        wanted = wanted.where(reserves.c.year == year)
    return [rows.of(Reserve, row) for row in await tx.execute(wanted)]


async def put_reserve(tx: AsyncConnection, reserve: Reserve) -> None:
    """Insert or replace one."""
    await rows.put(tx, reserves, [reserve])
