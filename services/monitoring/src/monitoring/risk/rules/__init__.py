"""All rules over one profile: pure functions of (profile, policy, business date).

A rule is a row in `RULES`; what it reads is in `model`, what it says is an `Outcome` with its evidence.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from msgspec.structs import replace

from . import burdens, debt, income, market, shock, support, work
from .model import (
    Fact,
    Income,
    Instalment,
    Labour,
    Level,
    Listing,
    Measure,
    Outcome,
    Policy,
    PolicyValue,
    Profile,
    RepaymentPlan,
    Spell,
    State,
    VerifiedYear,
    clear,
    quiet,
    unknown,
)
from .windows import next_month, twelve_months_before

__all__ = [
    "CANDIDATES",
    "MARKS",
    "RULES",
    "Candidate",
    "Fact",
    "Income",
    "Instalment",
    "Labour",
    "Level",
    "Listing",
    "Measure",
    "Outcome",
    "Policy",
    "PolicyValue",
    "Profile",
    "RepaymentPlan",
    "Rule",
    "Rules",
    "Spell",
    "State",
    "VerifiedYear",
    "clear",
    "evaluate",
    "next_month",
    "quiet",
    "twelve_months_before",
    "unknown",
    "with_candidates",
    "with_causes",
    "without_causes",
]

Judge = Callable[[Profile, Policy, date], Outcome]

INCOME_SOURCES: Final = ("survey", "wages")
"""数据来源 of every income figure"""


@dataclass(frozen=True, slots=True)
class Rule:
    """监测规则: how it is judged, and what can be known of it beforehand.

    Attributes:
        levels: the levels it may give, lowest first; a rule that marks the status gives none.
        clause: 条款 of the plan that it serves, as docs/policy-coverage.md names it.
        reads: names of the policy values it reads, besides its dwell.
        fed_by: sources whose silence leaves it with old figures; empty = what it hears has no rhythm.
    """

    judge: Judge
    levels: tuple[Level, ...]
    clause: str
    reads: tuple[str, ...] = ()
    fed_by: tuple[str, ...] = ()

    @property
    def when(self) -> str:
        """规则说明: when it holds, in a sentence."""
        judge = self.judge.func if isinstance(self.judge, partial) else self.judge
        return (judge.__doc__ or "").partition("\n")[0]


def _guarantee(name: str, profile: Profile, policy: Policy, on: date) -> Outcome:
    """三保障及饮水安全未解决: a guarantee is reported and not solved."""
    return burdens.guarantee(profile, name)


_YELLOW, _ORANGE = (Level.YELLOW,), (Level.ORANGE,)

RULES: Final[dict[str, Rule]] = {
    income.BELOW_LINE: Rule(income.below_line, (Level.ORANGE, Level.RED), "G4", ("line.monitoring",), INCOME_SOURCES),
    income.BELOW_ONE_TO_ONE: Rule(income.below_one_to_one, _YELLOW, "G3", ("line.one_to_one",), INCOME_SOURCES),
    income.DROP: Rule(income.drop, _YELLOW, "G4", ("income.drop.share",), INCOME_SOURCES),
    income.TRANSFER_DEPENDENT: Rule(
        income.transfer_dependent, _YELLOW, "G8", ("income.transfer.share",), INCOME_SOURCES
    ),
    work.JOB_LOST: Rule(work.job_lost, (Level.YELLOW, Level.ORANGE), "§14", ("work.job_lost.days",)),
    work.WAGE_MISSING: Rule(work.wage_missing, _YELLOW, "§14", ("work.wage_missing.months",), ("wages",)),
    work.ZERO_EMPLOYMENT: Rule(work.zero_employment, _ORANGE, "§12"),
    burdens.MEDICAL: Rule(burdens.medical, _ORANGE, "G4", ("expense.medical.monitored", "expense.medical.general")),
    burdens.SCHOOLING: Rule(burdens.schooling, _ORANGE, "G4", ("expense.schooling",)),
    shock.DISASTER: Rule(shock.disaster, (Level.ORANGE, Level.RED), "G4"),
    shock.ACCIDENT: Rule(shock.accident, (Level.ORANGE, Level.RED), "G4"),
    **{rule: Rule(partial(_guarantee, name), (level,), "G4") for name, (rule, level, *_) in burdens.GUARANTEES.items()},
    debt.OVERDUE: Rule(
        debt.overdue,
        (Level.YELLOW, Level.ORANGE, Level.RED),
        "§22",
        ("debt.overdue.yellow", "debt.overdue.orange", "debt.overdue.red"),
    ),
    debt.DUE_SOON: Rule(debt.due_soon, _YELLOW, "§22", ("debt.due_soon.days",), INCOME_SOURCES),
    market.ORDER_LOST: Rule(market.order_lost, _YELLOW, "§3", ("market.order_lost.share",), INCOME_SOURCES),
    market.ONE_BUYER: Rule(market.one_buyer, _YELLOW, "§3", ("market.one_buyer.share",), INCOME_SOURCES),
    support.NO_MEASURE: Rule(support.no_measure, _YELLOW, "G3", (support.NO_MEASURE_DAYS,)),
    support.NO_DEVELOPMENT: Rule(support.no_development, _YELLOW, "G3", (support.NO_DEVELOPMENT_MONTHS,)),
    support.MISMATCH: Rule(support.mismatch, _YELLOW, "G3"),
    burdens.STALE: Rule(
        burdens.stale, (), "G4", tuple(f"stale.{source}.months" for source in INCOME_SOURCES), INCOME_SOURCES
    ),
}

Rules = Mapping[str, Rule]
"""Rules in force by id, in their order."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """候选规则: a rule as code that decides nothing; shadows and what-ifs judge it beside the rules in force.

    To put it in force, write its `rule` into `RULES` under its `id` (with a row in the rule table of the tests, a name
    and, where it is new, its dwell in the policy) and take it off `CANDIDATES`.

    Attributes:
        id: of the rule in whose place it would stand, or a new one; its outcomes carry it.
    """

    id: str
    rule: Rule


CANDIDATES: Final[dict[str, Candidate]] = {
    "work.wage_missing.by_lag": Candidate(
        work.WAGE_MISSING,
        Rule(work.wage_missing_by_lag, _YELLOW, "§14", ("work.wage_missing.months",), ("wages",)),
    ),
}
"""候选规则 by name"""


def with_candidates(names: Iterable[str]) -> Rules:
    """The rules as if some candidates were in force; of a name that is a candidate no more nothing is left to try."""
    chosen = (CANDIDATES[name] for name in names if name in CANDIDATES)
    return {**RULES, **{candidate.id: candidate.rule for candidate in chosen}}


_CAUSES: Final = ("work.", "expense.", "shock.", "guarantee.", "debt.", "market.")
"""Rule groups that are a risk of their own: beside them an income under the line is red (云南: line and a risk)."""

MARKS: Final = frozenset({burdens.STALE})
"""Rules that mark the status and give neither level nor alert."""


def evaluate(profile: Profile, policy: Policy, on: date, rules: Rules = RULES) -> tuple[Outcome, ...]:
    """What every rule says about the profile on a business date."""
    return with_causes([rule.judge(profile, policy, on) for rule in rules.values()])


def with_causes(outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """What every rule says in view of what the others say: an income under the line is red beside a risk."""
    below = next((outcome for outcome in outcomes if outcome.rule == income.BELOW_LINE), None)
    return tuple(_with_causes(outcomes)) if below is not None and below.holds else tuple(outcomes)


def without_causes(outcome: Outcome) -> Outcome:
    """What a rule says by itself: an income under the line is orange."""
    if outcome.rule != income.BELOW_LINE or "causes" not in outcome.values:
        return outcome
    values = {name: value for name, value in outcome.values.items() if name != "causes"}
    return replace(outcome, level=Level.ORANGE, values=values)


def _with_causes(outcomes: Sequence[Outcome]) -> Iterable[Outcome]:
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
