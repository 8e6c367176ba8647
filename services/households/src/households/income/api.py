"""Routes of income figures and of the household's statement."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from events.catalog.base import Money
from income.formula import comparison_per_head, per_head
from income.windows import Income
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.models import AnswerModel, Moment, RequestModel
from kit.route import AuditedRoute, TransactionRoute
from kit.running import Tx

from ..regions import service as regions
from ..registry import service as registry
from . import service
from .rules import FigureUnknown

router = APIRouter(prefix="/v1", tags=["income 收入"], route_class=TransactionRoute)
audited = APIRouter(prefix="/v1", tags=["income 收入"], route_class=AuditedRoute)

Read = Annotated[Principal, Depends(needs("income:read"))]
Write = Annotated[Principal, Depends(needs("income:write"))]

Note = Annotated[str, Field(min_length=1, max_length=200)]
Account = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._@-]+$")]


class AmountsIn(RequestModel):
    """收入金额: yuan of the whole household in the window."""

    wage: Money
    business: Money
    property: Money
    transfer: Money
    business_cost: Money
    claims: Money = Decimal("0.00")
    self_paid: Money = Decimal("0.00")
    parts: dict[service.Part, Money] = Field(default_factory=dict)
    persons: int
    verified: bool = True
    evidence: Note | None = None
    collector: Account | None = None


class FigureIn(AmountsIn):
    """收入登记: one figure; the collector is the caller unless somebody else is named."""

    window_from: date
    window_to: date
    purpose: service.Purpose
    source: service.Source


class FigureOut(AnswerModel):
    """收入登记: with what it says per head."""

    fact_id: UUID
    revision: int
    void: bool
    household_id: UUID
    window_from: date
    window_to: date
    purpose: service.Purpose
    source: service.Source
    wage: Money
    business: Money
    property: Money
    transfer: Money
    business_cost: Money
    claims: Money
    self_paid: Money
    parts: dict[service.Part, Money]
    persons: int
    verified: bool
    evidence: str | None
    collector: str | None
    recorded_at: Moment
    per_head: Money
    """人均纯收入"""
    comparison_per_head: Money
    """监测参考收入"""


class CellOut(AnswerModel):
    """月收入: one kind in one month and what it rests on; null where no source has ever spoken."""

    kind: str
    month: str
    amount: Money | None
    basis: str


class IncomeOut(AnswerModel):
    """家庭收入: a published figure with its window and sources; null where something is unknown, never zero."""

    window_from: date
    window_to: date
    persons: int
    by_kind: dict[str, Money | None]
    business_cost: Money | None
    net: Money | None
    per_head: Money | None
    comparison_per_head: Money | None
    mixed: bool
    sources: dict[str, date]
    """the last day each source that was used spoke of"""
    figures_used: tuple[UUID, ...]
    """the facts it rests on; corrected ones keep their earlier revisions at `/v1/income-figures/{id}`"""
    months: tuple[CellOut, ...]


class PaymentOut(AnswerModel):
    """部门发放: `last_month` where it was paid for several months; the amount is for all of them."""

    fact_id: UUID
    revision: int
    person_id: UUID | None
    month: str
    last_month: str | None
    kind: str
    """收入类别, or claim 理赔, which counts in the comparison figure only"""
    amount: Money
    source: str


class StatementOut(AnswerModel):
    """收入台账: as of a business date, three windows side by side, each with its sources and how fresh they are."""

    household_id: UUID
    on: date
    rolling: IncomeOut
    """近十二个月: the twelve full months before (identification)"""
    official: IncomeOut
    """年度: 1 October to 30 September, the last year that has ended"""
    quarter: IncomeOut
    """季度: the last quarter that has ended"""
    figures: tuple[FigureOut, ...]
    payments: tuple[PaymentOut, ...]


@router.post("/households/{household_id}/income-figures", status_code=201)
async def record_figure(household_id: UUID, body: FigureIn, who: Write, tx: Tx, response: Response) -> FigureOut:
    """Record a survey or official figure of a window that has ended."""
    await regions.happened(tx, window_to=body.window_to)
    entry = service.FigureEntry(
        household_id=household_id,
        window_from=body.window_from,
        window_to=body.window_to,
        purpose=body.purpose,
        source=body.source,
        **_told(body, who),
    )
    [outcome] = await service.record_figures(tx, [entry])
    if outcome.refusal is not None:
        raise outcome.refusal
    response.headers["Location"] = f"/v1/income-figures/{outcome.fact_id}"
    return _figure((await service.latest_figures(tx, fact_ids=[outcome.fact_id]))[outcome.fact_id], response)


@audited.get("/households/{household_id}/income-figures")
async def list_figures(household_id: UUID, who: Read, tx: Tx, as_of: date | None = None) -> list[FigureOut]:
    """Figures of a household, void ones too, the latest window first; as now or as recorded by the end of a day."""
    await registry.get_household(tx, household_id)
    found = (await service.latest_figures(tx, household_id=household_id, as_of=as_of)).values()
    ordered = sorted(found, key=lambda figure: (figure.window_to, figure.window_from, figure.fact_id), reverse=True)
    return [_figure_out(figure) for figure in ordered]


@audited.get("/households/{household_id}/income-statement")
async def read_statement(household_id: UUID, who: Read, tx: Tx, on: date | None = None) -> StatementOut:
    """What a household earns, as of the business date or another day."""
    day = on or await regions.today(tx)
    found = await service.statement(tx, household_id, day)
    return StatementOut(
        household_id=household_id,
        on=day,
        rolling=_income(found.rolling),
        official=_income(found.official),
        quarter=_income(found.quarter),
        figures=tuple(_figure_out(figure) for figure in found.figures),
        payments=tuple(
            PaymentOut(
                fact_id=item.fact_id,
                revision=item.revision,
                person_id=item.person_id,
                month=str(item.month),
                last_month=str(item.last) if item.last else None,
                kind=item.kind,
                amount=item.amount,
                source=item.source,
            )
            for item in found.payments
        ),
    )


@router.get("/income-figures/{fact_id}")
async def read_figure(fact_id: UUID, who: Read, tx: Tx, response: Response) -> list[FigureOut]:
    """Every revision of a figure, the newest first."""
    found = await service.revisions(tx, fact_id)
    if not found:
        raise FigureUnknown
    response.headers["ETag"] = etag(found[0].revision)
    return [_figure_out(figure) for figure in found]


@router.put("/income-figures/{fact_id}")
async def correct_figure(
    fact_id: UUID, body: AmountsIn, who: Write, tx: Tx, version: IfMatch, response: Response
) -> FigureOut:
    """Correct a figure: the next revision of the same fact."""
    return _figure(await service.correct_figure(tx, fact_id, _told(body, who), version=version), response)


@router.post("/income-figures/{fact_id}:void")
async def void_figure(fact_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response) -> FigureOut:
    """Take a figure back."""
    return _figure(await service.void_figure(tx, fact_id, version=version), response)


def _told(body: AmountsIn, who: Principal) -> dict[str, Any]:
    return {
        "amounts": service.Amounts(**{name: getattr(body, name) for name in service.Amounts.__slots__}),
        "parts": body.parts,
        "persons": body.persons,
        "verified": body.verified,
        "evidence": body.evidence,
        "collector": body.collector or who.subject,
    }


def _figure(figure: service.Figure, response: Response) -> FigureOut:
    response.headers["ETag"] = etag(figure.revision)
    return _figure_out(figure)


def _figure_out(figure: service.Figure) -> FigureOut:
    told = asdict(figure)
    spoken = service.spoken(figure)
    return FigureOut(
        **told.pop("amounts"), **told, per_head=per_head(spoken), comparison_per_head=comparison_per_head(spoken)
    )


def _income(income: Income) -> IncomeOut:
    return IncomeOut(
        window_from=income.window.first.first_day,
        window_to=income.window.last.last_day,
        persons=income.persons,
        by_kind={kind.value: amount for kind, amount in income.by_kind.items()},
        business_cost=income.business_cost,
        net=income.net,
        per_head=income.per_head,
        comparison_per_head=income.comparison,
        mixed=income.mixed,
        sources=dict(income.sources),
        figures_used=income.facts,
        months=tuple(
            CellOut(kind=cell.kind, month=str(cell.month), amount=cell.amount, basis=cell.basis)
            for cell in income.cells
        ),
    )
