"""Routes of villages: the national sheet in, and what it says beside what is registered."""

from dataclasses import asdict
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Query, UploadFile

from kit.auth import Principal, needs
from kit.models import AnswerModel
from kit.paging import Page, Paging
from kit.route import TransactionRoute
from kit.running import Tx
from kit.scope import validate_path

from . import service

router = APIRouter(prefix="/v1", tags=["villages 村情"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("regions:read"))]
Write = Annotated[Principal, Depends(needs("imports:write"))]
Sheet = Annotated[UploadFile, File(description="行政村信息: xlsx, xls or CSV (UTF-8 or GB18030)")]
ExportedOn = Annotated[date | None, Form(description="export date, where the file does not name it")]


class VillageProblemOut(AnswerModel):
    """问题: where it is, why, and what to do; never what stands in the cell."""

    kind: str
    row: int
    column: int
    reference: str
    header: str
    also: tuple[int, ...]
    cause_zh: str
    cause_en: str
    remedy_zh: str
    remedy_en: str


class VillageSheetOut(AnswerModel):
    """行政村信息表: how many villages are new, changed, unchanged or older; rows with a problem are left out."""

    exported_on: date
    states: dict[service.VillageState, int]
    problems: list[VillageProblemOut]


class VillageOut(AnswerModel):
    """村情对照: as the newest export states it, and what is registered; `lifted` is 是否脱贫村, null is not filled."""

    code: str
    name: str
    path: str
    revision: int
    stated_on: date
    lifted: bool | None
    households: int | None
    persons: int | None
    hamlets: int | None
    groups: int | None
    registered: int
    """households of one's area that stand"""
    members: int


@router.post("/village-sheets:preview")
async def preview_village_sheet(who: Write, tx: Tx, file: Sheet, exported_on: ExportedOn = None) -> VillageSheetOut:
    """What a sheet of villages would change; nothing is written."""
    return _shown(await service.weigh_sheet(tx, await file.read(), scope=who.paths, exported_on=exported_on))


@router.post("/village-sheets")
async def take_village_sheet(who: Write, tx: Tx, file: Sheet, exported_on: ExportedOn = None) -> VillageSheetOut:
    """Take a sheet of villages but for its rows with a problem; again, it changes nothing."""
    return _shown(await service.take_sheet(tx, await file.read(), scope=who.paths, exported_on=exported_on))


@router.get("/village-facts")
async def list_village_facts(
    who: Read, tx: Tx, paging: Paging, path: Annotated[str, Query(max_length=60)]
) -> Page[VillageOut]:
    """Villages below a path, as stated and as registered."""
    after = str(paging.after[0]) if paging.after else ""
    rows = await service.villages_page(tx, path=validate_path(path), after=after, limit=paging.limit)
    return paging.page(rows, show=lambda row: VillageOut(**asdict(row)), place=lambda row: (row.code,))


def _shown(sheet: service.VillageSheet) -> VillageSheetOut:
    return VillageSheetOut(
        exported_on=sheet.exported_on, states=dict(sheet.states), problems=list(map(_problem, sheet.problems))
    )


def _problem(problem: service.Complaint) -> VillageProblemOut:
    return VillageProblemOut(**{name: getattr(problem, name) for name in VillageProblemOut.model_fields})
