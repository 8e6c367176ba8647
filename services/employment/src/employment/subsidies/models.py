"""What the routes of this capability take and answer."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from directory.naming import PersonNamed
from events.catalog.employment import SubsidyKind
from kit.models import AnswerModel, RequestModel
from kit.policy_book import Confidence

from . import service

Year = Annotated[int, Field(ge=2021, le=2100)]


class EligibilityIn(RequestModel):
    """资格咨询: a person, a subsidy and a year; the business date where no day is given."""

    person: PersonNamed
    kind: SubsidyKind
    year: Year
    proof: service.Proof | None = None
    on: date | None = None


class SubsidyIn(RequestModel):
    """补贴申请"""

    person: PersonNamed
    kind: SubsidyKind
    year: Year
    proof: service.Proof
    applied_on: date


class Closing(RequestModel):
    """申请终止"""

    reason: service.CloseReason


class BatchIn(RequestModel):
    """编制批次: everybody of one's area who waits and meets all conditions, 500 at most."""

    kind: SubsidyKind
    year: Year


class Basis(AnswerModel):
    """依据: a policy value that was used, with the document it rests on."""

    name: str
    value: Decimal
    document: str
    clause: str
    confidence: Confidence
    valid_from: date


class ReasonOut(AnswerModel):
    """理由: one condition; `evidence` names the jobs it rests on, `missing` what would have to be known."""

    check: str
    state: service.State
    zh: str
    en: str
    basis: tuple[Basis, ...]
    evidence: tuple[UUID, ...]
    missing: str | None


class EligibilityOut(AnswerModel):
    """资格审查结果"""

    verdict: service.Verdict
    amount: Decimal | None
    """补贴标准, yuan; null where no policy sets it"""
    reasons: tuple[ReasonOut, ...]


class SubsidyOut(AnswerModel):
    """补贴: as it stands; `amount` is the one that was approved, or that would be."""

    id: UUID
    version: int
    state: service.SubsidyState
    person_id: UUID
    household_id: UUID
    region: str
    kind: SubsidyKind
    year: int
    amount: Decimal | None
    proof: service.Proof
    applied_on: date
    batch_id: UUID | None
    approved_on: date | None
    closed_on: date | None
    close_reason: service.CloseReason | None
    paid_on: date | None
    returned_on: date | None
    return_reason: str | None
    eligibility: EligibilityOut | None = None
    """the conditions as they are by now; only of one that waits, read by itself"""


class BatchOut(AnswerModel):
    """补贴批次: `left_out` is how many were looked at and lack a condition; only as it is prepared."""

    id: UUID
    version: int
    state: service.BatchState
    kind: SubsidyKind
    year: int
    persons: int
    amount: Decimal
    prepared_on: date
    prepared_by: str
    decided_on: date | None
    decided_by: str | None
    left_out: int | None = None


class TallyOut(AnswerModel):
    """补贴进度: persons and yuan of a kind, county and state."""

    kind: SubsidyKind
    county: str | None
    state: service.SubsidyState
    persons: int
    amount: Decimal
