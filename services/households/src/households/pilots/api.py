"""Routes of asset pilots."""

from dataclasses import asdict
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from events.catalog.base import RegionCode
from events.catalog.households import PilotBody
from kit import policy
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.models import AnswerModel, RequestModel
from kit.route import TransactionRoute
from kit.running import Tx
from kit.scope import validate_path

from ..regions import service as regions
from . import service
from .rules import Progress, judge

router = APIRouter(prefix="/v1", tags=["pilots 资产运营管理试点"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("assets:read"))]
Write = Annotated[Principal, Depends(needs("assets:write"))]
Below = Annotated[str, Query(max_length=80)]
Document = Annotated[str, Field(min_length=1, max_length=200)]


class PilotIn(RequestModel):
    """试点启动"""

    region_code: RegionCode
    body: PilotBody
    since: date
    document: Document


class PilotEnding(RequestModel):
    """试点结束: `document` is where what was learnt is written up, `until` the first day without."""

    until: date
    document: Document


class PilotOut(AnswerModel):
    """试点"""

    id: UUID
    revision: int
    region_code: str
    body: PilotBody
    since: date
    until: date | None
    document: str


class CountyOut(AnswerModel):
    """县级试点进度: lifted villages, those of them that are pilots, and whether that is what is asked on the day."""

    path: str
    key_county: bool
    lifted_villages: int
    pilots: int
    progress: Progress


@router.post("/asset-pilots", status_code=201)
async def start_pilot(body: PilotIn, who: Write, tx: Tx, response: Response) -> PilotOut:
    """A village sets up who runs its assets (publishes AssetPilotStarted)."""
    await regions.happened(tx, since=body.since)
    return _pilot(await service.start_pilot(tx, **dict(body)), response)


@router.get("/asset-pilots")
async def list_pilots(who: Read, tx: Tx, path: Below, on: date | None = None) -> list[PilotOut]:
    """Villages below a path that are pilots on a day."""
    found = await service.pilots_below(tx, validate_path(path), on or await regions.today(tx))
    return [PilotOut.model_validate(asdict(row)) for row in found]


@router.post("/asset-pilots/{pilot_id}:end")
async def end_pilot(
    pilot_id: UUID, body: PilotEnding, who: Write, tx: Tx, version: IfMatch, response: Response
) -> PilotOut:
    """The pilot ends (publishes AssetPilotEnded)."""
    await regions.happened(tx, until=body.until)
    return _pilot(await service.end_pilot(tx, pilot_id, **dict(body), version=version), response)


@router.get("/asset-pilot-progress")
async def read_progress(who: Read, tx: Tx, path: Below, on: date | None = None) -> list[CountyOut]:
    """Per county: lifted villages and pilots on a day, and whether they are enough (§19)."""
    day, book = on or await regions.today(tx), await policy.load(tx)
    shown = []
    for row in await service.counties_below(tx, validate_path(path), day):
        told = asdict(row)
        counted = {name: told[name] for name in ("key_county", "lifted_villages", "pilots")}
        shown.append(CountyOut(**told, progress=judge(service.asked(book, row.path, day), **counted)))
    return shown


def _pilot(row: service.Pilot, response: Response) -> PilotOut:
    response.headers["ETag"] = etag(row.revision)
    return PilotOut.model_validate(asdict(row))
