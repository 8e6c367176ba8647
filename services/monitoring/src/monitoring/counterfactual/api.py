"""The route of counterfactuals."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from events.catalog.monitoring import RiskLevel
from kit.auth import Principal, needs
from kit.models import AnswerModel
from kit.route import TransactionRoute
from kit.running import Tx

from ..alerts.texts import FACT_NAMES
from ..profile.api import Words
from ..risk.rules import Fact
from . import service
from .rules import Side

router = APIRouter(prefix="/v1", tags=["counterfactual 反事实推算"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("risk:read"))]
_ACCOUNTING: Final = Words(
    zh="账面推算：只把所列事实从账上去掉，其余不变；不表示没有这些帮扶时实际会怎样，不是因果结论。",
    en="Accounting: the facts are taken off the books and all else stays; it does not say what would have happened.",
)


class LeftOut(AnswerModel):
    """扣除的事实"""

    fact_id: UUID
    kind: str
    name: Words
    source: str
    """the service that published it"""
    occurred_on: date
    amount: Decimal | None


class LevelFrom(AnswerModel):
    """等级起始日"""

    since: date
    level: RiskLevel


class RaisedOn(AnswerModel):
    """预警"""

    on: date
    rule: str


class PathOut(AnswerModel):
    """路径: levels with their dwell, alerts, and income on the last day, yuan a year."""

    levels: list[LevelFrom]
    raised: list[RaisedOn]
    """those that hold on the first day count there"""
    holding: list[str]
    """rules that hold on the last day"""
    income_per_head: Decimal | None
    """人均纯收入 of the twelve full months; null = unknown"""
    projected_per_head: Decimal | None
    """the same with lost work counted as nothing"""
    shortfall: Decimal
    """what the family lacks to the monitoring line"""


class CounterfactualOut(AnswerModel):
    """反事实推算: by policy and facts as they are known now."""

    household_id: UUID
    first_on: date
    last_on: date
    accounting: Words
    left_out: list[LeftOut]
    """the facts chosen and what hangs on them, such as the wages of a job"""
    actual: PathOut
    without: PathOut


@router.get("/households/{household_id}/counterfactual")
async def read_counterfactual(
    household_id: UUID,
    tx: Tx,
    who: Read,
    without: Annotated[list[UUID], Query(min_length=1, max_length=50)],
    first_on: date | None = None,
    last_on: date | None = None,
) -> CounterfactualOut:
    """The path of a household as if some facts had not been told: a job, a sale, a dividend, a measure."""
    found, first, last = await service.without(tx, household_id, without, first_on=first_on, last_on=last_on)
    return CounterfactualOut(
        household_id=household_id,
        first_on=first,
        last_on=last,
        accounting=_ACCOUNTING,
        left_out=[_left_out(fact) for fact in found.left_out],
        actual=_path(found.actual),
        without=_path(found.without),
    )


def _left_out(fact: Fact) -> LeftOut:
    zh, en = FACT_NAMES.get(fact.kind, (fact.kind, fact.kind))
    return LeftOut(
        fact_id=fact.id,
        kind=fact.kind,
        name=Words(zh=zh, en=en),
        source=fact.source,
        occurred_on=fact.on,
        amount=fact.amount,
    )


def _path(side: Side) -> PathOut:
    course = side.course
    return PathOut(
        levels=[LevelFrom(since=day, level=RiskLevel(level.wire)) for day, level in course.levels],
        raised=[RaisedOn(on=day, rule=rule) for day, rule in course.raised],
        holding=sorted(course.holding),
        income_per_head=side.published,
        projected_per_head=side.projected,
        shortfall=course.shortfall,
    )
