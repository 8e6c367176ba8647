"""Routes of advisers and of the villages without any."""

from dataclasses import asdict
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from events.catalog.base import RegionCode
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.models import AnswerModel, RequestModel, SecretText
from kit.route import TransactionRoute
from kit.running import Cipher, Tx
from kit.scope import validate_path

from ..regions import service as regions
from . import service

router = APIRouter(prefix="/v1", tags=["advisers 科技顾问"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("support:read"))]
Write = Annotated[Principal, Depends(needs("support:write"))]
Path = Annotated[str, Query(max_length=80)]


class AdviserIn(RequestModel):
    """科技顾问: who is to advise a village, on which trade."""

    region_code: RegionCode
    trade: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    name: Annotated[SecretText, Field(min_length=1, max_length=32)]
    organisation: Annotated[str, Field(min_length=1, max_length=100)]
    phone: Annotated[SecretText, Field(min_length=7, max_length=16)] | None = None
    since: date


class AdviserLeaving(RequestModel):
    """顾问离任"""

    until: date


class AdviserOut(AnswerModel):
    """科技顾问: masked; `until` is the first day without."""

    id: UUID
    version: int
    path: str
    masked_name: str
    masked_phone: str | None
    organisation: str
    trade: str
    since: date
    until: date | None


class VillageAdvised(AnswerModel):
    """村级顾问覆盖"""

    path: str
    lifted: int
    """脱贫户数"""
    advisers: int


class CoverageOut(AnswerModel):
    """顾问覆盖: villages with lifted households, how many of them somebody advises, and those that nobody does."""

    on: date
    villages: int
    covered: int
    uncovered: tuple[VillageAdvised, ...]


@router.post("/advisers", status_code=201)
async def assign_adviser(body: AdviserIn, who: Write, tx: Tx, cipher: Cipher, response: Response) -> AdviserOut:
    """Somebody begins to advise a village."""
    await regions.happened(tx, since=body.since)
    entry = service.AdviserEntry(
        region_code=body.region_code,
        trade=body.trade,
        name=body.name.get_secret_value(),
        organisation=body.organisation,
        phone=body.phone.get_secret_value() if body.phone else None,
        since=body.since,
    )
    return _adviser(await service.assign_adviser(tx, entry, cipher=cipher), response)


@router.post("/advisers/{adviser_id}:release")
async def release_adviser(
    adviser_id: UUID, body: AdviserLeaving, who: Write, tx: Tx, version: IfMatch, response: Response
) -> AdviserOut:
    """Somebody stops advising a village."""
    return _adviser(await service.release_adviser(tx, adviser_id, until=body.until, version=version), response)


@router.get("/advisers")
async def list_advisers(who: Read, tx: Tx, path: Path, on: date | None = None) -> list[AdviserOut]:
    """Who advises villages below a management path."""
    found = await service.advisers_below(tx, validate_path(path), on or await regions.today(tx))
    return [AdviserOut.model_validate(asdict(row)) for row in found]


@router.get("/adviser-coverage")
async def read_coverage(who: Read, tx: Tx, path: Path, on: date | None = None) -> CoverageOut:
    """Of the villages with lifted households below a path: how many have an adviser, and which have none (§1)."""
    day = on or await regions.today(tx)
    found = await service.coverage(tx, validate_path(path), day)
    bare = tuple(VillageAdvised(**asdict(row)) for row in found if not row.advisers)
    return CoverageOut(on=day, villages=len(found), covered=len(found) - len(bare), uncovered=bare)


def _adviser(row: service.Adviser, response: Response) -> AdviserOut:
    response.headers["ETag"] = etag(row.version)
    return AdviserOut.model_validate(asdict(row))
