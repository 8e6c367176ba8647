"""Routes of alerts: the list, one alert, and the live stream of an officer's area."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from sqlalchemy import Row

from events.catalog.monitoring import RiskLevel
from events.tail import settled
from kit import feed
from kit.auth import Principal, needs
from kit.errors import NotFound
from kit.models import AnswerModel, Moment
from kit.paging import Page, Paging
from kit.route import TransactionRoute
from kit.running import Tx, running

from . import queries
from .stream import shown
from .texts import LEVEL_NAMES, RULE_NAMES

router = APIRouter(prefix="/v1", tags=["alerts 预警"], route_class=TransactionRoute)
live = APIRouter(prefix="/v1", tags=["alerts 预警"])
"""A stream has no transaction: it would stay open for hours."""

Read = Annotated[Principal, Depends(needs("alerts:read"))]
State = Literal["open", "closed", "retracted"]


class Words(AnswerModel):
    """文字: the same in Chinese and English."""

    zh: str
    en: str


class AlertOut(AnswerModel):
    """预警: as it stands after its last change."""

    id: UUID
    household_id: UUID
    path: str
    region_code: str
    rule: str
    rule_name: Words
    level: RiskLevel
    level_text: Words
    state: State
    version: int
    reason: Words
    policy_version: str | None
    opened_on: date
    opening_event: UUID
    raised_at: Moment
    changed_on: date
    changed_event: UUID
    changed_at: Moment


@router.get("/alerts")
async def list_alerts(
    tx: Tx,
    who: Read,
    paging: Paging,
    state: State | None = None,
    level: RiskLevel | None = None,
    rule: Annotated[str | None, Query(max_length=60, pattern=r"^[a-z_.]+$")] = None,
    household_id: UUID | None = None,
    path: Annotated[str, Query(max_length=60, pattern=r"^(\d+/)*$")] = "",
) -> Page[AlertOut]:
    """Alerts, the one changed last first."""
    before = (int(str(paging.after[0])), UUID(str(paging.after[1]))) if paging.after else None
    filters = {"state": state, "level": level, "rule": rule, "household_id": household_id}
    rows = await queries.newest(tx, filters, path=path, before=before, limit=paging.limit)
    return paging.page(rows, show=_alert, place=lambda row: [row.number, str(row.id)])


@live.get("/alerts/stream", response_class=StreamingResponse)
async def stream_alerts(
    request: Request, who: Read, after: Annotated[int | None, Depends(feed.last_event_id)]
) -> StreamingResponse:
    """Alerts of one's area as they are raised, escalated, retracted and closed; resumes behind Last-Event-ID."""
    engine = running(request).engine
    start = after if after is not None else await settled(engine)
    return feed.stream(feed.log_source(engine, shown), after=start, paths=who.paths)


@router.get("/alerts/{alert_id}")
async def read_alert(alert_id: UUID, tx: Tx, who: Read) -> AlertOut:
    """One alert."""
    row = await queries.one(tx, alert_id)
    if row is None:
        raise NotFound
    return _alert(row)


def _alert(row: Row[Any]) -> AlertOut:
    rule, level = RULE_NAMES[row.rule], LEVEL_NAMES[row.level]
    given = {name: getattr(row, name) for name in AlertOut.model_fields if hasattr(row, name)}
    return AlertOut(
        **given,
        region_code=row.region,
        rule_name=Words(zh=rule[0], en=rule[1]),
        level_text=Words(zh=level[0], en=level[1]),
        reason=Words(zh=row.reason_zh, en=row.reason_en),
    )
