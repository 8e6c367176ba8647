"""What the rules on expenses, guarantees, blows and silent sources say in full."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from monitoring_facts import TODAY, fact
from monitoring_said import LAST, held, not_known, not_met, profile, said, value

from monitoring.risk.rules import Fact, Level
from monitoring.risk.rules.model import yuan


def spent(kind: str, amount: str | None, on: date = LAST) -> Fact:
    return fact("ExpenseReported", on, name=amount, kind=kind, amount=amount)


EXPENSES = [
    ("medical", "expense.medical.monitored", {}, "自付医疗支出", "Self-paid medical expense"),
    ("medical", "expense.medical.monitored", {"lifted": False, "monitored": True}, "自付医疗支出",
     "Self-paid medical expense"),
    ("medical", "expense.medical.general", {"lifted": False}, "自付医疗支出", "Self-paid medical expense"),
    ("schooling", "expense.schooling", {}, "就学支出", "Schooling expense"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "limit", "who", "zh", "en"), EXPENSES)
def test_an_expense_above_its_limit(kind: str, limit: str, who: dict[str, bool], zh: str, en: str) -> None:
    rule, most = f"expense.{kind}", value(limit).value
    other = "medical" if kind == "schooling" else "schooling"
    edge, little, strange = spent(kind, str(most), date(2022, 10, 1)), spent(kind, "0.01"), spent(other, "99999")
    untold = spent(kind, None)
    known = profile(**who, expenses=(edge, little, untold, strange, spent(kind, "77777", date(2022, 9, 30))))
    total = most + Decimal("0.01")
    assert said(rule, known) == held(
        rule, Level.ORANGE, limit, facts=(edge, little, untold),
        values={"total": str(total), "limit": str(most), "since": "2022-10-01"},
        zh=f"近 12 个月{zh} {yuan(total)} 元，超过 {yuan(most)} 元",
        en=f"{en} of 12 months {yuan(total)} yuan, above {yuan(most)}",
    )  # fmt: skip
    just = profile(**who, expenses=(edge, strange))
    assert said(rule, just) == not_met(rule, limit, values={"total": str(most), "limit": str(most)})
    assert said(rule, just, without=limit) == not_known(rule, limit, values={"total": str(most)})
    assert said(rule, profile(expenses=(strange,))) == not_met(rule)


@pytest.mark.parametrize(
    ("name", "level", "zh", "en"),
    [
        ("housing", Level.ORANGE, "住房安全", "safe housing"),
        ("water", Level.ORANGE, "饮水安全", "safe drinking water"),
        ("schooling", Level.RED, "义务教育", "compulsory schooling"),
        ("insurance", Level.YELLOW, "基本医疗", "basic medical insurance"),
    ],
)
def test_a_guarantee_that_is_not_solved(name: str, level: Level, zh: str, en: str) -> None:
    rule = f"guarantee.{name}"
    told = [fact("ConditionReported", TODAY, name=n, guarantee=name) for n in range(2)]
    other = fact("ConditionReported", TODAY, guarantee="another")
    assert said(rule, profile(conditions=(*told, other))) == held(
        rule, level, values={"open": "2"}, facts=tuple(told), zh=f"{zh}问题尚未解决", en=f"Not solved: {en}"
    )
    assert said(rule, profile(conditions=(other,))) == not_met(rule)


def test_a_source_that_is_silent() -> None:
    rule, survey, wages = "data.stale", "stale.survey.months", "stale.wages.months"
    rhythm = int(value(wages).value)
    on = date(2023, 10, 1)
    then = date(2023, 10 - rhythm, 30)
    known = profile(freshness={"wages": then, "survey": LAST})
    assert said(rule, known, on) == not_met(rule, wages, survey)
    late = profile(freshness={"wages": then - timedelta(days=31), "survey": date(2021, 1, 1)})
    silent = {"wages": (then - timedelta(days=31)).isoformat(), "survey": "2021-01-01"}
    assert said(rule, late, on) == held(
        rule, Level.GREEN, wages, survey, values=silent,
        zh=f"数据来源超期未更新：survey（2021-01-01）、wages（{silent['wages']}）",
        en="No news beyond the rhythm of the source: survey, wages",
    )  # fmt: skip
    assert said(rule, known, on, without=survey) == not_known(rule, survey)
    assert said(rule, profile()) == not_met(rule)
    new_year = profile(freshness={"wages": date(2022, 12, 31)})
    assert not said(rule, new_year, date(2023, rhythm, 28)).holds
    assert said(rule, new_year, date(2023, rhythm + 1, 1)).holds


@pytest.mark.parametrize(
    ("kind", "zh", "en"),
    [("disaster", "遭受自然灾害", "Struck by a disaster"), ("accident", "发生意外事故", "Struck by an accident")],
)
def test_a_blow_the_household_is_not_through(kind: str, zh: str, en: str) -> None:
    rule, day = f"shock.{kind}", date(2023, 9, 1)
    plain = fact("ShockReported", day, name=1, kind=kind, means_lost=False, loss=None)
    later = fact("ShockReported", TODAY, name=2, kind=kind, means_lost=False, loss="1200.50")
    worst = fact("ShockReported", TODAY, name=3, kind=kind, means_lost=True, loss="300")
    other = fact("ShockReported", date(2023, 1, 1), kind="another", means_lost=True, loss="9")
    assert said(rule, profile(shocks=(plain, other))) == held(
        rule, Level.ORANGE, values={"happened_on": "2023-09-01", "means_lost": "no"}, facts=(plain,),
        zh=f"{zh}（2023-09-01）", en=f"{en} (on 2023-09-01)",
    )  # fmt: skip
    assert said(rule, profile(shocks=(later, plain))).zh == f"{zh}（2023-09-01），损失 1,200.50 元"
    assert said(rule, profile(shocks=(later, plain, worst))) == held(
        rule, Level.RED, facts=(later, plain, worst),
        values={"happened_on": "2023-09-01", "means_lost": "yes", "loss": "1500.50"},
        zh=f"{zh}（2023-09-01），生产生活资料受损，损失 1,500.50 元",
        en=f"{en} (on 2023-09-01), the means of living are lost, loss 1,500.50 yuan",
    )  # fmt: skip
    assert said(rule, profile(shocks=(other,))) == not_met(rule)
