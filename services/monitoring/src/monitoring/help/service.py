"""Use cases of cause-matched help; none commits. Asking is an event of the received log, so a replay has it too."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from directory.people import today
from events.catalog.base import Event
from events.catalog.help import (
    HelpDeclined,
    HelpDeclinedV2,
    HelpProvided,
    HelpProvidedV2,
    HelpTaken,
    HelpTakenV2,
)
from events.catalog.households import RiskCause
from events.catalog.monitoring import (
    AlertRetracted,
    CaseAdvanced,
    CaseEliminated,
    HelpRequested,
    HelpRequestedV2,
    HelpWithdrawn,
    WithdrawReason,
)
from events.gate import gate_exclusive
from events.ids import derived_id, uuid7
from events.locks import locked
from events.log import NewEvent, append
from events.received import Received
from kit import policy
from kit.auth import Principal
from kit.clock import now
from kit.errors import Refusal

from ..alerts import queries as alerts
from ..alerts.rules.refusals import AlertEnded, AlertUnknown
from ..care import service as care
from ..cases import queries as cases
from ..cases.rules import State as CaseState
from ..cases.rules.refusals import CaseUnknown
from ..policy.queries import business_date
from ..received import receive_own
from . import queries
from .rules import DUE_DAYS, OFFERS, Answered, Fit, RequestState, causes_of, fitting
from .rules.refusals import CaseOver, HelpAsked, OfferMisses

ENDING: Final = (CaseAdvanced, CaseEliminated)
"""Steps that may end a case."""
_STATES: Final[Mapping[type[Event], RequestState]] = {
    HelpTaken: RequestState.TAKEN,
    HelpTakenV2: RequestState.TAKEN,
    HelpProvided: RequestState.PROVIDED,
    HelpProvidedV2: RequestState.PROVIDED,
    HelpDeclined: RequestState.DECLINED,
    HelpDeclinedV2: RequestState.DECLINED,
}
ANSWERS: Final = tuple(_STATES)
"""What departments answer, in every version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """帮扶需求: an alert or a case that help is asked for, and its causes."""

    household_id: UUID
    path: str
    region: str | None
    causes: tuple[str, ...]
    version: int
    alert_id: UUID | None = None
    case_id: UUID | None = None
    ended: bool = False


async def need_of_alert(tx: AsyncConnection, alert_id: UUID) -> Need:
    """What an alert asks help for.

    Raises:
        AlertUnknown: not there, or outside one's scope.
    """
    alert = await alerts.one(tx, alert_id)
    if alert is None:
        raise AlertUnknown
    case = await cases.standing(tx, alert.household_id)
    causes = causes_of(alert.rule, case.body["causes"] if case is not None else ())
    return Need(
        household_id=alert.household_id,
        path=alert.path,
        region=alert.region,
        causes=causes,
        version=alert.version,
        alert_id=alert_id,
        ended=alert.state != "open",
    )


async def need_of_case(tx: AsyncConnection, case_id: UUID) -> Need:
    """What a case asks help for.

    Raises:
        CaseUnknown: not there, or outside one's scope.
    """
    case = await cases.one(tx, case_id)
    if case is None:
        raise CaseUnknown
    return Need(
        household_id=case.household_id,
        path=case.path,
        region=case.region,
        causes=tuple(case.body["causes"]),
        version=case.version,
        case_id=case_id,
        ended=case.state == CaseState.REFUSED,
    )


async def offers(tx: AsyncConnection, need: Need) -> tuple[date | None, list[Fit], dict[str, Row[Any]]]:
    """The business date, what fits the need on it, and by offer what was last asked for the household."""
    on = await business_date(tx)
    fits = fitting(need.causes, await policy.load(tx), need.path, on) if on is not None else []
    last: dict[str, Row[Any]] = {}
    for row in await queries.of_household(tx, need.household_id):
        last.setdefault(row.offer, row)
    return on, fits, last


async def ask_for_alert(tx: AsyncConnection, alert_id: UUID, offer: str, who: Principal) -> Row[Any]:
    """Ask the department of an offer to help because of an alert; whoever holds the alert has acted on it.

    Raises:
        AlertUnknown, AlertEnded, OfferMisses, HelpAsked: as they say.
    """
    return await _ask(tx, lambda: need_of_alert(tx, alert_id), AlertEnded, offer, who)


async def ask_for_case(tx: AsyncConnection, case_id: UUID, offer: str, who: Principal) -> Row[Any]:
    """Ask the department of an offer to help because of a case.

    Raises:
        CaseUnknown, CaseOver, OfferMisses, HelpAsked: as they say.
    """
    return await _ask(tx, lambda: need_of_case(tx, case_id), CaseOver, offer, who)


async def _ask(
    tx: AsyncConnection, find: Callable[[], Awaitable[Need]], over: type[Refusal], offer: str, who: Principal
) -> Row[Any]:
    await gate_exclusive(tx)
    await locked(tx, [(await find()).household_id])
    # Read again: it may have ended while the household was locked.
    need = await find()
    if need.ended:
        raise over
    on = await today(tx)
    book = await policy.load(tx)
    fit = next((fit for fit in fitting(need.causes, book, need.path, on) if fit.offer == offer), None)
    if fit is None:
        raise OfferMisses
    known = await queries.of_household(tx, need.household_id)
    if any(row.offer == offer and row.withdrawn_on is None and RequestState(row.state).open for row in known):
        raise HelpAsked
    what, days = OFFERS[offer], book.at(DUE_DAYS, need.path, on)
    event = HelpRequestedV2(
        request_id=uuid7(),
        to=what.service,
        offer=offer,
        category=what.category.value,
        development=what.category.development,
        causes=tuple(map(RiskCause, fit.causes)),
        alert_id=need.alert_id,
        case_id=need.case_id,
        policy_version=fit.policy_version,
        due_on=None if days is None else on + timedelta(days=int(days.value)),
        business_date=on,
        version=need.version,
        officer=who.subject,
        path=need.path,
    )
    new = NewEvent(
        event=event,
        key=need.household_id,
        household_id=need.household_id,
        region=need.region,
        occurred_at=now(),
        fact_id=event.request_id,
    )
    [appended] = await append(tx, new)
    received = await receive_own(tx, appended.seq)
    await on_requested(tx, [received])
    await care.on_alert_handled(tx, [received])
    [row] = [row for row in await queries.of_household(tx, need.household_id) if row.id == event.request_id]
    return row


async def on_requested(tx: AsyncConnection, events: Sequence[Received[Any]]) -> None:
    """Write requests down, and withdraw those of cases that end, in the order of the received log."""
    for event in events:
        if isinstance(event.data, HelpRequested | HelpRequestedV2):
            await queries.add(tx, [_row(event)])
        elif reason := _ending(event.data):
            await _withdraw(tx, event.key, event.region, event.data.case_id, reason, event.data.business_date, event)


def _ending(step: Any) -> WithdrawReason | None:
    if isinstance(step, CaseEliminated):
        return WithdrawReason.CASE_ELIMINATED
    return WithdrawReason.CASE_REFUSED if step.state == CaseState.REFUSED else None


async def withdraw_of_alerts(tx: AsyncConnection, told: Sequence[NewEvent]) -> None:
    """Withdraw what was asked because of alerts that are retracted."""
    retracted = [(new, new.event) for new in told if isinstance(new.event, AlertRetracted)]
    asked = await queries.asked_for(tx, [event.alert_id for _, event in retracted]) if retracted else set()
    for new, event in retracted:
        if event.alert_id in asked and new.cause is not None:
            why = WithdrawReason.ALERT_RETRACTED
            await _withdraw(tx, new.key, new.region, event.alert_id, why, event.business_date, new.cause)


async def _withdraw(
    tx: AsyncConnection,
    household_id: UUID,
    region: str | None,
    ended: UUID,
    reason: WithdrawReason,
    on: date,
    cause: Received[Any],
) -> None:
    withdrawn = [
        NewEvent(
            event=HelpWithdrawn(request_id=row.id, to=row.service, reason=reason, business_date=on, path=row.path),
            key=household_id,
            household_id=household_id,
            region=region,
            occurred_at=cause.occurred_at,
            fact_id=derived_id("withdrawn", row.id),
            cause=cause,
        )
        for row in await queries.withdraw(tx, household_id, [ended], on)
    ]
    await append(tx, *withdrawn)


def _row(event: Received[HelpRequested | HelpRequestedV2]) -> dict[str, object]:
    data = event.data
    return {
        "id": data.request_id,
        "household_id": event.key,
        "path": data.path,
        "alert_id": data.alert_id,
        "case_id": data.case_id,
        "service": data.to,
        "offer": str(data.offer),
        "causes": [cause.value for cause in data.causes],
        "policy_version": data.policy_version,
        "asked_on": data.business_date,
        "asked_by": data.officer,
        "due_on": data.due_on,
        "state": RequestState.ASKED.value,
        "revision": event.revision,
        "number": event.number,
    }


async def on_answer(tx: AsyncConnection, events: Sequence[Received[Any]]) -> None:
    """Write what departments answered, the newest answer of each to each request."""
    newest: dict[tuple[UUID, str], Received[Any]] = {}
    for event in events:
        place = event.data.request_id, event.source
        if place not in newest or event.revision > newest[place].revision:
            newest[place] = event
    await queries.answer(tx, [_answered(event) for event in newest.values()])


def _answered(event: Received[Any]) -> Answered:
    data = event.data
    given: dict[str, Any] = {}
    state = _STATES[type(data)]
    if event.void:
        # What it rested on was taken back: the department still owes what was asked for.
        state = RequestState.ASKED if data.taken_on is None else RequestState.TAKEN
    elif state is RequestState.PROVIDED:
        given = {"reference": data.reference, "provided_on": data.provided_on}
    elif state is RequestState.DECLINED:
        given = {"reason": data.reason.value}
    return Answered(
        request_id=data.request_id,
        service=event.source,
        revision=event.revision,
        state=state,
        taken_on=data.taken_on,
        answered_on=data.business_date,
        answered_by=data.officer,
        number=event.number,
        **given,
    )


async def move(tx: AsyncConnection, moved: Mapping[UUID, str]) -> None:
    """Let requests follow their households to the new path."""
    if moved:
        await queries.move(tx, moved)
