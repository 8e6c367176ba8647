"""贷款 and what belongs to it, as kept in the tables."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from ...products.rules import LoanUse, Product
from .ledger import Payment
from .schedule import Method, Terms


class Stage(StrEnum):
    """办理环节"""

    APPLIED = "applied"
    """已申请"""
    REJECTED = "rejected"
    """未通过"""
    APPROVED = "approved"
    """已审批"""
    DISBURSED = "disbursed"
    """已放款"""
    SETTLED = "settled"
    """已结清"""


class Rejection(StrEnum):
    """未通过原因"""

    NOT_ELIGIBLE = "not_eligible"
    """不符合条件"""
    NO_CREDIT = "no_credit"
    """征信不良"""
    NO_MEANS = "no_means"
    """无还款能力"""
    WITHDRAWN = "withdrawn"
    """申请人撤回"""
    OTHER = "other"
    """其他"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """贷款: from application to settlement.

    Attributes:
        revision: counts its changes; every event of a change carries it.
        amount, months: as applied, then as approved.
        annual_rate: percent a year, fixed for the contract.
        overdue_since: due date of the oldest instalment known to be overdue.
        look_on: first day on which the passing of time makes another instalment overdue.
    """

    id: UUID
    revision: int
    void: bool
    person_id: UUID | None
    household_id: UUID | None
    region: str | None
    path: str
    blind_index: str | None
    product: Product
    amount: Decimal
    months: int
    use: LoanUse
    method: Method
    stage: Stage
    applied_on: date
    decided_on: date | None = None
    rejection: Rejection | None = None
    annual_rate: Decimal | None = None
    loan_number: str | None = None
    disbursed_on: date | None = None
    settled_on: date | None = None
    principal_left: Decimal = Decimal("0.00")
    overdue_since: date | None = None
    look_on: date | None = None
    department: str

    @property
    def key(self) -> UUID:
        """The key of its events."""
        return self.household_id or self.id

    @property
    def claim(self) -> Decimal:
        """What it takes of the credit line: the principal left, or the whole amount until it is disbursed."""
        return self.principal_left if self.stage in (Stage.DISBURSED, Stage.SETTLED) else self.amount

    @property
    def terms(self) -> Terms:
        """The contract of a disbursed loan."""
        if self.annual_rate is None or self.disbursed_on is None:
            raise ValueError("not disbursed")
        return Terms(
            principal=self.amount,
            annual_rate=self.annual_rate,
            months=self.months,
            method=Method(self.method),
            disbursed_on=self.disbursed_on,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Repayment:
    """还款: `principal` and `interest` as the ledger splits the amount now.

    Attributes:
        receipt: 流水号 of the bank; the same one again is the same repayment.
        early: 提前还款.
    """

    id: UUID
    loan_id: UUID
    revision: int
    void: bool
    paid_on: date
    amount: Decimal
    early: bool
    receipt: str
    principal: Decimal
    interest: Decimal
    department: str

    @property
    def payment(self) -> Payment:
        """As the ledger takes it."""
        return Payment(self.id, self.paid_on, self.amount, self.early)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """逾期 of one instalment, as it was told; the id follows from loan and number.

    Attributes:
        revision: counts what was told of the delay, `cure_revision` what was told of its cure.
        amount: yuan not paid when it was last told.
        cured_on: day of the cure as told; None while the delay lasts.
    """

    id: UUID
    loan_id: UUID
    number: int
    revision: int
    void: bool
    due_on: date
    amount: Decimal
    cured_on: date | None
    cure_revision: int
