"""The route of a household's trail."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from sqlalchemy import Row

from events.catalog.monitoring import RiskLevel
from kit.auth import Principal, needs
from kit.errors import NotFound
from kit.models import AnswerModel, Moment
from kit.paging import Page, Paging
from kit.route import TransactionRoute
from kit.running import Tx

from ..profile.views import profile
from . import queries

router = APIRouter(prefix="/v1", tags=["trail 全程追溯"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("risk:read"))]
What = Literal["fact", "level", "alert", "help", "delivery", "decision", "case", "dispatch"]


class Entry(AnswerModel):
    """追溯条目: one thing that happened; `id` finds it where it stands."""

    at: Moment
    what: What
    id: UUID
    """event of a fact, a level, an alert, help, a case, a decision; a delivery; a line of a work list"""
    kind: str
    level: RiskLevel | None
    state: str | None
    """of a case, verdict, holder of an alert, offer of help, state of a delivery, number in the chain of decisions"""
    who: str
    """service or account"""
    subject_id: UUID | None
    """fact, alert, case or request"""
    revision: int
    void: bool
    cause_id: UUID | None
    """event it follows from; of a delivery its target, of a work line its list"""
    trace_id: str | None


@router.get("/households/{household_id}/trail")
async def read_trail(household_id: UUID, tx: Tx, who: Read, paging: Paging) -> Page[Entry]:
    """Facts, levels, alerts, help, deliveries, decisions, cases and dispatch of a household, the newest first."""
    if await profile(tx, household_id) is None:
        raise NotFound
    place = paging.after
    before = (datetime.fromisoformat(str(place[0])), str(place[1]), UUID(str(place[2]))) if place else None
    rows = await queries.page(tx, household_id, before=before, limit=paging.limit)
    return paging.page(rows, show=_entry, place=lambda row: [row.at.isoformat(), row.what, str(row.id)])


def _entry(row: Row[Any]) -> Entry:
    given = {name: getattr(row, name) for name in Entry.model_fields if name != "trace_id"}
    return Entry(**given, trace_id=row.traceparent.split("-")[1] if row.traceparent else None)
