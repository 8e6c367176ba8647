"""What other services have approved is owed: one way of paying, reconciled once."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.bulk import highest
from events.catalog.employment import SubsidyApproved
from events.ids import derived_id
from events.received import Received
from kit import policy

from .. import queries
from ..rules import APPROVED_DAYS, CITY, Transfer, TransferState
from .purpose_list import PURPOSES


async def take_subsidies(tx: AsyncConnection, events: Sequence[Received[SubsidyApproved]]) -> None:
    """Note subsidies as owed; the same approval again changes nothing. The events' keys are locked."""
    newest = highest(events, key=_fact, revision=lambda event: event.revision)
    purposes, book = await PURPOSES.all(tx), await policy.load(tx)
    homes = await queries.homes(tx, {event.key for event in newest})
    owed = []
    for event in newest:
        # The household may not have arrived yet; its registration moves the payment to where it belongs.
        path = homes.get(event.key, CITY)
        days = book.at(APPROVED_DAYS, path, event.data.approved_on)
        known = purposes.get(event.data.purpose)
        owed.append(
            _owed(
                event,
                path=path,
                due_on=None if days is None else event.data.approved_on + timedelta(days=int(days.value)),
                counts=known is None or known.counts_as_income,
            )
        )
    await queries.take_approved(tx, owed)


def _fact(event: Received[SubsidyApproved]) -> UUID:
    return event.fact_id or event.id


def _owed(event: Received[SubsidyApproved], *, path: str, due_on: date | None, counts: bool) -> Transfer:
    data, fact = event.data, _fact(event)
    return Transfer(
        id=derived_id("transfer", fact), revision=0, void=event.void, person_id=data.person_id,
        household_id=event.key, region=event.region, path=path, blind_index=None, version=1,
        purpose=data.purpose.value, counts_as_income=counts, amount=data.amount.quantize(Decimal("0.01")),
        first_month=date(data.year, 1, 1), last_month=date(data.year, 12, 1), due_on=due_on, approval_id=fact,
        approval_revision=event.revision, reference=None, department=event.source,
        state=(TransferState.WITHDRAWN if event.void else TransferState.WAITING).value,
    )  # fmt: skip
