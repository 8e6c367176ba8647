"""Routes of shadows: start, stop, and what each day would have been."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import StringConstraints
from sqlalchemy import Row

from kit.auth import Principal, needs
from kit.models import AnswerModel, Moment, RequestModel
from kit.paging import Page, Paging
from kit.route import TransactionRoute
from kit.running import Tx

from ..whatif.api import Area, AskedOut, Candidates, Values, WhatIfState, asked_values, shown_values
from . import queries, service
from .rules import ShadowUnknown

router = APIRouter(prefix="/v1", tags=["shadows 影子值"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("monitoring-policy:read"))]
Write = Annotated[Principal, Depends(needs("monitoring-policy:write"))]


class ShadowIn(RequestModel):
    """影子值和影子规则: watched every day as if they were in force; no household, alert or officer sees them."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    path: Area = "5301/"
    """which households"""
    values: Values = ()
    candidates: Candidates = ()
    """候选规则, by name (GET /v1/candidate-rules)"""


class ShadowOut(AnswerModel):
    """影子值和影子规则"""

    id: UUID
    title: str
    path: str
    values: list[AskedOut]
    candidates: list[str]
    started_by: str
    started_at: Moment
    stopped_at: Moment | None


class DayOut(AnswerModel):
    """每日差异: `before` is what is in force, `after` the same with the shadow's values and rules; without dwell."""

    id: UUID
    """the what-if of the day: its flips name the households"""
    day: date
    state: WhatIfState
    households: int
    """computed so far"""
    alerts_before: int
    """rules that hold on the day"""
    alerts_after: int
    flips: int
    """households that have another level or other rules"""
    came: int
    """of them, those that did not on the day before"""
    went: int
    """those that did on the day before and do no more"""
    shortfall_before: Decimal
    shortfall_after: Decimal


class TownshipOut(AnswerModel):
    """乡镇差异 of a day."""

    path: str
    flips: int
    """households that have another level or other rules"""
    came: int
    """of them, those that did not on the day before"""
    went: int
    """those that did on the day before and do no more"""
    more: dict[str, int]
    """rule → households for which it would hold besides"""
    fewer: dict[str, int]
    """rule → households for which it would hold no longer"""


@router.post("/shadows", status_code=201)
async def start_shadow(body: ShadowIn, tx: Tx, who: Write, response: Response) -> ShadowOut:
    """Watch values and candidate rules beside those in force, from the business date on, until they are stopped."""
    row = await service.start(
        tx,
        title=body.title,
        path=body.path,
        values=asked_values(body.values, "shadow"),
        candidates=body.candidates,
        paths=who.paths,
        by=who.subject,
    )
    response.headers["Location"] = f"/v1/shadows/{row.id}"
    return _shown(row)


@router.get("/shadows")
async def list_shadows(tx: Tx, who: Read, paging: Paging) -> Page[ShadowOut]:
    """Shadows of one's area, the newest first."""
    before = UUID(str(paging.after[0])) if paging.after else None
    rows = await queries.page(tx, before=before, limit=paging.limit)
    return paging.page(rows, show=_shown, place=lambda row: [str(row.id)])


@router.get("/shadows/{shadow_id}")
async def read_shadow(shadow_id: UUID, tx: Tx, who: Read) -> ShadowOut:
    """One shadow."""
    return _shown(await _known(tx, shadow_id))


@router.post("/shadows/{shadow_id}:stop")
async def stop_shadow(shadow_id: UUID, tx: Tx, who: Write) -> ShadowOut:
    """Watch it no longer; its days stay."""
    return _shown(await service.stop(tx, shadow_id))


@router.get("/shadows/{shadow_id}/days")
async def list_days(shadow_id: UUID, tx: Tx, who: Read, paging: Paging) -> Page[DayOut]:
    """What each business date would have been, the newest first."""
    await _known(tx, shadow_id)
    before = date.fromisoformat(str(paging.after[0])) if paging.after else None
    rows = await queries.days(tx, shadow_id, before=before, limit=paging.limit)
    return paging.page(rows, show=_day, place=lambda row: [row.day.isoformat()])


@router.get("/shadows/{shadow_id}/days/{day}/townships")
async def list_townships(shadow_id: UUID, day: date, tx: Tx, who: Read) -> list[TownshipOut]:
    """One day by township: how many households would come and go, and by which rules; only those with a difference."""
    await _known(tx, shadow_id)
    return [_township(row) for row in await queries.townships(tx, shadow_id, day)]


async def _known(tx: Tx, shadow_id: UUID) -> Row[Any]:
    row = await queries.one(tx, shadow_id)
    if row is None:
        raise ShadowUnknown
    return row


def _shown(row: Row[Any]) -> ShadowOut:
    told = {name: getattr(row, name) for name in ShadowOut.model_fields if name != "values"}
    return ShadowOut(**told, values=shown_values(row.values))


def _day(row: Row[Any]) -> DayOut:
    return DayOut(**{name: getattr(row, name) for name in DayOut.model_fields})


def _township(row: Row[Any]) -> TownshipOut:
    return TownshipOut(**{name: getattr(row, name) for name in TownshipOut.model_fields})
