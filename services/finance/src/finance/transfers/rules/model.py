"""What is owed to households, the batches it is paid in, and the purposes of public money."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

CITY: Final = "5301/"
APPROVED_DAYS: Final = "transfer.approved.days"
"""Policy: days from an approval to the day by which it must be paid; no row = no day, and nobody can say it is late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """资金用途: one of an editable list.

    Attributes:
        counts_as_income: 计入转移性收入; not so for interest subsidies.
        document: that names it.
        active: whether something may still become owed under it.
    """

    code: str
    version: int
    name: str
    counts_as_income: bool
    document: str
    confidence: str
    active: bool


class TransferState(StrEnum):
    """应发款项状态"""

    WAITING = "waiting"
    """待编制"""
    BATCHED = "batched"
    """已编入批次"""
    RELEASED = "released"
    """已复核，待银行答复"""
    PAID = "paid"
    """已到账"""
    RETURNED = "returned"
    """已退回"""
    WITHDRAWN = "withdrawn"
    """不再发放"""


class ReturnReason(StrEnum):
    """退回原因; the values are those of the event catalog."""

    ACCOUNT_WRONG = "account_wrong"
    """账号错误或户名不符"""
    ACCOUNT_CLOSED = "account_closed"
    """账户已注销或冻结"""
    NO_ACCOUNT = "no_account"
    """没有可用账户"""
    PAYEE_DEAD = "payee_dead"
    """收款人已死亡"""
    NOT_ENTITLED = "not_entitled"
    """经核实不应发放"""
    BANK_ERROR = "bank_error"
    """银行差错"""
    OTHER = "other"
    """其他"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """应发款项: money owed to a household or a person, until the bank says what became of it.

    Attributes:
        revision: counts what was published of it.
        version: grows with every change.
        first_month, last_month: first days of the months it is for.
        due_on: 计划发放日; None where nobody has set one.
        approval_id: the approval of another service that it pays.
        reference: the department's file and line, where one named it.
    """

    id: UUID
    revision: int
    void: bool
    person_id: UUID | None
    household_id: UUID | None
    region: str | None
    path: str
    blind_index: str | None
    version: int
    purpose: str
    counts_as_income: bool
    amount: Decimal
    first_month: date
    last_month: date
    due_on: date | None
    approval_id: UUID | None
    approval_revision: int
    reference: str | None
    department: str
    state: str
    batch_id: UUID | None = None
    paid_on: date | None = None
    returned_on: date | None = None
    return_reason: str | None = None


class BatchState(StrEnum):
    """支付批次状态"""

    PREPARED = "prepared"
    """待复核"""
    RELEASED = "released"
    """已复核，待银行答复"""
    SETTLED = "settled"
    """已对账"""
    DISSOLVED = "dissolved"
    """已撤销"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """支付批次: prepared by one person, released by another; paid + returned + open is the amount, to the cent.

    Attributes:
        path: the area of whoever prepared it.
        amount, paid, returned: yuan.
    """

    id: UUID
    version: int
    path: str
    purpose: str
    state: str
    lines: int
    amount: Decimal
    paid: Decimal
    returned: Decimal
    prepared_on: date
    prepared_by: str
    released_on: date | None = None
    released_by: str | None = None
    settled_on: date | None = None

    @property
    def open(self) -> Decimal:
        """未答复金额: what the bank has not spoken of, yuan."""
        return self.amount - self.paid - self.returned


class LineState(StrEnum):
    """支付明细状态"""

    OPEN = "open"
    """待答复"""
    PAID = "paid"
    """已到账"""
    RETURNED = "returned"
    """已退回"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """支付明细: one attempt to pay a transfer, under its number in the payment file."""

    batch_id: UUID
    number: int
    transfer_id: UUID
    amount: Decimal
    state: str
    happened_on: date | None = None
    reason: str | None = None
