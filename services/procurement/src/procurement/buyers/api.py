"""Routes of buyers and the reserves they file."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from events.catalog.procurement import ReserveState
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.models import AnswerModel, RequestModel, Yuan
from kit.paging import Page, Paging
from kit.route import TransactionRoute
from kit.running import Tx
from kit.scope import validate_path

from . import service
from .service import BuyerKind, Canteen, ReturnReason

router = APIRouter(prefix="/v1", tags=["buyers 采购单位"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("buyers:read"))]
Write = Annotated[Principal, Depends(needs("buyers:write"))]
Approve = Annotated[Principal, Depends(needs("buyers:approve"))]

Words = Annotated[str, Field(min_length=1, max_length=100)]
Members = Annotated[int, Field(ge=1, le=1_000_000)]
Year = Annotated[int, Field(ge=2021, le=2100)]


class BuyerIn(RequestModel):
    """采购单位登记: `counts_for` is the unit that files for a shared canteen, or whose union this is."""

    kind: BuyerKind
    name: Words
    credit_code: Annotated[str, Field(min_length=1, max_length=40)]
    region_code: Annotated[str, Field(pattern=r"^\d{12}$")]
    canteen: Canteen = Canteen.NONE
    counts_for: UUID | None = None
    members: Members | None = None


class BuyerPatch(RequestModel):
    """采购单位变更: what is left out stays."""

    name: Words = ""
    canteen: Canteen = Canteen.NONE
    counts_for: UUID | None = None
    members: Members | None = None


class BuyerOut(AnswerModel):
    """采购单位"""

    id: UUID
    kind: BuyerKind
    name: str
    credit_code: str
    region: str
    canteen: Canteen
    counts_for: UUID | None
    members: int | None
    closed: bool
    version: int


class ReserveIn(RequestModel):
    """预留份额填报: yuan of the year's canteen food, and of it what is reserved."""

    year: Year
    food_budget: Yuan
    reserve: Yuan


class ReturnIn(RequestModel):
    """退回"""

    reason: ReturnReason


class ReserveOut(AnswerModel):
    """预留份额填报: as it stands; `required` is what the ratio in force on the day of the filing asks for."""

    id: UUID
    buyer_id: UUID
    year: int
    food_budget: Decimal
    reserve: Decimal
    ratio: Decimal
    required: Decimal
    policy_id: UUID
    state: ReserveState
    reason: ReturnReason | None
    filed_on: date
    decided_on: date | None
    version: int


@router.post("/buyers", status_code=201)
async def register_buyer(body: BuyerIn, who: Write, tx: Tx, response: Response) -> BuyerOut:
    """Register a unit that buys; the same again answers the same (200)."""
    report = service.BuyerReport(**{name: getattr(body, name) for name in BuyerIn.model_fields})
    buyer, new = await service.register_buyer(tx, report, paths=who.paths, department=who.department)
    response.status_code = 201 if new else 200
    response.headers["Location"] = f"/v1/buyers/{buyer.id}"
    return _buyer(buyer, response)


@router.get("/buyers")
async def list_buyers(
    who: Read,
    tx: Tx,
    paging: Paging,
    kind: BuyerKind | None = None,
    path: Annotated[str | None, Query(max_length=100)] = None,
) -> Page[BuyerOut]:
    """Buyers in one's area, or in a part of it."""
    after = UUID(str(paging.after[0])) if paging.after else None
    within = validate_path(path) if path is not None else None
    found = await service.buyers_page(tx, kind=kind, path=within, after=after, limit=paging.limit)
    return paging.page(found, show=_buyer, place=lambda buyer: [str(buyer.id)])


@router.get("/buyers/{buyer_id}")
async def read_buyer(buyer_id: UUID, who: Read, tx: Tx, response: Response) -> BuyerOut:
    """A buyer."""
    return _buyer(await service.get_buyer(tx, buyer_id), response)


@router.patch("/buyers/{buyer_id}")
async def change_buyer(
    buyer_id: UUID, body: BuyerPatch, who: Write, tx: Tx, version: IfMatch, response: Response
) -> BuyerOut:
    """Change name, canteen, members or the unit it counts for."""
    changes = {name: getattr(body, name) for name in body.model_fields_set}
    return _buyer(await service.change_buyer(tx, buyer_id, changes, version=version), response)


@router.post("/buyers/{buyer_id}:close")
async def close_buyer(buyer_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response) -> BuyerOut:
    """The unit no longer exists, or was registered wrongly."""
    return _buyer(await service.close_buyer(tx, buyer_id, version=version), response)


@router.post("/buyers/{buyer_id}/reserves", status_code=201)
async def file_reserve(buyer_id: UUID, body: ReserveIn, who: Write, tx: Tx, response: Response) -> ReserveOut:
    """File a year's reserve, or file it anew (publishes ReserveFiled)."""
    reserve = await service.file_reserve(
        tx,
        buyer_id,
        year=body.year,
        food_budget=body.food_budget,
        reserve=body.reserve,
        department=who.department,
    )
    response.headers["Location"] = f"/v1/reserves/{reserve.id}"
    return _reserve(reserve, response)


@router.get("/buyers/{buyer_id}/reserves")
async def list_reserves(buyer_id: UUID, who: Read, tx: Tx) -> list[ReserveOut]:
    """What a unit has filed, the latest year first."""
    await service.get_buyer(tx, buyer_id)
    return [_reserve(reserve) for reserve in await service.reserves_of(tx, [buyer_id])]


@router.get("/reserves/{reserve_id}")
async def read_reserve(reserve_id: UUID, who: Read, tx: Tx, response: Response) -> ReserveOut:
    """A filing."""
    return _reserve(await service.get_reserve(tx, reserve_id), response)


@router.post("/reserves/{reserve_id}:accept")
async def accept_reserve(reserve_id: UUID, who: Approve, tx: Tx, version: IfMatch, response: Response) -> ReserveOut:
    """The superior accepts the filing (publishes ReserveFiled)."""
    return _reserve(await service.accept_reserve(tx, reserve_id, version=version), response)


@router.post("/reserves/{reserve_id}:return")
async def return_reserve(
    reserve_id: UUID, body: ReturnIn, who: Approve, tx: Tx, version: IfMatch, response: Response
) -> ReserveOut:
    """The superior sends the filing back (publishes ReserveFiled)."""
    return _reserve(await service.return_reserve(tx, reserve_id, reason=body.reason, version=version), response)


def _buyer(buyer: service.Buyer, response: Response | None = None) -> BuyerOut:
    if response is not None:
        response.headers["ETag"] = etag(buyer.version)
    return BuyerOut(**{name: getattr(buyer, name) for name in BuyerOut.model_fields})


def _reserve(reserve: service.Reserve, response: Response | None = None) -> ReserveOut:
    if response is not None:
        response.headers["ETag"] = etag(reserve.revision)
    own = {name: getattr(reserve, name) for name in ReserveOut.model_fields if hasattr(reserve, name)}
    return ReserveOut(**own, version=reserve.revision)
