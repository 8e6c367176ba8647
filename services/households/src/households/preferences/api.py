"""Routes of the preference list."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from events.catalog.base import Money
from events.catalog.households import PreferenceEnd
from kit import policy
from kit.auth import Principal, needs
from kit.models import AnswerModel
from kit.paging import Page, Paging
from kit.policy_book import PolicyValue
from kit.route import TransactionRoute
from kit.running import Tx
from kit.scope import validate_path

from ..entities import service as entities
from ..regions import service as regions
from . import service

router = APIRouter(prefix="/v1", tags=["preferences 倾斜支持名单"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("entities:read"))]
Below = Annotated[str, Query(max_length=80)]


class ListingOut(AnswerModel):
    """倾斜支持名单: one stay of an entity, with what it pulled along on the day it entered."""

    id: UUID
    revision: int
    entity_id: UUID
    region_code: str
    listed_on: date
    delisted_on: date | None
    reason: PreferenceEnd | None
    households: int
    paid: Money
    policy_ids: tuple[UUID, ...]


class ThresholdOut(AnswerModel):
    """评定标准的一项: a published value with the document it rests on."""

    policy_id: UUID
    value: Decimal
    document: str
    clause: str
    valid_from: date


class RuleOut(AnswerModel):
    """评定标准: of a place on a day; null = not published, so nobody is listed."""

    households: ThresholdOut | None
    paid: ThresholdOut | None


@router.get("/preference-rule")
async def read_rule(who: Read, tx: Tx, path: Below, on: date | None = None) -> RuleOut:
    """By which rule entities of a place enter the list: households linked, and yuan paid to them in a year."""
    rule = service.threshold(await policy.load(tx), validate_path(path), on or await regions.today(tx))
    return RuleOut(households=_threshold(rule.households), paid=_threshold(rule.paid))


@router.get("/preference-list")
async def read_list(who: Read, tx: Tx, paging: Paging, path: Below, on: date | None = None) -> Page[ListingOut]:
    """Entities below a path that are preferred on a day (§16)."""
    after = UUID(str(paging.after[0])) if paging.after else None
    day = on or await regions.today(tx)
    found = await service.listed_below(tx, validate_path(path), day, after=after, limit=paging.limit)
    return paging.page(found, show=_listing, place=lambda row: [str(row.id)])


@router.get("/entities/{entity_id}/preferences")
async def list_stays(entity_id: UUID, who: Read, tx: Tx) -> list[ListingOut]:
    """When an entity was in the list, the latest first."""
    await entities.get_entity(tx, entity_id)
    return [_listing(row) for row in await service.stays_of(tx, entity_id)]


def _listing(row: service.Listing) -> ListingOut:
    return ListingOut.model_validate(asdict(row))


def _threshold(value: PolicyValue | None) -> ThresholdOut | None:
    if value is None:
        return None
    told = {name: getattr(value, name) for name in ("value", "document", "clause", "valid_from")}
    return ThresholdOut(policy_id=value.id, **told)
