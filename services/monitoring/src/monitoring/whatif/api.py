"""Routes of what-ifs: ask, follow, read who flips and which alerts would come."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import Field, StringConstraints
from sqlalchemy import Row

from events.catalog.monitoring import RiskLevel
from events.ids import uuid7
from kit.auth import Principal, needs
from kit.models import AnswerModel, Moment, RequestModel
from kit.paging import Page, Paging
from kit.policy_book import Confidence, PolicyValue
from kit.route import TransactionRoute
from kit.running import Tx

from ..risk.rules import CANDIDATES, RULES, Candidate
from . import queries, service
from .rules import WhatIfUnknown

router = APIRouter(prefix="/v1", tags=["what-if 测算"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("monitoring-policy:read"))]
Write = Annotated[Principal, Depends(needs("monitoring-policy:write"))]

Name = Annotated[str, StringConstraints(max_length=80, pattern=r"^[a-z0-9_.]+$")]
Area = Annotated[str, Field(max_length=60)]
Candidates = Annotated[tuple[Name, ...], Field(max_length=10)]
WhatIfState = Literal["waiting", "running", "done", "cancelled"]


class AskedValue(RequestModel):
    """假设的政策值: as if it had been released; it wins where a released one of this place and start would."""

    name: Name
    path: Area = "5301/"
    valid_from: date
    valid_to: date | None = None
    value: Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=4)]


Values = Annotated[tuple[AskedValue, ...], Field(max_length=20)]


class WhatIfIn(RequestModel):
    """测算请求; without days about the business date alone."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    path: Area = "5301/"
    """which households"""
    first_on: date | None = None
    last_on: date | None = None
    values: Values = ()
    candidates: Candidates = ()
    """候选规则, as if they were in force"""


class AskedOut(AnswerModel):
    """假设的政策值"""

    name: str
    path: str
    valid_from: date
    valid_to: date | None
    value: Decimal


class Moved(AnswerModel):
    """等级变化户数"""

    before: RiskLevel
    after: RiskLevel
    households: int


class WhatIfOut(AnswerModel):
    """测算: `before` is as things are, `after` the same with the values and candidate rules asked about.

    Facts and policy are those known when it was asked; a household's level keeps its dwell in both.
    """

    id: UUID
    title: str
    path: str
    first_on: date
    last_on: date
    values: list[AskedOut]
    candidates: list[str]
    state: WhatIfState
    households: int
    """computed so far"""
    levels: list[Moved]
    """on the last day"""
    alerts_before: int
    alerts_after: int
    shortfall_before: Decimal
    """what families below the line lack to it on the last day, yuan a year"""
    shortfall_after: Decimal
    asked_by: str
    asked_at: Moment
    ended_at: Moment | None


class CandidateOut(AnswerModel):
    """候选规则: as code, deciding nothing."""

    name: str
    id: str
    """the rule in whose place it would stand, or a new one"""
    replaces: bool
    when: str
    clause: str
    reads: list[str]
    """policy values"""
    levels: list[RiskLevel]


class FlipOut(AnswerModel):
    """变化户"""

    household_id: UUID
    path: str
    level_before: RiskLevel
    level_after: RiskLevel
    since: date | None
    """first day on which the levels differ; null where only rules do"""
    more: list[str]
    """rules that hold under the values asked about only"""
    fewer: list[str]


class WeekOut(AnswerModel):
    """每周预警: alerts raised in a week of a township by a rule; those that hold on the first day count there."""

    path: str
    week: date
    rule: str
    before: int
    after: int


@router.get("/candidate-rules")
async def list_candidate_rules(who: Read) -> list[CandidateOut]:
    """Rules that can be tried before they decide anything."""
    return [_candidate(name, candidate) for name, candidate in CANDIDATES.items()]


@router.post("/what-ifs", status_code=201)
async def ask_what_if(body: WhatIfIn, tx: Tx, who: Write, response: Response) -> WhatIfOut:
    """Ask; the worker computes it, `state` says how far it is."""
    values = asked_values(body.values, "what-if")
    asked = {name: getattr(body, name) for name in ("title", "path", "first_on", "last_on", "candidates")}
    row = await service.ask(tx, **asked, values=values, paths=who.paths, by=who.subject)
    response.headers["Location"] = f"/v1/what-ifs/{row.id}"
    return await _shown(tx, row)


@router.get("/what-ifs")
async def list_what_ifs(tx: Tx, who: Read, paging: Paging) -> Page[WhatIfOut]:
    """What-ifs of one's area, the newest first, to be compared."""
    before = UUID(str(paging.after[0])) if paging.after else None
    rows = await queries.page(tx, before=before, limit=paging.limit)
    shown = {row.id: await _shown(tx, row) for row in rows}
    return paging.page(rows, show=lambda row: shown[row.id], place=lambda row: [str(row.id)])


@router.get("/what-ifs/{what_if_id}")
async def read_what_if(what_if_id: UUID, tx: Tx, who: Read) -> WhatIfOut:
    """One what-if with its sums so far."""
    return await _shown(tx, await _known(tx, what_if_id))


@router.post("/what-ifs/{what_if_id}:cancel")
async def cancel_what_if(what_if_id: UUID, tx: Tx, who: Write) -> WhatIfOut:
    """Stop it; what is computed stays."""
    return await _shown(tx, await service.cancel(tx, what_if_id))


@router.get("/what-ifs/{what_if_id}/flips")
async def list_flips(
    what_if_id: UUID,
    tx: Tx,
    who: Read,
    paging: Paging,
    level_before: RiskLevel | None = None,
    level_after: RiskLevel | None = None,
) -> Page[FlipOut]:
    """The households that would have another level or other rules."""
    await _known(tx, what_if_id)
    after = UUID(str(paging.after[0])) if paging.after else None
    wanted = {"level_before": level_before, "level_after": level_after}
    rows = await queries.flips(tx, what_if_id, after=after, limit=paging.limit, wanted=wanted)
    return paging.page(rows, show=_flip, place=lambda row: [str(row.household_id)])


@router.get("/what-ifs/{what_if_id}/weeks")
async def list_weeks(what_if_id: UUID, tx: Tx, who: Read, paging: Paging) -> Page[WeekOut]:
    """Alerts by week, township and rule under both."""
    await _known(tx, what_if_id)
    place = paging.after
    after = (date.fromisoformat(str(place[0])), str(place[1]), str(place[2])) if place else None
    rows = await queries.weeks(tx, what_if_id, after=after, limit=paging.limit)
    return paging.page(rows, show=_week, place=lambda row: [str(row.week), row.path, row.rule])


def asked_values(values: Sequence[AskedValue], why: str) -> list[PolicyValue]:
    """The values as policy; `why` stands in for document and clause."""
    marks: dict[str, Any] = {"document": why, "clause": why, "confidence": Confidence.UNVERIFIED}
    return [PolicyValue(id=uuid7(), **dict(value), **marks) for value in values]


def shown_values(values: Sequence[Mapping[str, Any]]) -> list[AskedOut]:
    """The values as they were asked about."""
    return [AskedOut(**{name: value[name] for name in AskedOut.model_fields}) for value in values]


async def _known(tx: Tx, what_if_id: UUID) -> Row[Any]:
    row = await queries.one(tx, what_if_id)
    if row is None:
        raise WhatIfUnknown
    return row


async def _shown(tx: Tx, row: Row[Any]) -> WhatIfOut:
    before, after = await queries.alerts(tx, row.id)
    told = {name: getattr(row, name) for name in WhatIfOut.model_fields if hasattr(row, name)}
    told["values"] = shown_values(row.values)
    told["levels"] = [
        {"before": key.partition(">")[0], "after": key.partition(">")[2], "households": count}
        for key, count in sorted(row.levels.items())
    ]
    return WhatIfOut(**told, alerts_before=before, alerts_after=after)


def _candidate(name: str, candidate: Candidate) -> CandidateOut:
    rule = candidate.rule
    return CandidateOut(
        name=name,
        id=candidate.id,
        replaces=candidate.id in RULES,
        when=rule.when,
        clause=rule.clause,
        reads=list(rule.reads),
        levels=[RiskLevel(level.wire) for level in rule.levels],
    )


def _flip(row: Row[Any]) -> FlipOut:
    return FlipOut(**{name: getattr(row, name) for name in FlipOut.model_fields})


def _week(row: Row[Any]) -> WeekOut:
    return WeekOut(**{name: getattr(row, name) for name in WeekOut.model_fields})
