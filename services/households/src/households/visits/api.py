"""Routes of visits and attachments."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from events.catalog.households import RiskCause
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.models import AnswerModel, Moment, RequestModel, SecretText
from kit.problems import Fault, fault
from kit.route import AuditedRoute, TransactionRoute
from kit.running import Cipher, Tx

from ..registry import service as registry
from . import service

router = APIRouter(prefix="/v1", tags=["visits 走访"], route_class=TransactionRoute)
audited = APIRouter(prefix="/v1", tags=["visits 走访"], route_class=AuditedRoute)

Read = Annotated[Principal, Depends(needs("support:read"))]
Write = Annotated[Principal, Depends(needs("support:write"))]


class VisitIn(RequestModel):
    """走访表: client_id is drawn by the device, once per visit, so that an upload may be repeated."""

    client_id: UUID
    household_id: UUID
    visited_on: date
    assignment_id: UUID | None = None
    met: bool = True
    needs: Annotated[tuple[RiskCause, ...], Field(max_length=11)] = ()
    note: Annotated[SecretText, Field(min_length=1, max_length=2000)] | None = None
    attachments: Annotated[tuple[UUID, ...], Field(max_length=9)] = ()


class Batch(RequestModel):
    """一天的走访: what was written down without a net."""

    visits: Annotated[tuple[VisitIn, ...], Field(min_length=1, max_length=200)]


class Uploaded(AnswerModel):
    """上传结果: one per form, in their order."""

    client_id: UUID
    visit_id: UUID
    taken: service.Taken
    problem: Fault | None


class VisitOut(AnswerModel):
    """走访: with what the visitor wrote, so reading it is audited."""

    id: UUID
    revision: int
    void: bool
    household_id: UUID
    assignment_id: UUID | None
    visited_on: date
    met: bool
    needs: tuple[RiskCause, ...]
    note: str | None
    visitor: str
    recorded_at: Moment
    attachments: tuple[UUID, ...]


class Kept(AnswerModel):
    """附件: the same content has the same id."""

    id: UUID


@router.post("/visits:upload")
async def upload_visits(body: Batch, who: Write, tx: Tx, cipher: Cipher) -> list[Uploaded]:
    """Upload a batch of visits; forms that are known stay as they are, refused ones do not hold up the others."""
    forms = [_form(item) for item in body.visits]
    outcomes = await service.record_visits(tx, forms, visitor=who.subject, cipher=cipher)
    return [
        Uploaded(
            client_id=form.client_id,
            visit_id=outcome.visit_id,
            taken=outcome.taken,
            problem=fault(outcome.refusal) if outcome.refusal else None,
        )
        for form, outcome in zip(forms, outcomes, strict=True)
    ]


@audited.get("/households/{household_id}/visits")
async def list_visits(household_id: UUID, who: Read, tx: Tx, cipher: Cipher) -> list[VisitOut]:
    """Visits to a household and those merged into it, void ones too, the latest first."""
    await registry.get_household(tx, household_id)
    rows = await service.visits_of(tx, await registry.family_ids(tx, household_id))
    pictures = await service.attached_to(tx, [row.id for row in rows])
    return [_visit(row, pictures[row.id], cipher) for row in rows]


@router.post("/visits/{visit_id}:void")
async def void_visit(
    visit_id: UUID, who: Write, tx: Tx, cipher: Cipher, version: IfMatch, response: Response
) -> VisitOut:
    """Take a visit back."""
    row = await service.void_visit(tx, visit_id, version=version)
    response.headers["ETag"] = etag(row.revision)
    return _visit(row, (await service.attached_to(tx, [row.id]))[row.id], cipher)


@router.post(
    "/attachments",
    status_code=201,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                kind: {"schema": {"type": "string", "format": "binary"}}
                for kind in ("image/jpeg", "image/png", "application/pdf")
            },
        }
    },
)
async def keep_attachment(request: Request, who: Write, tx: Tx, cipher: Cipher) -> Kept:
    """Keep a photograph or document; its body is the file."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    content = await request.body()
    return Kept(id=await service.keep_attachment(tx, content, media_type, uploader=who.subject, cipher=cipher))


@audited.get("/attachments/{attachment_id}", response_class=Response)
async def read_attachment(attachment_id: UUID, who: Read, tx: Tx, cipher: Cipher) -> Response:
    """The file itself."""
    row, content = await service.opened(tx, attachment_id, cipher=cipher)
    return Response(content, media_type=row.media_type, headers={"content-disposition": "attachment"})


def _form(item: VisitIn) -> service.VisitForm:
    told = {name: getattr(item, name) for name in VisitIn.model_fields if name != "note"}
    return service.VisitForm(**told, note=item.note.get_secret_value() if item.note else None)


def _visit(row: service.Visit, pictures: list[UUID], cipher: Cipher) -> VisitOut:
    told = {name: getattr(row, name) for name in VisitOut.model_fields if name not in ("note", "attachments")}
    return VisitOut(**told, note=service.note_of(row, cipher), attachments=tuple(pictures))
