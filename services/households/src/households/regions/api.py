"""Routes of regions and the business date."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.base import RegionCode
from kit.auth import Principal, needs
from kit.database import Actor, begin
from kit.models import AnswerModel, RequestModel
from kit.paging import Page, Paging
from kit.route import TransactionRoute
from kit.running import Running, Tx, running

from ..duty import service as duty
from ..registry import service as registry
from . import service
from .rules import RegionUnknown

router = APIRouter(prefix="/v1", tags=["regions 区划"], route_class=TransactionRoute)

ReadRegions = Annotated[Principal, Depends(needs("regions:read"))]
WriteRegions = Annotated[Principal, Depends(needs("regions:write"))]
WriteBusinessDate = Annotated[Principal, Depends(needs("business-date:write"))]


class RegionIn(RequestModel):
    """区划: one row as the statistics bureau lists it."""

    code: str
    name: str
    level: str
    parent_code: str | None = None


class RegionOut(AnswerModel):
    """区划: a region as it stands from `valid_from`."""

    code: str
    name: str
    level: str
    parent_code: str | None
    path: str
    key_county: bool
    valid_from: date


class Imported(AnswerModel):
    """导入结果"""

    rows: int
    changed: int
    households_moved: int


class AdvanceTo(RequestModel):
    """业务日期推进"""

    to: date


class BusinessDate(AnswerModel):
    """业务日期: none before it was first set."""

    business_date: date | None


class Advanced(AnswerModel):
    """推进结果"""

    business_date: date
    days: int


_ROWS = TypeAdapter(list[RegionIn])
_ROW_SCHEMA = {"type": "array", "items": RegionIn.model_json_schema()}


@router.post(
    "/regions:import",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _ROW_SCHEMA}, "text/csv": {"schema": {"type": "string"}}},
        }
    },
)
async def import_regions(
    request: Request,
    who: WriteRegions,
    tx: Tx,
    valid_from: date,
    key_county: Annotated[list[RegionCode] | None, Query(max_length=50)] = None,
) -> Imported:
    """Take the list of regions, as CSV or JSON rows; what is unchanged publishes nothing.

    Checked whole before anything is written, then written in steps of 500 that stay when a later one fails; the same
    request again does the rest.

    Args:
        request: its body is the rows.
        who: needs regions:write.
        tx: the open transaction.
        valid_from: first day on which the changes stand.
        key_county: codes of the 乡村振兴重点帮扶县; left out, the flags stay as they are.
    """
    rows = _rows_of(await request.body(), request.headers.get("content-type", ""))
    flags = frozenset(key_county) if key_county is not None else None
    changes = await service.changes_of(tx, rows, valid_from=valid_from, key_counties=flags)
    held = running(request)
    for start in range(0, len(changes), service.REGIONS_AT_ONCE):
        async with _step(held, who) as step:
            await service.take_regions(step, changes[start : start + service.REGIONS_AT_ONCE])
    moved = await _move_households(held, who, changes)
    return Imported(rows=len(rows), changed=len(changes), households_moved=moved)


def _rows_of(body: bytes, content_type: str) -> list[service.RegionRow]:
    if content_type.startswith("text/csv"):
        return service.read_csv(body)
    try:
        return [service.RegionRow(**row.model_dump()) for row in _ROWS.validate_json(body)]
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False, include_context=False)
        raise RequestValidationError([{**fault, "loc": ("body", *fault["loc"])} for fault in faults]) from None


def _step(held: Running, who: Principal) -> AbstractAsyncContextManager[AsyncConnection]:
    actor = Actor(subject=who.subject, department=who.department)
    return begin(held.engine, who.paths, actor=actor, timeout_ms=held.settings.statement_timeout_ms)


async def _move_households(held: Running, who: Principal, changes: Sequence[service.Region]) -> int:
    paths = {region.code: region.path for region in changes if region.level == "village"}
    total = 0
    while paths:
        async with _step(held, who) as step:
            moved = await registry.follow_villages(step, paths)
            await duty.follow_villages(step, paths)
        if not moved:
            break
        total += moved
    return total


@router.get("/regions")
async def list_regions(
    who: ReadRegions,
    tx: Tx,
    paging: Paging,
    parent: RegionCode | None = None,
    level: Annotated[str | None, Query(pattern="^(city|county|township|village)$")] = None,
) -> Page[RegionOut]:
    """Regions as they stand now, in the order of their codes."""
    after = str(paging.after[0]) if paging.after else ""
    found = await service.regions_page(tx, parent_code=parent, level=level, after=after, limit=paging.limit)
    return paging.page(found, show=_region, place=lambda region: [region.code])


@router.get("/regions/{code}")
async def read_region(code: RegionCode, who: ReadRegions, tx: Tx, on: date | None = None) -> RegionOut:
    """A region as it stands now, or stood on a date."""
    region = await service.region_on(tx, code, on) if on else (await service.current_regions(tx, [code])).get(code)
    if region is None:
        raise RegionUnknown
    return _region(region)


@router.get("/business-date")
async def read_business_date(who: ReadRegions, tx: Tx) -> BusinessDate:
    """The platform's date."""
    return BusinessDate(business_date=await service.business_date(tx))


@router.post("/business-date:advance")
async def advance_business_date(body: AdvanceTo, who: WriteBusinessDate, tx: Tx) -> Advanced:
    """Move the platform's date forward, one event per day, none skipped."""
    days = await service.advance_business_date(tx, body.to)
    return Advanced(business_date=days[-1], days=len(days))


def _region(region: service.Region) -> RegionOut:
    return RegionOut(**asdict(region))
