"""Rules on income per head: the monitoring line, the one-to-one line, a drop, dependence on transfers."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from .model import Fact, Income, Level, Outcome, Policy, Profile, State, clear, percent, unknown, yuan

BELOW_LINE = "income.below_line"
BELOW_ONE_TO_ONE = "income.below_one_to_one"
DROP = "income.drop"
TRANSFER_DEPENDENT = "income.transfer_dependent"


def below_line(profile: Profile, policy: Policy, on: date) -> Outcome:
    """低于监测线: projected income per head under the monitoring line; the caller makes it red beside a cause."""
    income = profile.income
    if income is None:
        return unknown(BELOW_LINE, "income")
    line = policy.at("line.monitoring", profile.path, on)
    values = _figures(income)
    if line is None:
        return unknown(BELOW_LINE, "line.monitoring", values=values)
    if income.projected >= line.value:
        return clear(BELOW_LINE, line, values=values | {"line": str(line.value)})
    return Outcome(
        BELOW_LINE,
        State.HOLDS,
        Level.ORANGE,
        values=values | {"line": str(line.value)},
        facts=income.facts,
        policy=(line,),
        zh=f"家庭收入预计 {yuan(income.projected)} 元/人，低于监测线 {yuan(line.value)} 元",
        en=f"Projected income {yuan(income.projected)} yuan per person, under the monitoring line {yuan(line.value)}",
    )


def below_one_to_one(profile: Profile, policy: Policy, on: date) -> Outcome:
    """未落实一对一帮扶: a lifted or monitored household under the one-to-one line without an active helper."""
    if not (profile.lifted or profile.monitored):
        return clear(BELOW_ONE_TO_ONE, values={"applies": "no"})
    if profile.helpers:
        return clear(BELOW_ONE_TO_ONE, values={"helpers": str(len(profile.helpers))})
    if profile.income is None:
        return unknown(BELOW_ONE_TO_ONE, "income")
    line = policy.at("line.one_to_one", profile.path, on)
    values = _figures(profile.income)
    if line is None:
        return unknown(BELOW_ONE_TO_ONE, "line.one_to_one", values=values)
    projected = profile.income.projected
    if projected >= line.value:
        return clear(BELOW_ONE_TO_ONE, line, values=values | {"line": str(line.value)})
    return Outcome(
        BELOW_ONE_TO_ONE,
        State.HOLDS,
        Level.YELLOW,
        values=values | {"line": str(line.value), "helpers": "0"},
        facts=profile.income.facts,
        policy=(line,),
        zh=f"家庭收入预计 {yuan(projected)} 元/人，低于 {yuan(line.value)} 元，且无一对一帮扶责任人",
        en=f"Projected income {yuan(projected)} yuan per person, under {yuan(line.value)}, and no helper is assigned",
    )


def drop(profile: Profile, policy: Policy, on: date) -> Outcome:
    """收入骤降: projected income per head far under the last verified year."""
    if profile.income is None or not profile.years:
        return unknown(DROP, "income" if profile.income is None else "verified_year")
    limit = policy.at("income.drop.share", profile.path, on)
    year, projected = profile.years[-1], profile.income.projected
    values = {"projected": str(projected), "verified_year": str(year.per_head)}
    if limit is None:
        return unknown(DROP, "income.drop.share", values=values)
    if year.per_head <= 0 or projected > year.per_head * (1 - limit.value):
        return clear(DROP, limit, values=values)
    share = (year.per_head - projected) / year.per_head
    return Outcome(
        DROP,
        State.HOLDS,
        Level.YELLOW,
        values=values | {"drop": percent(share)},
        facts=_joined(year.fact, profile.income.facts),
        policy=(limit,),
        zh=f"家庭收入预计 {yuan(projected)} 元/人，比上一核实年度下降 {percent(share)}",
        en=f"Projected income {yuan(projected)} yuan per person, {percent(share)} under the last verified year",
    )


def transfer_dependent(profile: Profile, policy: Policy, on: date) -> Outcome:
    """转移性收入占比过高: more than half of the income is transfers, and the share rises year on year."""
    income = profile.income
    if income is None or income.transfer_share is None:
        return unknown(TRANSFER_DEPENDENT, "income")
    limit = policy.at("income.transfer.share", profile.path, on)
    share = income.transfer_share
    if limit is None:
        return unknown(TRANSFER_DEPENDENT, "income.transfer.share", values={"share": percent(share)})
    if share <= limit.value:
        return clear(TRANSFER_DEPENDENT, limit, values={"share": percent(share)})
    earlier = _earlier_share(profile, income)
    if earlier is None:
        return unknown(TRANSFER_DEPENDENT, "verified_year", limit, values={"share": percent(share)})
    if share <= earlier[1]:
        return clear(TRANSFER_DEPENDENT, limit, values={"share": percent(share), "earlier": percent(earlier[1])})
    return Outcome(
        TRANSFER_DEPENDENT,
        State.HOLDS,
        Level.YELLOW,
        values={"share": percent(share), "earlier": percent(earlier[1])},
        facts=_joined(earlier[0], income.facts),
        policy=(limit,),
        zh=f"转移性收入占比 {percent(share)}，高于 {percent(limit.value)} 且比上年上升",
        en=f"Transfers are {percent(share)} of income, above {percent(limit.value)} and more than the year before",
    )


def _earlier_share(profile: Profile, income: Income) -> tuple[Fact, Decimal] | None:
    """The last verified year that ended before the window began: a year compared with itself never rises."""
    for year in reversed(profile.years):
        ended = year.fact.data.get("window_to")
        if year.transfer_share is not None and isinstance(ended, str) and ended < income.window_from.isoformat():
            return year.fact, year.transfer_share
    return None


def _figures(income: Income) -> dict[str, str]:
    values = {
        "projected": str(income.projected),
        "published": str(income.published),
        "window": f"{income.window_from}/{income.window_to}",
    }
    if income.carried_months:
        values["carried_months"] = str(income.carried_months)
    if income.mixed:
        values["mixed"] = "yes"
    return values


def _joined(first: Fact, rest: tuple[UUID, ...]) -> tuple[UUID, ...]:
    return (first.id, *(fact for fact in rest if fact != first.id))
