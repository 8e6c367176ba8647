"""Requests and answers of the policy."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from ..models import AnswerModel, Moment, RequestModel
from ..policy_book import Confidence, Unit

Name = Annotated[str, StringConstraints(max_length=80, pattern=r"^[a-z0-9_.]+$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
DraftState = Literal["draft", "released", "withdrawn"]


class PolicyIn(RequestModel):
    """政策值: what is proposed; with the name, path and first day of a recorded value it corrects or ends that one."""

    name: Name
    path: Annotated[str, Field(max_length=60)] = "5301/"
    valid_from: date
    valid_to: date | None = None
    """last day; null while it stands"""
    value: Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=4)]
    """in the unit of its name"""
    document: Words
    """文号, or the mark of a demo value"""
    clause: Words
    confidence: Confidence


class Wanted(RequestModel):
    """Which values to show."""

    name: Name | None = None
    """how the name begins"""
    on: date | None = None


class _Shown(AnswerModel):
    id: UUID
    name: str
    path: str
    valid_from: date
    valid_to: date | None
    value: Decimal
    unit: Unit | None
    """null where no rule reads the name any more"""
    document: str
    clause: str
    confidence: Confidence


class PolicyOut(_Shown):
    """政策值, with the document it rests on; `corrected_by` is the later value that counts in its place."""

    corrected_by: UUID | None


class DraftOut(_Shown):
    """政策值草案: what one person proposed; released, its id is the id of the value.

    `corrects` is the recorded value of the same name, path and first day that it takes the place of.
    """

    corrects: UUID | None
    state: DraftState
    drafted_by: str
    drafted_at: Moment
    decided_by: str | None
    decided_at: Moment | None
