"""Routes of duty: assignments, hand-over, leave, grids, and who answers for a household."""

from dataclasses import asdict
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from directory.duty import Duty
from events.catalog.base import RegionCode
from kit import policy
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.models import AnswerModel, RequestModel
from kit.route import TransactionRoute
from kit.running import Tx
from kit.scope import covers, validate_path

from ..regions import service as regions
from . import service
from .rules import GRID_SIZE, DutyPathUnknown, RegionLevel, Role, level_of

router = APIRouter(prefix="/v1", tags=["duty 责任"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("staff:read"))]
Write = Annotated[Principal, Depends(needs("staff:write"))]

Officer = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._@-]+$")]
Path = Annotated[str, Query(max_length=80)]
"""The policy value that says how many households a grid should have."""


class StaffIn(RequestModel):
    """责任人指派"""

    officer: Officer
    path: Annotated[str, Field(max_length=80)]
    since: date
    role: Role = Role.LEAD


class StaffOut(AnswerModel):
    """责任人"""

    id: UUID
    officer: str
    path: str
    since: date
    until: date | None
    version: int
    role: Role
    succeeds_id: UUID | None


class Ending(RequestModel):
    """责任解除"""

    until: date


class HandOver(RequestModel):
    """责任交接"""

    officer: Officer
    on: date


class LeaveIn(RequestModel):
    """请假: until is the first day back."""

    officer: Officer
    since: date
    until: date


class LeaveOut(LeaveIn):
    """请假"""

    id: UUID
    version: int


class GridIn(RequestModel):
    """网格"""

    village_code: RegionCode
    name: Annotated[str, Field(min_length=1, max_length=40)]


class GridOut(AnswerModel):
    """网格: `over` where it has more households than a grid should have; null while no value says how many."""

    code: str
    village_code: str
    path: str
    name: str
    households: int
    over: bool | None


class Placing(RequestModel):
    """户入网格"""

    household_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=200)]


class DutyOut(AnswerModel):
    """责任"""

    officer: str
    path: str
    level: RegionLevel
    role: Role
    present: bool


class ResponsibleOut(AnswerModel):
    """责任链: `answering` act; empty where nobody is there on that day."""

    household_id: UUID
    on: date
    path: str
    answering: tuple[DutyOut, ...]
    chain: tuple[DutyOut, ...]


class Unanswered(AnswerModel):
    """无人负责: a village where nobody of village or grid answers for these households."""

    path: str
    households: int


@router.post("/staff-assignments", status_code=201)
async def assign_staff(body: StaffIn, who: Write, tx: Tx, response: Response) -> StaffOut:
    """Make an officer answer for a region or grid in one's own area."""
    if not covers(who.paths, validate_path(body.path)):
        raise DutyPathUnknown
    return _staff(await service.assign_staff(tx, **body.model_dump()), response)


@router.post("/staff-assignments/{assignment_id}:release")
async def release_staff(
    assignment_id: UUID, body: Ending, who: Write, tx: Tx, version: IfMatch, response: Response
) -> StaffOut:
    """End an officer's duty."""
    return _staff(await service.release_staff(tx, assignment_id, until=body.until, version=version), response)


@router.post("/staff-assignments/{assignment_id}:hand-over", status_code=201)
async def hand_over(
    assignment_id: UUID, body: HandOver, who: Write, tx: Tx, version: IfMatch, response: Response
) -> StaffOut:
    """Hand a duty over to another officer from a day on; the answer is the new assignment."""
    row = await service.hand_over(tx, assignment_id, officer=body.officer, on=body.on, version=version)
    return _staff(row, response)


@router.get("/staff-assignments")
async def list_staff(who: Read, tx: Tx, path: Path, on: date | None = None) -> list[StaffOut]:
    """Who answers for a region, the nearest first; on the business date unless another is given."""
    day = on or await regions.today(tx)
    return [StaffOut(**asdict(row)) for row in await service.assignments_for(tx, validate_path(path), day)]


@router.post("/staff-leaves", status_code=201)
async def take_leave(body: LeaveIn, who: Write, tx: Tx, response: Response) -> LeaveOut:
    """An officer will be away."""
    return _leave(await service.take_leave(tx, **body.model_dump()), response)


@router.post("/staff-leaves/{leave_id}:change")
async def change_leave(
    leave_id: UUID, body: Ending, who: Write, tx: Tx, version: IfMatch, response: Response
) -> LeaveOut:
    """Another day of return; the first day of the leave cancels it."""
    return _leave(await service.change_leave(tx, leave_id, until=body.until, version=version), response)


@router.get("/staff-leaves")
async def list_leaves(who: Read, tx: Tx, officer: Annotated[str, Query(max_length=64)]) -> list[LeaveOut]:
    """An officer's leaves, the latest first."""
    return [LeaveOut(**asdict(row)) for row in await service.leaves_of(tx, officer)]


@router.post("/grids", status_code=201)
async def add_grid(body: GridIn, who: Write, tx: Tx) -> GridOut:
    """A new grid of a village."""
    return (await _grids(tx, [await service.add_grid(tx, village_code=body.village_code, name=body.name)]))[0]


@router.get("/grids")
async def list_grids(who: Read, tx: Tx, path: Path) -> list[GridOut]:
    """Grids below a management path, with the number of their households."""
    return await _grids(tx, await service.grids_below(tx, validate_path(path)))


@router.post("/grids/{code}:place")
async def place_households(code: str, body: Placing, who: Write, tx: Tx) -> GridOut:
    """Put households of the village into its grid."""
    return (await _grids(tx, [await service.place_households(tx, code, body.household_ids)]))[0]


@router.get("/households/{household_id}/responsible")
async def read_responsible(household_id: UUID, who: Read, tx: Tx, on: date | None = None) -> ResponsibleOut:
    """Who answers for a household on a day, by default the business date."""
    found = await service.responsible(tx, household_id, on or await regions.today(tx))
    return ResponsibleOut(
        household_id=found.household_id,
        on=found.on,
        path=found.path,
        answering=tuple(map(_duty, found.answering)),
        chain=tuple(map(_duty, found.chain)),
    )


@router.get("/duty-gaps")
async def list_duty_gaps(who: Read, tx: Tx, path: Path, on: date | None = None) -> list[Unanswered]:
    """Villages where nobody of village or grid is there for households on a day."""
    day = on or await regions.today(tx)
    found = await service.unanswered(tx, validate_path(path), day)
    return [Unanswered(path=village, households=count) for village, count in found]


async def _grids(tx: Tx, rows: list[service.Grid]) -> list[GridOut]:
    book, on = await policy.load(tx), await regions.today(tx)
    shown = []
    for row in rows:
        size = book.at(GRID_SIZE, row.path, on)
        over = None if size is None else row.households > size.value
        shown.append(GridOut.model_validate(asdict(row) | {"over": over}))
    return shown


def _duty(duty: Duty) -> DutyOut:
    return DutyOut(**asdict(duty), level=level_of(duty.path))


def _staff(row: service.StaffAssignment, response: Response) -> StaffOut:
    response.headers["ETag"] = etag(row.version)
    return StaffOut(**asdict(row))


def _leave(row: service.Leave, response: Response) -> LeaveOut:
    response.headers["ETag"] = etag(row.version)
    return LeaveOut(**asdict(row))
