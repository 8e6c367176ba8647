"""Routes of conditions and expenses."""

from dataclasses import asdict
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from events.catalog.base import Money
from events.catalog.households import ExpenseKind, Guarantee
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.models import AnswerModel, Moment, RequestModel
from kit.route import AuditedRoute, TransactionRoute
from kit.running import Tx

from ..regions import service as regions
from ..registry import service as registry
from . import service

router = APIRouter(prefix="/v1", tags=["conditions 保障与支出"], route_class=TransactionRoute)
audited = APIRouter(prefix="/v1", tags=["conditions 保障与支出"], route_class=AuditedRoute)

Read = Annotated[Principal, Depends(needs("conditions:read"))]
Write = Annotated[Principal, Depends(needs("conditions:write"))]


class ConditionIn(RequestModel):
    """保障问题: a guarantee that is not solved."""

    guarantee: Guarantee
    since: date
    person_id: UUID | None = None


class Solution(RequestModel):
    """保障问题解决"""

    resolved_on: date


class ConditionOut(AnswerModel):
    """保障问题: open while resolved_on is null."""

    fact_id: UUID
    revision: int
    household_id: UUID
    guarantee: Guarantee
    person_id: UUID | None
    since: date
    resolved_on: date | None
    recorded_at: Moment


class AmountIn(RequestModel):
    """支出金额"""

    amount: Money


class ExpenseIn(AmountIn):
    """刚性支出: what the household paid itself in a window; source is a code such as `survey`."""

    kind: ExpenseKind
    window_from: date
    window_to: date
    source: Annotated[str, Field(max_length=32, pattern=r"^[a-z_]+$")] = "survey"


class ExpenseOut(AnswerModel):
    """刚性支出"""

    fact_id: UUID
    revision: int
    void: bool
    household_id: UUID
    kind: ExpenseKind
    amount: Money
    window_from: date
    window_to: date
    source: str
    recorded_at: Moment


@router.post("/households/{household_id}/conditions", status_code=201)
async def report_condition(
    household_id: UUID, body: ConditionIn, who: Write, tx: Tx, response: Response
) -> ConditionOut:
    """Report a guarantee that is not solved."""
    await regions.happened(tx, since=body.since)
    entry = service.ConditionEntry(
        household_id=household_id, guarantee=body.guarantee, since=body.since, person_id=body.person_id
    )
    [outcome] = await service.report_conditions(tx, [entry])
    if outcome.refusal is not None:
        raise outcome.refusal
    found = {row.fact_id: row for row in await service.conditions_of(tx, household_id)}
    return _condition(found[outcome.fact_id], response)


@audited.get("/households/{household_id}/conditions")
async def list_conditions(household_id: UUID, who: Read, tx: Tx) -> list[ConditionOut]:
    """Conditions of a household, the open ones first."""
    await registry.get_household(tx, household_id)
    family = await registry.family_ids(tx, household_id)
    return [ConditionOut(**asdict(row)) for row in await service.conditions_of(tx, *family)]


@router.post("/households/{household_id}/conditions/{fact_id}:resolve")
async def resolve_condition(
    household_id: UUID, fact_id: UUID, body: Solution, who: Write, tx: Tx, version: IfMatch, response: Response
) -> ConditionOut:
    """Solve an open condition."""
    await regions.happened(tx, resolved_on=body.resolved_on)
    [row] = await service.resolve_conditions(tx, household_id, [fact_id], on=body.resolved_on, version=version)
    return _condition(row, response)


@router.post("/households/{household_id}/expenses", status_code=201)
async def report_expense(household_id: UUID, body: ExpenseIn, who: Write, tx: Tx, response: Response) -> ExpenseOut:
    """Report a self-paid expense of a window that has begun."""
    await regions.happened(tx, window_from=body.window_from)
    entry = service.ExpenseEntry(household_id=household_id, **body.model_dump())
    [outcome] = await service.report_expenses(tx, [entry])
    if outcome.refusal is not None:
        raise outcome.refusal
    found = {row.fact_id: row for row in await service.expenses_of(tx, household_id)}
    return _expense(found[outcome.fact_id], response)


@audited.get("/households/{household_id}/expenses")
async def list_expenses(household_id: UUID, who: Read, tx: Tx) -> list[ExpenseOut]:
    """Expenses of a household, the latest window first."""
    await registry.get_household(tx, household_id)
    family = await registry.family_ids(tx, household_id)
    return [ExpenseOut(**asdict(row)) for row in await service.expenses_of(tx, *family)]


@router.put("/expenses/{fact_id}")
async def correct_expense(
    fact_id: UUID, body: AmountIn, who: Write, tx: Tx, version: IfMatch, response: Response
) -> ExpenseOut:
    """Correct an expense: the next revision of the same fact."""
    return _expense(await service.correct_expense(tx, fact_id, body.amount, version=version), response)


@router.post("/expenses/{fact_id}:void")
async def void_expense(fact_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response) -> ExpenseOut:
    """Take an expense back."""
    return _expense(await service.void_expense(tx, fact_id, version=version), response)


def _condition(row: service.Condition, response: Response) -> ConditionOut:
    response.headers["ETag"] = etag(row.revision)
    return ConditionOut(**asdict(row))


def _expense(row: service.Expense, response: Response) -> ExpenseOut:
    response.headers["ETag"] = etag(row.revision)
    return ExpenseOut(**asdict(row))
