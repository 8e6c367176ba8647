"""部门帮扶措施: which of the facts that departments tell are help, in the words of the national list (domain 1.8).

Whoever shows or judges help reads it here, so that no two listeners call one loan two things.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from . import employment, finance, help
from .base import Event
from .households import MeasureCategory as Category
from .households import RiskCause as Cause

DEVELOPMENT: Final = frozenset({Category.INDUSTRY, Category.EMPLOYMENT})
"""开发式帮扶措施: categories that let the family earn"""

ORGANISED: Final = frozenset({employment.WorkChannel.WORKSHOP, employment.WorkChannel.WORK_RELIEF})
"""帮扶车间, 以工代赈: jobs that are help by what they are.

Any other one a person may have found alone; it is help where the answer to a request names it. Public-welfare posts
tell of themselves.
"""

HELPED: Final = frozenset({"subsidy", "donated"})
"""财政补贴, 捐赠: who pays a premium where an insurance is help"""

_JOB: Final = (Cause.UNSTABLE_WORK, Cause.BUSINESS_FAILURE, Cause.DISASTER, Cause.ACCIDENT, Cause.OTHER)
_LOAN: Final = (Cause.BUSINESS_FAILURE, Cause.DISASTER)
_AID: Final[Mapping[str, tuple[Category, tuple[Cause, ...]]]] = {
    "illness": (Category.SOCIAL, (Cause.ILLNESS, Cause.DISABILITY)),
    "schooling": (Category.SOCIAL, (Cause.SCHOOLING,)),
    "relief": (Category.SOCIAL, (Cause.DISASTER, Cause.ACCIDENT, Cause.OTHER)),
    "housing": (Category.HOUSING, (Cause.HOUSING,)),
    "water": (Category.WATER, (Cause.WATER,)),
    "farming": (Category.INDUSTRY, (Cause.BUSINESS_FAILURE,)),
}
_INSURANCE: Final[Mapping[str, tuple[Category, tuple[Cause, ...]]]] = {
    "medical": (Category.HEALTH, (Cause.ILLNESS, Cause.ACCIDENT)),
    # Not 产业帮扶: what an insurer makes good lets nobody earn more, so it is no measure of development.
    "crop": (Category.FINANCE, (Cause.DISASTER,)),
    "local_crop": (Category.FINANCE, (Cause.DISASTER,)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """帮扶措施: help that a department's fact is.

    Attributes:
        reference: the job, loan, aid, policy or order; ends and answers to requests name it too.
        causes: 针对的风险 that it is meant to answer.
        started_on: the day it reached the household.
        completed_on: its last day, where the fact tells it; None where it runs, or its end is a fact of its own.
    """

    reference: UUID
    category: Category
    causes: tuple[Cause, ...]
    started_on: date
    completed_on: date | None = None

    @property
    def development(self) -> bool:
        """开发式帮扶措施 (产业, 就业)."""
        return self.category in DEVELOPMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """帮扶措施结束: what a fact of its own says of the end of a job or a loan."""

    reference: UUID
    on: date


Told = Given | Ended | None


def told_of_measure(event: Event, fact_id: UUID | None) -> Told:
    """What an event says of help; None where it is none, or not yet.

    Args:
        event: the newest revision of a fact.
        fact_id: of that fact.
    """
    read = _READ.get(type(event))
    return None if read is None or fact_id is None else read(event, fact_id)


def _job(job: employment.EmploymentStarted, spell_id: UUID) -> Told:
    if job.channel not in ORGANISED:
        return None
    return Given(reference=spell_id, category=Category.EMPLOYMENT, causes=_JOB, started_on=job.started_on)


def _post(post: employment.PublicPostTaken | employment.PublicPostEnded, _: UUID) -> Told:
    return Given(
        reference=post.spell_id,
        category=post.category,
        causes=post.causes,
        started_on=post.contract_from,
        completed_on=getattr(post, "ended_on", None),
    )


def _subsidy(subsidy: employment.SubsidyApproved, fact_id: UUID) -> Told:
    return Given(
        reference=fact_id,
        category=Category.EMPLOYMENT,
        causes=(Cause.UNSTABLE_WORK,),
        started_on=subsidy.approved_on,
        completed_on=subsidy.approved_on,
    )


def _loan(loan: finance.LoanDisbursed, _: UUID) -> Told:
    return Given(reference=loan.loan_id, category=Category.FINANCE, causes=_LOAN, started_on=loan.disbursed_on)


def _aid(aid: finance.AidGranted, _: UUID) -> Told:
    if aid.paid_on is None or aid.purpose not in _AID:
        return None
    category, causes = _AID[aid.purpose]
    return Given(
        reference=aid.application_id,
        category=category,
        causes=causes,
        started_on=aid.paid_on,
        completed_on=aid.paid_on,
    )


def _insurance(policy: finance.PolicyIssued, _: UUID) -> Told:
    if HELPED.isdisjoint(policy.payers) or policy.kind not in _INSURANCE:
        return None
    category, causes = _INSURANCE[policy.kind]
    return Given(
        reference=policy.policy_id,
        category=category,
        causes=causes,
        started_on=policy.starts_on,
        completed_on=policy.ends_on,
    )


def _answer(answer: help.HelpProvided | help.HelpProvidedV2, _: UUID) -> Told:
    return Given(
        reference=answer.reference, category=answer.category, causes=answer.causes, started_on=answer.provided_on
    )


_READ: Final[Mapping[type[Event], Callable[[Any, UUID], Told]]] = {
    employment.EmploymentStarted: _job,
    employment.EmploymentEnded: lambda end, _: Ended(reference=end.spell_id, on=end.ended_on),
    employment.PublicPostTaken: _post,
    employment.PublicPostEnded: _post,
    employment.SubsidyApproved: _subsidy,
    finance.LoanDisbursed: _loan,
    finance.LoanSettled: lambda end, _: Ended(reference=end.loan_id, on=end.settled_on),
    finance.AidGranted: _aid,
    finance.PolicyIssued: _insurance,
    help.HelpProvided: _answer,
    help.HelpProvidedV2: _answer,
}

FACTS: Final = tuple(_READ)
"""Events that tell of help, or of its end."""
