"""Events of the finance service: credit, loans, overdue instalments, public payments, funds and aid, insurance."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from .base import Event, Money, Month, Service

Percent = Annotated[Decimal, Field(max_digits=7, decimal_places=4)]
"""年利率: percent a year, a string in JSON."""


class _Finance(Event):
    SERVICE: ClassVar[Service] = "finance"


class CreditRated(_Finance):
    """评级授信: a bank rated the household of a person; the latest day of rating counts."""

    person_id: UUID | None
    """null while the person is not registered (unmatched fact)"""
    grade: str
    """信用等级, as the bank names it"""
    credit_line: Money
    """授信额度, yuan for the household"""
    rated_on: date


class LoanApplied(_Finance):
    """贷款申请"""

    person_id: UUID | None
    """null while the person is not registered (unmatched fact)"""
    loan_id: UUID
    product: str
    """petty_loan 脱贫人口小额信贷, fumin 富民贷, kunyi 昆易贷, startup 创业担保贷款, startup_support 贷免扶补"""
    amount: Money
    months: int
    """期限, months"""
    use: str
    """production 发展生产, or what is not allowed"""
    applied_on: date


class LoanApproved(_Finance):
    """贷款审批通过: the terms of the contract; the rate is fixed for its whole term."""

    person_id: UUID | None
    loan_id: UUID
    product: str
    amount: Money
    months: int
    annual_rate: Percent
    approved_on: date


class LoanRejected(_Finance):
    """贷款审批未通过"""

    person_id: UUID | None
    loan_id: UUID
    product: str
    reason: str
    """not_eligible, no_credit, no_means, withdrawn, other"""
    rejected_on: date


class LoanDisbursed(_Finance):
    """放款: money lent, which is never income."""

    person_id: UUID | None
    loan_id: UUID
    loan_number: str
    """the bank's loan number"""
    product: str
    amount: Money
    annual_rate: Percent
    method: str
    """equal_instalments 等额本息, equal_principal 等额本金, interest_first 按期付息到期还本, at_maturity 利随本清"""
    disbursed_on: date
    matures_on: date


class PaidPart(BaseModel):
    """还款分配: what of a repayment went to an instalment."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    on: date
    amount: Money


class Instalment(BaseModel):
    """一期还款: an instalment, principal and interest together, and what was paid of it so far."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    number: int
    due_on: date
    amount: Money
    paid: tuple[PaidPart, ...] = ()


class LoanScheduled(_Finance):
    """还款计划: all instalments of a loan as they now stand; told anew whenever a repayment changes them."""

    person_id: UUID | None
    loan_id: UUID
    product: str
    disbursed_on: date
    instalments: tuple[Instalment, ...]


class RepaymentReceived(_Finance):
    """还款: what was paid on a day, split into principal and interest, without remainder."""

    person_id: UUID | None
    loan_id: UUID
    product: str
    amount: Money
    principal: Money
    interest: Money
    paid_on: date


class LoanSettled(_Finance):
    """结清: nothing is owed any more; voided where a repayment is taken back."""

    person_id: UUID | None
    loan_id: UUID
    product: str
    settled_on: date


class LoanOverdue(_Finance):
    """贷款逾期: an instalment of a loan was not paid on its due date; `fact_id` names the instalment's delay."""

    person_id: UUID | None
    loan_number: str
    """the bank's loan number"""
    product: str
    """petty_loan 脱贫人口小额信贷, fumin 富民贷, kunyi 昆易贷, startup 创业担保贷款, startup_support 贷免扶补"""
    due_on: date
    amount: Money
    """逾期金额, yuan"""


class LoanCured(_Finance):
    """逾期归还: the delay of the same loan and due date is over."""

    person_id: UUID | None
    loan_number: str
    overdue_fact_id: UUID
    cured_on: date


class TransferReturnReason(StrEnum):
    """退回原因: codes only, as events carry no free text."""

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


class _Transfer(_Finance):
    """The `fact_id` names what is owed; the highest revision says whether the money has reached the household."""

    person_id: UUID | None
    """null where it goes to the household as a whole"""
    purpose: str
    """资金用途, a code of finance `/v1/transfer-purposes`"""
    counts_as_income: bool = True
    """计入转移性收入; false for interest subsidies, which are in no figure"""
    amount: Money
    """yuan"""
    first_month: Month
    """the first month it is for"""
    last_month: Month
    """the last month it is for; the amount is for all of them"""
    due_on: date | None
    """计划发放日; null where nobody has set one"""
    approval_id: UUID | None = None
    """the fact of the approval it pays, such as SubsidyApproved; null where a department's file named it"""


class TransferPaid(_Transfer):
    """转移支付到账: the one event that counts for public payments that no other event names."""

    paid_on: date


class TransferReturned(_Transfer):
    """转移支付退回: the bank refused it or sent it back; always void, so that nothing of it counts."""

    returned_on: date
    reason: TransferReturnReason


class FundOpened(_Finance):
    """设立基金: a charity or 防返贫 fund, key = its id."""

    fund_id: UUID
    name: str
    area: str
    """management path of the households it is for"""
    opened_on: date


class DonationReceived(_Finance):
    """捐赠到账, under the key of its fund; voided where it went back. No household's money, so in no figure."""

    fund_id: UUID
    donation_id: UUID
    donor: str
    """organisation 单位, individual 个人, online 互联网募捐; no name"""
    amount: Money
    purposes: tuple[str, ...]
    """illness, schooling, relief, housing, water, farming; empty = any"""
    area: str
    """management path of the households it is for"""
    use_by: date | None = None
    """last day on which it may be granted"""
    received_on: date


class AidApplied(_Finance):
    """救助申请: a fund is asked to help a household; status only."""

    application_id: UUID
    fund_id: UUID
    purpose: str
    """illness 医疗, schooling 助学, relief 灾害意外, housing 住房, water 饮水, farming 助农"""
    applied_on: date


class AidRejected(_Finance):
    """不予救助: next revision of the application."""

    application_id: UUID
    fund_id: UUID
    purpose: str
    """illness 医疗, schooling 助学, relief 灾害意外, housing 住房, water 饮水, farming 助农"""
    reason: str
    """not_eligible 不符合条件, helped_otherwise 已通过其他渠道解决, withdrawn 撤回"""
    rejected_on: date


class AidGranted(_Finance):
    """社会帮扶救助: next revision of the application, status only; voided where it never came, or came back."""

    application_id: UUID
    fund_id: UUID
    purpose: str
    """illness 医疗, schooling 助学, relief 灾害意外, housing 住房, water 饮水, farming 助农"""
    granted_on: date
    paid_on: date | None = None
    """the day it reached the household; null = not yet"""


class PolicyIssued(_Finance):
    """承保: a person is insured by 春城惠民保, or crops and animals of the household are; status, without amounts."""

    person_id: UUID | None
    """null while the person is not registered (unmatched fact), and for a policy of the household as a whole"""
    policy_id: UUID
    kind: str
    """medical 春城惠民保, crop 政策性农业保险, local_crop 地方特色农业保险"""
    starts_on: date
    ends_on: date
    payers: tuple[str, ...]
    """household 自缴, subsidy 财政补贴, donated 捐赠"""


class ClaimFiled(_Finance):
    """理赔报案: status only; the next revision says that it was denied."""

    person_id: UUID | None
    claim_id: UUID
    policy_id: UUID
    kind: str
    """medical 春城惠民保, crop 政策性农业保险, local_crop 地方特色农业保险"""
    cause: str
    """illness 疾病, accident 意外, disaster 灾害, pest 病虫害, price 价格"""
    happened_on: date
    filed_on: date
    denied_on: date | None = None
    denial: str | None = None
    """not_covered 不在保障范围, below_deductible 未达起付线, no_proof 材料不全, other 其他"""


class ClaimPaid(_Finance):
    """理赔支付: counts in the comparison figure only (理赔收入), never as income; its next revision corrects it."""

    person_id: UUID | None
    claim_id: UUID
    kind: str
    """medical 春城惠民保, crop 政策性农业保险, local_crop 地方特色农业保险"""
    amount: Money
    paid_on: date
