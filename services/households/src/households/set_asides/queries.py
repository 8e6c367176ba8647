"""Reading what was set apart for the neediest; row security decides what is there."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows

from .tables import set_aside_lines, set_asides


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """帮扶股: yuan; `until` is the last day on which it is paid, `closed_on` the day its notice ended."""

    id: UUID
    revision: int
    void: bool
    collective_id: UUID
    reference: str
    year: int
    source: str
    amount: Decimal
    decided_on: date
    since: date
    until: date
    posted_on: date
    closed_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAsideLine:
    """帮扶股到户"""

    set_aside_id: UUID
    household_id: UUID
    shares: Decimal
    ground: str


async def set_aside(tx: AsyncConnection, set_aside_id: UUID) -> SetAside | None:
    """One set-aside in scope."""
    return (await rows.by_id(tx, set_asides, SetAside, [set_aside_id])).get(set_aside_id)


async def set_asides_of(tx: AsyncConnection, collective_id: UUID) -> list[SetAside]:
    """What a collective has set apart, the latest decision first, void ones too."""
    query = select(set_asides).where(set_asides.c.collective_id == collective_id)
    query = query.order_by(set_asides.c.decided_on.desc(), set_asides.c.id)
    return [rows.of(SetAside, row) for row in await tx.execute(query)]


async def lines_of(tx: AsyncConnection, set_aside_id: UUID) -> list[SetAsideLine]:
    """The households that were chosen, in the order of their ids."""
    chosen = (set_aside_lines.c.set_aside_id == set_aside_id, set_aside_lines.c.shares > 0)
    query = select(set_aside_lines).where(*chosen).order_by(set_aside_lines.c.household_id)
    return [rows.of(SetAsideLine, row) for row in await tx.execute(query)]
