"""Routes of teams and of the households nobody helps."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from itertools import groupby
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from events.catalog.base import RegionCode
from events.catalog.households import TeamRole
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.models import AnswerModel, RequestModel, SecretText
from kit.paging import Page, Paging
from kit.route import TransactionRoute
from kit.running import Cipher, Tx
from kit.scope import validate_path

from ..regions import service as regions
from . import service

router = APIRouter(prefix="/v1", tags=["teams 六位一体"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("support:read"))]
Write = Annotated[Principal, Depends(needs("support:write"))]
Path = Annotated[str, Query(max_length=80)]


class MemberIn(RequestModel):
    """六位一体成员: a household takes its place by household_id, everybody else by name."""

    region_code: RegionCode
    role: TeamRole
    since: date
    organisation: Annotated[str, Field(max_length=100)] = ""
    name: Annotated[SecretText, Field(min_length=1, max_length=32)] | None = None
    phone: Annotated[SecretText, Field(min_length=7, max_length=16)] | None = None
    household_id: UUID | None = None


class Leaving(RequestModel):
    """离任"""

    until: date


class MemberOut(AnswerModel):
    """六位一体成员: masked."""

    id: UUID
    version: int
    path: str
    role: TeamRole
    household_id: UUID | None
    masked_name: str
    masked_phone: str | None
    organisation: str
    since: date
    until: date | None


class TeamOut(AnswerModel):
    """六位一体: a village's team and the places nobody has taken."""

    path: str
    members: tuple[MemberOut, ...]
    missing: tuple[TeamRole, ...]


class GapOut(AnswerModel):
    """帮扶缺口: lifted households of a village, and those without an active helper."""

    path: str
    lifted: int
    unhelped: int


class UnhelpedOut(AnswerModel):
    """无帮扶责任人的脱贫户"""

    household_id: UUID


@router.post("/team-members", status_code=201)
async def assign_member(body: MemberIn, who: Write, tx: Tx, cipher: Cipher, response: Response) -> MemberOut:
    """Somebody takes a place in a village's team."""
    await regions.happened(tx, since=body.since)
    place = service.Place(
        region_code=body.region_code,
        role=body.role,
        since=body.since,
        organisation=body.organisation,
        household_id=body.household_id,
        name=body.name.get_secret_value() if body.name else None,
        phone=body.phone.get_secret_value() if body.phone else None,
    )
    return _member(await service.assign_member(tx, place, cipher=cipher), response)


@router.post("/team-members/{member_id}:release")
async def release_member(
    member_id: UUID, body: Leaving, who: Write, tx: Tx, version: IfMatch, response: Response
) -> MemberOut:
    """Somebody gives a place up."""
    return _member(await service.release_member(tx, member_id, until=body.until, version=version), response)


@router.get("/teams")
async def list_teams(who: Read, tx: Tx, path: Path, on: date | None = None) -> list[TeamOut]:
    """Teams below a management path, with the places nobody has taken."""
    day = on or await regions.today(tx)
    found = await service.members_below(tx, validate_path(path), day)
    return [_team(village, list(rows)) for village, rows in groupby(found, key=lambda row: row.path)]


@router.get("/helper-gaps")
async def list_gaps(who: Read, tx: Tx, paging: Paging, path: Path, on: date | None = None) -> Page[GapOut]:
    """Per village below a path: lifted households, and those without an active helper."""
    after = str(paging.after[0]) if paging.after else ""
    day = on or await regions.today(tx)
    found = await service.village_gaps(tx, validate_path(path), day, after=after, limit=paging.limit)
    return paging.page(found, show=_gap, place=lambda row: [row.path])


@router.get("/helper-gaps/households")
async def list_unhelped(who: Read, tx: Tx, paging: Paging, path: Path, on: date | None = None) -> Page[UnhelpedOut]:
    """The lifted households without an active helper."""
    after = UUID(str(paging.after[0])) if paging.after else None
    day = on or await regions.today(tx)
    found = await service.unhelped(tx, validate_path(path), day, after=after, limit=paging.limit)
    return paging.page(found, show=lambda id_: UnhelpedOut(household_id=id_), place=lambda id_: [str(id_)])


def _gap(row: service.VillageGap) -> GapOut:
    return GapOut(path=row.path, lifted=row.lifted, unhelped=row.unhelped)


def _team(path: str, rows: Sequence[service.TeamMember]) -> TeamOut:
    taken = {row.role for row in rows}
    return TeamOut(
        path=path,
        members=tuple(MemberOut.model_validate(asdict(row)) for row in rows),
        missing=tuple(role for role in TeamRole if role not in taken),
    )


def _member(row: service.TeamMember, response: Response) -> MemberOut:
    response.headers["ETag"] = etag(row.version)
    return MemberOut.model_validate(asdict(row))
