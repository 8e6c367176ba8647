"""Rules on burdens: self-paid expenses, unsolved guarantees, silent sources."""

from datetime import date
from decimal import Decimal
from typing import Final

from .model import Level, Outcome, Policy, PolicyValue, Profile, State, clear, ids, quiet, unknown, yuan
from .windows import twelve_months_before

MEDICAL = "expense.medical"
SCHOOLING = "expense.schooling"
STALE = "data.stale"

GUARANTEES: Final = {
    "housing": ("guarantee.housing", Level.ORANGE, "住房安全", "safe housing"),
    "water": ("guarantee.water", Level.ORANGE, "饮水安全", "safe drinking water"),
    "schooling": ("guarantee.schooling", Level.RED, "义务教育", "compulsory schooling"),
    "insurance": ("guarantee.insurance", Level.YELLOW, "基本医疗", "basic medical insurance"),
}
"""三保障及饮水安全 → rule, level, name in Chinese and English"""


_EXPENSE_NAMES: Final = {
    "medical": ("自付医疗支出", "Self-paid medical expense"),
    "schooling": ("就学支出", "Schooling expense"),
}


def medical(profile: Profile, policy: Policy, on: date) -> Outcome:
    """医疗支出过大: self-paid medical expense of twelve months above the limit of the household's group."""
    group = "monitored" if profile.lifted or profile.monitored else "general"
    return _expense(profile, policy, on, MEDICAL, "medical", f"expense.medical.{group}")


def schooling(profile: Profile, policy: Policy, on: date) -> Outcome:
    """就学支出过大: schooling expense of twelve months above the limit."""
    return _expense(profile, policy, on, SCHOOLING, "schooling", "expense.schooling")


def _expense(profile: Profile, policy: Policy, on: date, rule: str, kind: str, limit_name: str) -> Outcome:
    since = twelve_months_before(on)
    facts = tuple(fact for fact in profile.expenses if fact.data.get("kind") == kind and fact.on >= since)
    if not facts:
        return quiet(rule)
    total = sum((fact.amount or Decimal(0) for fact in facts), Decimal(0))
    limit = policy.at(limit_name, profile.path, on)
    if limit is None:
        return unknown(rule, limit_name, values={"total": str(total)})
    if total <= limit.value:
        return clear(rule, limit, values={"total": str(total), "limit": str(limit.value)})
    name_zh, name_en = _EXPENSE_NAMES[kind]
    return Outcome(
        rule,
        State.HOLDS,
        Level.ORANGE,
        values={"total": str(total), "limit": str(limit.value), "since": since.isoformat()},
        facts=ids(facts),
        policy=(limit,),
        zh=f"近 12 个月{name_zh} {yuan(total)} 元，超过 {yuan(limit.value)} 元",
        en=f"{name_en} of 12 months {yuan(total)} yuan, above {yuan(limit.value)}",
    )


def guarantee(profile: Profile, name: str) -> Outcome:
    """三保障及饮水安全未解决: a guarantee is reported and not solved."""
    rule, level, zh, en = GUARANTEES[name]
    facts = tuple(fact for fact in profile.conditions if fact.data.get("guarantee") == name)
    if not facts:
        return quiet(rule)
    return Outcome(
        rule,
        State.HOLDS,
        level,
        values={"open": str(len(facts))},
        facts=ids(facts),
        zh=f"{zh}问题尚未解决",
        en=f"Not solved: {en}",
    )


def stale(profile: Profile, policy: Policy, on: date) -> Outcome:
    """数据陈旧: a source that feeds this household is silent beyond its rhythm; marks the status, gives no level."""
    used: list[PolicyValue] = []
    silent: dict[str, str] = {}
    for source, last in profile.freshness.items():
        rhythm = policy.at(f"stale.{source}.months", profile.path, on)
        if rhythm is None:
            return unknown(STALE, f"stale.{source}.months")
        used.append(rhythm)
        if _months_between(last, on) > int(rhythm.value):
            silent[source] = last.isoformat()
    if not silent:
        return clear(STALE, *used)
    names = "、".join(f"{source}（{last}）" for source, last in sorted(silent.items()))
    return Outcome(
        STALE,
        State.HOLDS,
        values=silent,
        policy=tuple(used),
        zh=f"数据来源超期未更新：{names}",
        en="No news beyond the rhythm of the source: " + ", ".join(sorted(silent)),
    )


def _months_between(last: date, on: date) -> int:
    return (on.year - last.year) * 12 + on.month - last.month
