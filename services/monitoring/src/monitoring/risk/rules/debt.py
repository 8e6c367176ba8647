"""Rules on debts: repayments that were missed, and instalments ahead that the household's means do not cover."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from .model import Level, Outcome, Policy, PolicyValue, Profile, RepaymentPlan, State, clear, ids, quiet, unknown, yuan

OVERDUE = "debt.overdue"
DUE_SOON = "debt.due_soon"

_A_DAY: Final = timedelta(days=1)


def overdue(profile: Profile, policy: Policy, on: date) -> Outcome:
    """贷款逾期: the oldest unpaid instalment, by its days overdue."""
    if not profile.overdue:
        return quiet(OVERDUE)
    oldest = min(profile.overdue, key=lambda fact: (fact.on, fact.id))
    total = sum((fact.amount or Decimal(0) for fact in profile.overdue), Decimal(0))
    values = {"due_on": oldest.on.isoformat(), "amount": str(total)}
    buckets = _buckets(profile, policy, on)
    if buckets is None:
        return unknown(OVERDUE, "debt.overdue", values=values)
    days = (on - oldest.on).days
    met = [bucket for bucket in buckets if days >= int(bucket[1].value)]
    ahead = [oldest.on + timedelta(days=int(value.value)) for _, value in buckets if days < int(value.value)]
    until = min(ahead, default=date.max)
    if not met:
        return clear(OVERDUE, until=until, values=values)
    level, value = max(met, key=lambda bucket: bucket[0])
    return Outcome(
        OVERDUE,
        State.HOLDS,
        level,
        values=values,
        facts=ids(profile.overdue),
        policy=(value,),
        zh=f"贷款逾期 {int(value.value)} 天以上（自 {oldest.on}），逾期金额 {yuan(total)} 元",
        en=f"Loan overdue by {int(value.value)} days or more (since {oldest.on}), {yuan(total)} yuan",
        until=until,
    )


def _buckets(profile: Profile, policy: Policy, on: date) -> list[tuple[Level, PolicyValue]] | None:
    """Each level with its days; None where one of them is not known."""
    found = []
    for level in (Level.YELLOW, Level.ORANGE, Level.RED):
        value = policy.at(f"debt.overdue.{level.wire}", profile.path, on)
        if value is None:
            return None
        found.append((level, value))
    return found


@dataclass(frozen=True, slots=True)
class _Claim:
    """An instalment that is ahead and not paid on a day; `paid_on`: the next day on which some of it will be."""

    due_on: date
    unpaid: Decimal
    plan: UUID
    paid_on: date


def due_soon(profile: Profile, policy: Policy, on: date) -> Outcome:
    """还款将到期且收入不足: instalments of the next days are more than the projected income of a month."""
    ahead = [claim for plan in profile.repayment_plans for claim in _claims(plan, on)]
    if not ahead:
        return quiet(DUE_SOON)
    days = policy.at("debt.due_soon.days", profile.path, on)
    if days is None:
        return replace(unknown(DUE_SOON, "debt.due_soon.days"), until=_until(ahead, on, 0))
    last = on + timedelta(days=int(days.value))
    near = [claim for claim in ahead if claim.due_on <= last]
    until = _until(ahead, on, int(days.value))
    if not near:
        return clear(DUE_SOON, days, until=until)
    return _against_means(profile, near, days, until)


def _against_means(profile: Profile, near: list[_Claim], days: PolicyValue, until: date) -> Outcome:
    total = sum((claim.unpaid for claim in near), Decimal(0))
    first = min(claim.due_on for claim in near)
    values = {"due_on": first.isoformat(), "due": str(total)}
    income = profile.income
    if income is None:
        return replace(unknown(DUE_SOON, "income", days, values=values), until=until)
    values["monthly_means"] = str(income.monthly_means)
    if total <= income.monthly_means:
        return clear(DUE_SOON, days, values=values, until=until)
    return Outcome(
        DUE_SOON,
        State.HOLDS,
        Level.YELLOW,
        values=values,
        facts=tuple(dict.fromkeys(claim.plan for claim in near)),
        policy=(days,),
        zh=f"{int(days.value)} 天内应还贷款 {yuan(total)} 元（最早 {first}），"
        f"预计月收入 {yuan(income.monthly_means)} 元",
        en=f"{yuan(total)} yuan of loans due within {int(days.value)} days (first on {first}), "
        f"projected income of a month {yuan(income.monthly_means)}",
        until=until,
    )


def _until(ahead: list[_Claim], on: date, days: int) -> date:
    """The day on which the next instalment comes into the window, or one in it leaves it or is paid."""
    last = on + timedelta(days=days)
    turns = [day for claim in ahead if claim.due_on <= last for day in (claim.due_on + _A_DAY, claim.paid_on)]
    if far := [claim.due_on for claim in ahead if claim.due_on > last]:
        turns.append(min(far) - timedelta(days=days))
    return min(turns)


def _claims(plan: RepaymentPlan, on: date) -> list[_Claim]:
    """What of a plan falls due on the day or later and was not paid on it, as the payments in it tell."""
    claims = []
    for instalment in plan.instalments:
        if instalment.due_on < on:
            continue
        unpaid = instalment.amount - sum([amount for day, amount in instalment.paid if day <= on])
        if unpaid > 0:
            paid_on = min((day for day, _ in instalment.paid if day > on), default=date.max)
            claims.append(_Claim(instalment.due_on, unpaid, plan.id, paid_on))
    return claims
