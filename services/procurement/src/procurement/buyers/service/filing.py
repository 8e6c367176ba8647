"""The filing of a reserve: filed by the unit, returned or accepted by its superior, filed anew."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.people import today
from events.catalog.procurement import ReserveFiled, ReserveState
from events.ids import derived_id
from events.locks import locked
from events.log import NewEvent, append
from kit import policy
from kit.clock import midnight
from kit.etag import require_version

from ..queries import put_reserve, reserves_by_id
from ..rules import Buyer, Reserve, ReturnReason, check_filing
from ..rules.refusals import BelowRatio, NoRatio, NotToDecide, ReserveAccepted, ReserveUnknown
from .registry import get_buyer


async def file_reserve(
    tx: AsyncConnection, buyer_id: UUID, *, year: int, food_budget: Decimal, reserve: Decimal, department: str
) -> Reserve:
    """File a year's reserve, for the first time or again; the same again changes nothing. Publishes ReserveFiled.

    Raises:
        BuyerUnknown, BuyerClosed, NothingToFile, YearOutOfReach, ReserveTooLarge, NoRatio, ReserveAccepted: as they
            say.
    """
    on = await today(tx)
    await locked(tx, [buyer_id])
    buyer = await get_buyer(tx, buyer_id)
    check_filing(buyer, year=year, food_budget=food_budget, reserve=reserve, today=on)
    new = await _draft(tx, buyer, year=year, food_budget=food_budget, reserve=reserve, on=on, department=department)
    known = (await reserves_by_id(tx, [new.id])).get(new.id)
    if known is not None:
        same = (known.food_budget, known.reserve) == (food_budget, reserve)
        if same and known.state != ReserveState.RETURNED:
            return known
        if known.state == ReserveState.ACCEPTED:
            raise ReserveAccepted
        new = replace(new, revision=known.revision + 1)
    return await _written(tx, new, on)


async def _draft(
    tx: AsyncConnection, buyer: Buyer, *, year: int, food_budget: Decimal, reserve: Decimal, on: date, department: str
) -> Reserve:
    ratio = (await policy.load(tx)).at("reserve.ratio", buyer.path, on)
    if ratio is None:
        raise NoRatio
    return Reserve(
        id=derived_id("reserve", buyer.id, year), revision=1, buyer_id=buyer.id, region=buyer.region, path=buyer.path,
        year=year, food_budget=food_budget, reserve=reserve, ratio=ratio.value, policy_id=ratio.id,
        state=ReserveState.FILED, reason=None, filed_on=on, decided_on=None, department=department,
    )  # fmt: skip


async def get_reserve(tx: AsyncConnection, reserve_id: UUID) -> Reserve:
    """One filing in scope.

    Raises:
        ReserveUnknown: not there, or out of scope.
    """
    found = (await reserves_by_id(tx, [reserve_id])).get(reserve_id)
    if found is None:
        raise ReserveUnknown
    return found


async def accept_reserve(tx: AsyncConnection, reserve_id: UUID, *, version: int) -> Reserve:
    """The superior finds totals and ratio right.

    Raises:
        ReserveUnknown, PreconditionFailed, NotToDecide: as they say.
        BelowRatio: less is reserved than the policy of its day asks for.
    """
    filed, on = await _to_decide(tx, reserve_id, version)
    if filed.state != ReserveState.FILED:
        raise NotToDecide
    if filed.reserve < filed.required:
        raise BelowRatio
    return await _written(tx, _decided(filed, ReserveState.ACCEPTED, None, on), on)


async def return_reserve(tx: AsyncConnection, reserve_id: UUID, *, reason: ReturnReason, version: int) -> Reserve:
    """The superior sends it back to the unit; one that was accepted before, too.

    Raises:
        ReserveUnknown, PreconditionFailed, NotToDecide: as they say.
    """
    filed, on = await _to_decide(tx, reserve_id, version)
    if filed.state == ReserveState.RETURNED:
        raise NotToDecide
    return await _written(tx, _decided(filed, ReserveState.RETURNED, reason, on), on)


async def _to_decide(tx: AsyncConnection, reserve_id: UUID, version: int) -> tuple[Reserve, date]:
    on = await today(tx)
    await locked(tx, [(await get_reserve(tx, reserve_id)).buyer_id])
    filed = await get_reserve(tx, reserve_id)
    require_version(filed.revision, version)
    return filed, on


def _decided(filed: Reserve, state: ReserveState, reason: ReturnReason | None, on: date) -> Reserve:
    return replace(filed, state=state, reason=reason, decided_on=on, revision=filed.revision + 1)


async def _written(tx: AsyncConnection, reserve: Reserve, on: date) -> Reserve:
    await put_reserve(tx, reserve)
    event = ReserveFiled(
        buyer_id=reserve.buyer_id,
        year=reserve.year,
        food_budget=reserve.food_budget,
        reserve=reserve.reserve,
        ratio=reserve.ratio,
        state=ReserveState(reserve.state),
    )
    new = NewEvent(
        event=event,
        key=reserve.buyer_id,
        region=reserve.region,
        fact_id=reserve.id,
        revision=reserve.revision,
        occurred_at=midnight(on),
    )
    await append(tx, new)
    return reserve
