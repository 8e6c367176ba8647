"""Use cases of requests; none commits. An answer is the next revision of the fact that the request is."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.base import Event
from events.catalog.help import DeclineReason, HelpDeclinedV2, HelpProvidedV2, HelpTakenV2
from events.catalog.households import MeasureCategory, RiskCause
from events.catalog.monitoring import HelpRequested, HelpRequestedV2, HelpWithdrawn
from events.locks import locked
from events.log import NewEvent, append
from events.received import Received
from kit.clock import now
from kit.etag import require_version

from ..people import today
from . import storage
from .rules import (
    Change,
    Given,
    HouseholdAwaited,
    NoSuchHelp,
    Request,
    RequestOver,
    RequestState,
    RequestUnknown,
    settled,
)

Finding = Callable[[AsyncConnection, Collection[UUID]], Awaitable[Sequence[Given]]]
"""Households → the facts of theirs that answer an offer, and those that did and were taken back."""


@dataclass(frozen=True, slots=True)
class Desk:
    """受理窗口 of a service: where its requests are, and which of its facts answer them."""

    service: str
    table: Table
    given: Finding


async def receive(tx: AsyncConnection, desk: Desk, events: Sequence[Received[HelpRequested | HelpRequestedV2]]) -> None:
    """Take in what this department is asked; the same request again is no other. The events' keys are locked."""
    mine = [event for event in events if event.data.to == desk.service]
    await storage.add(tx, desk.table, [_asked(event) for event in mine])
    if mine:
        await settle(tx, desk, [event.key for event in mine], cause=mine[-1])


async def withdraw(tx: AsyncConnection, desk: Desk, events: Sequence[Received[HelpWithdrawn]]) -> None:
    """What it was asked for is over: nobody owes an answer any more. The events' keys are locked."""
    on, changes = await today(tx), list[Change]()
    for request_id in dict.fromkeys(event.data.request_id for event in events if event.data.to == desk.service):
        before = await storage.one(tx, desk.table, request_id, to_change=True)
        if before is not None and before != (after := before.taken_back(on)):
            changes.append((before, after))
    if changes:
        await _write(tx, desk, changes, on, cause=events[-1])


def _asked(event: Received[HelpRequested | HelpRequestedV2]) -> Request:
    data = event.data
    return Request(
        id=data.request_id,
        version=event.revision,
        household_id=event.key,
        region=event.region,
        path=data.path,
        offer=data.offer,
        category=data.category,
        development=data.development,
        causes=data.causes,
        asked_on=data.business_date,
        asked_by=data.officer,
        due_on=data.due_on,
        state=RequestState.ASKED,
    )


async def settle(
    tx: AsyncConnection, desk: Desk, households: Collection[UUID | None], *, cause: Received[Any] | None = None
) -> None:
    """Facts of these households have changed, or may have: answer what they answer, open again what they no longer do.

    A fact that has no household yet is passed over; it comes here again when it has one.
    """
    family = await storage.families(tx, {id_ for id_ in households if id_ is not None})
    asked = await storage.of_households(tx, desk.table, family)
    if not asked:
        return
    await locked(tx, {request.household_id for request in asked})
    on = await today(tx)
    found = await storage.of_households(tx, desk.table, family, to_change=True)
    given = await desk.given(tx, family)
    changes: list[Change] = []
    for home in sorted({family[request.household_id] for request in found}):
        theirs = [fact for fact in given if family[fact.household_id] == home]
        requests = [request for request in found if family[request.household_id] == home]
        changes += settled(requests, theirs, on, desk.service)
    await _write(tx, desk, changes, on, cause=cause)


async def take(tx: AsyncConnection, desk: Desk, request_id: UUID, *, version: int, by: str) -> Request:
    """Take a request up.

    Raises:
        RequestUnknown, PreconditionFailed, HouseholdAwaited, RequestOver: as they say.
    """
    request, on = await _to_change(tx, desk, request_id, version)
    return await _changed(tx, desk, request, request.taken(on, by), on)


async def provide(
    tx: AsyncConnection, desk: Desk, request_id: UUID, *, reference: UUID, version: int, by: str
) -> Request:
    """Say which job, subsidy, loan, order, aid or claim of the household answers the request.

    Raises:
        RequestUnknown, PreconditionFailed, HouseholdAwaited, RequestOver, NoSuchHelp: as they say.
    """
    request, on = await _to_change(tx, desk, request_id, version)
    if not request.state.open:
        raise RequestOver
    family = await storage.families(tx, [request.household_id])
    for fact in await desk.given(tx, family):
        if fact.reference == reference and fact.fits(request):
            return await _changed(tx, desk, request, request.provided(fact, on, by), on)
    raise NoSuchHelp


async def decline(
    tx: AsyncConnection, desk: Desk, request_id: UUID, *, reason: DeclineReason, version: int, by: str
) -> Request:
    """Say that it will not be done, and why.

    Raises:
        RequestUnknown, PreconditionFailed, HouseholdAwaited, RequestOver: as they say.
    """
    request, on = await _to_change(tx, desk, request_id, version)
    return await _changed(tx, desk, request, request.declined(reason, on, by), on)


async def get_request(tx: AsyncConnection, desk: Desk, request_id: UUID) -> Request:
    """A request in scope.

    Raises:
        RequestUnknown: not there, or out of scope.
    """
    found = await storage.one(tx, desk.table, request_id)
    if found is None:
        raise RequestUnknown
    return found


async def _to_change(tx: AsyncConnection, desk: Desk, request_id: UUID, version: int) -> tuple[Request, date]:
    on = await today(tx)
    await locked(tx, [(await get_request(tx, desk, request_id)).household_id])
    request = await storage.one(tx, desk.table, request_id, to_change=True)
    if request is None:
        raise RequestUnknown
    require_version(request.version, version)
    if request.household_id not in await storage.numbers(tx, [request.household_id]):
        raise HouseholdAwaited
    return request, on


async def _changed(tx: AsyncConnection, desk: Desk, before: Request, after: Request, on: date) -> Request:
    await _write(tx, desk, [(before, after)], on)
    return after


async def _write(
    tx: AsyncConnection, desk: Desk, changes: Sequence[Change], on: date, *, cause: Received[Any] | None = None
) -> None:
    await storage.put(tx, desk.table, list({after.id: after for _, after in changes}.values()))
    told = [(before, after) for before, after in changes if before.version != after.version]
    await append(tx, *(_told(before, after, on, desk.service, cause) for before, after in told))


def _told(before: Request, after: Request, on: date, service: str, cause: Received[Any] | None) -> NewEvent:
    return NewEvent(
        event=_event(before, after, on, service),
        key=after.household_id,
        household_id=after.household_id,
        region=after.region,
        fact_id=after.id,
        revision=after.version,
        void=after.state.open and before.state is RequestState.PROVIDED,
        occurred_at=now(),
        cause=cause,
    )


def _event(before: Request, after: Request, on: date, service: str) -> Event:
    officer = {RequestState.TAKEN: after.taken_by, RequestState.ASKED: service}.get(after.state, after.closed_by)
    common = {
        "request_id": after.id,
        "offer": after.offer,
        "category": MeasureCategory(after.category),
        "development": after.development,
        "causes": tuple(map(RiskCause, after.causes)),
        "asked_on": after.asked_on,
        "taken_on": after.taken_on,
        "business_date": on,
        "officer": officer or service,
    }
    if after.state is RequestState.DECLINED:
        return HelpDeclinedV2(**common, reason=DeclineReason(after.reason or ""))
    fact = after if after.state is RequestState.PROVIDED else before
    if fact.reference is not None and fact.provided_on is not None:
        return HelpProvidedV2(**common, reference=fact.reference, provided_on=fact.provided_on)
    return HelpTakenV2(**common)
