"""Whether a household is on the list, out of the steps of its case, and what help has reached it."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from ...cases.rules import Measure as Category
from ...risk.rules import Fact, Listing, Measure
from .relevance import end_of

MEASURES: Final = (
    "MeasureStarted",
    "MeasureCompleted",
    "CaseAdvanced",
    "HelpProvided",
    "PublicPostTaken",
    "PublicPostEnded",
)
"""Kinds of fact that are help which has reached the household."""


def listing(steps: Iterable[Fact]) -> Listing | None:
    """纳入监测对象: the stay on the list that the steps of the case, in their order, lead to."""
    stay: Listing | None = None
    causes: tuple[str, ...] = ()
    for step in sorted(steps, key=lambda fact: (fact.revision, fact.on)):
        match step.kind:
            case "CaseListed" | "CaseReentered":
                causes = _causes(step) or causes
                stay = Listing(stay.since if stay else step.on, causes, (step,))
            case "CaseEliminated" | "CaseWithdrawn":
                stay = None
    return stay


def measures(facts: Iterable[Fact]) -> tuple[Measure, ...]:
    """帮扶措施: those that departments gave, asked to or not, and those that the case names, in their order."""
    return tuple(_of_case(fact) if fact.kind == "CaseAdvanced" else _given(fact) for fact in facts)


def _given(fact: Fact) -> Measure:
    return Measure(str(fact.data["category"]), _causes(fact), fact.data["development"] is True, end_of(fact), fact)


def _of_case(fact: Fact) -> Measure:
    category = Category(str(fact.data["measure"]))
    over: date | None = None
    return Measure(category.value, (str(fact.data["cause"]),), category.development, over, fact)


def _causes(fact: Fact) -> tuple[str, ...]:
    told = fact.data["causes"]
    return tuple(map(str, told)) if isinstance(told, list | tuple) else ()
