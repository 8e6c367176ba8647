"""Routes of dispatch: work lists, decisions on their lines, meetings held, minutes, and what was missed below."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field, StringConstraints
from sqlalchemy import Row

from events.catalog.monitoring import RiskLevel
from kit.auth import Principal, needs
from kit.models import AnswerModel, Moment, RequestModel
from kit.paging import Page, Paging
from kit.route import TransactionRoute
from kit.running import Tx

from ..policy.queries import business_date
from . import queries, service
from .minutes import Minutes, minutes_of
from .rules import Kind, Level, Resolution
from .rules.refusals import ListUnknown

router = APIRouter(prefix="/v1", tags=["dispatch 调度"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("dispatch:read"))]
Write = Annotated[Principal, Depends(needs("dispatch:write"))]
Account = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9._-]+$")]
MeetingState = Literal["open", "missed", "held", "held_late"]


class ListOut(AnswerModel):
    """调度清单: of one meeting."""

    id: UUID
    level: Level
    path: str
    period_from: date
    period_to: date
    made_on: date
    due_on: date | None
    """last day for the meeting; null where no policy sets it"""
    state: MeetingState
    held_on: date | None
    held_by: str | None
    attendees: int | None


class LineOut(AnswerModel):
    """清单事项, in the order of the list."""

    id: UUID
    place: int
    path: str
    kind: Kind
    what: str
    """rule of an alert, state of a case, name of a source"""
    subject_id: UUID | None
    household_id: UUID | None
    level: RiskLevel | None
    since: date | None
    due_on: date | None
    overdue: bool
    households: int
    resolution: Resolution | None
    responsible: str | None
    do_by: date | None
    decided_by: str | None
    decided_on: date | None
    decided_at: Moment | None


class Missed(AnswerModel):
    """漏开会议 one level below."""

    on: date | None
    count: int
    items: list[ListOut]


class DecisionIn(RequestModel):
    """研判决定"""

    resolution: Resolution
    responsible: Account | None = None
    """account of whoever does it"""
    do_by: date | None = None


class HeldIn(RequestModel):
    """召开情况"""

    attendees: Annotated[int, Field(ge=1, le=500)]
    held_on: date | None = None
    """the business date where it is left out"""


@router.get("/dispatch-lists")
async def list_lists(tx: Tx, who: Read, paging: Paging, level: Level | None = None) -> Page[ListOut]:
    """Work lists of one's area, the newest period first."""
    place = paging.after
    after = (date.fromisoformat(str(place[0])), UUID(str(place[1]))) if place else None
    rows = await queries.lists(tx, {"level": level}, after=after, limit=paging.limit)
    on = await business_date(tx)
    return paging.page(rows, show=lambda row: _list(row, on), place=lambda row: [str(row.period_from), str(row.id)])


@router.get("/dispatch-lists/{list_id}")
async def read_list(list_id: UUID, tx: Tx, who: Read) -> ListOut:
    """One work list."""
    return _list(await _known(tx, list_id), await business_date(tx))


@router.get("/dispatch-lists/{list_id}/lines")
async def list_lines(list_id: UUID, tx: Tx, who: Read) -> list[LineOut]:
    """Its lines: alerts by rank, cases at this step or late, silent sources."""
    await _known(tx, list_id)
    return [_line(row) for row in await queries.lines(tx, list_id)]


@router.post("/dispatch-lists/{list_id}/lines/{line_id}:decide")
async def decide_line(list_id: UUID, line_id: UUID, body: DecisionIn, tx: Tx, who: Write) -> LineOut:
    """Record what the meeting decided on a line."""
    return _line(await service.decide(tx, list_id, line_id, **dict(body), who=who))


@router.post("/dispatch-lists/{list_id}:hold")
async def hold_meeting(list_id: UUID, body: HeldIn, tx: Tx, who: Write) -> ListOut:
    """Say that the meeting was held; its decisions stand from then on."""
    row = await service.hold(tx, list_id, held_on=body.held_on, attendees=body.attendees, who=who)
    return _list(row, await business_date(tx))


@router.get("/dispatch-lists/{list_id}/minutes")
async def read_minutes(list_id: UUID, tx: Tx, who: Read) -> Minutes:
    """The minutes in counts: what stood on the list and what was decided."""
    row = await _known(tx, list_id)
    state = _state(row, await business_date(tx))
    return minutes_of(row, state == "held_late", await queries.counts(tx, list_id))


@router.get("/dispatch-missed")
async def list_missed(tx: Tx, who: Read) -> Missed:
    """Meetings of the areas right below one's own that are overdue."""
    on = await business_date(tx)
    rows = await queries.missed(tx, who.paths, on) if on else []
    return Missed(on=on, count=len(rows), items=[_list(row, on) for row in rows])


async def _known(tx: Tx, list_id: UUID) -> Row[Any]:
    row = await queries.one(tx, list_id)
    if row is None:
        raise ListUnknown
    return row


def _state(row: Row[Any], on: date | None) -> MeetingState:
    late = row.due_on is not None and (row.held_on or on or row.made_on) > row.due_on
    if row.held_on is not None:
        return "held_late" if late else "held"
    return "missed" if late else "open"


def _list(row: Row[Any], on: date | None) -> ListOut:
    given = {name: getattr(row, name) for name in ListOut.model_fields if name != "state"}
    return ListOut(**given, state=_state(row, on))


def _line(row: Row[Any]) -> LineOut:
    return LineOut(**{name: getattr(row, name) for name in LineOut.model_fields})
