"""Events of the employment service: work spells and wages."""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from .base import Event, Money, Month, Service


class WorkChannel(StrEnum):
    """就业渠道"""

    MIGRANT = "migrant"
    """外出务工"""
    LOCAL = "local"
    """就近就业"""
    PUBLIC_POST = "public_post"
    """乡村公益性岗位"""
    WORKSHOP = "workshop"
    """帮扶车间"""
    WORK_RELIEF = "work_relief"
    """以工代赈"""


class EndReason(StrEnum):
    """离岗原因"""

    LAID_OFF = "laid_off"
    """被辞退"""
    CONTRACT_ENDED = "contract_ended"
    """合同到期"""
    RETURNED = "returned"
    """返乡"""
    CHANGED_JOB = "changed_job"
    """更换工作"""
    OTHER = "other"
    """其他"""


class _Employment(Event):
    SERVICE: ClassVar[Service] = "employment"


class EmploymentStarted(_Employment):
    """就业: a job spell of one person; `fact_id` names the spell, revisions correct it."""

    person_id: UUID | None
    """null while the person is not registered (unmatched fact)"""
    started_on: date
    channel: WorkChannel
    place_code: str | None = None
    """务工所在地, statutory code to county level"""
    monthly_wage: Money | None = None
    """约定月工资, yuan; null = not told"""


class EmploymentEnded(_Employment):
    """失业: the spell ended; its own `fact_id` derives from the spell, voided where the report was wrong."""

    person_id: UUID | None
    spell_id: UUID
    ended_on: date
    reason: EndReason


class WagePaid(_Employment):
    """工资发放: what a person was paid for one month, yuan; the one event that counts for every kind of wage."""

    person_id: UUID | None
    spell_id: UUID | None = None
    month: Month
    amount: Money
    channel: WorkChannel = WorkChannel.MIGRANT


class WageMissed(_Employment):
    """工资未到: an expected wage for the month did not come by its date; voided when it arrives late."""

    person_id: UUID | None
    spell_id: UUID
    month: Month
    expected: Money | None = None
