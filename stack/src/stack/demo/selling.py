"""The canteen of the story: it files its reserve and buys from households; some goods go back, an order falls."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final
from uuid import UUID

from .cast import Cast
from .facts import Facts
from .year import PAY_DAY, Happening, Year

ORDERS: Final = 5
SUPPLIERS: Final = 3
"""Households behind one order."""
EACH: Final = Decimal("1200.00")
"""Yuan ordered from each household."""
SENT_BACK: Final = Decimal("300.01")


@dataclass(slots=True)
class Canteen:
    """采购单位 of the story; `buyer` once it is registered."""

    buyer: UUID | None = None


def add_orders(year: Year, cast: Cast, random: Random) -> None:
    """An order every second month, delivered and paid at once; the last one is cancelled by the canteen."""
    canteen, first = Canteen(), year.begins + timedelta(days=36)
    year.on(first, _open(canteen, first))
    month = (first + timedelta(days=32)).replace(day=PAY_DAY)
    for n in range(ORDERS):
        behind = random.sample(list(cast.households), SUPPLIERS)
        year.on(month, _buy(canteen, f"CG-{n + 1}", behind, month, fallen=n == ORDERS - 1))
        month = (month + timedelta(days=62)).replace(day=PAY_DAY)


def _open(canteen: Canteen, on: date) -> Happening:
    async def happen(facts: Facts) -> None:
        canteen.buyer = await facts.open_canteen(on.year, Decimal("600000.00"), Decimal("60000.00"))

    return happen


def _buy(canteen: Canteen, number: str, behind: list[UUID], on: date, *, fallen: bool) -> Happening:
    async def happen(facts: Facts) -> None:
        if canteen.buyer is None:
            return
        order = await facts.order(canteen.buyer, number, behind, EACH, on)
        if fallen:
            await facts.drop_order(order, on)
            return
        await facts.deliver(order, f"SH-{number}", EACH * len(behind) - SENT_BACK, SENT_BACK, on)
        await facts.settle(order, f"FK-{number}", EACH * len(behind) - SENT_BACK, on)

    return happen
