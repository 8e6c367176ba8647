"""Routes of cause-matched help: what fits an alert or a case, asking for it, and how requests stand."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from sqlalchemy import Row

from events.catalog.base import Service
from events.catalog.help import HelpOffer
from events.catalog.households import MeasureCategory, RiskCause
from kit.auth import Principal, needs
from kit.models import AnswerModel, RequestModel
from kit.paging import Page, Paging
from kit.policy_book import Confidence
from kit.route import TransactionRoute
from kit.running import Tx

from ..policy.queries import business_date
from . import queries, service
from .models import HelpOut, shown
from .rules import OFFERS, Fit, RequestState
from .rules.refusals import HelpUnknown

router = APIRouter(prefix="/v1", tags=["help 帮扶请求"], route_class=TransactionRoute)

ReadAlerts = Annotated[Principal, Depends(needs("alerts:read"))]
WriteAlerts = Annotated[Principal, Depends(needs("alerts:write"))]
ReadCases = Annotated[Principal, Depends(needs("cases:read"))]
WriteCases = Annotated[Principal, Depends(needs("cases:write"))]


class HelpIn(RequestModel):
    """帮扶请求: one of the offers that fit."""

    offer: HelpOffer


class Ground(AnswerModel):
    """依据: a policy value that offers it."""

    id: UUID
    name: str
    path: str
    valid_from: date
    document: str
    clause: str
    confidence: Confidence


class OfferOut(AnswerModel):
    """适用帮扶事项: who can be asked, which causes it answers and by which policy."""

    offer: HelpOffer
    name_zh: str
    name_en: str
    service: Service
    category: MeasureCategory
    causes: list[RiskCause]
    grounds: list[Ground]
    request: HelpOut | None
    """what was asked last for this household; null = never"""


class OffersOut(AnswerModel):
    """适用帮扶: of an alert or a case."""

    household_id: UUID
    causes: list[RiskCause]
    offers: list[OfferOut]
    unanswered: list[RiskCause]
    """causes for which no other service can be asked; their measures are recorded by hand"""


@router.get("/alerts/{alert_id}/offers")
async def list_offers_of_alert(alert_id: UUID, tx: Tx, who: ReadAlerts) -> OffersOut:
    """Which help fits an alert, why, and which was asked for already."""
    return await _offers(tx, await service.need_of_alert(tx, alert_id))


@router.post("/alerts/{alert_id}/help", status_code=201)
async def ask_help_for_alert(alert_id: UUID, body: HelpIn, tx: Tx, who: WriteAlerts, response: Response) -> HelpOut:
    """Ask a department to help; it hears of it within a second, and its answer shows at the alert."""
    return await _asked(tx, await service.ask_for_alert(tx, alert_id, body.offer, who), response)


@router.get("/cases/{case_id}/offers")
async def list_offers_of_case(case_id: UUID, tx: Tx, who: ReadCases) -> OffersOut:
    """Which help fits a case, why, and which was asked for already."""
    return await _offers(tx, await service.need_of_case(tx, case_id))


@router.post("/cases/{case_id}/help", status_code=201)
async def ask_help_for_case(case_id: UUID, body: HelpIn, tx: Tx, who: WriteCases, response: Response) -> HelpOut:
    """Ask a department to help; it hears of it within a second, and its answer shows at the case."""
    return await _asked(tx, await service.ask_for_case(tx, case_id, body.offer, who), response)


@router.get("/help-requests")
async def list_help_requests(
    tx: Tx,
    who: ReadAlerts,
    paging: Paging,
    state: RequestState | None = None,
    to: Service | None = None,
    offer: HelpOffer | None = None,
    household_id: UUID | None = None,
    overdue: bool = False,
    path: Annotated[str, Query(max_length=60, pattern=r"^(\d+/)*$")] = "",
) -> Page[HelpOut]:
    """What was asked of departments, the oldest first; `overdue`: no answer by the last day."""
    on, place = await business_date(tx), paging.after
    rows = await queries.page(
        tx,
        {"state": state, "service": to, "offer": offer, "household_id": household_id},
        path=path,
        overdue_on=(on or date.min) if overdue else None,
        after=(date.fromisoformat(str(place[0])), UUID(str(place[1]))) if place else None,
        limit=paging.limit,
    )
    return paging.page(rows, show=lambda row: shown(row, on), place=lambda row: [row.asked_on.isoformat(), str(row.id)])


@router.get("/help-requests/{request_id}")
async def read_help_request(request_id: UUID, tx: Tx, who: ReadAlerts) -> HelpOut:
    """One request."""
    row = await queries.one(tx, request_id)
    if row is None:
        raise HelpUnknown
    return shown(row, await business_date(tx))


async def _asked(tx: Tx, row: Row[Any], response: Response) -> HelpOut:
    response.headers["Location"] = f"/v1/help-requests/{row.id}"
    return shown(row, await business_date(tx))


async def _offers(tx: Tx, need: service.Need) -> OffersOut:
    on, fits, last = await service.offers(tx, need)
    answered = {cause for fit in fits for cause in fit.causes}
    offers = []
    for fit in fits:
        asked = last.get(fit.offer)
        offers.append(_offer(fit, None if asked is None else shown(asked, on)))
    return OffersOut(
        household_id=need.household_id,
        causes=[RiskCause(cause) for cause in need.causes],
        offers=offers,
        unanswered=[RiskCause(cause) for cause in need.causes if cause not in answered],
    )


def _offer(fit: Fit, asked: HelpOut | None) -> OfferOut:
    what = OFFERS[fit.offer]
    return OfferOut(
        offer=HelpOffer(fit.offer),
        name_zh=what.zh,
        name_en=what.en,
        service=what.service,
        category=MeasureCategory(what.category.value),
        causes=[RiskCause(cause) for cause in fit.causes],
        grounds=[Ground(**{n: getattr(value, n) for n in Ground.model_fields}) for value in fit.values],
        request=asked,
    )
