"""Routes of shocks."""

from dataclasses import asdict
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from events.catalog.base import Money
from events.catalog.households import DisasterKind, ShockKind
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.models import AnswerModel, Moment, RequestModel
from kit.route import AuditedRoute, TransactionRoute
from kit.running import Tx

from ..regions import service as regions
from ..registry import service as registry
from . import service

router = APIRouter(prefix="/v1", tags=["shocks 突发事件"], route_class=TransactionRoute)
audited = APIRouter(prefix="/v1", tags=["shocks 突发事件"], route_class=AuditedRoute)

Read = Annotated[Principal, Depends(needs("conditions:read"))]
Write = Annotated[Principal, Depends(needs("conditions:write"))]


class ShockPut(RequestModel):
    """受损情况: whether what the family lives on is lost, and what was lost, yuan, where it is assessed."""

    means_lost: bool
    loss: Money | None = None
    disaster: DisasterKind | None = None


class ShockIn(ShockPut):
    """突发事件: a disaster with its kind, or an accident."""

    kind: ShockKind
    happened_on: date


class Resolution(RequestModel):
    """影响消除"""

    resolved_on: date


class ShockOut(AnswerModel):
    """突发事件: open while resolved_on is null."""

    fact_id: UUID
    revision: int
    void: bool
    household_id: UUID
    kind: ShockKind
    disaster: DisasterKind | None
    happened_on: date
    means_lost: bool
    loss: Money | None
    resolved_on: date | None
    recorded_at: Moment


@router.post("/households/{household_id}/shocks", status_code=201)
async def report_shock(household_id: UUID, body: ShockIn, who: Write, tx: Tx, response: Response) -> ShockOut:
    """Report a disaster or an accident that struck the household."""
    await regions.happened(tx, happened_on=body.happened_on)
    entry = service.ShockEntry(household_id=household_id, **body.model_dump())
    return _shock(await service.report_shock(tx, entry), response)


@audited.get("/households/{household_id}/shocks")
async def list_shocks(household_id: UUID, who: Read, tx: Tx) -> list[ShockOut]:
    """Shocks of a household, void ones too, the open ones first."""
    await registry.get_household(tx, household_id)
    family = await registry.family_ids(tx, household_id)
    return [ShockOut(**asdict(row)) for row in await service.shocks_of(tx, *family)]


@router.put("/shocks/{fact_id}")
async def correct_shock(
    fact_id: UUID, body: ShockPut, who: Write, tx: Tx, version: IfMatch, response: Response
) -> ShockOut:
    """State anew what was lost: the next revision of the same fact."""
    return _shock(await service.correct_shock(tx, fact_id, **body.model_dump(), version=version), response)


@router.post("/shocks/{fact_id}:resolve")
async def resolve_shock(
    fact_id: UUID, body: Resolution, who: Write, tx: Tx, version: IfMatch, response: Response
) -> ShockOut:
    """The household is through it."""
    await regions.happened(tx, resolved_on=body.resolved_on)
    return _shock(await service.resolve_shock(tx, fact_id, on=body.resolved_on, version=version), response)


@router.post("/shocks/{fact_id}:void")
async def void_shock(fact_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response) -> ShockOut:
    """It never happened."""
    return _shock(await service.void_shock(tx, fact_id, version=version), response)


def _shock(row: service.Shock, response: Response) -> ShockOut:
    response.headers["ETag"] = etag(row.revision)
    return ShockOut(**asdict(row))
