"""What aid is as money: a transfer to the household, paid by the fund itself and not in a batch of public payments."""

from dataclasses import replace
from datetime import date
from typing import Any, Final

from directory.rows import event_of
from events.catalog.finance import TransferPaid, TransferReturned, TransferReturnReason
from events.ids import derived_id
from events.log import NewEvent
from income.months import Month
from kit.clock import midnight

from .rules import Application

PURPOSE: Final = "aid"
"""社会帮扶救助, a code of `/v1/transfer-purposes`"""


def paid_out(application: Application, paid_on: date) -> NewEvent:
    """The money reached the household: from now on it is income of its month."""
    return _told(TransferPaid(**_common(application, paid_on), paid_on=paid_on), application, paid_on)


def came_back(application: Application, paid_on: date, on: date) -> NewEvent:
    """It came back: nothing of it counts."""
    back = TransferReturned(**_common(application, paid_on), returned_on=on, reason=TransferReturnReason.OTHER)
    return replace(_told(back, application, on), void=True)


def _common(application: Application, paid_on: date) -> dict[str, Any]:
    month = str(Month.of(paid_on))
    return {
        "person_id": None,
        "purpose": PURPOSE,
        "amount": application.amount,
        "first_month": month,
        "last_month": month,
        "due_on": None,
        "approval_id": application.id,
    }


def _told(event: TransferPaid | TransferReturned, application: Application, on: date) -> NewEvent:
    return replace(event_of(event, application, midnight(on)), fact_id=derived_id("aid-transfer", application.id))
