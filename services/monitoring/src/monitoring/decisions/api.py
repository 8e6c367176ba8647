"""Routes of decisions: the chain, newest first, and its latest hash for somebody else to keep."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from sqlalchemy import Row

from kit.auth import Principal, needs
from kit.models import AnswerModel, Moment
from kit.paging import Page, Paging
from kit.route import TransactionRoute
from kit.running import Tx

from . import queries

router = APIRouter(prefix="/v1", tags=["decisions 决定"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("decisions:read"))]


class DecisionOut(AnswerModel):
    """决定: who, what, when, on which evidence."""

    number: int
    event_id: UUID
    kind: str
    subject: str
    subject_id: UUID
    household_id: UUID | None
    path: str
    officer: str
    decided_on: date | None
    recorded_at: Moment
    content: dict[str, Any]
    evidence: dict[str, Any]
    previous: str
    hash: str


@router.get("/decisions")
async def list_decisions(
    tx: Tx, who: Read, paging: Paging, household_id: UUID | None = None, subject_id: UUID | None = None
) -> Page[DecisionOut]:
    """Decisions of one's area, the newest first; within a second or two of being made."""
    before = int(str(paging.after[0])) if paging.after else None
    rows = await queries.page(tx, household_id=household_id, subject_id=subject_id, before=before, limit=paging.limit)
    return paging.page(rows, show=shown, place=lambda row: [row.number])


def shown(row: Row[Any]) -> DecisionOut:
    """A decision as answers carry it."""
    return DecisionOut(**{name: getattr(row, name) for name in DecisionOut.model_fields})
