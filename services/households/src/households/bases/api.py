"""Routes of demonstration bases."""

from dataclasses import asdict
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from events.catalog.base import Money, RegionCode
from events.catalog.households import BaseKind, BaseLevel
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.models import AnswerModel, RequestModel
from kit.paging import Page, Paging
from kit.route import TransactionRoute
from kit.running import Tx
from kit.scope import validate_path

from ..regions import service as regions
from . import service

router = APIRouter(prefix="/v1", tags=["bases 示范基地"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("entities:read"))]
Write = Annotated[Principal, Depends(needs("entities:write"))]
Below = Annotated[str, Query(max_length=80)]
Words = Annotated[str, Field(min_length=1, max_length=100)]
Trade = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Mu = Annotated[Money, Field(ge=0)]


class BasePut(RequestModel):
    """示范基地变更: area in mu."""

    name: Words
    trade: Trade
    area: Mu


class BaseIn(BasePut):
    """示范基地登记: owned by an entity or a collective; a demonstration village may have no owner."""

    kind: BaseKind
    region_code: RegionCode
    entity_id: UUID | None = None
    collective_id: UUID | None = None
    since: date


class BaseClosing(RequestModel):
    """示范基地撤销: `closed_on` is the first day without it."""

    closed_on: date


class BaseOut(AnswerModel):
    """示范基地"""

    id: UUID
    version: int
    kind: BaseKind
    name: str
    trade: str
    region_code: str
    entity_id: UUID | None
    collective_id: UUID | None
    area: Money
    since: date
    closed_on: date | None


class RecognitionIn(RequestModel):
    """示范基地认定"""

    level: BaseLevel
    recognised_on: date
    document: Annotated[str, Field(min_length=1, max_length=200)]


class Withdrawal(RequestModel):
    """取消认定: `withdrawn_on` is the first day without it."""

    withdrawn_on: date


class RecognitionOut(AnswerModel):
    """示范基地认定"""

    id: UUID
    revision: int
    base_id: UUID
    level: BaseLevel
    recognised_on: date
    withdrawn_on: date | None
    document: str


class JoinIn(RequestModel):
    """农户加入: all of them or none."""

    household_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=400)]
    since: date


class LeaveIn(RequestModel):
    """农户退出: `until` is the first day without it."""

    until: date


class InBaseOut(AnswerModel):
    """带动农户"""

    id: UUID
    revision: int
    base_id: UUID
    household_id: UUID
    since: date
    until: date | None


class NumbersOut(AnswerModel):
    """示范基地统计: of one county, kind and highest level (null = none); area in mu, households of one's area."""

    county: str
    kind: BaseKind
    level: BaseLevel | None
    bases: int
    area: Money
    households: int


@router.post("/bases", status_code=201)
async def register_base(body: BaseIn, who: Write, tx: Tx, response: Response) -> BaseOut:
    """Register a demonstration base or village (publishes BaseRegistered)."""
    await regions.happened(tx, since=body.since)
    return _base(await service.register_base(tx, service.BaseEntry(**dict(body))), response)


@router.get("/bases")
async def list_bases(who: Read, tx: Tx, paging: Paging, path: Below, on: date | None = None) -> Page[BaseOut]:
    """Bases below a path that stand on a day."""
    after = UUID(str(paging.after[0])) if paging.after else None
    day = on or await regions.today(tx)
    found = await service.bases_page(tx, validate_path(path), day, after=after, limit=paging.limit)
    return paging.page(found, show=_base, place=lambda row: [str(row.id)])


@router.get("/base-numbers")
async def read_numbers(who: Read, tx: Tx, path: Below, on: date | None = None) -> list[NumbersOut]:
    """Per county, kind and highest level: bases on a day, their area and households (§6)."""
    found = await service.numbers(tx, validate_path(path), on or await regions.today(tx))
    return [NumbersOut.model_validate(asdict(row)) for row in found]


@router.get("/bases/{base_id}")
async def read_base(base_id: UUID, who: Read, tx: Tx, response: Response) -> BaseOut:
    """A base."""
    return _base(await service.get_base(tx, base_id), response)


@router.put("/bases/{base_id}")
async def change_base(
    base_id: UUID, body: BasePut, who: Write, tx: Tx, version: IfMatch, response: Response
) -> BaseOut:
    """Change name, trade or area (publishes BaseUpdated)."""
    return _base(await service.change_base(tx, base_id, dict(body), version=version), response)


@router.post("/bases/{base_id}:close")
async def close_base(
    base_id: UUID, body: BaseClosing, who: Write, tx: Tx, version: IfMatch, response: Response
) -> BaseOut:
    """The base is given up (publishes BaseUpdated)."""
    await regions.happened(tx, closed_on=body.closed_on)
    return _base(await service.close_base(tx, base_id, closed_on=body.closed_on, version=version), response)


@router.post("/bases/{base_id}/recognitions", status_code=201)
async def recognise(base_id: UUID, body: RecognitionIn, who: Write, tx: Tx, response: Response) -> RecognitionOut:
    """A base is recognised at a level (publishes BaseRecognised)."""
    await regions.happened(tx, recognised_on=body.recognised_on)
    row = await service.recognise(tx, base_id, level=body.level, on=body.recognised_on, document=body.document)
    return _recognition(row, response)


@router.get("/bases/{base_id}/recognitions")
async def list_recognitions(base_id: UUID, who: Read, tx: Tx) -> list[RecognitionOut]:
    """How a base was recognised, the latest first, withdrawn ones too."""
    await service.get_base(tx, base_id)
    return [RecognitionOut.model_validate(asdict(row)) for row in await service.recognitions_of(tx, base_id)]


@router.post("/base-recognitions/{recognition_id}:withdraw")
async def withdraw_recognition(
    recognition_id: UUID, body: Withdrawal, who: Write, tx: Tx, version: IfMatch, response: Response
) -> RecognitionOut:
    """A base loses a level (publishes BaseRecognitionWithdrawn)."""
    on = body.withdrawn_on
    await regions.happened(tx, withdrawn_on=on)
    row = await service.withdraw_recognition(tx, recognition_id, withdrawn_on=on, version=version)
    return _recognition(row, response)


@router.post("/bases/{base_id}/households", status_code=201)
async def join_base(base_id: UUID, body: JoinIn, who: Write, tx: Tx) -> list[InBaseOut]:
    """Households join a base (publishes BaseJoined); those that are in it stay, and are not named again."""
    await regions.happened(tx, since=body.since)
    joined = await service.join_base(tx, base_id, set(body.household_ids), since=body.since)
    return [InBaseOut(**asdict(row)) for row in joined]


@router.get("/bases/{base_id}/households")
async def list_households(base_id: UUID, who: Read, tx: Tx, paging: Paging) -> Page[InBaseOut]:
    """The households of a base in one's area, those that left too."""
    await service.get_base(tx, base_id)
    after = UUID(str(paging.after[0])) if paging.after else None
    found = await service.households_page(tx, base_id, after=after, limit=paging.limit)
    return paging.page(found, show=lambda row: InBaseOut(**asdict(row)), place=lambda row: [str(row.id)])


@router.post("/bases/{base_id}/households/{household_id}:leave")
async def leave_base(
    base_id: UUID, household_id: UUID, body: LeaveIn, who: Write, tx: Tx, version: IfMatch, response: Response
) -> InBaseOut:
    """A household leaves a base (publishes BaseLeft)."""
    await regions.happened(tx, until=body.until)
    row = await service.leave_base(tx, base_id, household_id, until=body.until, version=version)
    response.headers["ETag"] = etag(row.revision)
    return InBaseOut(**asdict(row))


def _base(row: service.Base, response: Response | None = None) -> BaseOut:
    if response is not None:
        response.headers["ETag"] = etag(row.version)
    return BaseOut.model_validate(asdict(row))


def _recognition(row: service.Recognition, response: Response) -> RecognitionOut:
    response.headers["ETag"] = etag(row.revision)
    return RecognitionOut.model_validate(asdict(row))
