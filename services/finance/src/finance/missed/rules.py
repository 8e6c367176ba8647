"""What holds for a missed repayment; the refusals of this capability.

NotFound
└── MissedUnknown
Conflict
├── MissedKnown       another amount is recorded for the same loan and due date
├── KeptHere          the loan's repayments are kept here, so its delays are found, not reported
├── NotCured          there is no cure to take back
└── Voided            the report was taken back
Invalid
├── NotDueYet         the due date has not passed
└── CureOutOfTime     cured before it was due, or in the future
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from kit.errors import Conflict, Invalid, NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedRepayment:
    """逾期还款: an instalment that was not paid on its due date, as the bank reports it."""

    id: UUID
    revision: int
    void: bool
    person_id: UUID | None
    household_id: UUID | None
    region: str | None
    path: str
    blind_index: str | None
    loan_number: str
    product: str
    due_on: date
    amount: Decimal
    cured_on: date | None
    cure_revision: int
    department: str

    @property
    def key(self) -> UUID:
        """The key of its events."""
        return self.household_id or self.id

    @property
    def version(self) -> int:
        """Grows with every change of the report or its cure."""
        return self.revision + self.cure_revision


class MissedUnknown(NotFound):
    """逾期记录不存在."""

    code = "missed-repayment-unknown"
    zh, en = "没有这条逾期记录，或不在您的管理范围内", "no such missed repayment, or it lies outside your area"


class MissedKnown(Conflict):
    """逾期记录重复."""

    code = "missed-repayment-known"
    zh, en = "该笔贷款同一到期日已登记不同内容的逾期", "something else is recorded for this loan and due date"
    fix_zh, fix_en = "请更正已有记录", "correct the one that is recorded"


class KeptHere(Conflict):
    """贷款在本平台记账."""

    code = "loan-kept-here"
    zh, en = "该笔贷款在本平台记账，逾期由还款记录得出", "this loan's repayments are kept here; delays follow from them"
    fix_zh, fix_en = "请登记还款，不必报送逾期", "record its repayments instead"
    pointer = "/loan_number"


class NotCured(Conflict):
    """未登记归还."""

    code = "not-cured"
    zh, en = "该逾期没有登记归还", "this delay has not been cured"


class Voided(Conflict):
    """已作废."""

    code = "voided"
    zh, en = "该记录已作废，不能再修改", "this was taken back and cannot be changed"
    fix_zh, fix_en = "如需恢复，请重新登记", "record it anew"


class NotDueYet(Invalid):
    """尚未到期."""

    code = "not-due-yet"
    zh, en = "到期日还没有过，不能登记逾期", "the due date has not passed, so nothing is overdue"
    fix_zh, fix_en = "请核对到期日", "check the due date"
    pointer = "/due_on"


class CureOutOfTime(Invalid):
    """归还日期不合理."""

    code = "cure-out-of-time"
    zh, en = "归还日期早于到期日或晚于业务日期", "cured before it was due, or after the business date"
    fix_zh, fix_en = "请核对归还日期", "check the date"
    pointer = "/cured_on"


def check_due(due_on: date, today: date) -> None:
    """A due date that has passed.

    Raises:
        NotDueYet: it has not.
    """
    if due_on >= today:
        raise NotDueYet


def check_cure(missed: MissedRepayment, cured_on: date, today: date) -> None:
    """A cure between the due date and today.

    Raises:
        CureOutOfTime: it is not.
    """
    if not missed.due_on <= cured_on <= today:
        raise CureOutOfTime
