"""What every service tells its operators about delivery: where an event is, what waits, dead letters, replay."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field

from events import deadletters, delivery

from .auth import Principal, needs
from .errors import Conflict, NotFound
from .models import AnswerModel, Moment, RequestModel
from .route import TransactionRoute
from .running import Tx, running

router = APIRouter(prefix="/v1", tags=["operations"], route_class=TransactionRoute)

Reader = Annotated[Principal, Depends(needs("operations:read"))]
Operator = Annotated[Principal, Depends(needs("operations:write"))]


class LoggedEvent(AnswerModel):
    """事件: an event as it stands in this service's log."""

    seq: int
    id: UUID
    type: str
    key: UUID
    household_id: UUID | None
    region: str | None
    fact_id: UUID | None
    revision: int
    void: bool
    occurred_at: Moment
    recorded_at: Moment
    correlation_id: UUID
    causation_id: UUID | None
    traceparent: str | None
    data: dict[str, Any]


class Listener(AnswerModel):
    """消费方: what one listener has confirmed; `outcome` is null while it has not."""

    consumer: str
    outcome: str | None
    at: Moment | None


class EventStatus(AnswerModel):
    """事件状态: in the log, on its topic, with whom."""

    event: LoggedEvent
    sent: bool
    taken: list[Listener]


class ReceivedStatus(AnswerModel):
    """接收状态: where an event of another service stands here."""

    state: str
    """applied, poison, parked, redriven, dismissed"""
    number: int | None = None
    source: str | None = None
    seq: int | None = None
    received_at: Moment | None = None
    cause: str | None = None


class Delivery(AnswerModel):
    """投递情况: events of this service that each listener has not confirmed yet."""

    outstanding: dict[str, int]


class DeadLetter(AnswerModel):
    """死信: an event that could not be handled, or waits behind one; without its payload."""

    id: UUID
    source: str
    seq: int
    key: UUID
    event_id: UUID | None
    event_type: str
    state: str
    cause: str | None
    written_at: Moment
    settled_at: Moment | None
    blocked_since: Moment | None
    redrive_requested_at: Moment | None


class Asked(AnswerModel):
    """已受理: how many keys the owning consumer will try again."""

    keys: int


class Replay(RequestModel):
    """重放: numbers of the event log to send again."""

    first: int = Field(ge=1)
    last: int = Field(ge=1)


class NotPoison(Conflict):
    """不是死信: only the event that could not be handled can be dismissed, not what waits behind it."""

    code = "not-poison"
    zh, en = "该事件不是待处理的死信", "this is no dead letter that waits"


class Page(RequestModel):
    """How to read the log onward."""

    after: int = Field(default=0, ge=0)
    limit: int = Field(default=100, ge=1, le=500)


@router.get("/events")
async def list_events(tx: Tx, who: Reader, page: Annotated[Page, Query()]) -> list[LoggedEvent]:
    """The log in its order, only as far as nothing can appear any more."""
    return [LoggedEvent(**row) for row in await delivery.page(tx, page.after, page.limit)]


@router.get("/events/{event_id}")
async def read_event(event_id: UUID, request: Request, tx: Tx, who: Reader) -> EventStatus:
    """Where an event of this service is."""
    event = await delivery.logged(tx, event_id)
    if event is None:
        raise NotFound
    taken = await delivery.taken(tx, running(request).settings.service, event["seq"])
    return EventStatus(
        event=LoggedEvent(**event),
        sent=await delivery.sent(tx, event["seq"]),
        taken=[Listener(consumer=t.consumer, outcome=t.outcome, at=t.at) for t in taken],
    )


@router.post("/events:replay", status_code=202)
async def replay_events(wanted: Replay, tx: Tx, who: Operator) -> None:
    """Send part of the log again; consumers drop what they have."""
    await delivery.rewind(tx, wanted.first, wanted.last)


@router.get("/received/{event_id}")
async def read_received(event_id: UUID, tx: Tx, who: Reader) -> ReceivedStatus:
    """Whether an event of another service has been handled here."""
    found = await delivery.received(tx, event_id)
    if found is None:
        raise NotFound
    return ReceivedStatus(**found)


@router.get("/delivery")
async def read_delivery(request: Request, tx: Tx, who: Reader) -> Delivery:
    """How much is still on its way to the listeners of this service."""
    return Delivery(outstanding=await delivery.outstanding(tx, running(request).settings.service))


class Letters(RequestModel):
    """Which dead letters to show."""

    waiting: bool = True


@router.get("/dead-letters")
async def list_dead_letters(tx: Tx, who: Reader, wanted: Annotated[Letters, Query()]) -> list[DeadLetter]:
    """Dead letters and what waits behind them."""
    return [DeadLetter(**row) for row in await deadletters.list_letters(tx, waiting_only=wanted.waiting)]


@router.post("/dead-letters:redrive", status_code=202)
async def redrive_all(tx: Tx, who: Operator) -> Asked:
    """Ask the consumer to try every blocked key again."""
    return Asked(keys=await deadletters.ask_redrive(tx, None))


@router.post("/dead-letters/{letter_id}:redrive", status_code=202)
async def redrive_one(letter_id: UUID, tx: Tx, who: Operator) -> Asked:
    """Ask the consumer to try this letter's key again."""
    keys = await deadletters.ask_redrive(tx, letter_id)
    if not keys:
        raise NotFound
    return Asked(keys=keys)


@router.post("/dead-letters/{letter_id}:dismiss", status_code=202)
async def dismiss_letter(letter_id: UUID, tx: Tx, who: Operator) -> None:
    """Give a dead letter up for good; what waits behind it is handled then."""
    if not await deadletters.dismiss(tx, letter_id):
        raise NotPoison
