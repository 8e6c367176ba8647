"""An order is taken on and delivered: wholly, in part, short, or rejected."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.procurement import RejectCause
from events.ids import uuid7
from events.log import NewEvent, append
from kit.etag import require_version

from ..queries import deliveries_of, parts_of, put
from ..queries import delivery as find_delivery
from ..rules.deliveries import DeliveredShare, Delivery, check_delivery
from ..rules.orders import Order, Share, check_day
from ..rules.refusals import DeliveryUnknown, ReferenceKnown, SettledAlready, ShareElsewhere, Voided, WrongState
from . import publishing
from .keeping import by_share, held, hold, lock_new, save

NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryLine:
    """逐户交付: what of one share was accepted and rejected."""

    share_id: UUID
    accepted: Decimal
    rejected: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """交付登记: line by line, or in total, which parts over the shares in proportion to what each still owes."""

    reference: str
    delivered_on: date
    accepted: Decimal
    rejected: Decimal
    cause: RejectCause | None
    final: bool
    lines: tuple[DeliveryLine, ...] | None


async def accept_order(tx: AsyncConnection, order_id: UUID, *, accepted_on: date, version: int) -> Order:
    """The supplier takes the order on.

    Raises:
        OrderUnknown, PreconditionFailed, PartElsewhere, WrongState, InFuture, TooEarly: as they say.
    """
    order, shares, on = await held(tx, order_id, version)
    if order.accepted_on == accepted_on:
        return order
    if order.accepted_on is not None or order.cancelled_on is not None:
        raise WrongState
    check_day(accepted_on, on, since=order.placed_on, pointer="/accepted_on")
    return await save(tx, replace(order, accepted_on=accepted_on), shares)


async def deliver(
    tx: AsyncConnection, order_id: UUID, report: DeliveryReport, *, department: str
) -> tuple[Order, Delivery, bool]:
    """Record a delivery; the same note again changes nothing. Gives whether it is new.

    Publishes DeliveryAccepted, and DeliveryRejected for each household whose goods were not accepted.

    Raises:
        OrderUnknown, PartElsewhere, WrongState, ReferenceKnown: as they say.
        DeliveryTerms, InFuture, TooEarly, ShareElsewhere, TooMuch: as they say.
    """
    order, shares, on = await held(tx, order_id)
    known = [one for one in await deliveries_of(tx, order_id) if not one.void and one.reference == report.reference]
    new = _draft(order, report, department)
    check_delivery(new, by_line=report.lines is not None, in_total=bool(report.accepted or report.rejected))
    if known:
        if replace(known[0], id=new.id, department=department, region=order.region, path=order.path) != new:
            raise ReferenceKnown
        return order, known[0], False
    if order.accepted_on is None or order.outstanding <= 0:
        raise WrongState
    check_day(report.delivered_on, on, since=order.accepted_on, pointer="/delivered_on")
    parts = _parts(order, shares, report, new)
    after = await save(tx, *_came(order, shares, new, parts))
    kept = [part for part in parts if part.accepted or part.rejected]
    await lock_new(tx, kept)
    await put(tx, [new], kept)
    await append(tx, *_told(after, new, kept))
    return after, new, True


def _came(
    order: Order, shares: Sequence[Share], new: Delivery, parts: Sequence[DeliveredShare]
) -> tuple[Order, list[Share]]:
    after = replace(
        order,
        accepted=order.accepted + new.accepted,
        rejected=order.rejected + new.rejected,
        closed_on=new.delivered_on if new.final else None,
    )
    return after, [
        replace(share, accepted=share.accepted + part.accepted, rejected=share.rejected + part.rejected)
        for share, part in zip(shares, parts, strict=True)
    ]


def _draft(order: Order, report: DeliveryReport, department: str) -> Delivery:
    lines = report.lines or ()
    return Delivery(
        id=uuid7(), version=1, void=False, order_id=order.id, reference=report.reference, region=order.region,
        path=order.path, delivered_on=report.delivered_on,
        accepted=sum((line.accepted for line in lines), NOTHING) if lines else report.accepted,
        rejected=sum((line.rejected for line in lines), NOTHING) if lines else report.rejected,
        cause=report.cause, final=report.final, department=department,
    )  # fmt: skip


def _parts(order: Order, shares: Sequence[Share], report: DeliveryReport, new: Delivery) -> list[DeliveredShare]:
    """What of the delivery is each household's; first what was accepted, then the rejected out of what then is left."""
    lines = None if report.lines is None else {line.share_id: line for line in report.lines}
    if lines is not None and len(lines) != len(report.lines or ()):
        raise ShareElsewhere(pointer="/lines")
    pointers = {line.share_id: f"/lines/{index}" for index, line in enumerate(report.lines or ())}
    rooms = [share.outstanding for share in shares]
    own = order.outstanding - sum(rooms)
    accepted = by_share(
        shares, rooms, own, total=new.accepted, pointer="/accepted", pointers=pointers,
        lines=None if lines is None else {id_: line.accepted for id_, line in lines.items()},
    )  # fmt: skip
    left = [room - taken for room, taken in zip(rooms, accepted, strict=True)]
    rejected = by_share(
        shares, left, own - (new.accepted - sum(accepted)), total=new.rejected, pointer="/rejected", pointers=pointers,
        lines=None if lines is None else {id_: line.rejected for id_, line in lines.items()},
    )  # fmt: skip
    return [_part(share, new, taken, refused) for share, taken, refused in zip(shares, accepted, rejected, strict=True)]


def _part(share: Share, delivery: Delivery, accepted: Decimal, rejected: Decimal) -> DeliveredShare:
    return DeliveredShare(
        id=uuid7(), revision=1, void=False, person_id=share.person_id, household_id=share.household_id,
        region=share.region, path=share.path, blind_index=share.blind_index, order_id=share.order_id,
        share_id=share.id, delivery_id=delivery.id, delivered_on=delivery.delivered_on, accepted=accepted,
        rejected=rejected, cause=delivery.cause if rejected else None, department=delivery.department,
    )  # fmt: skip


def _told(order: Order, delivery: Delivery, parts: Sequence[DeliveredShare]) -> list[NewEvent]:
    taken = [publishing.accepted(order, delivery)] if delivery.accepted else []
    return taken + [publishing.rejected(part) for part in parts if part.rejected]


async def get_delivery(tx: AsyncConnection, delivery_id: UUID) -> Delivery:
    """One delivery in scope.

    Raises:
        DeliveryUnknown: not there, or out of scope.
    """
    found = await find_delivery(tx, delivery_id)
    if found is None:
        raise DeliveryUnknown
    return found


async def void_delivery(tx: AsyncConnection, delivery_id: UUID, *, version: int) -> Delivery:
    """It was not delivered so; to correct a delivery, take it back and report it anew.

    Raises:
        DeliveryUnknown, PreconditionFailed, Voided, PartElsewhere: as they say.
        WrongState: the order was cancelled after it.
        SettledAlready: what was accepted then is paid.
    """
    order, shares, _ = await held(tx, (await get_delivery(tx, delivery_id)).order_id)
    delivery = await get_delivery(tx, delivery_id)
    require_version(delivery.version, version)
    if delivery.void:
        raise Voided
    if order.cancelled_on is not None:
        raise WrongState
    parts = await hold(tx, lambda _: parts_of(tx, delivery_id))
    after, owing = _back(order, shares, delivery, parts)
    if any(share.unpaid < 0 for share in owing) or sum(share.unpaid for share in owing) > after.accepted - after.paid:
        raise SettledAlready
    after = await save(tx, after, owing)
    gone = replace(delivery, void=True, version=delivery.version + 1)
    void = [replace(part, void=True, revision=part.revision + 1) for part in parts]
    await put(tx, [gone], void)
    await append(tx, *_told(after, gone, void))
    return gone


def _back(
    order: Order, shares: Sequence[Share], gone: Delivery, parts: Sequence[DeliveredShare]
) -> tuple[Order, list[Share]]:
    came = {part.share_id: part for part in parts}
    after = replace(
        order,
        accepted=order.accepted - gone.accepted,
        rejected=order.rejected - gone.rejected,
        closed_on=None if gone.final else order.closed_on,
    )
    return after, [
        replace(
            share,
            accepted=share.accepted - came[share.id].accepted,
            rejected=share.rejected - came[share.id].rejected,
        )
        if share.id in came
        else share
        for share in shares
    ]
