"""Rules about the income figure at identification."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from .facts import Family, Found, Limits, Rule, Severity

WAGE_LEAST: Final = "check.wage_least"
IDENTIFIED_MOST: Final = "check.identified_income_most"


def _tiny_wage(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    if family.earned is not None and 0 < family.earned.wage < limits[WAGE_LEAST]:
        yield Found(case="tiny", fields=("wage",), values=(family.earned.wage,))


def _high_income(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    if family.category is not None and family.earned is not None and family.earned.per_head > limits[IDENTIFIED_MOST]:
        values = (family.category, family.identified_on, family.earned.per_head)
        yield Found(case="high", fields=("category", "identified_on", "per_head"), values=values)


RULES: Final = (
    Rule(
        id="tiny-wage",
        zh="工资性收入大于零而过小",
        en="a wage above nothing, yet too small to be one",
        source="2.4 合理性",
        severity=Severity.SUSPICIOUS,
        find=_tiny_wage,
        limits=(WAGE_LEAST,),
    ),
    Rule(
        id="high-income-identified",
        zh="识别为监测对象而人均纯收入偏高",
        en="identified, though the income per head is rather high",
        source="2.4 合理性",
        severity=Severity.SUSPICIOUS,
        find=_high_income,
        limits=(IDENTIFIED_MOST,),
        at_identification=True,
    ),
)
