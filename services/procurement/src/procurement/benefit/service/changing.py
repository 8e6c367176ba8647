"""A payment is refunded in part or was never made: the same facts of the households, revised or taken back."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.log import append
from income.sharing import split
from kit.etag import require_version

from ...orders.rules.orders import Order, Share
from ...orders.service import held, hold, save
from ..queries import put, sales_of
from ..rules import NOTHING, Amounts, LineElsewhere, RefundTooLarge, Sale, Settlement, SettlementVoid
from . import publishing
from .settling import get_settlement


async def refund(
    tx: AsyncConnection, settlement_id: UUID, amounts: Amounts, *, version: int
) -> tuple[Settlement, list[Sale]]:
    """Give back a part of a payment; each household's fact is revised by its part.

    Raises:
        SettlementUnknown, PreconditionFailed, SettlementVoid, PartElsewhere: as they say.
        SettlementTerms, LineElsewhere, RefundTooLarge: as they say.
    """
    order, shares, before, sold = await _to_change(tx, settlement_id, version)
    total = amounts.sum
    if total > before.amount - before.refunded:
        raise RefundTooLarge(pointer="/amount" if amounts.lines is None else "/lines")
    parts = _refunds(before, sold, amounts)
    back = {sale.share_id: part for sale, part in zip(sold, parts, strict=True)}
    await save(
        tx,
        replace(order, refunded=order.refunded + total),
        [replace(share, refunded=share.refunded + back.get(share.id, NOTHING)) for share in shares],
    )
    after = replace(before, refunded=before.refunded + total, version=before.version + 1)
    changed = [
        replace(sale, refunded=sale.refunded + part, revision=sale.revision + 1)
        for sale, part in zip(sold, parts, strict=True)
        if part
    ]
    await put(tx, after, changed)
    await append(tx, *map(publishing.sold, changed))
    return after, await sales_of(tx, settlement_id)


def _refunds(settlement: Settlement, sold: Sequence[Sale], amounts: Amounts) -> list[Decimal]:
    """What each sale gives back: as named, else in proportion to what is left of it and of the cooperative's part."""
    left = [sale.amount for sale in sold]
    lines = amounts.by_share
    if lines is None:
        own = settlement.amount - settlement.refunded - sum(left)
        return split(amounts.sum, [*left, own])[:-1]
    rooms = {sale.share_id: sale.amount for sale in sold}
    for share_id, amount in lines.items():
        if share_id not in rooms:
            raise LineElsewhere(pointer=amounts.pointers[share_id])
        if amount > rooms[share_id]:
            raise RefundTooLarge(pointer=amounts.pointers[share_id])
    return [lines.get(sale.share_id, NOTHING) for sale in sold]


async def void_settlement(tx: AsyncConnection, settlement_id: UUID, *, version: int) -> Settlement:
    """It was never paid: what households seemed to have been paid is taken back.

    Raises:
        SettlementUnknown, PreconditionFailed, SettlementVoid, PartElsewhere: as they say.
    """
    order, shares, before, sold = await _to_change(tx, settlement_id, version)
    gone = {sale.share_id: sale for sale in sold}
    after = await save(
        tx,
        replace(order, paid=order.paid - before.amount, refunded=order.refunded - before.refunded),
        [
            replace(share, paid=share.paid - gone[share.id].paid, refunded=share.refunded - gone[share.id].refunded)
            if share.id in gone
            else share
            for share in shares
        ],
    )
    settlement = replace(before, void=True, version=before.version + 1)
    void = [replace(sale, void=True, revision=sale.revision + 1) for sale in sold]
    await put(tx, settlement, void)
    await append(tx, publishing.settled(after, settlement), *map(publishing.sold, void))
    return settlement


async def _to_change(
    tx: AsyncConnection, settlement_id: UUID, version: int
) -> tuple[Order, list[Share], Settlement, list[Sale]]:
    """Order, shares, settlement and sales under their locks, in the version the caller read."""
    order, shares, _ = await held(tx, (await get_settlement(tx, settlement_id)).order_id)
    before = await get_settlement(tx, settlement_id)
    require_version(before.version, version)
    if before.void:
        raise SettlementVoid
    return order, shares, before, await hold(tx, lambda hold_it: sales_of(tx, settlement_id, to_change=hold_it))
