"""Routes of publicity and role models."""

from dataclasses import asdict
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from events.catalog.base import RegionCode
from events.catalog.households import PublicityKind, RoleModelEnd, RoleModelField
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.models import AnswerModel, RequestModel
from kit.paging import Page, Paging
from kit.route import AuditedRoute, TransactionRoute
from kit.running import Tx
from kit.scope import validate_path

from ..regions import service as regions
from ..registry import service as registry
from . import service

router = APIRouter(prefix="/v1", tags=["publicity 宣传引导"], route_class=TransactionRoute)
audited = APIRouter(prefix="/v1", tags=["publicity 宣传引导"], route_class=AuditedRoute)

Read = Annotated[Principal, Depends(needs("support:read"))]
Write = Annotated[Principal, Depends(needs("support:write"))]
Below = Annotated[str, Query(max_length=80)]
Year = Annotated[int, Query(ge=2015, le=2100)]
Reached = Annotated[int, Field(ge=0, le=1_000_000)]


class ReachPut(RequestModel):
    """触达人数和户数"""

    persons: Reached
    households: Reached


class PublicityIn(ReachPut):
    """宣传引导活动: no names in the title."""

    region_code: RegionCode
    kind: PublicityKind
    title: Annotated[str, Field(min_length=1, max_length=100)]
    held_on: date


class PublicityOut(AnswerModel):
    """宣传引导活动"""

    id: UUID
    revision: int
    void: bool
    region_code: str
    kind: PublicityKind
    title: str
    held_on: date
    persons: int
    households: int


class RoleModelIn(RequestModel):
    """典型选树: with the household's consent, and the member who signed it."""

    field: RoleModelField
    since: date
    consented_on: date
    person_id: UUID


class RoleModelEnding(RequestModel):
    """不再作为典型: `until` is the first day without."""

    until: date
    reason: RoleModelEnd


class RoleModelOut(AnswerModel):
    """典型"""

    id: UUID
    revision: int
    household_id: UUID
    field: RoleModelField
    since: date
    until: date | None
    reason: RoleModelEnd | None
    consented_on: date
    person_id: UUID


class ReachedOut(AnswerModel):
    """村级宣传统计: of a year, with the role models at its end."""

    region_code: str
    path: str
    registered: int
    """登记户数"""
    held: int
    persons: int
    households: int
    role_models: int


@router.post("/publicity", status_code=201)
async def hold_publicity(body: PublicityIn, who: Write, tx: Tx, response: Response) -> PublicityOut:
    """Something was explained in a village (publishes PublicityHeld)."""
    await regions.happened(tx, held_on=body.held_on)
    return _publicity(await service.hold_publicity(tx, service.PublicityEntry(**dict(body))), response)


@router.get("/publicity")
async def list_publicity(who: Read, tx: Tx, paging: Paging, path: Below, year: Year) -> Page[PublicityOut]:
    """What was held below a path in a year."""
    after = UUID(str(paging.after[0])) if paging.after else None
    found = await service.publicity_page(tx, validate_path(path), year, after=after, limit=paging.limit)
    return paging.page(found, show=_publicity, place=lambda row: [str(row.id)])


@router.get("/publicity-numbers")
async def read_numbers(who: Read, tx: Tx, path: Below, year: Year) -> list[ReachedOut]:
    """Per village with registered households: what was held in a year, also where nothing was; role models (G6)."""
    return [ReachedOut(**asdict(row)) for row in await service.reached_below(tx, validate_path(path), year)]


@router.put("/publicity/{publicity_id}")
async def correct_publicity(
    publicity_id: UUID, body: ReachPut, who: Write, tx: Tx, version: IfMatch, response: Response
) -> PublicityOut:
    """State anew how many it reached: the next revision of the same fact."""
    return _publicity(await service.correct_publicity(tx, publicity_id, **dict(body), version=version), response)


@router.post("/publicity/{publicity_id}:void")
async def void_publicity(publicity_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response) -> PublicityOut:
    """It never took place."""
    return _publicity(await service.void_publicity(tx, publicity_id, version=version), response)


@router.post("/households/{household_id}/role-models", status_code=201)
async def name_role_model(
    household_id: UUID, body: RoleModelIn, who: Write, tx: Tx, response: Response
) -> RoleModelOut:
    """Show a household that agreed as an example (publishes RoleModelNamed)."""
    await regions.happened(tx, since=body.since, consented_on=body.consented_on)
    entry = service.RoleModelEntry(household_id=household_id, **dict(body))
    return _role_model(await service.name_role_model(tx, entry), response)


@audited.get("/households/{household_id}/role-models")
async def list_role_models_of(household_id: UUID, who: Read, tx: Tx) -> list[RoleModelOut]:
    """What a household is or was shown for."""
    await registry.get_household(tx, household_id)
    family = await registry.family_ids(tx, household_id)
    return [_role_model(row) for row in await service.role_models_of(tx, *family)]


@router.get("/role-models")
async def list_role_models(
    who: Read, tx: Tx, paging: Paging, path: Below, on: date | None = None
) -> Page[RoleModelOut]:
    """Role models below a path on a day."""
    after = UUID(str(paging.after[0])) if paging.after else None
    day = on or await regions.today(tx)
    found = await service.role_models_page(tx, validate_path(path), day, after=after, limit=paging.limit)
    return paging.page(found, show=_role_model, place=lambda row: [str(row.id)])


@router.post("/role-models/{role_model_id}:end")
async def end_role_model(
    role_model_id: UUID, body: RoleModelEnding, who: Write, tx: Tx, version: IfMatch, response: Response
) -> RoleModelOut:
    """The household is no longer shown; its own word is enough (publishes RoleModelEnded)."""
    await regions.happened(tx, until=body.until)
    return _role_model(await service.end_role_model(tx, role_model_id, **dict(body), version=version), response)


def _publicity(row: service.Publicity, response: Response | None = None) -> PublicityOut:
    if response is not None:
        response.headers["ETag"] = etag(row.revision)
    return PublicityOut.model_validate(asdict(row))


def _role_model(row: service.RoleModel, response: Response | None = None) -> RoleModelOut:
    if response is not None:
        response.headers["ETag"] = etag(row.revision)
    return RoleModelOut.model_validate(asdict(row))
