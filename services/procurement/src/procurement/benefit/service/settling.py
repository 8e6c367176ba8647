"""A buyer pays for accepted goods: the payment parts over the households to the cent."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.ids import uuid7
from events.log import append

from ...orders.rules.orders import Order, Share, check_day
from ...orders.rules.refusals import WrongState
from ...orders.service import by_share, held, lock_new, save
from ..queries import put, sales_of, settlement, settlements_of
from ..queries import sale as find_sale
from ..rules import NOTHING, Amounts, Sale, SaleUnknown, Settlement, SettlementKnown, SettlementUnknown
from . import publishing


async def settle(
    tx: AsyncConnection, order_id: UUID, *, reference: str, paid_on: date, amounts: Amounts, department: str
) -> tuple[Settlement, list[Sale], bool]:
    """Record a payment for accepted goods; the same voucher again changes nothing. Gives whether it is new.

    Publishes PaymentSettled, and HouseholdSalePaid for each household that was paid.

    Raises:
        OrderUnknown, PartElsewhere, WrongState, SettlementKnown: as they say.
        SettlementTerms, InFuture, TooEarly, ShareElsewhere, LineElsewhere, TooMuch: as they say.
    """
    order, shares, on = await held(tx, order_id)
    new = _draft(order, reference, paid_on, amounts.sum, department)
    known = [one for one in await settlements_of(tx, order_id) if not one.void and one.reference == reference]
    if known:
        if (known[0].paid_on, known[0].amount) != (new.paid_on, new.amount):
            raise SettlementKnown
        return known[0], await sales_of(tx, known[0].id), False
    if order.accepted <= order.paid:
        raise WrongState
    check_day(paid_on, on, since=order.placed_on, pointer="/paid_on")
    rooms = [share.unpaid for share in shares]
    parts = by_share(
        shares, rooms, order.accepted - order.paid - sum(rooms), total=new.amount, lines=amounts.by_share,
        pointer="/amount", pointers=amounts.pointers,
    )  # fmt: skip
    after = await save(
        tx,
        replace(order, paid=order.paid + new.amount),
        [replace(share, paid=share.paid + amount) for share, amount in zip(shares, parts, strict=True)],
    )
    sold = [_sale(new, share, amount) for share, amount in zip(shares, parts, strict=True) if amount]
    await lock_new(tx, sold)
    await put(tx, new, sold)
    await append(tx, publishing.settled(after, new), *map(publishing.sold, sold))
    return new, sold, True


def _draft(order: Order, reference: str, paid_on: date, amount: Decimal, department: str) -> Settlement:
    return Settlement(
        id=uuid7(), version=1, void=False, order_id=order.id, buyer_id=order.buyer_id, region=order.region,
        path=order.path, purpose=order.purpose, reference=reference, paid_on=paid_on, amount=amount, refunded=NOTHING,
        department=department,
    )  # fmt: skip


def _sale(settlement: Settlement, share: Share, amount: Decimal) -> Sale:
    return Sale(
        id=uuid7(), revision=1, void=False, person_id=share.person_id, household_id=share.household_id,
        region=share.region, path=share.path, blind_index=share.blind_index, order_id=settlement.order_id,
        share_id=share.id, settlement_id=settlement.id, place=share.place, buyer_id=settlement.buyer_id,
        purpose=settlement.purpose, paid_on=settlement.paid_on, paid=amount, refunded=NOTHING,
        department=settlement.department,
    )  # fmt: skip


async def get_settlement(tx: AsyncConnection, settlement_id: UUID) -> Settlement:
    """One settlement in scope.

    Raises:
        SettlementUnknown: not there, or out of scope.
    """
    found = await settlement(tx, settlement_id)
    if found is None:
        raise SettlementUnknown
    return found


async def get_sale(tx: AsyncConnection, sale_id: UUID) -> Sale:
    """One sale in scope.

    Raises:
        SaleUnknown: not there, or out of scope.
    """
    found = await find_sale(tx, sale_id)
    if found is None:
        raise SaleUnknown
    return found
