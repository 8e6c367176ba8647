"""Routes of relocation sites."""

from dataclasses import asdict
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from events.catalog.base import RegionCode
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.models import AnswerModel, RequestModel
from kit.paging import Page, Paging
from kit.route import TransactionRoute
from kit.running import Tx
from kit.scope import validate_path

from ..regions import service as regions
from . import service

router = APIRouter(prefix="/v1", tags=["sites 易地扶贫搬迁安置区"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("regions:read"))]
Write = Annotated[Principal, Depends(needs("regions:write"))]
Below = Annotated[str, Query(max_length=80)]


class SiteIn(RequestModel):
    """安置区登记"""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    region_code: RegionCode
    since: date


class SiteClosing(RequestModel):
    """安置区撤销: `closed_on` is the first day without it."""

    closed_on: date


class SiteOut(AnswerModel):
    """安置区"""

    id: UUID
    version: int
    name: str
    region_code: str
    since: date
    closed_on: date | None


class SettleIn(RequestModel):
    """农户入住: all of them or none."""

    household_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=400)]
    since: date


class SiteLeaving(RequestModel):
    """农户搬离: `until` is the first day without it."""

    until: date


class SettledOut(AnswerModel):
    """安置农户"""

    id: UUID
    revision: int
    site_id: UUID
    household_id: UUID
    since: date
    until: date | None


class SiteNumbersOut(AnswerModel):
    """安置区统计: households of one's area and their members on a day."""

    id: UUID
    name: str
    region_code: str
    path: str
    households: int
    persons: int


@router.post("/relocation-sites", status_code=201)
async def register_site(body: SiteIn, who: Write, tx: Tx, response: Response) -> SiteOut:
    """Register a relocation site (publishes RelocationSiteRegistered)."""
    await regions.happened(tx, since=body.since)
    return _site(await service.register_site(tx, **dict(body)), response)


@router.get("/relocation-sites")
async def list_sites(who: Read, tx: Tx, path: Below, on: date | None = None) -> list[SiteNumbersOut]:
    """Relocation sites below a path on a day, with how many live there then."""
    found = await service.sites_below(tx, validate_path(path), on or await regions.today(tx))
    return [SiteNumbersOut(**asdict(row)) for row in found]


@router.get("/relocation-sites/{site_id}")
async def read_site(site_id: UUID, who: Read, tx: Tx, response: Response) -> SiteOut:
    """A relocation site."""
    return _site(await service.get_site(tx, site_id), response)


@router.post("/relocation-sites/{site_id}:close")
async def close_site(
    site_id: UUID, body: SiteClosing, who: Write, tx: Tx, version: IfMatch, response: Response
) -> SiteOut:
    """The site is given up (publishes RelocationSiteUpdated)."""
    await regions.happened(tx, closed_on=body.closed_on)
    return _site(await service.close_site(tx, site_id, closed_on=body.closed_on, version=version), response)


@router.post("/relocation-sites/{site_id}/households", status_code=201)
async def settle(site_id: UUID, body: SettleIn, who: Write, tx: Tx) -> list[SettledOut]:
    """Households move into a site (publishes SiteSettled); those that live there stay, and are not named again."""
    await regions.happened(tx, since=body.since)
    moved = await service.settle(tx, site_id, set(body.household_ids), since=body.since)
    return [SettledOut(**asdict(row)) for row in moved]


@router.get("/relocation-sites/{site_id}/households")
async def list_settled(site_id: UUID, who: Read, tx: Tx, paging: Paging) -> Page[SettledOut]:
    """The households of a site in one's area, those that left too."""
    await service.get_site(tx, site_id)
    after = UUID(str(paging.after[0])) if paging.after else None
    found = await service.settled_page(tx, site_id, after=after, limit=paging.limit)
    return paging.page(found, show=lambda row: SettledOut(**asdict(row)), place=lambda row: [str(row.id)])


@router.post("/relocation-sites/{site_id}/households/{household_id}:leave")
async def leave_site(
    site_id: UUID, household_id: UUID, body: SiteLeaving, who: Write, tx: Tx, version: IfMatch, response: Response
) -> SettledOut:
    """A household moves away (publishes SiteLeft)."""
    await regions.happened(tx, until=body.until)
    row = await service.leave_site(tx, site_id, household_id, until=body.until, version=version)
    response.headers["ETag"] = etag(row.revision)
    return SettledOut(**asdict(row))


def _site(row: service.Site, response: Response) -> SiteOut:
    response.headers["ETag"] = etag(row.version)
    return SiteOut(**asdict(row))
