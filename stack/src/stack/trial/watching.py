"""Who watch the same reports: the platform's own step by some rules, and plain thresholds on what has come in."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Final
from uuid import UUID

from monitoring.alerts.rules import Change
from monitoring.policy.rules import World
from monitoring.profile.rules import Cause, Earnings, Household, Status, assess
from monitoring.risk.rules import RULES as IN_FORCE
from monitoring.risk.rules import Fact, Policy, Rules

from .reports import PATH, Report
from .truth import FIRST, LAST, months

RULES: Final = (
    "income.below_line",
    "work.job_lost",
    "work.wage_missing",
    "expense.medical",
    "debt.overdue",
    "guarantee.housing",
)
"""Of which the truth is drawn."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """预警: somebody is sent to the family on `raised`; nobody needs to go any more after `over`."""

    rule: str
    raised: date
    over: date = date.max


def platform(
    household: UUID,
    reports: Sequence[Report],
    policy: Policy,
    boundary: Callable[[date], date],
    rules: Rules = IN_FORCE,
) -> list[Alarm]:
    """The alerts of the platform: the reports of each day, then the day itself, by the live step."""
    status, earnings = Status(household), Earnings()
    facts: dict[UUID, Fact] = {}
    open_: dict[str, date] = {}
    alarms: list[Alarm] = []
    by_day = {day: [report.fact for report in told] for day, told in groupby(reports, lambda report: report.known)}
    for n in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=n)
        causes: list[Fact | None] = [*by_day.get(day, ())]
        if status.due_on <= day:
            causes.insert(0, None)
        for fact in causes:
            if fact is not None:
                facts[fact.id] = fact
            family = Household(household, facts.values(), earnings)
            cause = Cause(household) if fact is None else Cause(fact.event_id, fact.kind)
            status, steps = assess(status, family, World(n, day, policy, boundary(day)), cause, rules)
            for step in steps:
                rule = step.standing.rule
                if step.change is Change.RAISED:
                    open_[rule] = day
                elif step.change in (Change.CLOSED, Change.RETRACTED):
                    alarms.append(Alarm(rule, open_.pop(rule), day))
    return [*alarms, *(Alarm(rule, raised) for rule, raised in open_.items())]


def thresholds(reports: Sequence[Report], persons: int, policy: Policy) -> list[Alarm]:
    """What a spreadsheet with limits would say: every report that looks bad, and every silence taken for nothing."""
    alarms = list[Alarm]()
    for report in reports:
        match report.fact.kind:
            case "EmploymentEnded" if report.fact.revision == 1:
                alarms.append(Alarm("work.job_lost", report.known))
            case "LoanOverdue" if report.fact.revision == 1:
                alarms.append(Alarm("debt.overdue", report.known))
            case "ConditionReported" if report.fact.revision == 1:
                alarms.append(Alarm("guarantee.housing", report.known))
            case "WageMissed" if report.fact.revision == 1:
                alarms.append(Alarm("work.wage_missing", report.known))
    alarms += _large_bills(reports, policy)
    return alarms + list(_small_sums(reports, persons, policy))


def _large_bills(reports: Sequence[Report], policy: Policy) -> Iterator[Alarm]:
    total = Decimal(0)
    for report in reports:
        if report.fact.kind == "ExpenseReported" and report.fact.revision == 1:
            total += report.fact.amount or 0
            limit = policy.at("expense.medical.monitored", PATH, report.known)
            if limit is not None and total > limit.value:
                yield Alarm("expense.medical", report.known)


def _small_sums(reports: Sequence[Report], persons: int, policy: Policy) -> Iterator[Alarm]:
    """Each month: the wages that came for the twelve months before and what else the survey told, against the line."""
    survey = next(report.fact for report in reports if report.fact.kind == "IncomeRecorded")
    other = Decimal(str(survey.data["business"]))
    under = False
    for month in months(FIRST, LAST):
        today = month + timedelta(days=14)
        known = {r.fact.id: r.fact for r in reports if r.known <= today and r.fact.kind == "WagePaid"}
        since = month.replace(year=month.year - 1)
        wages = sum((fact.amount or Decimal(0) for fact in known.values() if since <= fact.on < month), Decimal(0))
        line = policy.at("line.monitoring", PATH, today)
        was, under = under, line is not None and (wages + other) / persons < line.value
        if under and not was:
            yield Alarm("income.below_line", today)
