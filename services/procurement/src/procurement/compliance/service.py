"""Reading how far the units are; nothing is kept, everything follows from filings and payments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.procurement import PurchasePurpose
from kit import policy

from ..benefit.service import paid_by
from ..buyers.service import (
    Buyer,
    BuyerKind,
    Canteen,
    Reserve,
    buyers_by_id,
    buyers_page,
    counting_for,
    get_buyer,
    reserves_of,
)
from .rules import Filed, ReserveProgress, UnionGuide, done, progress

COUNTED: Final = (PurchasePurpose.CANTEEN, PurchasePurpose.UNION, PurchasePurpose.STAFF)
"""Purchases of unions and staff count toward the unit's amount (财库〔2021〕20号); tourism is no food."""

NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitProgress:
    """单位进度: of a year.

    Attributes:
        filed_by: 填报单位, the unit itself or the one that files for its canteen.
        counted: 已计采购额 of that unit and all that count for it, yuan, less refunds.
        done: share of the quota; None while nothing accepted is there to measure by.
        guide: of a union, what its members are encouraged to buy.
        own: what the buyer itself paid, yuan, for any purpose that counts.
    """

    buyer: Buyer
    year: int
    state: ReserveProgress | None
    filed_by: UUID
    filed: Filed | None
    counted: Decimal
    done: Decimal | None
    own: Decimal
    guide: UnionGuide | None


async def unit_progress(tx: AsyncConnection, buyer_id: UUID, year: int) -> UnitProgress:
    """How far one unit or union is.

    Raises:
        BuyerUnknown: not there, or out of scope.
    """
    return (await _progress(tx, [await get_buyer(tx, buyer_id)], year))[0]


async def units_page(
    tx: AsyncConnection, *, year: int, path: str | None, after: UUID | None, limit: int
) -> list[UnitProgress]:
    """How far the budget units of an area are, in the order of ids."""
    units = await buyers_page(tx, kind=BuyerKind.BUDGET_UNIT, path=path, after=after, limit=limit)
    return await _progress(tx, units, year)


async def _progress(tx: AsyncConnection, units: Sequence[Buyer], year: int) -> list[UnitProgress]:
    filing = {unit.id: unit.counts_for or unit.id for unit in units}
    heads = await buyers_by_id(tx, set(filing.values()))
    members = await counting_for(tx, heads)
    filed = {reserve.buyer_id: reserve for reserve in await reserves_of(tx, heads, year)}
    paid = await paid_by(
        tx, {*filing, *heads, *(member.id for member in members)},
        first=date(year, 1, 1), last=date(year, 12, 31), purposes=COUNTED,
    )  # fmt: skip
    counted = {head: paid.get(head, NOTHING) for head in heads}
    for member in members:
        if member.counts_for is not None:
            counted[member.counts_for] += paid.get(member.id, NOTHING)
    book = await policy.load(tx)
    return [
        _unit(unit, year, heads.get(filing[unit.id]), filed.get(filing[unit.id]), counted, paid, book) for unit in units
    ]


def _unit(
    unit: Buyer,
    year: int,
    head: Buyer | None,
    reserve: Reserve | None,
    counted: dict[UUID, Decimal],
    paid: dict[UUID, Decimal],
    book: policy.PolicyBook,
) -> UnitProgress:
    head_id = unit.counts_for or unit.id
    bought = counted.get(head_id, NOTHING)
    filed = _filed(reserve) if reserve is not None else None
    has_quota = unit.kind == BuyerKind.BUDGET_UNIT
    canteen = unit.canteen != Canteen.NONE and (head is None or head.canteen != Canteen.NONE)
    state = progress(canteen=canteen, filed=filed, counted=bought) if has_quota else None
    measured = state in (ReserveProgress.MET, ReserveProgress.BEHIND)
    return UnitProgress(
        buyer=unit, year=year, state=state, filed_by=head_id, filed=filed if has_quota else None, counted=bought,
        done=done(filed, bought) if filed and measured else None, own=paid.get(unit.id, NOTHING),
        guide=_guide(unit, book, year),
    )  # fmt: skip


def _filed(reserve: Reserve) -> Filed:
    return Filed(
        food_budget=reserve.food_budget,
        reserve=reserve.reserve,
        ratio=reserve.ratio,
        state=reserve.state,
        policy_id=reserve.policy_id,
    )


def _guide(unit: Buyer, book: policy.PolicyBook, year: int) -> UnionGuide | None:
    """The guide in force on the last day of the year; None without a value, or without the number of members."""
    value = book.at("union.per_person", unit.path, date(year, 12, 31))
    if unit.kind != BuyerKind.UNION or unit.members is None or value is None:
        return None
    return UnionGuide(members=unit.members, per_person=value.value.quantize(NOTHING), policy_id=value.id)
