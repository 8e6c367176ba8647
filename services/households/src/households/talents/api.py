"""Routes of talents and their kinds."""

from collections import Counter
from dataclasses import asdict
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import Field

from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.models import AnswerModel, RequestModel, SecretText
from kit.paging import Page, Paging
from kit.policy_book import Confidence
from kit.problems import Fault, fault
from kit.route import TransactionRoute
from kit.running import Cipher, Tx
from kit.scope import validate_path

from ..regions import service as regions
from . import service

router = APIRouter(prefix="/v1", tags=["talents 实用型人才"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("entities:read"))]
Write = Annotated[Principal, Depends(needs("entities:write"))]
Below = Annotated[str, Query(max_length=80)]
Code = r"^[a-z][a-z0-9_]{0,39}$"
KindCode = Annotated[str, Field(pattern=Code)]
Words = Annotated[str, Field(min_length=1, max_length=100)]


class TalentKindIn(RequestModel):
    """人才类别: with the document that names it, and how sure that is."""

    name: Words
    document: Annotated[str, Field(min_length=1, max_length=200)]
    confidence: Confidence
    active: bool = True


class NewTalentKind(TalentKindIn):
    """人才类别, new in the list."""

    code: KindCode


class TalentKindOut(TalentKindIn):
    """人才类别"""

    code: str
    version: int


class TalentIn(RequestModel):
    """人才登记: a member of a household by `person_id`, somebody else by name and entity."""

    kind: KindCode
    since: date
    document: Words
    """证书或文件, without its number"""
    person_id: UUID | None = None
    entity_id: UUID | None = None
    name: Annotated[SecretText, Field(min_length=1, max_length=32)] | None = None


class TalentBatch(RequestModel):
    """批量登记"""

    items: Annotated[tuple[TalentIn, ...], Field(min_length=1, max_length=500)]


class TalentRow(AnswerModel):
    """逐条结果: recorded, unchanged or refused with the reason."""

    index: int
    status: service.Status
    id: UUID | None = None
    revision: int | None = None
    problem: Fault | None = None


class TalentBatchOut(AnswerModel):
    """批量结果"""

    recorded: int
    unchanged: int
    refused: int
    items: tuple[TalentRow, ...]


class TalentEnding(RequestModel):
    """人才退出: `until` is the first day without."""

    until: date


class TalentOut(AnswerModel):
    """实用型人才: masked."""

    id: UUID
    revision: int
    void: bool
    kind: str
    region_code: str
    household_id: UUID | None
    person_id: UUID | None
    entity_id: UUID | None
    masked_name: str
    since: date
    until: date | None
    document: str


class TalentNumbers(AnswerModel):
    """人才统计: of one county and kind; the plan names no targets."""

    county: str
    kind: str
    new: int
    there: int
    of_households: int


@router.get("/talent-kinds")
async def list_kinds(who: Read, tx: Tx) -> list[TalentKindOut]:
    """The kinds of talents, those out of use too."""
    return [TalentKindOut(**asdict(kind)) for kind in (await service.KINDS.all(tx)).values()]


@router.post("/talent-kinds", status_code=201)
async def add_kind(body: NewTalentKind, who: Write, tx: Tx, response: Response) -> TalentKindOut:
    """Put a kind into the list."""
    return _kind(await service.KINDS.add(tx, body.code, _terms(body), paths=who.paths), response)


@router.put("/talent-kinds/{code}")
async def change_kind(
    code: Annotated[str, Path(pattern=Code)],
    body: TalentKindIn,
    who: Write,
    tx: Tx,
    version: IfMatch,
    response: Response,
) -> TalentKindOut:
    """Correct a kind, or take it out of use."""
    return _kind(await service.KINDS.change(tx, code, _terms(body), paths=who.paths, version=version), response)


@router.post("/talents", status_code=201)
async def register_talent(body: TalentIn, who: Write, tx: Tx, cipher: Cipher, response: Response) -> TalentOut:
    """Register somebody trained or certified (publishes TalentRegistered)."""
    return _talent(await service.register_talent(tx, _entry(body), cipher=cipher), response)


@router.post("/talents:batch")
async def register_talents(body: TalentBatch, who: Write, tx: Tx, cipher: Cipher) -> TalentBatchOut:
    """Register up to 500 people (publishes TalentRegistered); a row that is refused keeps none of the others out."""
    outcomes = await service.register_talents(tx, [_entry(item) for item in body.items], cipher=cipher)
    counts = Counter(outcome.status for outcome in outcomes)
    return TalentBatchOut(
        recorded=counts[service.Status.RECORDED],
        unchanged=counts[service.Status.UNCHANGED],
        refused=counts[service.Status.REFUSED],
        items=tuple(_row(index, outcome) for index, outcome in enumerate(outcomes)),
    )


@router.get("/talents")
async def list_talents(
    who: Read,
    tx: Tx,
    paging: Paging,
    path: Below,
    on: date | None = None,
    kind: Annotated[str | None, Query(pattern=Code)] = None,
) -> Page[TalentOut]:
    """Talents below a path on a day."""
    after = UUID(str(paging.after[0])) if paging.after else None
    day = on or await regions.today(tx)
    found = await service.talents_page(tx, validate_path(path), day, kind=kind, after=after, limit=paging.limit)
    return paging.page(found, show=_talent, place=lambda row: [str(row.id)])


@router.get("/talent-numbers")
async def read_numbers(
    who: Read, tx: Tx, path: Below, year: Annotated[int, Query(ge=2015, le=2100)]
) -> list[TalentNumbers]:
    """Per county and kind: new in a year, there at its end, how many of these live in registered households (§17)."""
    return [TalentNumbers(**asdict(row)) for row in await service.numbers(tx, validate_path(path), year)]


@router.get("/talents/{talent_id}")
async def read_talent(talent_id: UUID, who: Read, tx: Tx, response: Response) -> TalentOut:
    """A talent."""
    return _talent(await service.get_talent(tx, talent_id), response)


@router.post("/talents/{talent_id}:end")
async def end_talent(
    talent_id: UUID, body: TalentEnding, who: Write, tx: Tx, version: IfMatch, response: Response
) -> TalentOut:
    """Somebody no longer counts as one (publishes TalentEnded)."""
    await regions.happened(tx, until=body.until)
    return _talent(await service.end_talent(tx, talent_id, until=body.until, version=version), response)


@router.post("/talents/{talent_id}:void")
async def void_talent(talent_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response) -> TalentOut:
    """It never was so (publishes TalentRegistered, void)."""
    return _talent(await service.void_talent(tx, talent_id, version=version), response)


def _entry(body: TalentIn) -> service.TalentEntry:
    told = {**dict(body), "name": body.name.get_secret_value() if body.name else None}
    return service.TalentEntry(**told)


def _row(index: int, outcome: service.TalentOutcome) -> TalentRow:
    if outcome.refusal is not None:
        refusal = fault(outcome.refusal)
        problem = refusal.model_copy(update={"pointer": f"/items/{index}{refusal.pointer or ''}"})
        return TalentRow(index=index, status=outcome.status, problem=problem)
    row = outcome.talent
    return TalentRow(index=index, status=outcome.status, id=row and row.id, revision=row and row.revision)


def _terms(body: TalentKindIn) -> dict[str, object]:
    return {name: getattr(body, name) for name in TalentKindIn.model_fields}


def _kind(kind: service.Kind, response: Response) -> TalentKindOut:
    response.headers["ETag"] = etag(kind.version)
    return TalentKindOut(**asdict(kind))


def _talent(row: service.Talent, response: Response | None = None) -> TalentOut:
    if response is not None:
        response.headers["ETag"] = etag(row.revision)
    return TalentOut(**{name: getattr(row, name) for name in TalentOut.model_fields})
