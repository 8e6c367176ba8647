"""What departments paid, taken into the ledger; the outcome is a function of the set of facts."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.base import IncomeKind
from events.catalog.employment import WagePaid
from events.catalog.finance import ClaimPaid, TransferPaid, TransferReturned
from events.catalog.procurement import HouseholdSalePaid
from events.received import Received
from income.facts import Extra
from income.months import Month

from .service import Paid, take_payments


async def on_wage_paid(tx: AsyncConnection, received: Sequence[Received[WagePaid]]) -> None:
    """Keep the highest revision of each wage."""
    paid = [
        _paid(
            event,
            event.fact_id,
            kind=IncomeKind.WAGE,
            month=event.data.month,
            person_id=event.data.person_id,
            job_id=event.data.spell_id,
        )
        for event in received
        if event.fact_id is not None
    ]
    await take_payments(tx, paid)


async def on_household_sale_paid(tx: AsyncConnection, received: Sequence[Received[HouseholdSalePaid]]) -> None:
    """Keep the highest revision of each sale: business income of the household in the month it was paid."""
    paid = [
        _paid(event, event.fact_id, kind=IncomeKind.BUSINESS, month=str(Month.of(event.data.paid_on)))
        for event in received
        if event.fact_id is not None
    ]
    await take_payments(tx, paid)


async def on_transfer(tx: AsyncConnection, received: Sequence[Received[TransferPaid | TransferReturned]]) -> None:
    """Keep the highest revision of each public payment that counts as income; what came back is void."""
    paid = [
        _paid(
            event,
            event.fact_id,
            kind=IncomeKind.TRANSFER,
            month=event.data.first_month,
            last_month=event.data.last_month if event.data.last_month != event.data.first_month else None,
            person_id=event.data.person_id,
        )
        for event in received
        if event.fact_id is not None and event.data.counts_as_income
    ]
    await take_payments(tx, paid)


async def on_claim_paid(tx: AsyncConnection, received: Sequence[Received[ClaimPaid]]) -> None:
    """Keep the highest revision of each claim: no income, it counts in the comparison figure of the month."""
    paid = [
        _paid(
            event,
            event.fact_id,
            kind=Extra.CLAIM,
            month=str(Month.of(event.data.paid_on)),
            person_id=event.data.person_id,
        )
        for event in received
        if event.fact_id is not None
    ]
    await take_payments(tx, paid)


def _paid(
    event: Received[Any],
    fact_id: UUID,
    *,
    kind: IncomeKind | Extra,
    month: str,
    last_month: str | None = None,
    person_id: UUID | None = None,
    job_id: UUID | None = None,
) -> Paid:
    return Paid(
        source=event.source,
        fact_id=fact_id,
        revision=event.revision,
        void=event.void,
        type=event.data.event_name(),
        household_id=event.household_id,
        person_id=person_id,
        job_id=job_id,
        month=month,
        last_month=last_month,
        kind=kind,
        amount=event.data.amount,
        recorded_at=event.recorded_at,
    )
