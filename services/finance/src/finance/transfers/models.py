"""What the routes of this capability take and answer."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from directory.household_naming import HouseholdNamed
from events.catalog.base import Month
from kit.models import AnswerModel, RequestModel, Yuan
from kit.policy_book import Confidence

from . import service

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Total = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]


class PurposeIn(RequestModel):
    """资金用途: with the document that names it, and how sure that is."""

    name: Annotated[str, Field(min_length=1, max_length=40)]
    counts_as_income: bool
    document: Annotated[str, Field(min_length=1, max_length=200)]
    confidence: Confidence
    active: bool = True


class NewPurpose(PurposeIn):
    """资金用途, new in the list."""

    code: Code


class PurposeOut(AnswerModel):
    """资金用途"""

    code: str
    version: int
    name: str
    counts_as_income: bool
    document: str
    confidence: Confidence
    active: bool


class FileLineIn(RequestModel):
    """发放明细: what a household, or a person of it, is owed, under its number in the department's file."""

    number: Annotated[int, Field(ge=1, le=1_000_000)]
    household: HouseholdNamed
    amount: Yuan


class FileIn(RequestModel):
    """发放清册: a department's file, or a part of up to 500 lines of it; `total` is of these lines."""

    reference: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z-]+$")]
    purpose: Code
    first_month: Month
    last_month: Month
    due_on: date | None = None
    lines: Annotated[tuple[FileLineIn, ...], Field(min_length=1, max_length=500)]
    total: Total


class TransferOut(AnswerModel):
    """应发款项: as it stands; `matched` is false while the person is not registered, and it is not paid before."""

    id: UUID
    version: int
    state: service.TransferState
    matched: bool
    person_id: UUID | None
    household_id: UUID | None
    region: str | None
    purpose: str
    counts_as_income: bool
    amount: Decimal
    first_month: str
    last_month: str
    due_on: date | None
    approval_id: UUID | None
    reference: str | None
    batch_id: UUID | None
    paid_on: date | None
    returned_on: date | None
    return_reason: service.ReturnReason | None


class FileOut(AnswerModel):
    """发放清册处理结果: `unmatched` are those whose person is not registered yet."""

    taken: int
    unchanged: int
    unmatched: int
    transfers: tuple[TransferOut, ...]


class Withdrawal(RequestModel):
    """不再发放"""

    reason: service.ReturnReason


class BatchIn(RequestModel):
    """编制支付批次: what waits of a purpose, 500 at most; `due_by` leaves out what is due later, or undated."""

    purpose: Code
    due_by: date | None = None


class BatchOut(AnswerModel):
    """支付批次: paid + returned + open = amount, to the cent."""

    id: UUID
    version: int
    state: service.BatchState
    purpose: str
    lines: int
    amount: Decimal
    paid: Decimal
    returned: Decimal
    open: Decimal
    prepared_on: date
    prepared_by: str
    released_on: date | None
    released_by: str | None
    settled_on: date | None


class LineOut(AnswerModel):
    """支付明细"""

    number: int
    transfer_id: UUID
    amount: Decimal
    state: service.LineState
    happened_on: date | None
    reason: service.ReturnReason | None


class AnsweredLineIn(RequestModel):
    """银行答复明细: paid on a day, or returned on it with a reason."""

    number: Annotated[int, Field(ge=1, le=500)]
    amount: Yuan
    paid_on: date | None = None
    returned_on: date | None = None
    reason: service.ReturnReason | None = None

    @model_validator(mode="after")
    def _one_outcome(self) -> Self:
        if (self.paid_on is None) == (self.returned_on is None):
            raise ValueError("one of paid_on, returned_on")
        if (self.returned_on is None) != (self.reason is None):
            raise ValueError("returned_on and reason go together")
        return self


class AnswerIn(RequestModel):
    """银行答复: lines of one batch, with the bank's totals of these lines."""

    lines: Annotated[tuple[AnsweredLineIn, ...], Field(min_length=1, max_length=500)]
    paid: Total
    returned: Total


class TimelinessOut(AnswerModel):
    """发放及时足额: of a purpose and county, what was planned for a year and due by now; undated = nobody can say.

    `overdue` counts what is due and not paid, what came back too.
    """

    purpose: str
    county: str | None
    undated: int
    due: int
    due_amount: Decimal
    in_time: int
    late: int
    overdue: int
    returned: int
    paid_amount: Decimal
    in_full: bool | None
    """足额; null where nothing was due"""
