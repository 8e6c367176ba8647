"""Routes of the policy: what holds where and when, and setting a value."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field, StringConstraints

from events.ids import uuid7
from kit import policy
from kit.auth import Principal, needs
from kit.models import AnswerModel, RequestModel
from kit.policy_book import Confidence, PolicyValue
from kit.route import TransactionRoute
from kit.running import Tx
from kit.scope import covers, validate_path

from .rules import EndsBeforeItBegins, PolicyOutOfArea, check_name

router = APIRouter(prefix="/v1", tags=["policy 政策"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("products:read"))]
Write = Annotated[Principal, Depends(needs("products:write"))]

Name = Annotated[str, StringConstraints(max_length=80, pattern=r"^[a-z0-9_.]+$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class PolicyIn(RequestModel):
    """政策值: a new value; what took effect is never changed, a correction is a new value."""

    name: Name
    path: Annotated[str, Field(max_length=60)] = "5301/"
    valid_from: date
    valid_to: date | None = None
    value: Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=4)]
    document: Words
    """文号"""
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


@router.get("/policies")
async def list_policies(
    tx: Tx, who: Read, name: Annotated[Name | None, Query()] = None, on: date | None = None
) -> list[PolicyOut]:
    """The values recorded, of all names that begin with `name`; `on` keeps those in force on a day."""
    book = await policy.load(tx)
    return [_shown(value) for value in book.recorded(name or "", on)]


@router.post("/policies", status_code=201)
async def set_policy(given: PolicyIn, tx: Tx, who: Write) -> PolicyOut:
    """Set a value; it counts for whatever is asked or decided from now on."""
    if not covers(who.paths, validate_path(given.path)):
        raise PolicyOutOfArea
    if given.valid_to is not None and given.valid_to < given.valid_from:
        raise EndsBeforeItBegins
    check_name(given.name)
    value = PolicyValue(id=uuid7(), **dict(given))
    await policy.add(tx, [value])
    return _shown(value)


def _shown(value: PolicyValue) -> PolicyOut:
    return PolicyOut(**{name: getattr(value, name) for name in PolicyOut.model_fields})
