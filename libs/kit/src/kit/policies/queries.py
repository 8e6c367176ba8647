"""Reading and writing drafts of policy values."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..tables import policy_drafts


async def add_draft(tx: AsyncConnection, **fields: object) -> Row[Any]:
    """Write a draft down."""
    row: Row[Any] = (await tx.execute(insert(policy_drafts).values(**fields).returning(policy_drafts))).one()
    return row


async def draft(tx: AsyncConnection, draft_id: UUID, *, lock: bool = False) -> Row[Any] | None:
    """One draft; None outside one's scope."""
    query = select(policy_drafts).where(policy_drafts.c.id == draft_id)
    return (await tx.execute(query.with_for_update() if lock else query)).one_or_none()


async def drafts(tx: AsyncConnection, *, state: str | None, after: UUID | None, limit: int) -> Sequence[Row[Any]]:
    """Drafts by id."""
    query = select(policy_drafts).order_by(policy_drafts.c.id).limit(limit)
    if state is not None:
        query = query.where(policy_drafts.c.state == state)
    if after is not None:
        query = query.where(policy_drafts.c.id > after)
    return (await tx.execute(query)).all()


async def decide_draft(tx: AsyncConnection, draft_id: UUID, *, state: str, by: str) -> Row[Any]:
    """Write down what became of a draft."""
    decided = {"state": state, "decided_by": by, "decided_at": func.clock_timestamp()}
    statement = update(policy_drafts).where(policy_drafts.c.id == draft_id).values(**decided)
    row: Row[Any] = (await tx.execute(statement.returning(policy_drafts))).one()
    return row
