"""What is asked, what is known of the person, what can be answered, and the rows; every number is a policy value.

Policy names are `subsidy.<kind>.<term>`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from kit.eligibility import Reason, Verdict
from kit.policy_book import Unit

KINDS: Final = ("traffic", "stability")
"""跨省务工一次性交通补助, 稳岗就业补贴; the values are those of the event catalog."""

GROUPS: Final = ("lifted", "lifted_no_policy", "general", "monitored")
"""脱贫户, 脱贫（不享受政策）户, 一般农户, 监测对象"""

TERMS: Final[Mapping[str, Unit]] = {
    "amount": Unit.YUAN,
    "months": Unit.MONTHS,
    "out_of_province": Unit.FLAG,
    "window.first": Unit.MONTHS,
    "window.last": Unit.MONTHS,
    "window.late": Unit.MONTHS,
    **{f"for.{group}": Unit.FLAG for group in GROUPS},
}
"""Term → unit. The months of the window count from January of the subsidy's year: 14 is February of the next one."""


class Proof(StrEnum):
    """务工证明材料"""

    EMPLOYER_LETTER = "employer_letter"
    """用人单位证明"""
    CONTRACT = "contract"
    """劳动合同"""
    WAGE_SLIPS = "wage_slips"
    """三个月工资流水"""
    PENSION_RECORD = "pension_record"
    """省外参保记录"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """申请事项: which subsidy for which year, asked for on which day."""

    kind: str
    year: int
    on: date
    proof: Proof | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """务工经历: a job of the person; `ended_on` is the first day on which it no longer runs."""

    id: UUID
    started_on: date
    ended_on: date | None
    place_code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """申请人: what is known of the person that decides.

    Attributes:
        path: where the household is managed.
        groups: the household's type, and `monitored`.
        jobs: everything that is known of the person's work.
        standing: another application of the same kind and year that stands.
    """

    path: str
    groups: frozenset[str]
    jobs: tuple[Work, ...]
    standing: UUID | None = None


@dataclass(frozen=True, slots=True)
class Eligibility:
    """资格审查结果: the verdict with all its reasons; `amount` in yuan, None where nobody has set it."""

    verdict: Verdict
    reasons: tuple[Reason, ...]
    amount: Decimal | None


class SubsidyState(StrEnum):
    """补贴状态"""

    APPLIED = "applied"
    """已申请"""
    APPROVED = "approved"
    """已审批，待发放"""
    PAID = "paid"
    """已发放"""
    RETURNED = "returned"
    """发放被退回"""
    CLOSED = "closed"
    """已撤回或不予发放"""


class CloseReason(StrEnum):
    """终止原因"""

    WITHDRAWN = "withdrawn"
    """本人撤回"""
    NOT_ELIGIBLE = "not_eligible"
    """经核实不符合条件"""
    MISTAKE = "mistake"
    """登记有误"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subsidy:
    """补贴申请 of one person for one year, from application to the bank's answer.

    Attributes:
        explained: the conditions as they were judged last: check, state, evidence and policy values.
        transfer_revision: the highest revision heard of what finance paid for it.
    """

    id: UUID
    version: int
    person_id: UUID
    household_id: UUID
    region: str
    path: str
    kind: str
    year: int
    proof: str
    applied_on: date
    applied_by: str
    department: str
    state: str
    amount: Decimal | None
    explained: list[dict[str, Any]]
    batch_id: UUID | None = None
    approved_on: date | None = None
    closed_on: date | None = None
    close_reason: str | None = None
    paid_on: date | None = None
    returned_on: date | None = None
    return_reason: str | None = None
    transfer_revision: int = 0


class BatchState(StrEnum):
    """批次状态"""

    PREPARED = "prepared"
    """待审批"""
    APPROVED = "approved"
    """已审批"""
    DISSOLVED = "dissolved"
    """已撤销，申请退回待办"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """补贴批次: prepared by one person, approved by another.

    Attributes:
        path: the area of whoever prepared it.
        amount: of all persons together, yuan.
    """

    id: UUID
    version: int
    path: str
    kind: str
    year: int
    state: str
    persons: int
    amount: Decimal
    prepared_on: date
    prepared_by: str
    decided_on: date | None = None
    decided_by: str | None = None
