"""Routes of cases: clues, the load of what was listed before, and the chain step by step."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field, StringConstraints
from sqlalchemy import Row

from events.catalog.households import MonitoringCategory, RiskCause
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.models import AnswerModel, RequestModel
from kit.paging import Page, Paging
from kit.route import TransactionRoute
from kit.running import Tx

from ..help import queries as help_queries
from ..help.models import HelpOut
from ..help.models import shown as help_shown
from ..policy.queries import business_date
from . import queries, service
from .rules import Channel, ClockState, Measure, Move, State, Step, Way, clock
from .rules.refusals import CaseUnknown

router = APIRouter(prefix="/v1", tags=["cases 个案"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("cases:read"))]
Write = Annotated[Principal, Depends(needs("cases:write"))]

Account = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9._-]+$")]
Causes = Annotated[tuple[RiskCause, ...], Field(min_length=1, max_length=5)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]


class ClueIn(RequestModel):
    """线索"""

    household_id: UUID
    channel: Channel
    causes: Causes
    green_channel: bool = False
    """绿色通道: help first, paper later"""
    alert_id: UUID | None = None


class LoadItem(RequestModel):
    """存量监测对象: listed before the platform."""

    household_id: UUID
    category: MonitoringCategory
    causes: Causes
    identified_on: date


class LoadIn(RequestModel):
    """存量导入: all or nothing."""

    items: Annotated[list[LoadItem], Field(min_length=1, max_length=200)]


class VerifyIn(RequestModel):
    """入户核实"""

    move: Literal[Move.VERIFY]
    officers: Annotated[tuple[Account, ...], Field(min_length=1, max_length=10)]
    confirmed: bool


class FindingIn(RequestModel):
    """信息比对 (confirmed = no contradiction)、民主评议 (confirmed = agreed)"""

    move: Literal[Move.COMPARE, Move.REVIEW]
    confirmed: bool


class PlainIn(RequestModel):
    """授权、公示、异议处理、乡镇审核、退回"""

    move: Literal[
        Move.AUTHORISE,
        Move.POST,
        Move.OBJECT,
        Move.DISMISS,
        Move.UPHOLD,
        Move.CLOSE_NOTICE,
        Move.PASS_TOWNSHIP,
        Move.RETURN,
    ]


class ApproveIn(RequestModel):
    """县级批准: of a listing with its category, of an elimination without."""

    move: Literal[Move.APPROVE]
    category: MonitoringCategory | None = None
    causes: Annotated[tuple[RiskCause, ...], Field(max_length=5)] = ()


class ReasonIn(RequestModel):
    """不予纳入、说明停顿: a reason code, as events carry no free text."""

    move: Literal[Move.REFUSE, Move.PAUSE]
    reason: Code


class MeasureIn(RequestModel):
    """帮扶措施"""

    move: Literal[Move.MEASURE]
    cause: RiskCause
    measure: Measure


class ProposeIn(RequestModel):
    """拟消除"""

    move: Literal[Move.PROPOSE_ELIMINATION]
    way: Literal[Way.HELPED, Way.NATURAL]


class ReenterIn(RequestModel):
    """返回未消除"""

    move: Literal[Move.REENTER]
    causes: Causes


StepIn = Annotated[
    VerifyIn | FindingIn | PlainIn | ApproveIn | ReasonIn | MeasureIn | ProposeIn | ReenterIn,
    Field(discriminator="move"),
]


class CaseOut(AnswerModel):
    """个案"""

    id: UUID
    household_id: UUID
    path: str
    region: str | None
    state: State
    eliminating: bool
    version: int
    opened_on: date
    due_on: date | None
    """last day of identification"""
    clock: ClockState
    decided_on: date | None
    channel: Channel | None
    green_channel: bool
    verified: bool
    authorised_on: date | None
    compared: bool
    notice_until: date | None
    objected: bool
    category: MonitoringCategory | None
    causes: list[RiskCause]
    identified_on: date | None
    measures: list[tuple[RiskCause, Measure, date]]
    way: Way | None
    eliminated_on: date | None
    reason: str | None
    rechecks: int
    requests: list[HelpOut]
    """帮扶请求 made because of it, the oldest first"""


class StepOut(AnswerModel):
    """办理记录"""

    number: int
    move: Move
    on: date
    officer: str
    state: State
    detail: dict[str, Any]


@router.post("/cases", status_code=201)
async def open_case(body: ClueIn, tx: Tx, who: Write, response: Response) -> CaseOut:
    """Register a clue; the days of identification begin."""
    step = _step(Move.OPEN, channel=body.channel, causes=body.causes, green_channel=body.green_channel)
    row = await service.open_case(tx, body.household_id, step, who, body.alert_id)
    return await _shown(tx, row, response)


@router.post("/cases:load", status_code=201)
async def load_cases(body: LoadIn, tx: Tx, who: Write) -> list[UUID]:
    """Load households that were listed before the platform; one that cannot be loaded refuses the whole."""
    loaded = []
    for item in sorted(body.items, key=lambda item: item.household_id):
        given = {"category": item.category.value, "causes": item.causes, "identified_on": item.identified_on}
        row = await service.open_case(tx, item.household_id, _step(Move.LOAD, **given), who)
        loaded.append(row.id)
    return loaded


@router.get("/cases")
async def list_cases(
    tx: Tx,
    who: Read,
    paging: Paging,
    state: State | None = None,
    household_id: UUID | None = None,
    path: Annotated[str, Query(max_length=60, pattern=r"^(\d+/)*$")] = "",
) -> Page[CaseOut]:
    """Cases in the order of their ids."""
    after = UUID(str(paging.after[0])) if paging.after else None
    filters = {"state": state, "household_id": household_id}
    rows = await queries.page(tx, filters, path=path, after=after, limit=paging.limit)
    on = await business_date(tx)
    asked = await help_queries.of_cases(tx, [row.id for row in rows])
    return paging.page(rows, show=lambda row: _case(row, on, asked.get(row.id, ())), place=lambda row: [str(row.id)])


@router.get("/cases/{case_id}")
async def read_case(case_id: UUID, tx: Tx, who: Read, response: Response) -> CaseOut:
    """One case."""
    row = await queries.one(tx, case_id)
    if row is None:
        raise CaseUnknown
    return await _shown(tx, row, response)


@router.get("/cases/{case_id}/steps")
async def list_steps(case_id: UUID, tx: Tx, who: Read) -> list[StepOut]:
    """Every step of a case, oldest first."""
    if await queries.one(tx, case_id) is None:
        raise CaseUnknown
    return [
        StepOut(**{name: getattr(row, name) for name in StepOut.model_fields})
        for row in await queries.steps(tx, case_id)
    ]


@router.post("/cases/{case_id}/steps")
async def take_step(case_id: UUID, body: StepIn, tx: Tx, who: Write, version: IfMatch, response: Response) -> CaseOut:
    """Go on by one step; what the state does not allow is refused."""
    given = dict(body)
    row = await service.take_step(tx, case_id, _step(given.pop("move"), **given), version=version, who=who)
    return await _shown(tx, row, response)


def _step(move: Move, **given: Any) -> Step:
    return Step(move=move, on=date.min, officer="", **given)


async def _shown(tx: Tx, row: Row[Any], response: Response) -> CaseOut:
    response.headers["ETag"] = etag(row.version)
    asked = await help_queries.of_cases(tx, [row.id])
    return _case(row, await business_date(tx), asked.get(row.id, ()))


def _case(row: Row[Any], on: date | None, asked: Sequence[Row[Any]]) -> CaseOut:
    case = service.CASE.validate_python(row.body)
    fields = {name: getattr(case, name) for name in CaseOut.model_fields if hasattr(case, name)}
    return CaseOut(
        **fields,
        household_id=row.household_id,
        path=row.path,
        region=row.region,
        clock=clock(case, on),
        requests=[help_shown(request, on) for request in asked],
    )
