"""The routes of the policy, which every service mounts."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from sqlalchemy.ext.asyncio import AsyncConnection

from events.ids import uuid7

from .. import policy
from ..auth import Principal, needs
from ..paging import Page, Paging
from ..policy_book import PolicyValue
from ..route import TransactionRoute
from ..running import Tx
from . import queries, service
from .models import DraftOut, DraftState, PolicyIn, PolicyOut, Wanted
from .refusals import DraftUnknown
from .service import Policies


def policy_router(policies: Policies, *, resource: str) -> APIRouter:
    """A service's policy: rights `<resource>:read`, `:write` (draft, withdraw) and `:approve` (release)."""
    router = APIRouter(prefix="/v1", tags=["policy 政策"], route_class=TransactionRoute)
    Read = Annotated[Principal, Depends(needs(f"{resource}:read"))]
    Write = Annotated[Principal, Depends(needs(f"{resource}:write"))]
    Approve = Annotated[Principal, Depends(needs(f"{resource}:approve"))]

    @router.get("/policies")
    async def list_policies(tx: Tx, who: Read, wanted: Annotated[Wanted, Query()]) -> list[PolicyOut]:
        """The values recorded, of all names that begin with `name`; `on` keeps those in force on a day."""
        book = await policy.load(tx)
        return [_value(value, book, policies) for value in book.recorded(wanted.name or "", wanted.on)]

    @router.post("/policy-drafts", status_code=201)
    async def draft_policy(given: PolicyIn, tx: Tx, who: Write) -> DraftOut:
        """Propose a value; it takes effect when a second person releases it."""
        value = PolicyValue(id=uuid7(), **dict(given))
        row = await service.draft_value(tx, policies, value, paths=who.paths, by=who.subject)
        return await _draft(tx, policies, row)

    @router.get("/policy-drafts")
    async def list_policy_drafts(tx: Tx, who: Read, paging: Paging, state: DraftState | None = None) -> Page[DraftOut]:
        """Drafts in one's area, the oldest first."""
        after = UUID(str(paging.after[0])) if paging.after else None
        rows = await queries.drafts(tx, state=state, after=after, limit=paging.limit)
        shown = dict(zip((row.id for row in rows), await _drafts(tx, policies, rows), strict=True))
        return paging.page(rows, show=lambda row: shown[row.id], place=lambda row: [str(row.id)])

    @router.get("/policy-drafts/{draft_id}")
    async def read_policy_draft(draft_id: UUID, tx: Tx, who: Read) -> DraftOut:
        """One draft, and who decided on it."""
        row = await queries.draft(tx, draft_id)
        if row is None:
            raise DraftUnknown
        return await _draft(tx, policies, row)

    @router.post("/policy-drafts/{draft_id}:release")
    async def release_policy_draft(draft_id: UUID, tx: Tx, who: Approve) -> DraftOut:
        """Release a draft of somebody else; the value counts from this moment on, for the days it is valid."""
        return await _draft(tx, policies, await service.release_draft(tx, policies, draft_id, by=who.subject))

    @router.post("/policy-drafts/{draft_id}:withdraw")
    async def withdraw_policy_draft(draft_id: UUID, tx: Tx, who: Write) -> DraftOut:
        """Take a draft back, or turn it down."""
        return await _draft(tx, policies, await service.withdraw_draft(tx, policies, draft_id, by=who.subject))

    return router


def _value(value: PolicyValue, book: policy.PolicyBook, policies: Policies) -> PolicyOut:
    newest = book.newest(value.place)
    corrected_by = newest.id if newest is not None and newest.id != value.id else None
    return PolicyOut(**asdict(value), unit=policies.units.get(value.name), corrected_by=corrected_by)


async def _draft(tx: AsyncConnection, policies: Policies, row: Any) -> DraftOut:
    [shown] = await _drafts(tx, policies, [row])
    return shown


async def _drafts(tx: AsyncConnection, policies: Policies, rows: Sequence[Any]) -> list[DraftOut]:
    book = await policy.load(tx)
    shown = []
    for row in rows:
        before = book.corrected_by(policy.value_of(row))
        fields = {name: getattr(row, name) for name in DraftOut.model_fields if hasattr(row, name)}
        shown.append(DraftOut(**fields, unit=policies.units.get(row.name), corrects=before and before.id))
    return shown
