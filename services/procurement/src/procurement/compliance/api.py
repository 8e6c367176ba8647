"""Routes of how far units are with their quota."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from kit.auth import Principal, needs
from kit.models import AnswerModel
from kit.paging import Page, Paging
from kit.route import TransactionRoute
from kit.running import Tx
from kit.scope import validate_path

from . import service
from .rules import ReserveProgress

router = APIRouter(prefix="/v1", tags=["compliance 采购进度"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("buyers:read"))]
Year = Annotated[int, Query(ge=2021, le=2100)]


class FiledOut(AnswerModel):
    """填报: yuan; `quota` is the canteen's food times the ratio."""

    food_budget: Decimal
    reserve: Decimal
    ratio: Decimal
    quota: Decimal
    policy_id: UUID


class GuideOut(AnswerModel):
    """工会采购参考: members times the guide per person and year, yuan."""

    members: int
    per_person: Decimal
    guide: Decimal
    policy_id: UUID


class ProgressOut(AnswerModel):
    """采购进度: `done` is counted / quota, null while no accepted filing is there; `state` null for no budget unit."""

    buyer_id: UUID
    name: str
    year: int
    state: ReserveProgress | None
    filed_by: UUID
    filed: FiledOut | None
    counted: Decimal
    done: Decimal | None
    own: Decimal
    guide: GuideOut | None


@router.get("/buyers/{buyer_id}/progress")
async def read_progress(buyer_id: UUID, who: Read, tx: Tx, year: Year) -> ProgressOut:
    """How far a unit or union is in a year."""
    return _shown(await service.unit_progress(tx, buyer_id, year))


@router.get("/progress")
async def list_progress(
    who: Read, tx: Tx, paging: Paging, year: Year, path: Annotated[str | None, Query(max_length=100)] = None
) -> Page[ProgressOut]:
    """How far the budget units in one's area are in a year."""
    after = UUID(str(paging.after[0])) if paging.after else None
    within = validate_path(path) if path is not None else None
    found = await service.units_page(tx, year=year, path=within, after=after, limit=paging.limit)
    return paging.page(found, show=_shown, place=lambda unit: [str(unit.buyer.id)])


def _shown(unit: service.UnitProgress) -> ProgressOut:
    filed, guide = unit.filed, unit.guide
    return ProgressOut(
        buyer_id=unit.buyer.id,
        name=unit.buyer.name,
        year=unit.year,
        state=unit.state,
        filed_by=unit.filed_by,
        filed=filed and FiledOut(**{name: getattr(filed, name) for name in FiledOut.model_fields}),
        counted=unit.counted,
        done=unit.done,
        own=unit.own,
        guide=guide and GuideOut(**{name: getattr(guide, name) for name in GuideOut.model_fields}),
    )
