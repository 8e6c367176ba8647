"""The events of a payment, made from its row; of the money TransferPaid alone counts."""

from dataclasses import replace
from typing import Any

from directory.rows import event_of
from events.catalog.finance import TransferPaid, TransferReturned, TransferReturnReason
from events.log import NewEvent
from income.months import Month
from kit.clock import midnight

from ..rules import Transfer, TransferState


def told(transfer: Transfer) -> NewEvent:
    """Paid, or back: what the newest revision of a payment says."""
    common: dict[str, Any] = {
        "person_id": transfer.person_id,
        "purpose": transfer.purpose,
        "counts_as_income": transfer.counts_as_income,
        "amount": transfer.amount,
        "first_month": str(Month.of(transfer.first_month)),
        "last_month": str(Month.of(transfer.last_month)),
        "due_on": transfer.due_on,
        "approval_id": transfer.approval_id,
    }
    if transfer.state == TransferState.PAID:
        assert transfer.paid_on is not None  # noqa: S101 - the state says so
        return event_of(TransferPaid(**common, paid_on=transfer.paid_on), transfer, midnight(transfer.paid_on))
    assert transfer.returned_on is not None  # noqa: S101 - whatever is not paid came back, or never will be paid
    reason = TransferReturnReason(transfer.return_reason or "other")
    back = TransferReturned(**common, returned_on=transfer.returned_on, reason=reason)
    return replace(event_of(back, transfer, midnight(transfer.returned_on)), void=True)
