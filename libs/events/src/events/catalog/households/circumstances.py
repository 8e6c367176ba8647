"""Events of what a household earns, spends and lacks."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from ..base import Money
from .publisher import _Household


class RiskCause(StrEnum):
    """致贫/返贫风险 (national list, domain 1.7)."""

    ILLNESS = "illness"
    """因病"""
    DISABILITY = "disability"
    """因残"""
    SCHOOLING = "schooling"
    """因学"""
    DISASTER = "disaster"
    """因自然灾害"""
    ACCIDENT = "accident"
    """因意外事故"""
    BUSINESS_FAILURE = "business_failure"
    """因产业项目失败"""
    UNSTABLE_WORK = "unstable_work"
    """因务工就业不稳"""
    LABOUR_SHORTAGE = "labour_shortage"
    """缺劳动力"""
    HOUSING = "housing"
    """因安全住房"""
    WATER = "water"
    """因安全饮水"""
    OTHER = "other"
    """其他"""


class Guarantee(StrEnum):
    """三保障及饮水安全: the guarantees that must be solved (domain 1.9)."""

    HOUSING = "housing"
    """住房安全"""
    WATER = "water"
    """饮水安全"""
    SCHOOLING = "schooling"
    """义务教育"""
    INSURANCE = "insurance"
    """基本医疗"""


class ExpenseKind(StrEnum):
    """刚性支出: self-paid expenses that can push a family back."""

    MEDICAL = "medical"
    """合规自付医疗支出"""
    SCHOOLING = "schooling"
    """就学支出"""


class ShockKind(StrEnum):
    """突发事件: what strikes a family at once (domain 1.7)."""

    DISASTER = "disaster"
    """自然灾害"""
    ACCIDENT = "accident"
    """意外事故"""


class DisasterKind(StrEnum):
    """自然灾害种类 (national list, domain 1.7)."""

    FLOOD = "flood"
    """洪涝灾害"""
    GEOLOGICAL = "geological"
    """地质灾害"""
    DROUGHT = "drought"
    """旱灾"""
    BIOLOGICAL = "biological"
    """生物灾害"""
    WEATHER = "weather"
    """气象灾害"""
    EARTHQUAKE = "earthquake"
    """地震灾害"""
    OTHER = "other"
    """其他"""


class IncomeRecorded(_Household):
    """收入登记 (survey and official figures only): one figure for a window, yuan for the whole household.

    A correction is the next revision of the same `fact_id`.
    """

    window_from: date
    window_to: date
    """last day of the window, inclusive"""
    purpose: str
    """identification, official_year, official_quarter, elimination"""
    wage: Money
    """工资性收入"""
    business: Money
    """生产经营性收入"""
    property: Money
    """财产性收入"""
    transfer: Money
    """转移性收入"""
    business_cost: Money
    """生产经营性支出"""
    claims: Money
    """理赔收入 (comparison figure only)"""
    self_paid: Money
    """合规自付支出 (comparison figure only)"""
    persons: int
    """家庭人口数 in the window"""
    source: str
    """national_export, survey"""
    verified: bool = True


class ConditionReported(_Household):
    """保障问题: a guarantee is not solved for this household."""

    guarantee: Guarantee
    person_id: UUID | None = None
    since: date


class ConditionResolved(_Household):
    """保障问题解决: the condition of the same `fact_id` is solved (next revision of it)."""

    guarantee: Guarantee
    person_id: UUID | None = None
    resolved_on: date


class ExpenseReported(_Household):
    """刚性支出登记: self-paid expense of the household in a window, yuan."""

    kind: ExpenseKind
    amount: Money
    window_from: date
    window_to: date


class _Shock(_Household):
    kind: ShockKind
    happened_on: date
    means_lost: bool
    """生产生活资料受损: what the family lives on (house, field, livestock, tools) is lost"""
    loss: Money | None = None
    """损失金额, yuan; null = not assessed"""
    disaster: DisasterKind | None = None
    """灾害种类, of a disaster"""


class ShockReported(_Shock):
    """突发事件登记: a disaster or an accident struck the household; the next revision corrects it."""


class ShockResolved(_Shock):
    """突发事件影响消除: the household is through it (next revision of the same `fact_id`)."""

    resolved_on: date
