"""Request and answer models of reports and contests."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from events.catalog.base import RegionCode
from events.catalog.households import ReportChannel, ReportKind
from kit.models import AnswerModel, Moment, RequestModel, SecretText

from . import service
from .rules import ContestOutcome, ReportOutcome, ReportState

Said = Annotated[SecretText, Field(min_length=1, max_length=2000)]
Name = Annotated[SecretText, Field(min_length=1, max_length=64)]
Phone = Annotated[SecretText, Field(min_length=7, max_length=16)]
Certificate = Annotated[SecretText, Field(min_length=1, max_length=32)]


class ReportIn(RequestModel):
    """申报: what is said, where, and how to reach who says it."""

    region_code: RegionCode
    kind: ReportKind
    text: Said | None = None
    name: Name | None = None
    phone: Phone | None = None
    certificate: Certificate | None = None

    def filing(self, channel: ReportChannel, household_id: UUID | None = None) -> service.Filing:
        """As the use case takes it."""
        secret = {
            name: value.get_secret_value()
            for name in ("text", "name", "phone", "certificate")
            if (value := getattr(self, name)) is not None
        }
        return service.Filing(
            region_code=self.region_code, kind=self.kind, channel=channel, household_id=household_id, **secret
        )


class HotlineIn(ReportIn):
    """热线与上门申报: written down by staff."""

    channel: Annotated[ReportChannel, Field(default=ReportChannel.HOTLINE)]
    household_id: UUID | None = None


class Receipt(AnswerModel):
    """回执: keep the number; it is shown once."""

    receipt: str
    filed_on: date


class ReportOut(AnswerModel):
    """申报: without what was said; `accept_by` is null while no value says how many days there are."""

    id: UUID
    version: int
    region_code: str
    household_id: UUID | None
    kind: ReportKind
    channel: ReportChannel
    state: ReportState
    filed_on: date
    accept_by: date | None
    overdue: bool
    accepted_on: date | None
    settled_on: date | None
    outcome: ReportOutcome | None


class SaidOut(AnswerModel):
    """申报内容明文"""

    id: UUID
    text: str | None
    contact: dict[str, str]


class Linking(RequestModel):
    """对应到户"""

    household_id: UUID


class Settling(RequestModel):
    """办结"""

    outcome: ReportOutcome


class ContestIn(RequestModel):
    """异议: the fact that is said to be wrong, and why."""

    fact_id: UUID
    text: Said | None = None


class ContestSettling(RequestModel):
    """异议办结"""

    outcome: ContestOutcome


class ContestOut(AnswerModel):
    """异议: open while settled_on is null."""

    id: UUID
    version: int
    household_id: UUID
    fact_id: UUID
    raised_on: date
    settled_on: date | None
    outcome: ContestOutcome | None


class ReadingOut(AnswerModel):
    """查阅记录"""

    at: Moment
    department: str
    subject: str
    action: str
    what: str


class CodeOut(AnswerModel):
    """户码: give it to the household; it is shown once, and the one before is no longer valid."""

    code: str
