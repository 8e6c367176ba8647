"""Routes of measures."""

from dataclasses import asdict
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from events.catalog.households import MeasureCategory, MeasureSource, RiskCause
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.models import AnswerModel, Moment, RequestModel
from kit.route import AuditedRoute, TransactionRoute
from kit.running import Tx

from ..regions import service as regions
from ..registry import service as registry
from . import service

router = APIRouter(prefix="/v1", tags=["measures 帮扶措施"], route_class=TransactionRoute)
audited = APIRouter(prefix="/v1", tags=["measures 帮扶措施"], route_class=AuditedRoute)

Read = Annotated[Principal, Depends(needs("support:read"))]
Write = Annotated[Principal, Depends(needs("support:write"))]


class MeasureIn(RequestModel):
    """帮扶措施: its category and the risks it answers, up to five as in the national list."""

    category: MeasureCategory
    causes: Annotated[tuple[RiskCause, ...], Field(min_length=1, max_length=5)]
    started_on: date


class Completion(RequestModel):
    """措施完成"""

    completed_on: date


class MeasureOut(AnswerModel):
    """帮扶措施: running while completed_on is null or ahead."""

    id: UUID
    revision: int
    void: bool
    household_id: UUID
    category: MeasureCategory
    causes: tuple[RiskCause, ...]
    development: bool
    """开发式帮扶措施"""
    started_on: date
    completed_on: date | None
    department: str
    source: MeasureSource
    recorded_at: Moment
    service: str | None = None
    """业务系统: the service whose event tells it, such as `finance`; null = recorded here. What a service tells is
    corrected there."""
    event: str | None = None
    """name of that event, such as `LoanDisbursed`"""
    event_id: UUID | None = None
    """id of that event, in the newest revision of its fact"""
    person_id: UUID | None = None
    """成员 whom it is for; null = the household as a whole"""


@router.post("/households/{household_id}/measures", status_code=201)
async def start_measure(household_id: UUID, body: MeasureIn, who: Write, tx: Tx, response: Response) -> MeasureOut:
    """Record a measure that has begun."""
    await regions.happened(tx, started_on=body.started_on)
    stated = {name: getattr(body, name) for name in MeasureIn.model_fields}
    entry = service.MeasureEntry(household_id=household_id, department=who.department, **stated)
    return _measure(await service.start_measure(tx, entry), response)


@audited.get("/households/{household_id}/measures")
async def list_measures(household_id: UUID, who: Read, tx: Tx, as_of: date | None = None) -> list[MeasureOut]:
    """Measures of a household, those that departments carry out among them, void ones too, the running ones first.

    With `as_of`, as recorded by the end of that day.
    """
    await registry.get_household(tx, household_id)
    family = await registry.family_ids(tx, household_id)
    recorded = (
        await service.measures_of(tx, *family) if as_of is None else await service.measures_as_of(tx, family, as_of)
    )
    given = (await service.given_to(tx, [household_id], as_of=as_of))[household_id]
    return sorted((*map(_shown, recorded), *map(_given, given)), key=_running_first)


@router.post("/measures/{measure_id}:complete")
async def complete_measure(
    measure_id: UUID, body: Completion, who: Write, tx: Tx, version: IfMatch, response: Response
) -> MeasureOut:
    """The measure is finished."""
    await regions.happened(tx, completed_on=body.completed_on)
    return _measure(await service.complete_measure(tx, measure_id, on=body.completed_on, version=version), response)


@router.post("/measures/{measure_id}:void")
async def void_measure(measure_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response) -> MeasureOut:
    """It never reached the household."""
    return _measure(await service.void_measure(tx, measure_id, version=version), response)


def _measure(row: service.Measure, response: Response) -> MeasureOut:
    response.headers["ETag"] = etag(row.revision)
    return _shown(row)


def _shown(row: service.Measure) -> MeasureOut:
    return MeasureOut(**asdict(row), development=service.is_development(row.category))


def _given(row: service.GivenMeasure) -> MeasureOut:
    assert row.category is not None  # noqa: S101
    assert row.started_on is not None  # noqa: S101
    return MeasureOut(
        id=row.fact_id,
        revision=row.revision,
        void=row.void,
        household_id=row.household_id,
        category=MeasureCategory(row.category),
        causes=tuple(map(RiskCause, row.causes)),
        development=service.is_development(row.category),
        started_on=row.started_on,
        completed_on=row.completed_on,
        department=row.service,
        source=MeasureSource.DEPARTMENT,
        recorded_at=row.recorded_at,
        service=row.service,
        event=row.type,
        event_id=row.event_id,
        person_id=row.person_id,
    )


def _running_first(measure: MeasureOut) -> tuple[int, int, UUID]:
    return -(measure.completed_on or date.max).toordinal(), -measure.started_on.toordinal(), measure.id
