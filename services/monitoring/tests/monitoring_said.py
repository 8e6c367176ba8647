"""One rule at a time over a profile made by hand, for tests of all that it says."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from monitoring_facts import CHILD, EARNER, HOUSEHOLD, PATH, SPOUSE, TODAY, fact, seeds

from kit.policy import PolicyValue
from monitoring.risk.rules import RULES, Fact, Income, Level, Outcome, Profile, RepaymentPlan, State

FIRST, LAST = date(2022, 10, 1), date(2023, 9, 30)
SOURCE = fact("IncomeRecorded", LAST)


def profile(**given: Any) -> Profile:
    told: dict[str, Any] = {"lifted": True, "monitored": False, "members": frozenset({EARNER, SPOUSE, CHILD})} | given
    return Profile(HOUSEHOLD, "5301280001", PATH, "530128104201", **told)


def earning(projected: str, **given: Any) -> Income:
    amount = Decimal(projected)
    told: dict[str, Any] = {
        "published": amount + 1, "comparison": amount, "transfer_share": Decimal("0.1"), "business": Decimal(18_000),
        "gross": Decimal(20_000), "net": amount * 4, "persons": 4, "monthly_means": Decimal("1000.00"),
        "facts": (SOURCE.id,),
    } | given  # fmt: skip
    return Income(FIRST, LAST, projected=amount, **told)


def value(name: str) -> PolicyValue:
    found = seeds().at(name, PATH, TODAY)
    assert found is not None
    return found


def said(rule: str, known: Profile, on: date = TODAY, without: str = "") -> Outcome:
    return RULES[rule].judge(known, seeds(without=without), on)


def held(rule: str, level: Level, *policy: str, facts: Iterable[Fact | RepaymentPlan] = (), **told: Any) -> Outcome:
    known, evidence = tuple(map(value, policy)), tuple(fact.id for fact in facts)
    return Outcome(rule, State.HOLDS, level, policy=known, facts=evidence, **told)


def not_met(rule: str, *policy: str, values: Mapping[str, str] | None = None, until: date = date.max) -> Outcome:
    return Outcome(rule, State.CLEAR, values=values or {}, policy=tuple(map(value, policy)), until=until)


def not_known(rule: str, missing: str, *policy: str, values: Mapping[str, str] | None = None) -> Outcome:
    known = tuple(map(value, policy))
    return Outcome(rule, State.UNKNOWN, Level.UNKNOWN, values=values or {}, policy=known, missing=missing)
