"""Routes of money set apart for the neediest."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from events.catalog.households import CollectiveIncome
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.models import AnswerModel, RequestModel, Yuan
from kit.route import AuditedRoute, TransactionRoute
from kit.running import Tx

from ..assets import service as assets
from ..assets.models import DistributionIn, DistributionOut, Number, Year
from ..regions import service as regions
from . import service
from .rules import Ground

_TAGS = ["set-asides 帮扶股"]

router = APIRouter(prefix="/v1", tags=[*_TAGS], route_class=TransactionRoute)
audited = APIRouter(prefix="/v1", tags=[*_TAGS], route_class=AuditedRoute)

Read = Annotated[Principal, Depends(needs("assets:read"))]
Write = Annotated[Principal, Depends(needs("assets:write"))]


class ShareIn(RequestModel):
    """帮扶股到户"""

    household_id: UUID
    shares: Annotated[Decimal, Field(gt=0, max_digits=14, decimal_places=2)]


Lines = Annotated[tuple[ShareIn, ...], Field(min_length=1, max_length=400)]


class SetAsideIn(RequestModel):
    """帮扶股决议: `until` is the last day on which it is paid, `reference` the number of the decision."""

    reference: Number
    year: Year
    source: CollectiveIncome
    amount: Yuan
    decided_on: date
    since: date
    until: date
    posted_on: date
    """公示开始日"""
    lines: Lines


class ChoiceIn(RequestModel):
    """变更入选户: they are posted anew."""

    posted_on: date
    lines: Lines


class NoticeIn(RequestModel):
    """公示结束"""

    closed_on: date


class SetAsideOut(AnswerModel):
    """帮扶股: `left` was not paid yet, yuan; nothing is paid while `closed_on` is null."""

    id: UUID
    revision: int
    void: bool
    collective_id: UUID
    reference: str
    year: int
    source: CollectiveIncome
    amount: Decimal
    left: Decimal
    decided_on: date
    since: date
    until: date
    posted_on: date
    closed_on: date | None


class SetAsideLineOut(AnswerModel):
    """帮扶股到户: why it was chosen, on the day of the decision."""

    household_id: UUID
    shares: Decimal
    ground: Ground


@router.post("/collectives/{collective_id}/set-asides", status_code=201)
async def set_apart(collective_id: UUID, body: SetAsideIn, who: Write, tx: Tx, response: Response) -> SetAsideOut:
    """Set a part of an income apart for the neediest (publishes IncomeSetAside); the same decision again: 200."""
    await regions.happened(tx, decided_on=body.decided_on, posted_on=body.posted_on)
    terms = {name: getattr(body, name) for name in service.SetAsideEntry.__slots__}
    held, new = await service.set_apart(tx, collective_id, service.SetAsideEntry(**terms), _shares(body.lines))
    response.status_code = 201 if new else 200
    response.headers["Location"] = f"/v1/set-asides/{held.id}"
    return await _shown(tx, held, response)


@router.get("/collectives/{collective_id}/set-asides")
async def list_set_asides(collective_id: UUID, who: Read, tx: Tx) -> list[SetAsideOut]:
    """What a collective has set apart, the latest decision first, void ones too."""
    await assets.get_collective(tx, collective_id)
    return [await _shown(tx, row) for row in await service.set_asides_of(tx, collective_id)]


@router.get("/set-asides/{set_aside_id}")
async def read_set_aside(set_aside_id: UUID, who: Read, tx: Tx, response: Response) -> SetAsideOut:
    """What was set apart, and what is left of it."""
    return await _shown(tx, await service.get_set_aside(tx, set_aside_id), response)


@audited.get("/set-asides/{set_aside_id}/lines")
async def list_set_aside_lines(set_aside_id: UUID, who: Read, tx: Tx) -> list[SetAsideLineOut]:
    """The households it is for."""
    await service.get_set_aside(tx, set_aside_id)
    return [
        SetAsideLineOut(household_id=line.household_id, shares=line.shares, ground=Ground(line.ground))
        for line in await service.lines_of(tx, set_aside_id)
    ]


@router.post("/set-asides/{set_aside_id}:choose")
async def choose_anew(
    set_aside_id: UUID, body: ChoiceIn, who: Write, tx: Tx, version: IfMatch, response: Response
) -> SetAsideOut:
    """Other households while the notice runs, as after an objection (publishes IncomeSetAside, revised)."""
    await regions.happened(tx, posted_on=body.posted_on)
    shares = _shares(body.lines)
    after = await service.choose_anew(tx, set_aside_id, shares, posted_on=body.posted_on, version=version)
    return await _shown(tx, after, response)


@router.post("/set-asides/{set_aside_id}:close-notice")
async def close_notice(
    set_aside_id: UUID, body: NoticeIn, who: Write, tx: Tx, version: IfMatch, response: Response
) -> SetAsideOut:
    """The notice is over: from now on it may be paid (publishes IncomeSetAside, revised)."""
    await regions.happened(tx, closed_on=body.closed_on)
    after = await service.close_notice(tx, set_aside_id, closed_on=body.closed_on, version=version)
    return await _shown(tx, after, response)


@router.post("/set-asides/{set_aside_id}:void")
async def void_set_aside(set_aside_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response) -> SetAsideOut:
    """It was never decided (publishes IncomeSetAside, void)."""
    return await _shown(tx, await service.void_set_aside(tx, set_aside_id, version=version), response)


@router.post("/set-asides/{set_aside_id}/distributions", status_code=201)
async def pay_set_aside(
    set_aside_id: UUID, body: DistributionIn, who: Write, tx: Tx, response: Response
) -> DistributionOut:
    """Pay a part of it (publishes DistributionDecided, then DividendPaid); the same voucher again: 200.

    The worker pays it out; follow it at `/v1/distributions/{id}`.
    """
    await regions.happened(tx, paid_on=body.paid_on)
    entry = assets.DistributionEntry(**{name: getattr(body, name) for name in DistributionIn.model_fields})
    distribution, new = await service.pay(tx, set_aside_id, entry)
    response.status_code = 201 if new else 200
    response.headers["Location"] = f"/v1/distributions/{distribution.id}"
    response.headers["ETag"] = etag(distribution.version)
    return DistributionOut(**asdict(distribution), waiting=await assets.count_waiting(tx, distribution.id))


def _shares(lines: tuple[ShareIn, ...]) -> list[tuple[UUID, Decimal]]:
    return [(line.household_id, line.shares) for line in lines]


async def _shown(tx: Tx, row: service.SetAside, response: Response | None = None) -> SetAsideOut:
    if response is not None:
        response.headers["ETag"] = etag(row.revision)
    return SetAsideOut(**asdict(row), left=await service.left_of(tx, row))
