"""Reading collectives, shares, assets and distributions; row security decides what is there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Table, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows

from .rules import NOTHING
from .tables import (
    cadre_bonuses,
    collective_assets,
    collective_incomes,
    collectives,
    distribution_lines,
    distributions,
    share_holdings,
)

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Collective:
    """村集体"""

    id: UUID
    version: int
    region_code: str
    name: str
    credit_code: str | None
    total_shares: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """股份量化到户: the shares of one household in its collective."""

    id: UUID
    revision: int
    collective_id: UUID
    household_id: UUID
    shares: Decimal
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Income:
    """村集体收入: of one year and source, yuan."""

    id: UUID
    revision: int
    void: bool
    collective_id: UUID
    year: int
    source: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Bonus:
    """村组干部创收绩效奖励, yuan."""

    id: UUID
    revision: int
    void: bool
    collective_id: UUID
    year: int
    reference: str
    amount: Decimal
    decided_on: date
    policy_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """闲置资产: `since` is when its present state began."""

    id: UUID
    revision: int
    collective_id: UUID
    household_id: UUID | None
    kind: str
    name: str
    idle: bool
    operator_id: UUID | None
    since: date
    yearly_rent: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """收益分配: yuan; `kept` is what falls on the shares that the collective has itself."""

    id: UUID
    version: int
    void: bool
    collective_id: UUID
    reference: str
    amount: Decimal
    kept: Decimal
    total_shares: Decimal
    households: int
    paid_on: date
    first_month: str
    last_month: str
    state: str
    set_aside_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """分配到户: `told` is the revision that the household's ledger has."""

    id: UUID
    distribution_id: UUID
    household_id: UUID
    payee_id: UUID | None
    shares: Decimal
    amount: Decimal
    revision: int
    told: int


@dataclass(frozen=True, slots=True)
class VillageIncome:
    """村集体经营收入: of a village in a year, yuan; None where it is not recorded."""

    path: str
    region_code: str
    operating: Decimal | None


async def one(tx: AsyncConnection, table: Table, cls: type[Found], id_: UUID) -> Found | None:
    """One row in scope."""
    return (await rows.by_id(tx, table, cls, [id_])).get(id_)


async def _page(
    tx: AsyncConnection, table: Table, cls: type[Found], *conditions: Any, after: UUID | None, limit: int | None
) -> list[Found]:
    query = select(table).where(*conditions).order_by(table.c.id).limit(limit)
    if after is not None:
        query = query.where(table.c.id > after)
    return [rows.of(cls, row) for row in await tx.execute(query)]


_BELOW = text("region_code IN (SELECT code FROM regions WHERE valid_to IS NULL AND starts_with(path, :path))")


async def collectives_page(
    tx: AsyncConnection, *, path: str | None, after: UUID | None, limit: int
) -> list[Collective]:
    """Collectives in scope, in the order of their ids, optionally below a management path."""
    below = [_BELOW.bindparams(path=path)] if path is not None else []
    return await _page(tx, collectives, Collective, *below, after=after, limit=limit)


async def holdings_page(
    tx: AsyncConnection, collective_id: UUID, *, after: UUID | None = None, limit: int | None = None
) -> list[Holding]:
    """Who holds shares of a collective, in the order of ids; those who gave theirs back are left out."""
    held = (share_holdings.c.collective_id == collective_id, share_holdings.c.shares > 0)
    return await _page(tx, share_holdings, Holding, *held, after=after, limit=limit)


async def holdings_by_id(tx: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Holding]:
    """Holdings by their ids."""
    return await rows.by_id(tx, share_holdings, Holding, ids)


async def holdings_of(tx: AsyncConnection, household_ids: Collection[UUID]) -> list[Holding]:
    """The shares households have."""
    held = (share_holdings.c.household_id.in_(household_ids), share_holdings.c.shares > 0)
    return await _page(tx, share_holdings, Holding, *held, after=None, limit=None)


async def quantified(tx: AsyncConnection, collective_id: UUID) -> Decimal:
    """The shares that households have of a collective."""
    total = select(func.sum(share_holdings.c.shares)).where(share_holdings.c.collective_id == collective_id)
    return await tx.scalar(total) or NOTHING


async def incomes_of(tx: AsyncConnection, collective_id: UUID) -> list[Income]:
    """The incomes of a collective, the latest year first, void ones too."""
    query = select(collective_incomes).where(collective_incomes.c.collective_id == collective_id)
    query = query.order_by(collective_incomes.c.year.desc(), collective_incomes.c.source)
    return [rows.of(Income, row) for row in await tx.execute(query)]


async def bonuses_of(tx: AsyncConnection, collective_id: UUID) -> list[Bonus]:
    """What cadres of a collective were given, void ones too."""
    return await _page(tx, cadre_bonuses, Bonus, cadre_bonuses.c.collective_id == collective_id, after=None, limit=None)


async def assets_page(
    tx: AsyncConnection, *, path: str | None, idle: bool | None, after: UUID | None, limit: int
) -> list[Asset]:
    """Assets in scope, in the order of their ids."""
    conditions: list[Any] = []
    if path is not None:
        below = select(collectives.c.id).where(_BELOW.bindparams(path=path))
        conditions.append(collective_assets.c.collective_id.in_(below))
    if idle is not None:
        conditions.append(collective_assets.c.idle == idle)
    return await _page(tx, collective_assets, Asset, *conditions, after=after, limit=limit)


async def distributions_of(tx: AsyncConnection, collective_id: UUID) -> list[Distribution]:
    """The distributions of a collective, void ones too."""
    mine = distributions.c.collective_id == collective_id
    return await _page(tx, distributions, Distribution, mine, after=None, limit=None)


async def paid_of(tx: AsyncConnection, set_aside_id: UUID) -> Decimal:
    """What was distributed of something set apart, yuan."""
    mine = (distributions.c.set_aside_id == set_aside_id, ~distributions.c.void)
    return await tx.scalar(select(func.sum(distributions.c.amount)).where(*mine)) or NOTHING


async def lines_page(
    tx: AsyncConnection, distribution_id: UUID, *, after: UUID | None = None, limit: int | None = None
) -> list[Line]:
    """The lines of a distribution, in the order of ids."""
    mine = distribution_lines.c.distribution_id == distribution_id
    return await _page(tx, distribution_lines, Line, mine, after=after, limit=limit)


async def waiting_lines(tx: AsyncConnection, distribution_id: UUID, limit: int) -> list[Line]:
    """Lines whose newest revision the household's ledger does not have yet."""
    lines = distribution_lines.c
    waiting = (lines.distribution_id == distribution_id, lines.told < lines.revision)
    return await _page(tx, distribution_lines, Line, *waiting, after=None, limit=limit)


async def count_waiting(tx: AsyncConnection, distribution_id: UUID) -> int:
    """How many lines wait."""
    lines = distribution_lines.c
    query = select(func.count()).where(lines.distribution_id == distribution_id, lines.told < lines.revision)
    return int(await tx.scalar(query) or 0)


async def oldest_paying(tx: AsyncConnection) -> UUID | None:
    """The oldest distribution that is not paid out yet."""
    query = select(distributions.c.id).where(distributions.c.state == "paying").order_by(distributions.c.id).limit(1)
    found: UUID | None = await tx.scalar(query)
    return found


async def dividends_of(tx: AsyncConnection, household_ids: Collection[UUID]) -> list[tuple[Line, Distribution]]:
    """What households were paid of distributions, the latest first, void ones too."""
    payees = await tx.execute(select(distribution_lines).where(distribution_lines.c.payee_id.in_(household_ids)))
    lines = [rows.of(Line, row) for row in payees]
    known = await rows.by_id(tx, distributions, Distribution, {line.distribution_id for line in lines})
    found = [(line, known[line.distribution_id]) for line in lines if line.distribution_id in known]
    return sorted(found, key=lambda pair: (pair[1].paid_on, pair[0].id), reverse=True)


_VILLAGES = text("""
    SELECT r.path, r.code, i.amount
    FROM regions r
    LEFT JOIN collectives c ON c.region_code = r.code
    LEFT JOIN collective_incomes i
      ON i.collective_id = c.id AND i.year = :year AND i.source = 'operating' AND NOT i.void
    WHERE r.level = 'village' AND r.valid_to IS NULL AND starts_with(r.path, :path)
    ORDER BY r.path
""")


async def village_incomes(tx: AsyncConnection, path: str, year: int) -> list[VillageIncome]:
    """Operating income of each village below a path, those without a collective too."""
    return [VillageIncome(*row) for row in await tx.execute(_VILLAGES, {"path": path, "year": year})]
