"""Routes of the policy: what holds where and when, and setting a value."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field, StringConstraints

from kit.auth import Principal, needs
from kit.models import AnswerModel, RequestModel
from kit.policy import Confidence, PolicyValue
from kit.route import TransactionRoute
from kit.running import Tx

from . import service

router = APIRouter(prefix="/v1", tags=["policy 政策"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("policy:read"))]
Write = Annotated[Principal, Depends(needs("policy:write"))]

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


class Wanted(RequestModel):
    """Which values to show."""

    name: Name | None = None
    on: date | None = None


@router.get("/policies")
async def list_policies(tx: Tx, who: Read, wanted: Annotated[Wanted, Query()]) -> list[PolicyOut]:
    """The values recorded; `on` keeps those in force on a day."""
    return [shown(value) for value in await service.recorded(tx, name=wanted.name, on=wanted.on)]


@router.post("/policies", status_code=201)
async def set_policy(given: PolicyIn, tx: Tx, who: Write) -> PolicyOut:
    """Set a value; every household is looked at again under it, from this moment on."""
    return shown(await service.set_value(tx, who.paths, **dict(given)))


def shown(value: PolicyValue | Any) -> PolicyOut:
    """A value as answers carry it."""
    return PolicyOut(**{name: getattr(value, name) for name in PolicyOut.model_fields})
