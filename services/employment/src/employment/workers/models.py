"""What the routes of this capability take and answer."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from directory.naming import PersonNamed
from events.catalog.base import Month
from events.catalog.employment import EndReason, WorkChannel
from kit.models import AnswerModel, RequestModel
from kit.problems import Fault

Yuan = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]
Place = Annotated[str, Field(pattern=r"^\d{6}(\d{6})?$")]
Employer = Annotated[str, Field(min_length=1, max_length=100)]


class SpellIn(RequestModel):
    """务工登记: a job of a person; `ended_on` and `end_reason` where it is over already."""

    person: PersonNamed
    started_on: date
    channel: WorkChannel
    place_code: Place | None = None
    employer: Employer | None = None
    monthly_wage: Yuan | None = None
    ended_on: date | None = None
    end_reason: EndReason | None = None

    @model_validator(mode="after")
    def _end_whole(self) -> Self:
        if (self.ended_on is None) != (self.end_reason is None):
            raise ValueError("ended_on and end_reason go together")
        return self


class SpellPatch(RequestModel):
    """务工更正: what is left out stays."""

    started_on: date = date.min
    channel: WorkChannel = WorkChannel.MIGRANT
    place_code: Place | None = None
    employer: Employer | None = None
    monthly_wage: Yuan | None = None


class Ending(RequestModel):
    """离岗登记"""

    ended_on: date
    reason: EndReason


class SpellOut(AnswerModel):
    """务工记录: as it stands; `matched` is false while the person is not registered."""

    id: UUID
    matched: bool
    person_id: UUID | None
    household_id: UUID | None
    region: str | None
    started_on: date
    channel: WorkChannel
    place_code: str | None
    employer: str | None
    monthly_wage: Decimal | None
    ended_on: date | None
    end_reason: EndReason | None
    void: bool
    version: int


class WageIn(RequestModel):
    """工资登记: what a person was paid for a month; without `spell_id` for the job that ran then."""

    person: PersonNamed
    month: Month
    amount: Yuan
    channel: WorkChannel | None = None
    spell_id: UUID | None = None


class WageBatch(RequestModel):
    """工资批量登记: each row on its own, at most 500."""

    items: Annotated[tuple[WageIn, ...], Field(min_length=1, max_length=500)]


class WagePatch(RequestModel):
    """工资更正"""

    amount: Yuan


class WageOut(AnswerModel):
    """工资: as it stands."""

    id: UUID
    matched: bool
    person_id: UUID | None
    household_id: UUID | None
    region: str | None
    spell_id: UUID | None
    month: str
    amount: Decimal
    channel: WorkChannel
    void: bool
    version: int


class RowOutcome(AnswerModel):
    """逐条结果: recorded, unchanged or refused with the reason."""

    index: int
    status: str
    id: UUID | None = None
    matched: bool | None = None
    version: int | None = None
    problem: Fault | None = None


class SheetRow(AnswerModel):
    """表格逐行结果: the cell, where it is one cell."""

    row: int
    status: str
    reference: str | None = None
    id: UUID | None = None
    matched: bool | None = None
    problem: Fault | None = None


class CandidateOut(AnswerModel):
    """可能的人员: a member of the household named whose masked name is the same; nobody is chosen."""

    masked_name: str
    birth_date: date


class WaitingRow(AnswerModel):
    """待登记的行: nobody holds the certificate yet; the job waits for the registration."""

    row: int
    candidates: tuple[CandidateOut, ...]


class SheetOut(AnswerModel):
    """务工月表导入结果: of the rows up to `last_row`; send the file again with `after_row=last_row` while `more`."""

    recorded: int
    corrected: int
    unchanged: int
    refused: int
    skipped: int
    last_row: int
    more: bool
    rows: tuple[SheetRow, ...]
    """refused rows only; what was taken is listed by `/v1/spells`"""
    waiting: tuple[WaitingRow, ...]
    """rows of persons who are not registered; where a candidate is named, the certificate may be mistyped"""


class BatchOut(AnswerModel):
    """批量结果"""

    recorded: int
    unchanged: int
    refused: int
    items: tuple[RowOutcome, ...]


class MissedWageOut(AnswerModel):
    """工资未到: an agreed wage whose pay day has passed."""

    id: UUID
    person_id: UUID | None
    household_id: UUID | None
    region: str | None
    spell_id: UUID
    month: str
    expected: Decimal
