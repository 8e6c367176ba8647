"""Routes of alerts: the list, one alert, and the live stream of an officer's area."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from sqlalchemy import Row

from events.catalog.monitoring import RiskLevel
from events.tail import settled
from kit import feed, policy
from kit.auth import Principal, needs
from kit.errors import NotFound
from kit.models import AnswerModel, Moment
from kit.paging import Page, Paging
from kit.route import TransactionRoute
from kit.running import Tx, running

from ..help import queries as help_queries
from ..help.models import HelpOut
from ..help.models import shown as help_shown
from ..policy.queries import business_date
from . import queries
from .rules import HelpState, Holder, SnoozeReason, Verdict, help_due, help_state
from .stream import Live, Wanted
from .texts import LEVEL_NAMES, RULE_NAMES

router = APIRouter(prefix="/v1", tags=["alerts 预警"], route_class=TransactionRoute)
live = APIRouter(prefix="/v1", tags=["alerts 预警"])
"""A stream has no transaction: it would stay open for hours."""

Read = Annotated[Principal, Depends(needs("alerts:read"))]
State = Literal["open", "closed", "retracted"]
RuleName = Annotated[str, Query(max_length=60, pattern=r"^[a-z_.]+$")]
Below = Annotated[str, Query(max_length=60, pattern=r"^(\d+/)*$")]


class Words(AnswerModel):
    """文字: the same in Chinese and English."""

    zh: str
    en: str


class HelpClock(AnswerModel):
    """帮扶时限: alert → first effective help, calendar days."""

    due: date | None
    helped_on: date | None
    state: HelpState


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
    source: str
    """the service whose fact opened it; `clock` where a day passed or policy changed"""
    holder: Holder
    held_since: date
    acknowledged_on: date | None
    verdict: Verdict | None
    snoozed_until: date | None
    snooze_reason: SnoozeReason | None
    merged_into: str | None
    """rule of the same household whose alert is the original"""
    help: HelpClock


class AlertDetail(AlertOut):
    """预警详情: also who has the ball, and which help was asked for."""

    officers: list[str]
    """accounts on duty at the level that holds it, or at the next one above where nobody is"""
    requests: list[HelpOut]
    """帮扶请求 made because of it, the newest first"""


@router.get("/alerts")
async def list_alerts(
    tx: Tx,
    who: Read,
    paging: Paging,
    state: State | None = None,
    level: RiskLevel | None = None,
    rule: RuleName | None = None,
    household_id: UUID | None = None,
    holder: Holder | None = None,
    path: Below = "",
) -> Page[AlertOut]:
    """Alerts, the one changed last first."""
    before = (int(str(paging.after[0])), UUID(str(paging.after[1]))) if paging.after else None
    filters = {"state": state, "level": level, "rule": rule, "household_id": household_id, "holder": holder}
    rows = await queries.newest(tx, filters, path=path, before=before, limit=paging.limit)
    show = await shower(tx)
    return paging.page(rows, show=show, place=lambda row: [row.number, str(row.id)])


@live.get("/alerts/stream", response_class=StreamingResponse)
async def stream_alerts(
    request: Request,
    who: Read,
    after: Annotated[int | None, Depends(feed.last_event_id)],
    view: Literal["mine", "area"] | None = None,
    level: RiskLevel | None = None,
    rule: RuleName | None = None,
    path: Below = "",
) -> StreamingResponse:
    """Alerts as they change and what is done about them; resumes behind Last-Event-ID.

    An officer on duty sees what is his (`view=mine`), everybody else the own area (`view=area`); `level` and higher.
    """
    engine = running(request).engine
    start = after if after is not None else await settled(engine)
    if view is None:
        async with engine.connect() as connection:
            view = "mine" if (await queries.duties(connection)).of(who.subject) else "area"
    officer = who.subject if view == "mine" else None
    wanted = Wanted(officer=officer, path=path, level=level.value if level else None, rule=rule)
    streams: Live = request.app.state.live
    return feed.stream(streams.source(wanted), after=start, paths=who.paths)


@router.get("/alerts/{alert_id}")
async def read_alert(alert_id: UUID, tx: Tx, who: Read) -> AlertDetail:
    """One alert, who has the ball, and which help was asked for."""
    row = await queries.one(tx, alert_id)
    if row is None:
        raise NotFound
    show = await shower(tx)
    officers = (await queries.duties(tx)).officers(row.path, Holder(row.holder))
    on = await business_date(tx)
    asked = [help_shown(r, on) for r in await help_queries.of_household(tx, row.household_id) if r.alert_id == row.id]
    return AlertDetail(**dict(show(row)), officers=sorted(officers), requests=asked)


async def shower(tx: Tx) -> Callable[[Row[Any]], AlertOut]:
    """What shows a row, under the policy and on the day of this request."""
    book, on = await policy.load(tx), await business_date(tx)

    def show(row: Row[Any]) -> AlertOut:
        return _alert(row, _help(row, book, on))

    return show


def _help(row: Row[Any], book: policy.PolicyBook, on: date | None) -> HelpClock:
    days = book.at("help.days", row.path, row.opened_on)
    due = help_due(row.opened_on, None if days is None else int(days.value))
    state = help_state(due=due, helped_on=row.helped_on, open_=row.state == "open", verdict=row.verdict, on=on)
    return HelpClock(due=due, helped_on=row.helped_on, state=state)


def _alert(row: Row[Any], clock: HelpClock) -> AlertOut:
    rule, level = RULE_NAMES[row.rule], LEVEL_NAMES[row.level]
    given = {name: getattr(row, name) for name in AlertOut.model_fields if hasattr(row, name)}
    return AlertOut(
        **given,
        region_code=row.region,
        rule_name=Words(zh=rule[0], en=rule[1]),
        level_text=Words(zh=level[0], en=level[1]),
        reason=Words(zh=row.reason_zh, en=row.reason_en),
        help=clock,
    )
