"""The routes of requests, which every service that can be asked mounts."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.help import DeclineReason, HelpOffer
from events.catalog.households import RiskCause
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.models import AnswerModel, RequestModel
from kit.paging import Page, Paging
from kit.route import TransactionRoute
from kit.running import Tx

from ..people import business_date
from . import service, storage
from .rules import Request, RequestState
from .service import Desk


class Provision(RequestModel):
    """提供帮扶: the job spell, subsidy, loan, order, aid or claim of the household that answers the request."""

    reference: UUID


class Refusal(RequestModel):
    """不予办理"""

    reason: DeclineReason


class RequestOut(AnswerModel):
    """帮扶请求: as it stands; `overdue` by the business date."""

    id: UUID
    version: int
    household_id: UUID
    household_number: str | None
    """户编号; null while the household has not arrived here, until when nobody can act"""
    region: str | None
    offer: str
    """帮扶事项, a code of `HelpOffer`; monitoring may know more of them than this service does yet"""
    causes: list[RiskCause]
    asked_on: date
    asked_by: str
    due_on: date | None
    state: RequestState
    overdue: bool
    taken_on: date | None
    taken_by: str | None
    """account, or the service where an application took it up"""
    closed_on: date | None
    closed_by: str | None
    """account, or the service where a fact answered by itself"""
    reason: DeclineReason | None
    reference: UUID | None
    provided_on: date | None


def requests_router(desk: Desk, *, resource: str) -> APIRouter:
    """A department's requests: rights `<resource>:read` and `:write` (take up, provide, decline)."""
    router = APIRouter(prefix="/v1", tags=["requests 帮扶请求"], route_class=TransactionRoute)
    Read = Annotated[Principal, Depends(needs(f"{resource}:read"))]
    Write = Annotated[Principal, Depends(needs(f"{resource}:write"))]

    @router.get("/help-requests")
    async def list_help_requests(
        who: Read,
        tx: Tx,
        paging: Paging,
        state: RequestState | None = None,
        offer: HelpOffer | None = None,
        household_id: UUID | None = None,
        overdue: bool = False,
    ) -> Page[RequestOut]:
        """What this department is asked for in one's area, the oldest first; `overdue`: no answer by the last day."""
        on = await business_date(tx)
        place = paging.after
        found = await storage.page(
            tx,
            desk.table,
            {"state": state, "offer": offer, "household_id": household_id},
            overdue_on=on if overdue else None,
            after=(date.fromisoformat(str(place[0])), UUID(str(place[1]))) if place else None,
            limit=paging.limit,
        )
        shown = dict(zip((request.id for request in found), await _shown(tx, found, on), strict=True))
        return paging.page(
            found, show=lambda request: shown[request.id], place=lambda r: [r.asked_on.isoformat(), str(r.id)]
        )

    @router.get("/help-requests/{request_id}")
    async def read_help_request(request_id: UUID, who: Read, tx: Tx, response: Response) -> RequestOut:
        """One request."""
        return await _answer(tx, await service.get_request(tx, desk, request_id), response)

    @router.post("/help-requests/{request_id}:take")
    async def take_help_request(
        request_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response
    ) -> RequestOut:
        """Take a request up."""
        request = await service.take(tx, desk, request_id, version=version, by=who.subject)
        return await _answer(tx, request, response)

    @router.post("/help-requests/{request_id}:provide")
    async def provide_help(
        request_id: UUID, body: Provision, who: Write, tx: Tx, version: IfMatch, response: Response
    ) -> RequestOut:
        """Say what came of it, where no fact has answered by itself: one that began before it was asked for."""
        request = await service.provide(tx, desk, request_id, reference=body.reference, version=version, by=who.subject)
        return await _answer(tx, request, response)

    @router.post("/help-requests/{request_id}:decline")
    async def decline_help(
        request_id: UUID, body: Refusal, who: Write, tx: Tx, version: IfMatch, response: Response
    ) -> RequestOut:
        """Say that it will not be done, and why."""
        request = await service.decline(tx, desk, request_id, reason=body.reason, version=version, by=who.subject)
        return await _answer(tx, request, response)

    return router


async def _answer(tx: AsyncConnection, request: Request, response: Response) -> RequestOut:
    response.headers["ETag"] = etag(request.version)
    [shown] = await _shown(tx, [request], await business_date(tx))
    return shown


async def _shown(tx: AsyncConnection, requests: Sequence[Request], on: date) -> list[RequestOut]:
    numbers = await storage.numbers(tx, {request.household_id for request in requests})
    shown = []
    for request in requests:
        own = {name: getattr(request, name) for name in RequestOut.model_fields if hasattr(request, name)}
        own["overdue"] = request.overdue(on)
        shown.append(RequestOut(**own, household_number=numbers.get(request.household_id)))
    return shown
