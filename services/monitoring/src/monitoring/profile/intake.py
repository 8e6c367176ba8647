"""Event → fact: what of an event the fold keeps, under which id and date. No name, index or free text is kept."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Final
from uuid import UUID

from events.catalog import employment, finance, help, households, monitoring, procurement
from events.catalog.base import Event
from events.catalog.measures import Given, told_of_measure
from events.ids import derived_id
from events.received import Received

from ..risk.rules import Fact

_FEN: Final = Decimal("0.01")


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


_ON: Final[Mapping[type[Event], Callable[[Any], date]]] = {
    households.HouseholdRegistered: lambda data: date.min,
    households.HouseholdUpdated: lambda data: date.min,
    households.HouseholdMerged: lambda data: date.min,
    households.HouseholdUnmerged: lambda data: date.min,
    households.PersonJoined: lambda data: data.since,
    households.PersonUpdated: lambda data: data.since,
    households.PersonLeft: lambda data: data.until,
    households.IncomeRecorded: lambda data: data.window_to,
    households.ConditionReported: lambda data: data.since,
    households.ConditionResolved: lambda data: data.resolved_on,
    households.ExpenseReported: lambda data: data.window_to,
    households.ShockReported: lambda data: data.happened_on,
    households.ShockResolved: lambda data: data.happened_on,
    households.MeasureStarted: lambda data: data.started_on,
    households.MeasureCompleted: lambda data: data.started_on,
    households.HelperAssigned: lambda data: data.since,
    households.HelperReleased: lambda data: data.until,
    households.BenefitPaid: lambda data: data.paid_on,
    households.DividendPaid: lambda data: data.paid_on,
    households.ContestRaised: lambda data: data.raised_on,
    households.ContestSettled: lambda data: data.settled_on,
    employment.EmploymentStarted: lambda data: data.started_on,
    employment.EmploymentEnded: lambda data: data.ended_on,
    employment.WagePaid: lambda data: _month(data.month),
    employment.WageMissed: lambda data: _month(data.month),
    employment.ZeroEmploymentFound: lambda data: data.found_on,
    employment.ZeroEmploymentCleared: lambda data: data.found_on,
    employment.PublicPostTaken: lambda data: data.contract_from,
    employment.PublicPostEnded: lambda data: data.contract_from,
    employment.SubsidyApproved: lambda data: data.approved_on,
    finance.LoanDisbursed: lambda data: data.disbursed_on,
    finance.LoanSettled: lambda data: data.settled_on,
    finance.AidGranted: lambda data: data.paid_on or data.granted_on,
    finance.PolicyIssued: lambda data: data.starts_on,
    finance.LoanOverdue: lambda data: data.due_on,
    finance.LoanCured: lambda data: data.cured_on,
    finance.LoanScheduled: lambda data: data.disbursed_on,
    finance.TransferPaid: lambda data: data.paid_on,
    finance.TransferReturned: lambda data: data.returned_on,
    finance.ClaimPaid: lambda data: data.paid_on,
    procurement.OrderCancelled: lambda data: data.cancelled_on,
    procurement.DeliveryRejected: lambda data: data.rejected_on,
    procurement.HouseholdSalePaid: lambda data: data.paid_on,
    help.HelpProvided: lambda data: data.provided_on,
    help.HelpProvidedV2: lambda data: data.provided_on,
}
"""Event → the day from which it says something about the household."""

FACTS: Final = tuple(_ON)
"""The events of other services that are folded."""

_STEP_ON: Final[Mapping[type[Event], Callable[[Any], date]]] = {
    # what happened to a family before the platform is not known: the clocks of help begin when its case is taken over
    monitoring.CaseListed: lambda data: data.business_date if data.ruled_on else data.identified_on,
    monitoring.CaseReentered: lambda data: data.business_date,
    monitoring.CaseEliminated: lambda data: data.eliminated_on,
    monitoring.CaseWithdrawn: lambda data: data.business_date,
    monitoring.CaseAdvanced: lambda data: data.business_date,
}
STEPS: Final = tuple(_STEP_ON)
"""Steps of a household's own case that are folded too, taken up in their place of the received log."""

_TRANSFER: Final = frozenset({"purpose", "counts_as_income", "first_month", "last_month"})
_POST: Final = frozenset({"category", "causes", "development", "post_id"})
_KEPT: Final[Mapping[type[Event], frozenset[str]]] = {
    households.HouseholdRegistered: frozenset(
        {"number", "region_code", "path", "household_type", "category", "risk_eliminated", "no_labour", "size"}
    ),
    households.HouseholdMerged: frozenset({"into_id"}),
    households.HouseholdUnmerged: frozenset({"from_id"}),
    households.PersonJoined: frozenset({"labour_skill", "in_school"}),
    households.PersonLeft: frozenset({"reason"}),
    households.HelperAssigned: frozenset({"assignment_id"}),
    finance.LoanOverdue: frozenset({"product"}),
    households.BenefitPaid: frozenset({"first_month", "last_month"}),
    households.DividendPaid: frozenset({"first_month", "last_month"}),
    procurement.HouseholdSalePaid: frozenset({"buyer_id"}),
    finance.LoanScheduled: frozenset({"product", "instalments"}),
    employment.PublicPostTaken: _POST,
    employment.PublicPostEnded: _POST | {"ended_on"},
    finance.TransferPaid: _TRANSFER,
    finance.TransferReturned: _TRANSFER,
    finance.ClaimPaid: frozenset({"kind"}),
    employment.SubsidyApproved: frozenset({"purpose"}),
    finance.LoanDisbursed: frozenset({"product"}),
    finance.LoanSettled: frozenset({"loan_id"}),
    finance.AidGranted: frozenset({"purpose"}),
    finance.PolicyIssued: frozenset({"kind"}),
    help.HelpProvided: frozenset({"category", "causes", "development"}),
    help.HelpProvidedV2: frozenset({"category", "causes", "development"}),
    monitoring.CaseListed: frozenset({"causes"}),
    monitoring.CaseReentered: frozenset({"causes"}),
    monitoring.CaseEliminated: frozenset(),
    monitoring.CaseWithdrawn: frozenset(),
    monitoring.CaseAdvanced: frozenset({"cause", "measure"}),
}
"""What is kept of events that carry more than the fold needs; of the others everything is."""


def fact_of(event: Received[Any]) -> Fact:
    """The fact an event carries."""
    data = event.data
    cls: type[Event] = type(data)
    amount = getattr(data, "amount", None)
    return Fact(
        id=_id(event),
        kind=data.event_name(),
        household_id=event.household_id,
        person_id=getattr(data, "person_id", None),
        revision=getattr(data, "aggregate_revision", event.revision),
        void=event.void,
        on=(_ON.get(cls) or _STEP_ON[cls])(data),
        # As the row keeps it: what is read again must not say 6800.00 where the event said 6800.
        amount=amount.quantize(_FEN) if isinstance(amount, Decimal) else None,
        data=data.model_dump(mode="json", include=_kept(cls), exclude={"person_id", "amount"}) | _help(event),
        received=event.number,
        event_id=event.id,
        source=event.source,
    )


def _help(event: Received[Any]) -> dict[str, Any]:
    """帮扶措施 that the fact is, if it is one."""
    told = told_of_measure(event.data, event.fact_id)
    if not isinstance(told, Given):
        return {}
    return {
        "category": told.category.value,
        "causes": [cause.value for cause in told.causes],
        "development": told.development,
        "reference": str(told.reference),
        "completed_on": None if told.completed_on is None else told.completed_on.isoformat(),
    }


@cache
def _kept(cls: type[Event]) -> set[str] | None:
    for known, fields in _KEPT.items():
        if issubclass(cls, known):
            return set(fields)
    return None


def _id(event: Received[Any]) -> UUID:
    """The id of the fact; aggregates are one fact each, in the revision of the aggregate."""
    data = event.data
    match data:
        case households.HouseholdRegistered():
            return derived_id("household", event.key)
        case households.PersonJoined():
            return derived_id("joined", event.key, data.person_id, data.since)
        case households.PersonLeft():
            return derived_id("left", event.key, data.person_id, data.aggregate_revision)
        case households.HelperAssigned():
            return derived_id("helper", data.assignment_id)
        case households.HelperReleased():
            return derived_id("helper released", data.assignment_id)
        case (
            monitoring.CaseListed()
            | monitoring.CaseAdvanced()
            | monitoring.CaseEliminated()
            | monitoring.CaseReentered()
            | monitoring.CaseWithdrawn()
        ):
            return derived_id("case step", data.case_id, data.version)
    return event.fact_id or event.id


def tells(event: Received[Any]) -> bool:
    """Whether the fold reads the event; of a case, the steps that put it on the list or off it, and measures."""
    return not isinstance(event.data, monitoring.CaseAdvanced) or event.data.measure is not None
