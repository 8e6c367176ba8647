"""Rules about 监测对象: category, causes, and measures that answer them."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from .facts import WORKING, Family, Found, Limits, Rule, Severity, months_after, of_family

MEASURE_MONTHS: Final = "check.measure_within_months"
DEVELOPMENT_MONTHS: Final = "check.development_within_months"
LABOUR_SHARE: Final = "check.labour_share_most"

_ANSWERS: Final = {
    "illness": frozenset({"health", "social", "support"}),
    "schooling": frozenset({"education", "compulsory_schooling", "social"}),
    "housing": frozenset({"housing", "relocation"}),
    "water": frozenset({"water"}),
}
"""Cause → categories of help that answer it (domain 1.8)."""


def due_days(family: Family, limits: Limits) -> list[date]:
    """The days from which help that is lacking is found."""
    if family.identified_on is None:
        return []
    return [
        months_after(family.identified_on, int(limits[name]))
        for name in (MEASURE_MONTHS, DEVELOPMENT_MONTHS)
        if name in limits
    ]


def _late(family: Family, on: date, months: int) -> bool:
    known = family.identified_on
    return family.monitored and known is not None and on >= months_after(known, months)


def _category_of_type(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    general = family.household_type == "general"
    if (family.category == "borderline" and not general) or (family.category == "unstable" and general):
        yield of_family(family, "other-type", "household_type", "category")


def _identified(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    if family.category is not None and family.identified_on is None:
        yield of_family(family, "no-date", "category", "identified_on")
    if family.category is not None and not family.causes:
        yield of_family(family, "no-cause", "category", "causes")
    if family.category is None and (family.identified_on is not None or family.causes):
        yield of_family(family, "no-category", "category", "identified_on", "causes")


def _answered(cause: str) -> Callable[[Family, date, Limits], Iterator[Found]]:
    def find(family: Family, on: date, limits: Limits) -> Iterator[Found]:
        late = _late(family, on, int(limits[MEASURE_MONTHS]))
        if late and cause in family.causes and not family.measures & _ANSWERS[cause]:
            values = (family.identified_on, cause, tuple(sorted(family.measures)))
            yield Found(case="not-answered", fields=("causes", "measures"), values=values)

    return find


def _no_measure(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    if _late(family, on, int(limits[MEASURE_MONTHS])) and not family.measures:
        yield of_family(family, "none", "identified_on", "measures")


def _development(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    late = _late(family, on, int(limits[DEVELOPMENT_MONTHS]))
    if late and _workers(family) and not family.development:
        values = (family.identified_on, _skills(family), tuple(sorted(family.measures)))
        yield Found(case="none", fields=("labour_skill", "measures"), values=values)


def _enough_labour(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    if not family.monitored or "labour_shortage" not in family.causes or not family.members:
        return
    if _workers(family) > limits[LABOUR_SHARE] * len(family.members):
        yield Found(case="enough", fields=("causes", "labour_skill"), values=_skills(family))


def _nobody_works(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    known = family.members and all(member.labour_skill for member in family.members)
    idle = known and all(member.labour_skill in ("lost", "none") for member in family.members)
    if family.monitored and "unstable_work" in family.causes and idle:
        yield Found(case="nobody", fields=("causes", "labour_skill"), values=_skills(family))


def _self_paid(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    if not family.monitored or "illness" not in family.causes or family.earned is None or family.medical_expense:
        return
    if not family.earned.self_paid:
        values = ("illness", family.earned.self_paid)
        yield Found(case="nothing-paid", fields=("causes", "self_paid"), values=values)


def _workers(family: Family) -> int:
    return sum(member.labour_skill in WORKING for member in family.members)


def _skills(family: Family) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((str(member.id), member.labour_skill or "") for member in family.members))


def _answer(cause: str, zh: str, en: str) -> Rule:
    return Rule(
        id=f"{cause}-without-help",
        zh=zh,
        en=en,
        source="1.8 风险与措施; 1.5",
        severity=Severity.ERROR,
        find=_answered(cause),
        limits=(MEASURE_MONTHS,),
    )


RULES: Final = (
    Rule(
        id="category-of-type",
        zh="监测对象类别与户类型不符",
        en="the category does not fit the type of household",
        source="1.2",
        severity=Severity.ERROR,
        find=_category_of_type,
    ),
    Rule(
        id="identification",
        zh="监测对象须有识别时间和风险，非监测对象不应有",
        en="a monitored household has a date and a cause, another one has neither",
        source="1.7 2.2",
        severity=Severity.ERROR,
        find=_identified,
    ),
    Rule(
        id="no-measure",
        zh="识别后超过期限未落实帮扶措施",
        en="identified for longer than allowed and without any measure",
        source="1.8; 1.5",
        severity=Severity.ERROR,
        find=_no_measure,
        limits=(MEASURE_MONTHS,),
    ),
    _answer("illness", "因病而无健康、社会或综合保障帮扶", "illness without help for health, by society or by support"),
    _answer("schooling", "因学而无教育或社会帮扶", "schooling without help for education or by society"),
    _answer("housing", "因安全住房而无住房保障或搬迁", "housing without housing or relocation"),
    _answer("water", "因安全饮水而无饮水保障", "water without help for water"),
    Rule(
        id="labour-without-development",
        zh="有劳动力而超过期限未落实开发式帮扶",
        en="a household with workers and, for longer than allowed, without a measure that lets it earn",
        source="1.8; 1.5",
        severity=Severity.ERROR,
        find=_development,
        limits=(DEVELOPMENT_MONTHS,),
    ),
    Rule(
        id="labour-not-short",
        zh="缺劳动力而普通、技能劳动力占比超过限度",
        en="short of labour, yet too large a share of full workers",
        source="1.8",
        severity=Severity.ERROR,
        find=_enough_labour,
        limits=(LABOUR_SHARE,),
    ),
    Rule(
        id="unstable-work-without-labour",
        zh="因务工就业不稳而全家无劳动力",
        en="unstable work, yet nobody can work",
        source="1.8",
        severity=Severity.ERROR,
        find=_nobody_works,
    ),
    Rule(
        id="illness-nothing-paid",
        zh="因病而合规自付支出为零",
        en="illness, yet nothing paid by oneself",
        source="1.8",
        severity=Severity.ERROR,
        find=_self_paid,
    ),
)
