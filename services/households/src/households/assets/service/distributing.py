"""A distribution is decided, corrected or taken back; the worker pays what follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory import rows
from events.catalog.households import DistributionDecided
from events.ids import derived_id
from events.locks import locked
from events.log import append
from kit.bulk import write_rows
from kit.etag import require_version

from ..queries import Collective, Distribution, Line, holdings_page, lines_page, one
from ..rules import (
    NOTHING,
    DistributionStands,
    DistributionState,
    DistributionUnknown,
    DistributionVoid,
    NoShares,
    SetAsideGrows,
    check_months,
    parts_of,
)
from ..tables import distribution_lines, distributions
from .collectives import get_collective, of_collective


@dataclass(frozen=True, slots=True, kw_only=True)
class DistributionEntry:
    """收益分配: yuan for all the months together; `set_aside_id` where it was set apart for chosen households."""

    reference: str
    amount: Decimal
    paid_on: date
    first_month: str
    last_month: str
    set_aside_id: UUID | None = None


async def distribute(
    tx: AsyncConnection,
    collective_id: UUID,
    entry: DistributionEntry,
    *,
    holders: Sequence[tuple[UUID, Decimal]] | None = None,
) -> tuple[Distribution, bool]:
    """Part an amount over the shares as they stand; the same voucher again changes nothing. Gives whether it is new.

    Args:
        tx: the open transaction.
        collective_id: who distributes.
        entry: what is distributed.
        holders: the households and shares it is parted over, all of it; None = whoever has shares of the collective.

    Raises:
        CollectiveUnknown, DistributionMonths, DistributionStands: as they say.
        NoShares: no household has any.
    """
    check_months(entry.first_month, entry.last_month)
    id_ = voucher_id(collective_id, entry.reference)
    await locked(tx, [collective_id, id_])
    collective = await get_collective(tx, collective_id)
    known = await one(tx, distributions, Distribution, id_)
    if known is not None:
        if known.void or any(getattr(known, name) != getattr(entry, name) for name in DistributionEntry.__slots__):
            raise DistributionStands
        return known, False
    total = collective.total_shares
    if holders is None:
        holders = [(holding.household_id, holding.shares) for holding in await holdings_page(tx, collective_id)]
    else:
        total = sum((shares for _, shares in holders), NOTHING)
    if not holders:
        raise NoShares
    parts, kept = parts_of(entry.amount, [shares for _, shares in holders], total)
    lines = [
        Line(
            id=derived_id("dividend", id_, household_id),
            distribution_id=id_,
            household_id=household_id,
            payee_id=None,
            shares=shares,
            amount=part,
            revision=1,
            told=0,
        )
        for (household_id, shares), part in zip(holders, parts, strict=True)
    ]
    new = Distribution(
        id=id_,
        version=1,
        void=False,
        collective_id=collective_id,
        kept=kept,
        total_shares=total,
        households=len(lines),
        state=DistributionState.PAYING,
        **{name: getattr(entry, name) for name in DistributionEntry.__slots__},
    )
    await _save(tx, new, lines, collective)
    return new, True


def voucher_id(collective_id: UUID, reference: str) -> UUID:
    """The id that a voucher of a collective has for ever."""
    return derived_id("distribution", collective_id, reference)


async def distribution_under(tx: AsyncConnection, collective_id: UUID, reference: str) -> Distribution | None:
    """The distribution under a voucher, if there is one."""
    return await one(tx, distributions, Distribution, voucher_id(collective_id, reference))


async def get_distribution(tx: AsyncConnection, distribution_id: UUID) -> Distribution:
    """One distribution in scope.

    Raises:
        DistributionUnknown: not there or not in scope.
    """
    found = await one(tx, distributions, Distribution, distribution_id)
    if found is None:
        raise DistributionUnknown
    return found


async def correct_distribution(
    tx: AsyncConnection, distribution_id: UUID, *, amount: Decimal, first_month: str, last_month: str, version: int
) -> Distribution:
    """Another amount or other months, over the shares of the day it was decided; each household's fact is revised.

    Raises:
        DistributionUnknown, DistributionVoid, DistributionMonths, PreconditionFailed: as they say.
        SetAsideGrows: it is of what was set apart, and would be more than was checked.
    """
    check_months(first_month, last_month)
    before, lines, collective = await _held(tx, distribution_id, version)
    if before.set_aside_id is not None and amount > before.amount:
        raise SetAsideGrows
    parts, kept = parts_of(amount, [line.shares for line in lines], before.total_shares)
    after = replace(before, amount=amount, kept=kept, first_month=first_month, last_month=last_month)
    if after == before:
        return before
    moved = (first_month, last_month) != (before.first_month, before.last_month)
    changed = [
        replace(line, amount=part, revision=line.revision + 1)
        for line, part in zip(lines, parts, strict=True)
        if moved or part != line.amount
    ]
    return await _revised(tx, after, changed, collective)


async def void_distribution(tx: AsyncConnection, distribution_id: UUID, *, version: int) -> Distribution:
    """It was never paid: what households seemed to have got is taken back.

    Raises:
        DistributionUnknown, DistributionVoid, PreconditionFailed: as they say.
    """
    before, lines, collective = await _held(tx, distribution_id, version)
    void = [replace(line, revision=line.revision + 1) for line in lines]
    return await _revised(tx, replace(before, void=True), void, collective)


async def _held(
    tx: AsyncConnection, distribution_id: UUID, version: int
) -> tuple[Distribution, list[Line], Collective]:
    seen = await get_distribution(tx, distribution_id)
    await locked(tx, [seen.collective_id, distribution_id])
    before = await get_distribution(tx, distribution_id)
    require_version(before.version, version)
    if before.void:
        raise DistributionVoid
    return before, await lines_page(tx, distribution_id), await get_collective(tx, before.collective_id)


async def _revised(
    tx: AsyncConnection, distribution: Distribution, lines: Sequence[Line], collective: Collective
) -> Distribution:
    after = replace(distribution, version=distribution.version + 1, state=DistributionState.PAYING)
    await _save(tx, after, lines, collective)
    return after


async def _save(tx: AsyncConnection, distribution: Distribution, lines: Sequence[Line], collective: Collective) -> None:
    await rows.put(tx, distributions, [distribution])
    values = [{name: getattr(line, name) for name in Line.__slots__} for line in lines]
    await write_rows(tx, distribution_lines, values, conflict="replace")
    told = {name: getattr(distribution, name) for name in ("paid_on", "first_month", "last_month", "households")}
    event = DistributionDecided(distribution_id=distribution.id, collective_id=collective.id, **told)
    await append(tx, of_collective(event, collective, distribution.id, distribution.version, void=distribution.void))
