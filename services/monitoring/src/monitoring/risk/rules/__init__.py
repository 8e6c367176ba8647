"""All rules over one profile: pure functions of (profile, policy, business date).

A rule is a row in `RULES`; what it reads is in `model`, what it says is an `Outcome` with its evidence.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Final

from . import burdens, debt, income, market, work
from .model import (
    Fact,
    Income,
    Level,
    Outcome,
    Policy,
    PolicyValue,
    Profile,
    Spell,
    State,
    VerifiedYear,
    clear,
    unknown,
)
from .windows import next_month, twelve_months_before

__all__ = [
    "MARKS",
    "RULES",
    "Fact",
    "Income",
    "Level",
    "Outcome",
    "Policy",
    "PolicyValue",
    "Profile",
    "Spell",
    "State",
    "VerifiedYear",
    "clear",
    "evaluate",
    "next_month",
    "twelve_months_before",
    "unknown",
]

Rule = Callable[[Profile, Policy, date], Outcome]


def _guarantee(name: str, profile: Profile, policy: Policy, on: date) -> Outcome:
    return burdens.guarantee(profile, name)


RULES: Final[dict[str, Rule]] = {
    income.BELOW_LINE: income.below_line,
    income.BELOW_ONE_TO_ONE: income.below_one_to_one,
    income.DROP: income.drop,
    income.TRANSFER_DEPENDENT: income.transfer_dependent,
    work.JOB_LOST: work.job_lost,
    work.WAGE_MISSING: work.wage_missing,
    burdens.MEDICAL: burdens.medical,
    burdens.SCHOOLING: burdens.schooling,
    **{rule: partial(_guarantee, name) for name, (rule, *_) in burdens.GUARANTEES.items()},
    debt.OVERDUE: debt.overdue,
    debt.DUE_SOON: debt.due_soon,
    market.ORDER_LOST: market.order_lost,
    market.ONE_BUYER: market.one_buyer,
    burdens.STALE: burdens.stale,
}

_CAUSES: Final = ("work.", "expense.", "guarantee.", "debt.", "market.")
"""Rule groups that are a risk of their own: beside them an income under the line is red (云南: line and a risk)."""

MARKS: Final = frozenset({burdens.STALE})
"""Rules that mark the status and give neither level nor alert."""


def evaluate(profile: Profile, policy: Policy, on: date) -> tuple[Outcome, ...]:
    """What every rule says about the profile on a business date."""
    return tuple(_with_causes([rule(profile, policy, on) for rule in RULES.values()]))


def _with_causes(outcomes: list[Outcome]) -> Iterable[Outcome]:
    causes = [outcome.rule for outcome in outcomes if outcome.holds and outcome.rule.startswith(_CAUSES)]
    for outcome in outcomes:
        if outcome.rule == income.BELOW_LINE and outcome.holds and causes:
            yield _red(outcome, causes)
        else:
            yield outcome


def _red(outcome: Outcome, causes: list[str]) -> Outcome:
    return replace(
        outcome,
        level=Level.RED,
        values={**outcome.values, "causes": ",".join(causes)},
        zh=f"{outcome.zh}，并存在其他返贫风险",
        en=f"{outcome.en}, and another risk is present",
    )
