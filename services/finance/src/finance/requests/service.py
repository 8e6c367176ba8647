"""What finance can be asked for, and which loans answer it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory import requests
from directory.requests import Desk, Given
from events.catalog.help import HelpOffer

from ..products.rules import Product
from . import queries
from .tables import help_requests

OFFERS: Final[Mapping[str, HelpOffer]] = {
    Product.PETTY_LOAN: HelpOffer.PETTY_LOAN,
    Product.FUMIN: HelpOffer.FUMIN_LOAN,
}
"""Product → what is asked for."""


async def given(tx: AsyncConnection, households: Collection[UUID]) -> Sequence[Given]:
    """The loans of households that were paid out."""
    return [
        Given(
            offer=OFFERS[loan.product],
            household_id=loan.household_id,
            reference=loan.id,
            on=loan.disbursed_on,
            stands=not loan.void,
        )
        for loan in await queries.paid_out(tx, households, products=list(OFFERS))
    ]


DESK = Desk("finance", help_requests, given)


async def settle(tx: AsyncConnection, households: Collection[UUID | None]) -> None:
    """Loans of these households were paid out."""
    await requests.settle(tx, DESK, households)
