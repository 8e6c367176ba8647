"""Products, what is asked of them, and what can be answered; every number is a policy value.

Names are `product.<product>.<term>`, and `lpr.1`, `lpr.5` for the loan prime rates.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from kit.eligibility import Reason, State, Verdict


class Product(StrEnum):
    """贷款产品"""

    PETTY_LOAN = "petty_loan"
    """脱贫人口小额信贷"""
    FUMIN = "fumin"
    """富民贷"""
    KUNYI = "kunyi"
    """昆易贷"""
    STARTUP = "startup"
    """创业担保贷款"""
    STARTUP_SUPPORT = "startup_support"
    """贷免扶补"""


class LoanUse(StrEnum):
    """贷款用途"""

    PRODUCTION = "production"
    """发展生产、经营"""
    WEDDING = "wedding"
    """婚丧嫁娶"""
    HOUSE = "house"
    """建房、购房"""
    WEALTH = "wealth"
    """购买理财"""
    HOUSEHOLD_GOODS = "household_goods"
    """购置生活用品"""
    LENT_ON = "lent_on"
    """转借或入股企业（户贷企用）"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """借款需求: what is asked of a product, on which day.

    Attributes:
        amount: yuan.
        months: term in months.
        annual_rate: percent a year, where the contract's rate is known already.
    """

    product: Product
    amount: Decimal
    months: int
    on: date
    use: LoanUse | None = None
    annual_rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """借款人及其家庭, as far as it is known.

    Attributes:
        path: where the household is managed; products are open by place.
        groups: 脱贫户, 监测对象 … the groups the household belongs to.
        birth_dates: of the borrower; of all members where only the household is named.
        credit_line: 授信额度 of the household, yuan; None while it has not been rated.
        owed: principal of the household's open loans, yuan.
        overdue: whether a repayment of the household is overdue.
        same_product_open: whether the household has an open loan of the product asked for.
    """

    path: str
    groups: frozenset[str]
    birth_dates: tuple[date, ...]
    credit_line: Decimal | None
    owed: Decimal
    overdue: bool
    same_product_open: bool


@dataclass(frozen=True, slots=True)
class Eligibility:
    """资格审查结果: the verdict with all its reasons, and the part of the amount that is subsidised.

    Attributes:
        subsidised: 可贴息本金, yuan; None where it is not known.
        subsidy_share: 贴息比例 of the interest on that part; None where it is not known.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...]
    subsidised: Decimal | None
    subsidy_share: Decimal | None


UNREGISTERED: Final = Eligibility(
    Verdict.UNKNOWN,
    (
        Reason(
            "household",
            State.UNKNOWN,
            "该人员尚未登记，家庭情况未知",
            "this person is not registered, so nothing is known of the household",
            missing="household",
        ),
    ),
    None,
    None,
)
"""What can be said of somebody who is not registered."""
