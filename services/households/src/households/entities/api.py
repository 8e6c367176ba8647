"""Routes of market entities, links and benefits."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import Field

from events.catalog.base import Month, RegionCode
from events.catalog.households import BenefitKind, EntityKind, LinkEnd
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.models import AnswerModel, RequestModel, Yuan
from kit.paging import Page, Paging
from kit.policy_book import Confidence
from kit.route import AuditedRoute, TransactionRoute
from kit.running import Tx
from kit.scope import validate_path

from ..regions import service as regions
from ..registry import service as registry
from . import service

router = APIRouter(prefix="/v1", tags=["entities 市场主体"], route_class=TransactionRoute)
audited = APIRouter(prefix="/v1", tags=["entities 市场主体"], route_class=AuditedRoute)

Read = Annotated[Principal, Depends(needs("entities:read"))]
Write = Annotated[Principal, Depends(needs("entities:write"))]

Words = Annotated[str, Field(min_length=1, max_length=100)]
Number = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z-]+$")]
ModeCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class EntityIn(RequestModel):
    """市场主体登记"""

    kind: EntityKind
    name: Words
    credit_code: Annotated[str, Field(min_length=1, max_length=40)]
    region_code: RegionCode


class EntityPatch(RequestModel):
    """市场主体变更: what is left out stays."""

    kind: EntityKind = EntityKind.GROWER
    name: Words = ""
    region_code: RegionCode = ""


class EntitySearch(RequestModel):
    """市场主体查询: a part of the name, or the whole credit code."""

    words: Annotated[str, Field(min_length=2, max_length=40)]


class EntityOut(AnswerModel):
    """市场主体"""

    id: UUID
    version: int
    kind: EntityKind
    name: str
    credit_code: str
    region_code: str
    closed: bool


class PullOut(AnswerModel):
    """带动成效: households of one's area linked on the day, and yuan paid to them in the year before it."""

    entity_id: UUID
    name: str
    kind: EntityKind
    households: int
    paid: Decimal


class ModeIn(RequestModel):
    """利益联结模式: with the document that names it, and how sure that is."""

    name: Words
    document: Annotated[str, Field(min_length=1, max_length=200)]
    confidence: Confidence
    active: bool = True


class NewMode(ModeIn):
    """利益联结模式, new in the list."""

    code: ModeCode


class ModeOut(ModeIn):
    """利益联结模式"""

    code: str
    version: int


class LinkIn(RequestModel):
    """利益联结签约"""

    household_id: UUID
    mode: ModeCode
    contract: Number
    """合同编号"""
    signed_on: date
    starts_on: date
    ends_on: date | None = None


class LinksIn(RequestModel):
    """利益联结签约: all of them or none."""

    links: Annotated[tuple[LinkIn, ...], Field(min_length=1, max_length=400)]


class Ending(RequestModel):
    """利益联结终止: `ended_on` is the first day without it."""

    ended_on: date
    reason: LinkEnd


class LinkOut(AnswerModel):
    """利益联结"""

    id: UUID
    revision: int
    void: bool
    entity_id: UUID
    household_id: UUID
    mode: str
    contract: str
    signed_on: date
    starts_on: date
    ends_on: date | None
    ended_on: date | None
    reason: LinkEnd | None


class BenefitTerms(RequestModel):
    """收益金额和所属月份: yuan for all the months together; `first_month` and `last_month` are those it is for."""

    amount: Yuan
    first_month: Month
    last_month: Month


class BenefitIn(BenefitTerms):
    """收益发放: under one link."""

    link_id: UUID
    benefit: BenefitKind


class BenefitsIn(RequestModel):
    """收益发放: what one voucher paid, all of it or nothing."""

    reference: Number
    """付款凭证号"""
    paid_on: date
    lines: Annotated[tuple[BenefitIn, ...], Field(min_length=1, max_length=200)]


class BenefitOut(AnswerModel):
    """收益发放"""

    id: UUID
    revision: int
    void: bool
    link_id: UUID
    entity_id: UUID
    household_id: UUID
    benefit: BenefitKind
    reference: str
    paid_on: date
    first_month: str
    last_month: str
    amount: Decimal


@router.post("/entities", status_code=201)
async def register_entity(body: EntityIn, who: Write, tx: Tx, response: Response) -> EntityOut:
    """Register a market entity in one's area (publishes EntityRegistered); the same again answers the same (200)."""
    entry = service.EntityEntry(**{name: getattr(body, name) for name in EntityIn.model_fields})
    entity, new = await service.register_entity(tx, entry)
    response.status_code = 201 if new else 200
    response.headers["Location"] = f"/v1/entities/{entity.id}"
    return _entity(entity, response)


@router.get("/entities")
async def list_entities(
    who: Read,
    tx: Tx,
    paging: Paging,
    kind: EntityKind | None = None,
    path: Annotated[str | None, Query(max_length=80)] = None,
) -> Page[EntityOut]:
    """Entities of any area, as in a public register; `path` keeps those below a management path."""
    after = UUID(str(paging.after[0])) if paging.after else None
    below = validate_path(path) if path is not None else None
    found = await service.entities_page(tx, kind=kind, path=below, after=after, limit=paging.limit)
    return paging.page(found, show=_entity, place=lambda entity: [str(entity.id)])


@router.post("/entities:search")
async def search_entities(body: EntitySearch, who: Read, tx: Tx) -> list[EntityOut]:
    """Find entities by a part of the name or by the credit code, fifty at most."""
    return [_entity(entity) for entity in await service.entities_found(tx, body.words.strip())]


@router.get("/entity-ranking")
async def rank_entities(
    who: Read, tx: Tx, on: date | None = None, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> list[PullOut]:
    """Which entities pull the most households of one's area along (§16: those are preferred)."""
    day = on or await regions.today(tx)
    return [PullOut(**asdict(row)) for row in await service.pulling(tx, day, limit=limit)]


@router.get("/entities/{entity_id}")
async def read_entity(entity_id: UUID, who: Read, tx: Tx, response: Response) -> EntityOut:
    """An entity."""
    return _entity(await service.get_entity(tx, entity_id), response)


@router.patch("/entities/{entity_id}")
async def change_entity(
    entity_id: UUID, body: EntityPatch, who: Write, tx: Tx, version: IfMatch, response: Response
) -> EntityOut:
    """Change kind, name or region of an entity of one's area (publishes EntityUpdated)."""
    changes = {name: getattr(body, name) for name in body.model_fields_set}
    return _entity(await service.change_entity(tx, entity_id, changes, version=version), response)


@router.post("/entities/{entity_id}:close")
async def close_entity(entity_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response) -> EntityOut:
    """The entity no longer exists, or was registered wrongly (publishes EntityUpdated)."""
    return _entity(await service.close_entity(tx, entity_id, version=version), response)


@router.get("/interest-modes")
async def list_modes(who: Read, tx: Tx) -> list[ModeOut]:
    """The modes of interest links, those out of use too."""
    return [ModeOut(**asdict(mode)) for mode in (await service.MODES.all(tx)).values()]


@router.post("/interest-modes", status_code=201)
async def add_mode(body: NewMode, who: Write, tx: Tx, response: Response) -> ModeOut:
    """Put a mode into the list."""
    return _mode(await service.MODES.add(tx, body.code, _terms(body), paths=who.paths), response)


@router.put("/interest-modes/{code}")
async def change_mode(
    code: Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,39}$")],
    body: ModeIn,
    who: Write,
    tx: Tx,
    version: IfMatch,
    response: Response,
) -> ModeOut:
    """Correct a mode, or take it out of use."""
    return _mode(await service.MODES.change(tx, code, _terms(body), paths=who.paths, version=version), response)


@router.post("/entities/{entity_id}/interest-links", status_code=201)
async def sign_links(entity_id: UUID, body: LinksIn, who: Write, tx: Tx) -> list[LinkOut]:
    """Link households to an entity (publishes InterestLinkSigned); the same contracts again change nothing."""
    for place, link in enumerate(body.links):
        await regions.happened(tx, **{f"links/{place}/signed_on": link.signed_on})
    entries = [service.LinkEntry(**{name: getattr(link, name) for name in LinkIn.model_fields}) for link in body.links]
    return [LinkOut(**asdict(link)) for link in await service.sign_links(tx, entity_id, entries)]


@router.get("/entities/{entity_id}/interest-links")
async def list_links(entity_id: UUID, who: Read, tx: Tx, paging: Paging) -> Page[LinkOut]:
    """The links of an entity with households of one's area."""
    await service.get_entity(tx, entity_id)
    after = UUID(str(paging.after[0])) if paging.after else None
    found = await service.links_page(tx, entity_id, after=after, limit=paging.limit)
    return paging.page(found, show=lambda link: LinkOut(**asdict(link)), place=lambda link: [str(link.id)])


@audited.get("/households/{household_id}/interest-links")
async def list_links_of_household(household_id: UUID, who: Read, tx: Tx) -> list[LinkOut]:
    """The links of a household and of those merged into it, the newest first."""
    await registry.get_household(tx, household_id)
    family = await registry.family_ids(tx, household_id)
    return [LinkOut(**asdict(link)) for link in await service.links_of(tx, family)]


@router.get("/interest-links/{link_id}")
async def read_link(link_id: UUID, who: Read, tx: Tx, response: Response) -> LinkOut:
    """A link."""
    return _link(await service.get_link(tx, link_id), response)


@router.post("/interest-links/{link_id}:end")
async def end_link(link_id: UUID, body: Ending, who: Write, tx: Tx, version: IfMatch, response: Response) -> LinkOut:
    """End a link (publishes InterestLinkEnded)."""
    await regions.happened(tx, ended_on=body.ended_on)
    link = await service.end_link(tx, link_id, ended_on=body.ended_on, reason=body.reason, version=version)
    return _link(link, response)


@router.post("/interest-links/{link_id}:void")
async def void_link(link_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response) -> LinkOut:
    """Take a link back that never was (publishes InterestLinkSigned, void)."""
    return _link(await service.void_link(tx, link_id, version=version), response)


@router.post("/entities/{entity_id}/benefits", status_code=201)
async def pay_benefits(entity_id: UUID, body: BenefitsIn, who: Write, tx: Tx) -> list[BenefitOut]:
    """Record rent and dividends paid under links (publishes BenefitPaid); the same voucher again changes nothing."""
    await regions.happened(tx, paid_on=body.paid_on)
    lines = [
        service.BenefitLine(**{name: getattr(line, name) for name in BenefitIn.model_fields}) for line in body.lines
    ]
    paid = await service.pay_benefits(tx, entity_id, lines, reference=body.reference, paid_on=body.paid_on)
    return [_benefit(benefit) for benefit in paid]


@audited.get("/households/{household_id}/benefits")
async def list_benefits(household_id: UUID, who: Read, tx: Tx) -> list[BenefitOut]:
    """What a household was paid under its links, the latest first; void ones too."""
    await registry.get_household(tx, household_id)
    family = await registry.family_ids(tx, household_id)
    return [_benefit(benefit) for benefit in await service.benefits_of(tx, family)]


@router.get("/benefits/{benefit_id}")
async def read_benefit(benefit_id: UUID, who: Read, tx: Tx, response: Response) -> BenefitOut:
    """A benefit."""
    return _benefit(await service.get_benefit(tx, benefit_id), response)


@router.put("/benefits/{benefit_id}")
async def correct_benefit(
    benefit_id: UUID, body: BenefitTerms, who: Write, tx: Tx, version: IfMatch, response: Response
) -> BenefitOut:
    """Correct amount or months (publishes BenefitPaid, revised)."""
    benefit = await service.correct_benefit(
        tx,
        benefit_id,
        amount=body.amount,
        first_month=body.first_month,
        last_month=body.last_month,
        version=version,
    )
    return _benefit(benefit, response)


@router.post("/benefits/{benefit_id}:void")
async def void_benefit(benefit_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response) -> BenefitOut:
    """It was never paid (publishes BenefitPaid, void)."""
    return _benefit(await service.void_benefit(tx, benefit_id, version=version), response)


def _terms(body: ModeIn) -> dict[str, object]:
    return {name: getattr(body, name) for name in ModeIn.model_fields}


def _entity(entity: service.Entity, response: Response | None = None) -> EntityOut:
    if response is not None:
        response.headers["ETag"] = etag(entity.version)
    return EntityOut(**asdict(entity))


def _mode(mode: service.Mode, response: Response) -> ModeOut:
    response.headers["ETag"] = etag(mode.version)
    return ModeOut(**asdict(mode))


def _link(link: service.Link, response: Response) -> LinkOut:
    response.headers["ETag"] = etag(link.revision)
    return LinkOut(**asdict(link))


def _benefit(benefit: service.Benefit, response: Response | None = None) -> BenefitOut:
    if response is not None:
        response.headers["ETag"] = etag(benefit.revision)
    return BenefitOut(**{name: getattr(benefit, name) for name in BenefitOut.model_fields})
