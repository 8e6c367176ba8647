"""Which units buy: registered, changed, closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.areas import region_by_code
from events.ids import derived_id, uuid7
from events.locks import locked
from kit.credit_code import normalise_credit_code
from kit.errors import Refusal
from kit.etag import require_version
from kit.scope import covers

from ..queries import buyer_by_code, buyers_by_id, counting_for, put_buyer
from ..rules import Buyer, BuyerKind, Canteen, check_canteen, check_target
from ..rules.refusals import BuyerClosed, BuyerKnown, BuyerUnknown, CountedFor, RegionUnknown


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyerReport:
    """采购单位登记"""

    kind: BuyerKind
    name: str
    credit_code: str
    region_code: str
    canteen: Canteen = Canteen.NONE
    counts_for: UUID | None = None
    members: int | None = None


async def register_buyer(
    tx: AsyncConnection, report: BuyerReport, *, paths: Sequence[str], department: str
) -> tuple[Buyer, bool]:
    """Register a unit, in the area of its region; the same again changes nothing. Gives whether it is new.

    Raises:
        RegionUnknown, BuyerKnown, NoCanteenThere, CountsForNobody, WrongTarget: as they say.
        CreditCodeForm, CreditCodeChecksum: the code does not hold.
    """
    credit_code = _code(report.credit_code)
    region = await region_by_code(tx, report.region_code)
    if region is None or not covers(paths, region.path):
        raise RegionUnknown
    new = Buyer(
        id=uuid7(), version=1, kind=report.kind, name=report.name, credit_code=credit_code, region=region.code,
        path=region.path, canteen=report.canteen, counts_for=report.counts_for, members=report.members, closed=False,
        department=department,
    )  # fmt: skip
    await locked(tx, {derived_id("buyer", credit_code), *_target(new)})
    known = await buyer_by_code(tx, credit_code)
    if known is not None:
        if replace(known, id=new.id, version=1, path=new.path, department=department) != new:
            raise BuyerKnown
        return known, False
    await _check(tx, new)
    await put_buyer(tx, new)
    return new, True


def _code(text: str) -> str:
    try:
        return normalise_credit_code(text)
    except Refusal as refusal:
        refusal.pointer = "/credit_code"
        raise


def _target(buyer: Buyer) -> set[UUID]:
    return {buyer.counts_for} if buyer.counts_for is not None else set()


async def _check(tx: AsyncConnection, buyer: Buyer) -> None:
    check_canteen(buyer)
    check_target(buyer, (await buyers_by_id(tx, _target(buyer))).get(buyer.counts_for or buyer.id))


async def get_buyer(tx: AsyncConnection, buyer_id: UUID) -> Buyer:
    """One buyer in scope.

    Raises:
        BuyerUnknown: not there, or out of scope.
    """
    found = (await buyers_by_id(tx, [buyer_id])).get(buyer_id)
    if found is None:
        raise BuyerUnknown
    return found


async def change_buyer(tx: AsyncConnection, buyer_id: UUID, changes: Mapping[str, Any], *, version: int) -> Buyer:
    """Change name, canteen, members or the unit it counts for.

    Raises:
        BuyerUnknown, BuyerClosed, PreconditionFailed: as they say.
        CountedFor: others count for it, and it would file no longer.
        NoCanteenThere, CountsForNobody, WrongTarget: as they say.
    """
    target = changes.get("counts_for")
    await locked(tx, {buyer_id, *([target] if target else [])})
    before = await _open(tx, buyer_id, version)
    after = replace(before, **changes)
    if after == before:
        return before
    await _check(tx, after)
    if before.files and not after.files:
        await _refuse_counted(tx, buyer_id)
    after = replace(after, version=before.version + 1)
    await put_buyer(tx, after)
    return after


async def close_buyer(tx: AsyncConnection, buyer_id: UUID, *, version: int) -> Buyer:
    """The unit no longer exists; what it bought stays.

    Raises:
        BuyerUnknown, BuyerClosed, PreconditionFailed, CountedFor: as they say.
    """
    await locked(tx, [buyer_id])
    before = await _open(tx, buyer_id, version)
    await _refuse_counted(tx, buyer_id)
    after = replace(before, closed=True, version=before.version + 1)
    await put_buyer(tx, after)
    return after


async def _open(tx: AsyncConnection, buyer_id: UUID, version: int) -> Buyer:
    buyer = await get_buyer(tx, buyer_id)
    require_version(buyer.version, version)
    if buyer.closed:
        raise BuyerClosed
    return buyer


async def _refuse_counted(tx: AsyncConnection, buyer_id: UUID) -> None:
    if any(not other.closed for other in await counting_for(tx, [buyer_id])):
        raise CountedFor
