"""Whether a household is on the list, out of the steps of its case, and what help has reached it."""

from collections.abc import Iterable, Mapping
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
    "EmploymentStarted",
    "SubsidyApproved",
    "LoanDisbursed",
    "AidGranted",
    "PolicyIssued",
)
"""Kinds of fact that are help which has reached the household, where they name its category: not every job is help."""
ENDINGS: Final[Mapping[str, str]] = {"EmploymentEnded": "spell_id", "LoanSettled": "loan_id"}
"""Kind of fact that ends help which another fact told of → where it names that help."""
_ANSWER: Final = "HelpProvided"
"""Tells that a job, a loan or an aid is what was asked for; it is no other help than that."""


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


def referred(facts: Iterable[Fact]) -> frozenset[str]:
    """What the facts are about, as other facts name it: jobs, loans, aid, policies."""
    return frozenset(map(str, filter(None, (fact.data.get("reference") for fact in facts))))


def measures(facts: Iterable[Fact], ended: Mapping[str, date]) -> tuple[Measure, ...]:
    """帮扶措施: those that departments gave, asked to or not, and those that the case names, in their order.

    Args:
        facts: of the kinds `MEASURES`.
        ended: what is over of what they are about, and since when.
    """
    told = [fact for fact in facts if fact.kind == "CaseAdvanced" or "category" in fact.data]
    itself = referred(fact for fact in told if fact.kind != _ANSWER)
    asked: dict[str, list[str]] = {}
    for fact in told:
        if fact.kind == _ANSWER:
            asked.setdefault(str(fact.data.get("reference")), []).extend(_causes(fact))
    return tuple(
        _of_case(fact) if fact.kind == "CaseAdvanced" else _given(fact, asked, ended)
        for fact in told
        if fact.kind != _ANSWER or str(fact.data.get("reference")) not in itself
    )


def _given(fact: Fact, asked: Mapping[str, list[str]], ended: Mapping[str, date]) -> Measure:
    about = str(fact.data.get("reference"))
    causes = (*_causes(fact), *(asked.get(about, ()) if fact.kind != _ANSWER else ()))
    over = end_of(fact) or ended.get(about)
    development = fact.data["development"] is True
    return Measure(str(fact.data["category"]), tuple(dict.fromkeys(causes)), development, over, fact)


def _of_case(fact: Fact) -> Measure:
    category = Category(str(fact.data["measure"]))
    over: date | None = None
    return Measure(category.value, (str(fact.data["cause"]),), category.development, over, fact)


def _causes(fact: Fact) -> tuple[str, ...]:
    told = fact.data["causes"]
    return tuple(map(str, told)) if isinstance(told, list | tuple) else ()
