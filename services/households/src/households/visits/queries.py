"""Reading visits and attachments; row security decides what is there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import RiskCause

from .tables import attachments, visit_attachments, visits


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """走访: note and content are sealed and digested."""

    id: UUID
    revision: int
    void: bool
    household_id: UUID
    assignment_id: UUID | None
    visited_on: date
    met: bool
    needs: tuple[RiskCause, ...]
    note: bytes | None
    content: bytes
    visitor: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """附件: content is ciphertext."""

    id: UUID
    sha256: str
    media_type: str
    size: int
    content: bytes
    uploader: str
    uploaded_at: datetime


async def visits_by_id(tx: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Visit]:
    """Those of the visits that are in scope."""
    rows = (await tx.execute(select(visits).where(visits.c.id == func.any(list(ids))))).mappings()
    return {row["id"]: _visit(row) for row in rows}


async def visits_of(tx: AsyncConnection, household_ids: Collection[UUID]) -> list[Visit]:
    """Visits to these households, the latest first."""
    query = select(visits).where(visits.c.household_id == func.any(list(household_ids)))
    rows = await tx.execute(query.order_by(visits.c.visited_on.desc(), visits.c.id))
    return [_visit(row) for row in rows.mappings()]


def _visit(row: Mapping[Any, Any]) -> Visit:
    return Visit(**{**row, "needs": tuple(RiskCause(need) for need in row["needs"])})


async def attached_to(tx: AsyncConnection, visit_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """The attachments of each visit."""
    found: dict[UUID, list[UUID]] = {id_: [] for id_ in visit_ids}
    query = select(visit_attachments).where(visit_attachments.c.visit_id == func.any(list(visit_ids)))
    for row in await tx.execute(query.order_by(visit_attachments.c.attachment_id)):
        found[row.visit_id].append(row.attachment_id)
    return found


async def attachment(tx: AsyncConnection, attachment_id: UUID) -> Attachment | None:
    """One attachment, if one may see it."""
    row = (await tx.execute(select(attachments).where(attachments.c.id == attachment_id))).mappings().one_or_none()
    return Attachment(**row) if row else None


async def attachments_seen(tx: AsyncConnection, ids: Collection[UUID]) -> set[UUID]:
    """Which of the attachments one may see."""
    return set((await tx.execute(select(attachments.c.id).where(attachments.c.id == func.any(list(ids))))).scalars())
