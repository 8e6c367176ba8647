"""The capability of the test service: notes in villages."""

import asyncio
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response, UploadFile
from pydantic import Field
from sqlalchemy import Column, Integer, MetaData, Table, Text, UniqueConstraint, Uuid, insert, select

from events.ids import uuid7
from kit.auth import Principal, needs
from kit.errors import NotFound
from kit.etag import IfMatch, etag, require_version
from kit.models import AnswerModel, RequestModel
from kit.paging import Page, Paging
from kit.policies import Policies, policy_router
from kit.policy_book import Unit
from kit.route import TransactionRoute
from kit.running import Tx
from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)
notes = Table(
    "notes",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("path", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("title", deferrable=True, initially="DEFERRED"),
)

router = APIRouter(route_class=TransactionRoute)
policies = policy_router(
    Policies({"notes.most": Unit.COUNT, "notes.fee": Unit.YUAN, "notes.share": Unit.SHARE}), resource="notes-policy"
)
Writer = Annotated[Principal, Depends(needs("notes:write"))]
Reader = Annotated[Principal, Depends(needs("notes:read"))]


class NewNote(RequestModel):
    title: str = Field(max_length=100)
    path: str
    amount: Decimal = Field(default=Decimal(0), max_digits=14, decimal_places=2)
    wait: float = 0


class Note(AnswerModel):
    id: UUID
    title: str
    version: int


class Filter(RequestModel):
    title: str | None = None
    limit: int = Field(default=100, ge=1, le=200)


@router.post("/v1/notes", status_code=201)
async def write_note(new: NewNote, tx: Tx, who: Writer) -> Note:
    note = Note(id=uuid7(), title=new.title, version=1)
    await tx.execute(insert(notes).values(**note.model_dump(), path=new.path))
    await asyncio.sleep(new.wait)
    return note


@router.post("/v1/notes/broken")
async def break_after_writing(new: NewNote, tx: Tx, who: Writer) -> Note:
    await write_note(new, tx, who)
    raise ValueError(f"a defect that quotes {new.title}")


@router.post("/v1/notes/file", status_code=201)
async def write_from_file(file: UploadFile, tx: Tx, who: Writer) -> Note:
    title = (await file.read()).decode()
    return await write_note(NewNote(title=title, path="5301/530128/530128001/530128001001/"), tx, who)


@router.get("/v1/notes")
async def list_notes(tx: Tx, who: Reader, wanted: Annotated[Filter, Query()]) -> list[Note]:
    rows = await tx.execute(select(notes).order_by(notes.c.id).limit(wanted.limit))
    return [Note(**_shown(row)) for row in rows]


def _shown(row: Any) -> dict[str, Any]:
    return {"id": row.id, "title": row.title, "version": row.version}


@router.get("/v1/pages")
async def page_notes(tx: Tx, who: Reader, paging: Paging, title: str = "") -> Page[Note]:
    wanted = select(notes).where(notes.c.title.startswith(title)).order_by(notes.c.title).limit(paging.limit)
    if paging.after:
        wanted = wanted.where(notes.c.title > paging.after[0])
    rows = (await tx.execute(wanted)).all()
    return paging.page(rows, show=lambda row: Note(**_shown(row)), place=lambda row: (row.title,))


@router.get("/v1/notes/{note_id}")
async def read_note(note_id: UUID, tx: Tx, who: Reader, response: Response) -> Note:
    row = (await tx.execute(select(notes).where(notes.c.id == note_id))).one_or_none()
    if row is None:
        raise NotFound
    response.headers["etag"] = etag(row.version)
    return Note(**_shown(row))


@router.put("/v1/notes/{note_id}")
async def change_note(note_id: UUID, new: NewNote, tx: Tx, who: Writer, version: IfMatch, response: Response) -> Note:
    before = await read_note(note_id, tx, who, response)
    require_version(before.version, version)
    after = Note(id=note_id, title=new.title, version=version + 1)
    await tx.execute(notes.update().where(notes.c.id == note_id).values(title=new.title, version=after.version))
    response.headers["etag"] = etag(after.version)
    return after


@router.get("/v1/writing-read")
async def write_while_reading(request: Request, tx: Tx, who: Reader) -> dict[str, Any]:
    await tx.execute(insert(notes).values(id=uuid7(), title="no", path="5301/530128/", version=1))
    return {}
