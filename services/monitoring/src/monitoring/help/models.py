"""Answers about help that was asked for."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from events.catalog.base import Service
from events.catalog.help import DeclineReason, HelpOffer
from events.catalog.households import RiskCause
from kit.models import AnswerModel

from .rules import RequestState, overdue


class HelpOut(AnswerModel):
    """帮扶请求: asked, taken, provided or declined, perhaps withdrawn; `overdue` by the business date."""

    id: UUID
    household_id: UUID
    alert_id: UUID | None
    case_id: UUID | None
    service: Service
    offer: HelpOffer
    causes: list[RiskCause]
    policy_version: str
    asked_on: date
    asked_by: str
    due_on: date | None
    """last day for an answer; null where no policy sets it"""
    state: RequestState
    overdue: bool
    taken_on: date | None
    answered_on: date | None
    """business date of the last answer"""
    answered_by: str | None
    """account, or the service where the fact itself answered"""
    reason: DeclineReason | None
    reference: UUID | None
    """the job spell, the subsidy, the loan, the order, the aid or the claim"""
    provided_on: date | None
    withdrawn_on: date | None
    """the day its alert was retracted or its case ended; no answer is owed from then on"""


def shown(row: Row[Any], on: date | None) -> HelpOut:
    """A request as it stands on a business date."""
    given = {name: getattr(row, name) for name in HelpOut.model_fields if hasattr(row, name)}
    return HelpOut(**given, overdue=_overdue(row, on))


def _overdue(row: Row[Any], on: date | None) -> bool:
    return overdue(RequestState(row.state), row.due_on, on, withdrawn=row.withdrawn_on is not None)
