"""What finance can be asked for, and which loans, aid and claims answer it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from directory import requests
from directory.requests import Desk, Given
from events.catalog.help import HelpOffer

from ..aid.queries import paid_to as aid_paid_to
from ..aid.rules import Purpose
from ..insurance.queries import paid_to as claims_paid_to
from ..insurance.rules import Kind
from ..products.rules import Product
from . import queries
from .tables import help_requests

OFFERS: Final[Mapping[str, HelpOffer]] = {
    Product.PETTY_LOAN: HelpOffer.PETTY_LOAN,
    Product.FUMIN: HelpOffer.FUMIN_LOAN,
}
"""Product → what is asked for."""

AID: Final[Mapping[str, HelpOffer]] = {
    Purpose.ILLNESS: HelpOffer.ILLNESS_AID,
    Purpose.SCHOOLING: HelpOffer.SCHOOLING_AID,
    Purpose.RELIEF: HelpOffer.RELIEF_AID,
    Purpose.HOUSING: HelpOffer.HOUSING_AID,
    Purpose.WATER: HelpOffer.WATER_AID,
    Purpose.FARMING: HelpOffer.FARMING_AID,
}
"""Purpose of aid → what is asked for."""

CLAIMS: Final[Mapping[str, HelpOffer]] = {
    Kind.MEDICAL: HelpOffer.MEDICAL_CLAIM,
    Kind.CROP: HelpOffer.CROP_CLAIM,
    Kind.LOCAL_CROP: HelpOffer.CROP_CLAIM,
}
"""Kind of insurance → what is asked for."""


async def given(tx: AsyncConnection, households: Collection[UUID]) -> Sequence[Given]:
    """The loans, the aid and the claims that households were paid."""
    lent = await queries.paid_out(tx, households, products=list(OFFERS))
    return [
        *(_given(OFFERS[loan.product], loan, loan.disbursed_on) for loan in lent),
        *(_given(AID[aid.purpose], aid, aid.paid_on) for aid in await aid_paid_to(tx, households)),
        *(_given(CLAIMS[claim.kind], claim, claim.paid_on) for claim in await claims_paid_to(tx, households)),
    ]


def _given(offer: HelpOffer, fact: Row[Any], on: date | None) -> Given:
    return Given(offer=offer, household_id=fact.household_id, reference=fact.id, on=on, stands=not fact.void)


DESK = Desk("finance", help_requests, given)


async def settle(tx: AsyncConnection, households: Collection[UUID | None]) -> None:
    """Loans, aid or claims of these households were paid, or taken back."""
    await requests.settle(tx, DESK, households)
