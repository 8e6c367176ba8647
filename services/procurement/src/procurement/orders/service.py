"""Use cases of cancelled orders; none of them commits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.facts import match
from directory.naming import PersonNamed, Placed, place
from directory.people import household_by_number, households_by_id, today
from directory.rows import event_of, of
from events.catalog.households import PersonJoined
from events.catalog.procurement import CancelCause, OrderCancelled
from events.ids import derived_id, uuid7
from events.locks import locked
from events.log import NewEvent, append
from events.received import Received
from kit.cipher import FieldCipher
from kit.clock import SHANGHAI
from kit.errors import Invalid, Refusal
from kit.etag import require_version

from .queries import find, of_order, page, put
from .rules import (
    CancelledShare,
    HouseholdUnknown,
    ShareKnown,
    ShareUnknown,
    Voided,
    check_cancelled,
    check_once,
)
from .tables import cancelled_shares

__all__ = [
    "Cancellation",
    "CancelledShare",
    "ShareReport",
    "correct_share",
    "get_share",
    "match_shares",
    "page",
    "report_cancelled",
    "void_share",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareReport:
    """份额: of a household by its number or id, or of the household of a person."""

    amount: Decimal
    household_number: str | None = None
    household_id: UUID | None = None
    person: PersonNamed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """订单取消登记: the order and what each household loses by it."""

    order_number: str
    cancelled_on: date
    cause: CancelCause
    shares: tuple[ShareReport, ...]


async def report_cancelled(
    tx: AsyncConnection, report: Cancellation, *, cipher: FieldCipher, area: str, department: str
) -> list[CancelledShare]:
    """Record a cancelled order, whole or not at all; one event per household. The same again changes nothing.

    Raises:
        InFuture, NamedTwice, ShareKnown: as they say.
        Invalid: households or persons cannot be accepted, all of them named.
    """
    on = await today(tx)
    check_cancelled(report.cancelled_on, on)
    placed = await _placed(tx, report, cipher=cipher, area=area, on=on)
    order_id = derived_id("order", department, report.order_number)
    drafts = [
        CancelledShare(
            id=uuid7(), revision=1, void=False, **where.values(), order_id=order_id,
            order_number=report.order_number, cancelled_on=report.cancelled_on, amount=share.amount,
            cause=report.cause, department=department,
        )
        for share, where in zip(report.shares, placed, strict=True)
    ]  # fmt: skip
    check_once(drafts)
    await locked(tx, {order_id, *(draft.key for draft in drafts)})
    known = {share.whose: share for share in await of_order(tx, order_id)}
    _refuse_differing(drafts, known)
    new = [draft for draft in drafts if draft.whose not in known]
    await put(tx, new)
    await append(tx, *map(_cancelled, new))
    return [known.get(draft.whose, draft) for draft in drafts]


def _refuse_differing(drafts: Sequence[CancelledShare], known: dict[object, CancelledShare]) -> None:
    for index, draft in enumerate(drafts):
        standing = known.get(draft.whose, draft)
        if any(getattr(standing, name) != getattr(draft, name) for name in ("amount", "cancelled_on", "cause")):
            raise ShareKnown(pointer=f"/shares/{index}")


async def _placed(
    tx: AsyncConnection, report: Cancellation, *, cipher: FieldCipher, area: str, on: date
) -> list[Placed]:
    named = {index: share.person for index, share in enumerate(report.shares) if share.person is not None}
    pointers = [f"/shares/{index}/person" for index in named]
    found = await place(tx, list(named.values()), cipher=cipher, area=area, on=on, pointers=pointers)
    placed: dict[int, Placed | Refusal] = dict(zip(named, found, strict=True))
    for index, share in enumerate(report.shares):
        if index not in placed:
            placed[index] = await _household(tx, share, index)
    refused = [where for _, where in sorted(placed.items()) if isinstance(where, Refusal)]
    if refused:
        raise refused[0] if len(refused) == 1 else Invalid(several=refused)
    return [where for _, where in sorted(placed.items()) if isinstance(where, Placed)]


async def _household(tx: AsyncConnection, share: ShareReport, index: int) -> Placed | Refusal:
    if share.household_id is not None:
        home = (await households_by_id(tx, [share.household_id])).get(share.household_id)
    else:
        home = await household_by_number(tx, share.household_number or "")
    if home is None:
        named = "household_number" if share.household_id is None else "household_id"
        return HouseholdUnknown(pointer=f"/shares/{index}/{named}")
    return Placed(person_id=None, household_id=home.household_id, region=home.region, path=home.path, blind_index=None)


async def get_share(tx: AsyncConnection, share_id: UUID) -> CancelledShare:
    """One share in scope.

    Raises:
        ShareUnknown: not there, or out of scope.
    """
    found = await find(tx, share_id)
    if found is None:
        raise ShareUnknown
    return found


async def correct_share(tx: AsyncConnection, share_id: UUID, *, amount: Decimal, version: int) -> CancelledShare:
    """State the amount anew.

    Raises:
        ShareUnknown, PreconditionFailed, Voided: as they say.
    """
    share = await _to_change(tx, share_id, version)
    if share.amount == amount:
        return share
    return await _changed(tx, replace(share, amount=amount, revision=share.revision + 1))


async def void_share(tx: AsyncConnection, share_id: UUID, *, version: int) -> CancelledShare:
    """The share was not cancelled.

    Raises:
        ShareUnknown, PreconditionFailed, Voided: as they say.
    """
    share = await _to_change(tx, share_id, version)
    return await _changed(tx, replace(share, void=True, revision=share.revision + 1))


async def match_shares(tx: AsyncConnection, events: Sequence[Received[PersonJoined]]) -> int:
    """Publish the shares that waited for these persons; gives how many there were."""
    causes: dict[UUID | None, Received[PersonJoined]] = {event.data.person_id: event for event in events}
    found = [of(CancelledShare, row) for row in await match(tx, cancelled_shares, events)]
    await append(tx, *(_cancelled(share, causes.get(share.person_id)) for share in found))
    return len(found)


async def _to_change(tx: AsyncConnection, share_id: UUID, version: int) -> CancelledShare:
    """The share under its lock, in the version the caller read."""
    await today(tx)
    await locked(tx, [(await get_share(tx, share_id)).key])
    share = await get_share(tx, share_id)
    require_version(share.revision, version)
    if share.void:
        raise Voided
    return share


async def _changed(tx: AsyncConnection, share: CancelledShare) -> CancelledShare:
    await put(tx, [share])
    await append(tx, _cancelled(share))
    return share


def _cancelled(share: CancelledShare, cause: Received[Any] | None = None) -> NewEvent:
    event = OrderCancelled(
        order_id=share.order_id,
        cancelled_on=share.cancelled_on,
        amount=share.amount,
        cause=CancelCause(share.cause),
    )
    return event_of(event, share, datetime.combine(share.cancelled_on, time(), SHANGHAI), cause=cause)
