"""Answering who may have which loan."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.circumstances import Circumstances, circumstances
from directory.household_naming import HouseholdNamed, place_households
from kit import policy
from kit.cipher import FieldCipher

from ..credit.queries import line_of
from ..loans.queries import open_of
from ..loans.rules import Stage
from ..missed.queries import is_behind
from .rules import UNREGISTERED, Applicant, Ask, Eligibility, assess


async def eligibility(
    tx: AsyncConnection, ask: Ask, named: HouseholdNamed, *, cipher: FieldCipher, area: str, on: date
) -> Eligibility:
    """Whether a household, or a person of one, can have a loan; who is not registered is unknown.

    Raises:
        Refusal: the person or household cannot be accepted.
    """
    [where] = await place_households(tx, [named], cipher=cipher, area=area, on=on, pointers=[""])
    if where.household_id is None:
        return UNREGISTERED
    return await of_household(tx, ask, where.household_id, where.person_id)


async def of_household(
    tx: AsyncConnection, ask: Ask, household_id: UUID, person_id: UUID | None, *, besides: UUID | None = None
) -> Eligibility:
    """The same for a registered household; the loan `besides` is left out of account."""
    known = await circumstances(tx, household_id)
    if known is None:
        return UNREGISTERED
    applicant = await _applicant(tx, ask, known, person_id, besides)
    return assess(ask, applicant, await policy.load(tx))


async def _applicant(
    tx: AsyncConnection, ask: Ask, known: Circumstances, person_id: UUID | None, besides: UUID | None
) -> Applicant:
    household_id = known.household_id
    loans = [loan for loan in await open_of(tx, household_id) if loan.id != besides]
    lent = [loan for loan in loans if loan.stage != Stage.APPLIED]
    births = known.birth_dates
    if person_id is not None:
        births = {person_id: births[person_id]} if person_id in births else {}
    return Applicant(
        path=known.path,
        groups=known.groups,
        birth_dates=tuple(births.values()),
        credit_line=await line_of(tx, household_id, ask.on),
        owed=sum((loan.claim for loan in lent), Decimal("0.00")),
        overdue=any(loan.overdue_since for loan in lent) or await is_behind(tx, household_id),
        same_product_open=any(loan.product == ask.product for loan in loans),
    )
