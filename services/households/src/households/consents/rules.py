"""Pure rules of consents and plans: a decision follows on the last one, and what it bars."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from kit.errors import Conflict, Invalid, NotFound

MOST_YUAN: Final = Decimal(10) ** 12
VOLUNTARY: Final = frozenset({"industry", "employment", "finance", "public_post", "relocation"})
"""Categories of help that change how a family earns or where it lives; the others secure what everybody is owed."""


class Decision(StrEnum):
    """农户决定"""

    GIVEN = "given"
    """同意"""
    REFUSED = "refused"
    """拒绝"""
    WITHDRAWN = "withdrawn"
    """撤回"""


class ConsentStands(Conflict):
    """已有相同决定."""

    code = "consent-stands"
    zh, en = "该事项已登记相同决定", "the same decision on this purpose is recorded already"
    pointer = "/decision"


class ConsentNotGiven(Conflict):
    """没有可撤回的授权."""

    code = "consent-not-given"
    zh, en = "该事项没有生效的授权，不能撤回", "there is no consent on this purpose that could be withdrawn"
    fix_zh, fix_en = "农户不同意的，登记为拒绝", "where the household does not agree, record a refusal"
    pointer = "/decision"


class ConsentGivenAlready(Conflict):
    """已同意，应登记为撤回."""

    code = "consent-given"
    zh, en = "农户已同意该事项", "the household has consented to this purpose"
    fix_zh, fix_en = "改变意愿的，登记为撤回", "where it has changed its mind, record a withdrawal"
    pointer = "/decision"


class DecidedBefore(Conflict):
    """早于上一次决定."""

    code = "decided-before"
    zh, en = "决定日期早于已登记的决定", "the decision lies before the one that is recorded"
    pointer = "/decided_on"


class NotOfHousehold(Invalid):
    """签字人不是该户成员."""

    code = "not-of-household"
    zh, en = "签字人不是该户现有成员", "whoever signed is not a member of the household"
    fix_zh, fix_en = "填写该户成员，或不填", "name a member of the household, or nobody"
    pointer = "/person_id"


class ConsentWithheld(Conflict):
    """农户拒绝或撤回了自愿帮扶."""

    code = "consent-withheld"
    zh, en = "农户不同意自愿帮扶，不能落实此类措施", "the household does not agree to voluntary help of this kind"
    fix_zh, fix_en = (
        "尊重农户意愿；同意后先登记授权。保障类措施不受影响",
        "respect its will; once it agrees, record that first. What secures the basics does not wait for it",
    )
    pointer = "/category"


class PlanNeedsConsent(Conflict):
    """计划须农户同意."""

    code = "plan-needs-consent"
    zh, en = "增产增收计划须先登记农户对自愿帮扶的同意", "a plan needs the household's consent to voluntary help first"
    fix_zh, fix_en = "先登记授权", "record the consent first"


class PlanUnknown(NotFound):
    """没有此年度计划."""

    code = "plan-unknown"
    zh, en = "该户没有此年度的增产增收计划，或不在您的管理范围内", "no plan of this household and year in your area"


class PlanStands(Conflict):
    """该年度计划已登记."""

    code = "plan-stands"
    zh, en = "该户此年度的增产增收计划已登记", "the plan of this household and year is recorded already"
    fix_zh, fix_en = "改为更正该年度计划", "change the plan of the year instead"
    pointer = "/year"


class PlanYearAmiss(Invalid):
    """计划年度与商定日期不符."""

    code = "plan-year"
    zh, en = "计划须在本年度或上一年度商定", "a plan is agreed in its year or the year before"
    pointer = "/agreed_on"


class PlanAmount(Invalid):
    """计划金额."""

    code = "amount"
    zh, en = "金额应为非负数，最多两位小数", "an amount is not negative and has two places at most"


def check_decision(standing: Decision | None, standing_on: date | None, decision: Decision, on: date) -> None:
    """Whether a decision can follow on the one that stands.

    Raises:
        ConsentStands, ConsentNotGiven, ConsentGivenAlready, DecidedBefore: as they say.
    """
    if decision is Decision.WITHDRAWN and standing is not Decision.GIVEN:
        raise ConsentNotGiven
    if decision is standing:
        raise ConsentStands
    if decision is Decision.REFUSED and standing is Decision.GIVEN:
        raise ConsentGivenAlready
    if standing_on is not None and on < standing_on:
        raise DecidedBefore


def check_voluntary(category: str, standing: Decision | None) -> None:
    """Whether help of this category may be given against, or without, a decision of the household.

    Raises:
        ConsentWithheld: the household does not want it.
    """
    if category in VOLUNTARY and standing in (Decision.REFUSED, Decision.WITHDRAWN):
        raise ConsentWithheld


def check_plan(year: int, agreed_on: date, *, target_per_head: Decimal, expected_gain: Decimal) -> None:
    """Whether a plan is one.

    Raises:
        PlanYearAmiss, PlanAmount: as they say.
    """
    if agreed_on.year not in (year - 1, year):
        raise PlanYearAmiss
    for name, amount in (("target_per_head", target_per_head), ("expected_gain", expected_gain)):
        if not 0 <= amount < MOST_YUAN or amount != amount.quantize(Decimal("0.01")):
            raise PlanAmount(pointer=f"/{name}")
