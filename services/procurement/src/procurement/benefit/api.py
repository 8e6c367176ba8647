"""Routes of payments and of what households were paid."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from events.catalog.procurement import PurchasePurpose
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.models import AnswerModel, RequestModel, Yuan
from kit.paging import Page, Paging
from kit.route import TransactionRoute
from kit.running import Tx

from ..orders.service import get_order
from . import service

router = APIRouter(prefix="/v1", tags=["sales 农户销售"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("sales:read"))]
Write = Annotated[Principal, Depends(needs("sales:write"))]


class LineIn(RequestModel):
    """逐户金额: of one share of the order."""

    share_id: UUID
    amount: Yuan


class AmountsIn(RequestModel):
    """金额: a total that parts in proportion, or an amount for each share named."""

    amount: Yuan | None = None
    lines: Annotated[tuple[LineIn, ...], Field(min_length=1, max_length=200)] | None = None


class SettlementIn(AmountsIn):
    """结算登记"""

    reference: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z-]+$")]
    paid_on: date


class SaleOut(AnswerModel):
    """农户销售: `amount` is what was paid less what was refunded; `matched` is false while the person is unknown."""

    id: UUID
    matched: bool
    household_id: UUID | None
    region: str | None
    order_id: UUID
    share_id: UUID
    settlement_id: UUID
    buyer_id: UUID
    purpose: PurchasePurpose
    paid_on: date
    amount: Decimal
    paid: Decimal
    refunded: Decimal
    void: bool
    version: int


class SettlementOut(AnswerModel):
    """结算: what of it is in no sale the cooperative keeps."""

    id: UUID
    order_id: UUID
    buyer_id: UUID
    purpose: PurchasePurpose
    reference: str
    paid_on: date
    amount: Decimal
    refunded: Decimal
    void: bool
    version: int


class SettlementSheet(SettlementOut):
    """结算详情: with the sales of households in one's area."""

    sales: tuple[SaleOut, ...]


@router.post("/orders/{order_id}/settlements", status_code=201)
async def settle(order_id: UUID, body: SettlementIn, who: Write, tx: Tx, response: Response) -> SettlementSheet:
    """Record a payment (publishes PaymentSettled, HouseholdSalePaid); the same voucher answers the same (200)."""
    settlement, sales, new = await service.settle(
        tx,
        order_id,
        reference=body.reference,
        paid_on=body.paid_on,
        amounts=_amounts(body),
        department=who.department,
    )
    response.status_code = 201 if new else 200
    response.headers["Location"] = f"/v1/settlements/{settlement.id}"
    return _sheet(settlement, sales, response)


@router.get("/orders/{order_id}/settlements")
async def list_settlements(order_id: UUID, who: Read, tx: Tx) -> list[SettlementOut]:
    """The payments of an order."""
    await get_order(tx, order_id)
    return [_settlement(settlement) for settlement in await service.settlements_of(tx, order_id)]


@router.get("/settlements/{settlement_id}")
async def read_settlement(settlement_id: UUID, who: Read, tx: Tx, response: Response) -> SettlementSheet:
    """A payment and what it paid to whom."""
    settlement = await service.get_settlement(tx, settlement_id)
    return _sheet(settlement, await service.sales_of(tx, settlement_id), response)


@router.post("/settlements/{settlement_id}:refund")
async def refund(
    settlement_id: UUID, body: AmountsIn, who: Write, tx: Tx, version: IfMatch, response: Response
) -> SettlementSheet:
    """Give back a part (publishes HouseholdSalePaid, revised)."""
    return _sheet(*await service.refund(tx, settlement_id, _amounts(body), version=version), response)


@router.post("/settlements/{settlement_id}:void")
async def void_settlement(
    settlement_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response
) -> SettlementOut:
    """It was never paid (publishes PaymentSettled and HouseholdSalePaid, void)."""
    settlement = await service.void_settlement(tx, settlement_id, version=version)
    response.headers["ETag"] = etag(settlement.version)
    return _settlement(settlement)


@router.get("/sales")
async def list_sales(who: Read, tx: Tx, paging: Paging, household_id: UUID | None = None) -> Page[SaleOut]:
    """What households in one's area were paid."""
    after = UUID(str(paging.after[0])) if paging.after else None
    found = await service.sales_page(tx, household_id=household_id, after=after, limit=paging.limit)
    return paging.page(found, show=_sale, place=lambda sale: [str(sale.id)])


@router.get("/sales/{sale_id}")
async def read_sale(sale_id: UUID, who: Read, tx: Tx, response: Response) -> SaleOut:
    """A sale."""
    sale = await service.get_sale(tx, sale_id)
    response.headers["ETag"] = etag(sale.revision)
    return _sale(sale)


def _amounts(body: AmountsIn) -> service.Amounts:
    lines = body.lines
    each = None if lines is None else tuple((line.share_id, line.amount) for line in lines)
    return service.Amounts(total=body.amount, lines=each)


def _sale(sale: service.Sale) -> SaleOut:
    own = {name: getattr(sale, name) for name in SaleOut.model_fields if hasattr(sale, name)}
    return SaleOut(**own, version=sale.revision, matched=sale.household_id is not None)


def _settlement(settlement: service.Settlement) -> SettlementOut:
    return SettlementOut(**{name: getattr(settlement, name) for name in SettlementOut.model_fields})


def _sheet(settlement: service.Settlement, sales: list[service.Sale], response: Response) -> SettlementSheet:
    response.headers["ETag"] = etag(settlement.version)
    return SettlementSheet(**_settlement(settlement).model_dump(), sales=tuple(map(_sale, sales)))
