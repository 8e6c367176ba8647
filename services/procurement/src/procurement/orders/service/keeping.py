"""Holding an order and its shares for a change, and writing them back."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.people import today
from events.locks import held_keys, locked
from kit.etag import require_version

from ..queries import order as find_order
from ..queries import put, shares_of
from ..rules.orders import Order, Share, state_of
from ..rules.refusals import ChangedMeanwhile, OrderUnknown, PartElsewhere, ShareElsewhere
from ..rules.split import named, part


class Keyed(Protocol):
    """A row whose events have a key."""

    @property
    def key(self) -> UUID: ...  # noqa: D102


K = TypeVar("K", bound=Keyed)


async def get_order(tx: AsyncConnection, order_id: UUID) -> Order:
    """One order in scope.

    Raises:
        OrderUnknown: not there, or out of scope.
    """
    found = await find_order(tx, order_id)
    if found is None:
        raise OrderUnknown
    return found


async def hold(tx: AsyncConnection, read: Callable[[bool], Awaitable[list[K]]]) -> list[K]:
    """Rows under the locks of their keys, and held themselves.

    A registration that is about to give one of them its household waits for this transaction, and then finds what it
    wrote; it gives unmatched rows their household under the household's key alone.

    Args:
        tx: the open transaction.
        read: reads the rows, told whether they are to change.

    Raises:
        ChangedMeanwhile: a registration came in between.
    """
    await locked(tx, {row.key for row in await read(False)})
    rows = await read(True)
    if not {row.key for row in rows} <= held_keys(tx):
        raise ChangedMeanwhile
    return rows


async def lock_new(tx: AsyncConnection, rows: Sequence[Keyed]) -> None:
    """Lock the keys of new rows; what waits for its household has a key of its own, which nobody else can hold."""
    await locked(tx, {row.key for row in rows})


async def held(tx: AsyncConnection, order_id: UUID, version: int | None = None) -> tuple[Order, list[Share], date]:
    """The order, all its shares, and the business date; the caller changes them and saves.

    Raises:
        OrderUnknown, PreconditionFailed, ChangedMeanwhile: as they say.
        PartElsewhere: amounts part over all households of an order, and some are out of scope.
    """
    on = await today(tx)
    await locked(tx, [order_id])
    order = await get_order(tx, order_id)
    if version is not None:
        require_version(order.version, version)
    shares = await hold(tx, lambda to_change: shares_of(tx, order_id, to_change=to_change))
    if len(shares) != order.households:
        raise PartElsewhere
    return order, shares, on


async def save(tx: AsyncConnection, order: Order, shares: Sequence[Share]) -> Order:
    """Write the order in its next version, in the state that follows, with its shares."""
    after = replace(order, version=order.version + 1, state=state_of(order))
    await put(tx, [after], shares)
    return after


def by_share(
    shares: Sequence[Share],
    rooms: Sequence[Decimal],
    own: Decimal,
    *,
    total: Decimal,
    lines: Mapping[UUID, Decimal] | None,
    pointer: str,
    pointers: Mapping[UUID, str],
) -> list[Decimal]:
    """What falls on each share: as the lines say, else the total in proportion to the rooms.

    Args:
        shares: of the order, in their order.
        rooms: how much each can take.
        own: how much the cooperative itself can take.
        total: to part where there are no lines.
        lines: amounts by share, or none.
        pointer: where the total stands in the request.
        pointers: where each line stands.

    Raises:
        ShareElsewhere, TooMuch: as they say.
    """
    if lines is None:
        return part(total, rooms, own, pointer=pointer)
    places = {share.id: place for place, share in enumerate(shares)}
    for share_id in lines:
        if share_id not in places:
            raise ShareElsewhere(pointer=pointers[share_id])
    amounts = {places[share_id]: amount for share_id, amount in lines.items()}
    return named(amounts, rooms, pointers={places[share_id]: pointers[share_id] for share_id in lines})
