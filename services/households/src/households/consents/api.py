"""Routes of consents and plans."""

from dataclasses import asdict
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Response
from pydantic import Field

from events.catalog.base import Money
from events.catalog.households import ConsentPurpose, MeasureCategory, RiskCause
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.models import AnswerModel, Moment, RequestModel
from kit.route import AuditedRoute, TransactionRoute
from kit.running import Tx

from ..regions import service as regions
from ..registry import service as registry
from . import service

router = APIRouter(prefix="/v1", tags=["consents 农户意愿"], route_class=TransactionRoute)
audited = APIRouter(prefix="/v1", tags=["consents 农户意愿"], route_class=AuditedRoute)

Read = Annotated[Principal, Depends(needs("support:read"))]
Write = Annotated[Principal, Depends(needs("support:write"))]
Year = Annotated[int, Path(ge=2020, le=2100)]


class ConsentIn(RequestModel):
    """农户决定: given, refused or withdrawn; `person_id` is the member who signed."""

    purpose: ConsentPurpose
    decision: service.Decision
    decided_on: date
    person_id: UUID | None = None


class ConsentOut(AnswerModel):
    """农户授权: the newest decision on a purpose; a purpose that is not listed was never asked for."""

    id: UUID
    revision: int
    household_id: UUID
    purpose: ConsentPurpose
    decision: service.Decision
    decided_on: date
    person_id: UUID | None
    recorded_by: str
    recorded_at: Moment


class PlanIn(RequestModel):
    """增产增收计划: what is to be done, what it is to bring, yuan."""

    agreed_on: date
    target_per_head: Money
    expected_gain: Money
    categories: Annotated[tuple[MeasureCategory, ...], Field(min_length=1, max_length=14)]
    causes: Annotated[tuple[RiskCause, ...], Field(max_length=5)] = ()


class PlanNew(PlanIn):
    """增产增收计划 of a year."""

    year: Annotated[int, Field(ge=2020, le=2100)]


class PlanOut(AnswerModel):
    """增产增收计划: as it now stands."""

    id: UUID
    revision: int
    household_id: UUID
    year: int
    agreed_on: date
    target_per_head: Money
    expected_gain: Money
    categories: tuple[MeasureCategory, ...]
    causes: tuple[RiskCause, ...]
    recorded_by: str
    recorded_at: Moment


@router.post("/households/{household_id}/consents", status_code=201)
async def decide(household_id: UUID, body: ConsentIn, who: Write, tx: Tx) -> ConsentOut:
    """Record what the household decided; monitoring that the law demands and the green channel never wait for it."""
    await regions.happened(tx, decided_on=body.decided_on)
    entry = service.ConsentEntry(household_id=household_id, recorded_by=who.subject, **dict(body))
    return ConsentOut(**asdict(await service.decide(tx, entry)))


@audited.get("/households/{household_id}/consents")
async def list_consents(household_id: UUID, who: Read, tx: Tx) -> list[ConsentOut]:
    """What the household decided, purpose by purpose, the newest first."""
    await registry.get_household(tx, household_id)
    family = await registry.family_ids(tx, household_id)
    return [ConsentOut(**asdict(row)) for row in await service.consents_of(tx, *family)]


@router.post("/households/{household_id}/plans", status_code=201)
async def agree_plan(household_id: UUID, body: PlanNew, who: Write, tx: Tx, response: Response) -> PlanOut:
    """Record the plan that was agreed with a household for a year."""
    await regions.happened(tx, agreed_on=body.agreed_on)
    entry = service.PlanEntry(household_id=household_id, recorded_by=who.subject, **dict(body))
    return _plan(await service.agree_plan(tx, entry, version=0), response)


@router.put("/households/{household_id}/plans/{year}")
async def change_plan(
    household_id: UUID, year: Year, body: PlanIn, who: Write, tx: Tx, version: IfMatch, response: Response
) -> PlanOut:
    """Agree on the plan anew: the next revision of it, whole."""
    await regions.happened(tx, agreed_on=body.agreed_on)
    entry = service.PlanEntry(household_id=household_id, year=year, recorded_by=who.subject, **dict(body))
    return _plan(await service.agree_plan(tx, entry, version=version), response)


@audited.get("/households/{household_id}/plans")
async def list_plans(household_id: UUID, who: Read, tx: Tx) -> list[PlanOut]:
    """The plans of a household, the newest year first."""
    await registry.get_household(tx, household_id)
    family = await registry.family_ids(tx, household_id)
    return [PlanOut(**asdict(row)) for row in await service.plans_of(tx, *family)]


def _plan(row: service.Plan, response: Response) -> PlanOut:
    response.headers["ETag"] = etag(row.revision)
    return PlanOut(**asdict(row))
