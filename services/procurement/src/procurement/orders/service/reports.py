"""A department reports that an order which is not kept here was cancelled; corrected, taken back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.household_naming import HouseholdNamed, place_households
from directory.people import today
from events.catalog.procurement import CancelCause
from events.ids import derived_id, uuid7
from events.locks import locked
from events.log import append
from kit.cipher import FieldCipher
from kit.etag import require_version

from ..queries import cancelled_of, cancelled_share, kept_shares, put
from ..queries import order as find_order
from ..rules.cancelled import CancelledShare
from ..rules.orders import check_day, check_once
from ..rules.refusals import OrderKept, ShareKnown, ShareUnknown, Voided
from . import publishing
from .keeping import hold


@dataclass(frozen=True, slots=True, kw_only=True)
class LostShare:
    """份额: what a household would have delivered, yuan."""

    household: HouseholdNamed
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """订单取消登记: the order and what each household loses by it."""

    order_number: str
    cancelled_on: date
    cause: CancelCause
    shares: tuple[LostShare, ...]


async def report_cancelled(
    tx: AsyncConnection, report: Cancellation, *, cipher: FieldCipher, area: str, department: str
) -> list[CancelledShare]:
    """Record a cancelled order, whole or not at all; one event per household. The same again changes nothing.

    An order that is kept here is cancelled on the order itself, so that nothing is lost twice: the department's own
    order of this number is refused, and so is any order of this number with one of these households.

    Raises:
        InFuture, NamedTwice, ShareKnown, OrderKept: as they say.
        Invalid: households or persons cannot be accepted, all of them named.
    """
    on = await today(tx)
    check_day(report.cancelled_on, on, pointer="/cancelled_on")
    pointers = [f"/shares/{index}" for index in range(len(report.shares))]
    named = [share.household for share in report.shares]
    placed = await place_households(tx, named, cipher=cipher, area=area, on=on, pointers=pointers)
    order_id = derived_id("order", department, report.order_number)
    drafts = [
        CancelledShare(
            id=uuid7(), revision=1, void=False, **where.values(), order_id=order_id, share_id=None,
            order_number=report.order_number, cancelled_on=report.cancelled_on, amount=share.amount,
            cause=report.cause, department=department,
        )
        for share, where in zip(report.shares, placed, strict=True)
    ]  # fmt: skip
    check_once(drafts)
    await locked(tx, {order_id, *(draft.key for draft in drafts)})
    await _refuse_kept(tx, order_id, drafts)
    known = {share.whose: share for share in await cancelled_of(tx, order_id)}
    _refuse_differing(drafts, known)
    new = [draft for draft in drafts if draft.whose not in known]
    await put(tx, new)
    await append(tx, *map(publishing.cancelled, new))
    return [known.get(draft.whose, draft) for draft in drafts]


async def _refuse_kept(tx: AsyncConnection, order_id: UUID, drafts: Sequence[CancelledShare]) -> None:
    kept = await kept_shares(tx, drafts[0].order_number, [draft.whose for draft in drafts])
    if kept or await find_order(tx, order_id) is not None:
        raise OrderKept(pointer="/order_number")


def _refuse_differing(drafts: Sequence[CancelledShare], known: dict[object, CancelledShare]) -> None:
    for index, draft in enumerate(drafts):
        standing = known.get(draft.whose, draft)
        if any(getattr(standing, name) != getattr(draft, name) for name in ("amount", "cancelled_on", "cause")):
            raise ShareKnown(pointer=f"/shares/{index}")


async def get_share(tx: AsyncConnection, share_id: UUID) -> CancelledShare:
    """One share in scope.

    Raises:
        ShareUnknown: not there, or out of scope.
    """
    found = await cancelled_share(tx, share_id)
    if found is None:
        raise ShareUnknown
    return found


async def correct_share(tx: AsyncConnection, share_id: UUID, *, amount: Decimal, version: int) -> CancelledShare:
    """State the amount anew.

    Raises:
        ShareUnknown, PreconditionFailed, Voided, OrderKept: as they say.
    """
    share = await _to_change(tx, share_id, version)
    if share.amount == amount:
        return share
    return await _changed(tx, replace(share, amount=amount, revision=share.revision + 1))


async def void_share(tx: AsyncConnection, share_id: UUID, *, version: int) -> CancelledShare:
    """The share was not cancelled.

    Raises:
        ShareUnknown, PreconditionFailed, Voided, OrderKept: as they say.
    """
    share = await _to_change(tx, share_id, version)
    return await _changed(tx, replace(share, void=True, revision=share.revision + 1))


async def _to_change(tx: AsyncConnection, share_id: UUID, version: int) -> CancelledShare:
    """The share under its lock, in the version the caller read."""
    await today(tx)

    async def read(to_change: bool) -> list[CancelledShare]:
        found = await cancelled_share(tx, share_id, to_change=to_change)
        return [found] if found is not None else []

    shares = await hold(tx, read)
    if not shares:
        raise ShareUnknown
    [share] = shares
    require_version(share.revision, version)
    if share.void:
        raise Voided
    if share.share_id is not None:
        raise OrderKept
    return share


async def _changed(tx: AsyncConnection, share: CancelledShare) -> CancelledShare:
    await put(tx, [share])
    await append(tx, publishing.cancelled(share))
    return share
