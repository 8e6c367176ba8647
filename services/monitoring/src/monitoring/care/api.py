"""Routes of seeing alerts through: acknowledge, judge, put off, what is mine, how right the rules are."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from sqlalchemy import Row

from kit import policy
from kit.auth import Principal, needs
from kit.models import AnswerModel, RequestModel
from kit.route import TransactionRoute
from kit.running import Tx

from ..alerts import queries as alerts
from ..alerts.api import AlertOut, shower
from ..alerts.rules import Holder, Precision, SnoozeReason, Verdict, Waiting, ranked, week_of
from ..alerts.rules.refusals import AlertUnknown
from ..policy.queries import business_date
from . import queries, service

router = APIRouter(prefix="/v1", tags=["alerts 预警"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("alerts:read"))]
Write = Annotated[Principal, Depends(needs("alerts:write"))]


class FindingIn(RequestModel):
    """核实结论"""

    verdict: Verdict
    helped_on: date | None = None
    """first effective help, with the verdict helped"""
    duplicate_of: UUID | None = None
    """the original alert of the same household, with the verdict duplicate"""


class SnoozeIn(RequestModel):
    """暂缓"""

    until: date
    """last quiet day"""
    reason: SnoozeReason


class ActOut(AnswerModel):
    """处理记录: `applied` once the alert shows it, within a second."""

    number: int
    alert_id: UUID
    kind: Literal["acknowledged", "judged", "snoozed", "asked"]
    verdict: Verdict | None
    acted_on: date
    officer: str
    applied: bool


class MineItem(AnswerModel):
    """我的预警: its place; beyond the week's budget it is shown all the same."""

    rank: int
    within_budget: bool
    alert: AlertOut


class Mine(AnswerModel):
    """我的预警清单 of the business week."""

    week_from: date | None
    week_to: date | None
    budget: int | None
    """每周预警处理量 (policy `alerts.budget.week`); null = not set, everything is within it"""
    handled: int
    """alerts this officer did something about this week"""
    items: list[MineItem]


class PrecisionOut(AnswerModel):
    """预警准确率 of a rule, a source or an area."""

    part: str
    confirmed: int
    helped: int
    unfounded: int
    duplicate: int
    share: Decimal | None
    """(confirmed + helped) / (confirmed + helped + unfounded); null without verdicts"""


@router.post("/alerts/{alert_id}:acknowledge")
async def acknowledge_alert(alert_id: UUID, tx: Tx, who: Write) -> ActOut:
    """Take an alert up; the days of the level that holds it begin anew."""
    return _act(await service.acknowledge(tx, alert_id, who))


@router.post("/alerts/{alert_id}:judge")
async def judge_alert(alert_id: UUID, body: FindingIn, tx: Tx, who: Write) -> ActOut:
    """Say what was found: confirmed 属实, unfounded 不属实, helped 已帮扶, duplicate 重复."""
    return _act(await service.judge(tx, alert_id, service.Finding(**dict(body)), who))


@router.post("/alerts/{alert_id}:snooze")
async def snooze_alert(alert_id: UUID, body: SnoozeIn, tx: Tx, who: Write) -> ActOut:
    """Put an alert off; a rise of its level ends that."""
    return _act(await service.snooze(tx, alert_id, until=body.until, reason=body.reason, who=who))


@router.get("/alerts/{alert_id}/acts")
async def list_acts(alert_id: UUID, tx: Tx, who: Read) -> list[ActOut]:
    """What was done about an alert, oldest first."""
    if await alerts.one(tx, alert_id) is None:
        raise AlertUnknown
    return [_act(row) for row in await queries.of_alert(tx, alert_id)]


@router.get("/alerts/mine")
async def list_mine(tx: Tx, who: Read) -> Mine:
    """Open alerts that wait for the asking officer, first what is worth going for first; nothing is hidden."""
    on = await business_date(tx)
    duties = await alerts.duties(tx)
    areas = duties.of(who.subject)
    if on is None or not areas:
        return Mine(week_from=None, week_to=None, budget=None, handled=0, items=[])
    waiting = [
        row
        for row in await alerts.open_below(tx, areas, on)
        if duties.answers(who.subject, row.path, Holder(row.holder))
    ]
    first, last = week_of(on)
    limits = [value for area in areas if (value := (await policy.load(tx)).at("alerts.budget.week", area, on))]
    budget = max((int(limit.value) for limit in limits), default=None)
    handled = await queries.acted_on(tx, who.subject, first, last)
    return Mine(week_from=first, week_to=last, budget=budget, handled=handled, items=await _items(tx, waiting, budget))


async def _items(tx: Tx, rows: list[Row[Any]], budget: int | None) -> list[MineItem]:
    show = await shower(tx)
    worth = {rule: Precision.of(counts) for rule, counts in (await queries.verdicts(tx, by="rule", path="")).items()}
    by_id = {row.id: row for row in rows}
    order = ranked((_waiting(row) for row in rows), worth)
    return [
        MineItem(rank=rank, within_budget=budget is None or rank <= budget, alert=show(by_id[item.id]))
        for rank, item in enumerate(order, 1)
    ]


def _waiting(row: Row[Any]) -> Waiting:
    return Waiting(
        id=row.id,
        rule=row.rule,
        level=row.level,
        holder=Holder(row.holder),
        held_since=row.held_since,
        helped=row.helped_on is not None,
    )


@router.get("/precision")
async def read_precision(
    tx: Tx,
    who: Read,
    by: Literal["rule", "source", "area"] = "rule",
    path: Annotated[str, Query(max_length=60, pattern=r"^(\d+/)*$")] = "5301/",
) -> list[PrecisionOut]:
    """How often alerts were right, by rule, by source of the fact that opened them, or by area one level below."""
    found = await queries.verdicts(tx, by=by, path=path)
    return [_precision(part, Precision.of(counts)) for part, counts in found.items()]


def _precision(part: str, counted: Precision) -> PrecisionOut:
    counts = {verdict.value: getattr(counted, verdict.value) for verdict in Verdict}
    return PrecisionOut(part=part, share=counted.share, **counts)


def _act(row: Row[Any]) -> ActOut:
    return ActOut(**{name: getattr(row, name) for name in ActOut.model_fields})
