"""Routes of public-welfare posts; a certificate travels in the body only."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from directory.naming import PersonNamed, reporting_area
from directory.people import business_date
from events.catalog.base import RegionCode
from events.catalog.employment import EndReason
from events.catalog.households import RiskCause
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.models import AnswerModel, RequestModel, Yuan
from kit.paging import Page, PageRequest, Paging
from kit.route import TransactionRoute
from kit.running import Cipher, Tx

from . import service

router = APIRouter(prefix="/v1", tags=["posts 乡村公益性岗位"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("posts:read"))]
Write = Annotated[Principal, Depends(needs("posts:write"))]


class PostTermsIn(RequestModel):
    """岗位预算"""

    name: Annotated[str, Field(min_length=1, max_length=40)]
    places: Annotated[int, Field(ge=0, le=10_000)]
    monthly_pay: Yuan
    valid_from: date
    valid_to: date
    document: Annotated[str, Field(min_length=1, max_length=200)]


class PostIn(PostTermsIn):
    """岗位预算 of a village"""

    region: RegionCode


class PostOut(AnswerModel):
    """乡村公益性岗位: with how many of its places are taken."""

    id: UUID
    version: int
    region: str
    name: str
    places: int
    taken: int
    monthly_pay: Decimal
    valid_from: date
    valid_to: date
    document: str


class HoldingIn(RequestModel):
    """上岗登记: a person takes a place; `causes` are the risks of the household it is meant to answer."""

    post_id: UUID
    person: PersonNamed
    contract_from: date
    contract_to: date
    causes: Annotated[tuple[RiskCause, ...], Field(max_length=11)] = ()


class Leaving(RequestModel):
    """离岗登记: ended_on is the first day outside."""

    ended_on: date
    reason: EndReason


class HoldingOut(AnswerModel):
    """在岗"""

    id: UUID
    revision: int
    person_id: UUID
    household_id: UUID
    region: str
    post_id: UUID
    spell_id: UUID
    contract_from: date
    contract_to: date
    causes: tuple[RiskCause, ...]
    ended_on: date | None
    end_reason: EndReason | None


class Why(StrEnum):
    """待核实原因"""

    JOB_OVER = "job_over"
    """务工记录已结束"""
    CONTRACT_OVER = "contract_over"
    """合同已到期"""
    AWAY = "away"
    """同时在县外务工"""


class MismatchOut(AnswerModel):
    """待核实在岗: other facts contradict it; `spell_id` is the other job."""

    holding_id: UUID
    person_id: UUID
    household_id: UUID
    post_id: UUID
    why: Why
    spell_id: UUID | None


class CountOut(AnswerModel):
    """岗位使用情况: of a county on the business date; what the taken places pay a month, yuan."""

    county: str | None
    posts: int
    places: int
    taken: int
    monthly_pay: Decimal


@router.post("/public-posts", status_code=201)
async def budget_post(body: PostIn, who: Write, tx: Tx, response: Response) -> PostOut:
    """Budget places in a village."""
    post = await service.budget_post(tx, body.region, _terms(body), paths=who.paths, department=who.department)
    response.headers["Location"] = f"/v1/public-posts/{post.id}"
    return _post(post, 0, response)


@router.get("/public-posts")
async def list_posts(who: Read, tx: Tx, paging: Paging, region: RegionCode | None = None) -> Page[PostOut]:
    """Posts in one's area, with how many places are taken."""
    found = await service.posts_page(tx, region=region, after=_after(paging), limit=paging.limit)
    taken = await service.taken(tx, [post.id for post in found])
    return paging.page(found, show=lambda post: _post(post, taken.get(post.id, 0)), place=lambda post: [str(post.id)])


@router.get("/public-posts/{post_id}")
async def read_post(post_id: UUID, who: Read, tx: Tx, response: Response) -> PostOut:
    """A post."""
    post = await service.get_post(tx, post_id)
    return _post(post, (await service.taken(tx, [post_id])).get(post_id, 0), response)


@router.put("/public-posts/{post_id}")
async def change_post(
    post_id: UUID, body: PostTermsIn, who: Write, tx: Tx, version: IfMatch, response: Response
) -> PostOut:
    """State places, pay or time anew; contracts that run stay as they were signed."""
    post = await service.change_post(tx, post_id, _terms(body), version=version)
    return _post(post, (await service.taken(tx, [post_id])).get(post_id, 0), response)


@router.post("/post-holdings", status_code=201)
async def take_post(body: HoldingIn, who: Write, tx: Tx, cipher: Cipher, response: Response) -> HoldingOut:
    """Give a person a place (publishes PublicPostTaken); one per person, nobody who works elsewhere."""
    holding = await service.take_post(
        tx,
        body.post_id,
        body.person,
        contract=(body.contract_from, body.contract_to),
        causes=body.causes,
        cipher=cipher,
        area=reporting_area(who.paths),
        department=who.department,
    )
    response.headers["Location"] = f"/v1/post-holdings/{holding.id}"
    return _holding(holding, response)


@router.get("/post-holdings")
async def list_holdings(
    who: Read,
    tx: Tx,
    paging: Paging,
    post_id: UUID | None = None,
    household_id: UUID | None = None,
    person_id: UUID | None = None,
    standing: Annotated[bool, Query(description="only those who hold a post now")] = False,
) -> Page[HoldingOut]:
    """Who holds or held posts in one's area."""
    filters = {"post_id": post_id, "household_id": household_id, "person_id": person_id}
    found = await service.holdings_page(tx, filters, standing=standing, after=_after(paging), limit=paging.limit)
    return paging.page(found, show=_holding, place=lambda holding: [str(holding.id)])


@router.get("/post-holdings/{holding_id}")
async def read_holding(holding_id: UUID, who: Read, tx: Tx, response: Response) -> HoldingOut:
    """Who holds a post."""
    return _holding(await service.get_holding(tx, holding_id), response)


@router.post("/post-holdings/{holding_id}:end")
async def end_holding(
    holding_id: UUID, body: Leaving, who: Write, tx: Tx, version: IfMatch, response: Response
) -> HoldingOut:
    """The person leaves the post (publishes PublicPostEnded)."""
    holding = await service.end_holding(tx, holding_id, ended_on=body.ended_on, reason=body.reason, version=version)
    return _holding(holding, response)


@router.get("/post-mismatches")
async def list_mismatches(who: Read, tx: Tx, paging: Paging) -> Page[MismatchOut]:
    """Who holds a post although the job or the contract is over, or another job elsewhere runs: to be looked at."""
    found = await service.mismatches(tx, await business_date(tx), after=_after(paging), limit=paging.limit)
    return paging.page(found, show=lambda one: MismatchOut(**asdict(one)), place=lambda one: [str(one.holding_id)])


@router.get("/public-post-counts")
async def read_counts(who: Read, tx: Tx) -> list[CountOut]:
    """Budgeted places and how many are taken, by county, on the business date."""
    return [CountOut(**asdict(count)) for count in await service.counts(tx, await business_date(tx))]


def _after(paging: PageRequest) -> UUID | None:
    return UUID(str(paging.after[0])) if paging.after else None


def _terms(body: PostTermsIn) -> service.PostTerms:
    return service.PostTerms(**{name: getattr(body, name) for name in PostTermsIn.model_fields})


def _own(row: object, model: type[Any]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in model.model_fields if hasattr(row, name)}


def _post(post: service.Post, taken: int, response: Response | None = None) -> PostOut:
    if response is not None:
        response.headers["ETag"] = etag(post.version)
    return PostOut(**_own(post, PostOut), taken=taken)


def _holding(holding: service.Holding, response: Response | None = None) -> HoldingOut:
    if response is not None:
        response.headers["ETag"] = etag(holding.revision)
    return HoldingOut(**_own(holding, HoldingOut))
