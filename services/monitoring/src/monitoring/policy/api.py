"""Routes of the policy: what holds where and when; a value is drafted by one person and released by another."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field, StringConstraints

from kit.auth import Principal, needs
from kit.models import AnswerModel, Moment, RequestModel
from kit.paging import Page, Paging
from kit.policy import Confidence, PolicyValue
from kit.route import TransactionRoute
from kit.running import Tx

from . import queries, service
from .rules import DraftUnknown

router = APIRouter(prefix="/v1", tags=["policy 政策"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("policy:read"))]
Write = Annotated[Principal, Depends(needs("policy:write"))]
Approve = Annotated[Principal, Depends(needs("policy:approve"))]

Name = Annotated[str, StringConstraints(max_length=80, pattern=r"^[a-z0-9_.]+$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class PolicyIn(RequestModel):
    """政策值: a new value; what took effect is never changed, a correction is a new value."""

    name: Name
    path: Annotated[str, Field(max_length=60)] = "5301/"
    valid_from: date
    valid_to: date | None = None
    value: Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]
    document: Words
    """文号, or the mark of a demo value"""
    clause: Words
    confidence: Confidence


class PolicyOut(AnswerModel):
    """政策值, with the document it rests on."""

    id: UUID
    name: str
    path: str
    valid_from: date
    valid_to: date | None
    value: Decimal
    document: str
    clause: str
    confidence: Confidence


DraftState = Literal["draft", "released", "withdrawn"]


class DraftOut(PolicyOut):
    """政策值草案: a value one person proposed; released, its id is the id of the value."""

    state: DraftState
    drafted_by: str
    drafted_at: Moment
    decided_by: str | None
    decided_at: Moment | None


class Wanted(RequestModel):
    """Which values to show."""

    name: Name | None = None
    on: date | None = None


@router.get("/policies")
async def list_policies(tx: Tx, who: Read, wanted: Annotated[Wanted, Query()]) -> list[PolicyOut]:
    """The values recorded; `on` keeps those in force on a day."""
    return [shown(value) for value in await service.recorded(tx, name=wanted.name, on=wanted.on)]


@router.post("/policy-drafts", status_code=201)
async def draft_policy(given: PolicyIn, tx: Tx, who: Write) -> DraftOut:
    """Propose a value; it takes effect when a second person releases it."""
    return _draft(await service.draft_value(tx, service.Drafted(**dict(given)), paths=who.paths, by=who.subject))


@router.get("/policy-drafts")
async def list_policy_drafts(tx: Tx, who: Read, paging: Paging, state: DraftState | None = None) -> Page[DraftOut]:
    """Drafts, the oldest first."""
    after = UUID(str(paging.after[0])) if paging.after else None
    rows = await queries.drafts(tx, state=state, after=after, limit=paging.limit)
    return paging.page(rows, show=_draft, place=lambda row: [str(row.id)])


@router.get("/policy-drafts/{draft_id}")
async def read_policy_draft(draft_id: UUID, tx: Tx, who: Read) -> DraftOut:
    """One draft, and who decided on it."""
    row = await queries.draft(tx, draft_id)
    if row is None:
        raise DraftUnknown
    return _draft(row)


@router.post("/policy-drafts/{draft_id}:release")
async def release_policy_draft(draft_id: UUID, tx: Tx, who: Approve) -> DraftOut:
    """Release a draft of somebody else; every household is looked at again under it, from this moment on."""
    return _draft(await service.release_value(tx, draft_id, by=who.subject))


@router.post("/policy-drafts/{draft_id}:withdraw")
async def withdraw_policy_draft(draft_id: UUID, tx: Tx, who: Write) -> DraftOut:
    """Take a draft back, or turn it down."""
    return _draft(await service.withdraw_draft(tx, draft_id, by=who.subject))


def _draft(row: Any) -> DraftOut:
    return DraftOut(**{name: getattr(row, name) for name in DraftOut.model_fields})


def shown(value: PolicyValue | Any) -> PolicyOut:
    """A value as answers carry it."""
    return PolicyOut(**{name: getattr(value, name) for name in PolicyOut.model_fields})
