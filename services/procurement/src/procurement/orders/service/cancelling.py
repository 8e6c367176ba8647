"""An order that is kept here is cancelled: each household loses what it had still to deliver; or reinstated."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.procurement import CancelCause
from events.ids import uuid7
from events.log import append

from ...requests import service as requests
from ..queries import cancelled_of, put
from ..rules.cancelled import CancelledShare
from ..rules.orders import Order, Share, check_day
from ..rules.refusals import WrongState
from . import publishing
from .keeping import held, hold, lock_new, save

NOTHING = Decimal("0.00")


async def cancel_order(
    tx: AsyncConnection, order_id: UUID, *, cancelled_on: date, cause: CancelCause, version: int
) -> Order:
    """Cancel what is outstanding; publishes one OrderCancelled per household concerned, with its amount.

    Raises:
        OrderUnknown, PreconditionFailed, PartElsewhere, WrongState, InFuture, TooEarly: as they say.
    """
    order, shares, on = await held(tx, order_id, version)
    if order.outstanding <= 0:
        raise WrongState
    check_day(cancelled_on, on, since=order.placed_on, pointer="/cancelled_on")
    lost = [_lost(order, share, cancelled_on, cause) for share in shares if share.outstanding > 0]
    after = replace(order, cancelled_on=cancelled_on, cancelled=order.outstanding)
    after = await save(tx, after, [replace(share, cancelled=share.outstanding) for share in shares])
    await lock_new(tx, lost)
    await put(tx, lost)
    await append(tx, *map(publishing.cancelled, lost))
    await requests.settle(tx, [share.household_id for share in shares])
    return after


def _lost(order: Order, share: Share, on: date, cause: CancelCause) -> CancelledShare:
    return CancelledShare(
        id=uuid7(), revision=1, void=False, person_id=share.person_id, household_id=share.household_id,
        region=share.region, path=share.path, blind_index=share.blind_index, order_id=order.id,
        order_number=order.number, share_id=share.id, cancelled_on=on, amount=share.outstanding, cause=cause,
        department=order.department,
    )  # fmt: skip


async def reinstate_order(tx: AsyncConnection, order_id: UUID, *, version: int) -> Order:
    """The order was not cancelled: takes back what its households seemed to lose.

    Raises:
        OrderUnknown, PreconditionFailed, PartElsewhere, ChangedMeanwhile, WrongState: as they say.
    """
    order, shares, _ = await held(tx, order_id, version)
    if order.cancelled_on is None:
        raise WrongState
    lost = await hold(tx, lambda to_change: cancelled_of(tx, order_id, to_change=to_change))
    after = replace(order, cancelled_on=None, cancelled=NOTHING)
    after = await save(tx, after, [replace(share, cancelled=NOTHING) for share in shares])
    back = [replace(share, void=True, revision=share.revision + 1) for share in lost]
    await put(tx, back)
    await append(tx, *map(publishing.cancelled, back))
    await requests.settle(tx, [share.household_id for share in shares])
    return after
