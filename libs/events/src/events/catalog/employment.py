"""Events of the employment service: work spells, wages, and who is without work."""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from .base import Event, Money, Month, Service
from .households import MeasureCategory, RiskCause


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
    came_on: date | None = None
    """the day it did come; only where it is voided for that"""


class UnemploymentEndReason(StrEnum):
    """失业登记注销原因"""

    EMPLOYED = "employed"
    """已就业"""
    RETIRED = "retired"
    """已退休或超过劳动年龄"""
    NOT_ABLE = "not_able"
    """丧失劳动能力"""
    OWN_WISH = "own_wish"
    """本人申请注销"""
    OTHER = "other"
    """其他"""


class UnemploymentRegistered(_Employment):
    """失业登记: a person able to work has none and looks for it; `fact_id` names the registration."""

    person_id: UUID | None
    """null while the person is not registered (unmatched fact)"""
    registered_on: date


class UnemploymentEnded(_Employment):
    """失业登记注销: the registration of the same `fact_id` ends (next revision of it)."""

    person_id: UUID | None
    registered_on: date
    ended_on: date
    """first day on which the registration no longer holds"""
    reason: UnemploymentEndReason


class _ZeroEmployment(_Employment):
    found_on: date
    persons: int
    """members able to work, every one of them registered unemployed on the day it was found"""
    due_on: date | None = None
    """last day for offering a job; null where no policy sets it"""
    offered_on: date | None = None
    """the day a job was offered; null = not yet"""


class ZeroEmploymentFound(_ZeroEmployment):
    """零就业家庭: every member of working age who can work is registered unemployed.

    The next revision of the same `fact_id` tells of the offer; voided where it proves to have been wrong.
    """


class ZeroEmploymentClearReason(StrEnum):
    """零就业家庭动态清零原因"""

    EMPLOYED = "employed"
    """已有成员就业"""
    REGISTRATION_ENDED = "registration_ended"
    """有成员不再登记失业"""
    NO_ABLE_MEMBER = "no_able_member"
    """家庭已无劳动年龄内有劳动能力的成员"""


class ZeroEmploymentCleared(_ZeroEmployment):
    """零就业家庭清零: it no longer is one (next revision of the same `fact_id`)."""

    cleared_on: date
    reason: ZeroEmploymentClearReason


class SubsidyKind(StrEnum):
    """就业补贴种类"""

    TRAFFIC = "traffic"
    """跨省务工一次性交通补助"""
    STABILITY = "stability"
    """稳岗就业补贴"""


class SubsidyApproved(_Employment):
    """补贴审批通过: what a person is to be paid; `fact_id` names the subsidy. What of it is paid TransferPaid says."""

    person_id: UUID
    purpose: SubsidyKind
    year: int
    """补贴年度"""
    amount: Money
    """yuan"""
    approved_on: date


class _PublicPost(_Employment):
    person_id: UUID
    post_id: UUID
    spell_id: UUID
    """the job under which the wage is paid; of the money WagePaid alone counts"""
    contract_from: date
    contract_to: date
    """合同期的最后一天"""
    monthly_pay: Money
    """岗位补贴标准, yuan a month"""
    causes: tuple[RiskCause, ...] = ()
    """针对的风险, as the department names them"""
    category: MeasureCategory = MeasureCategory.PUBLIC_POST
    """帮扶措施类别 it is"""
    development: bool = False
    """开发式帮扶措施: 产业 and 就业 only"""


class PublicPostTaken(_PublicPost):
    """乡村公益性岗位上岗: a person holds a budgeted place; `fact_id` names the holding."""


class PublicPostEnded(_PublicPost):
    """乡村公益性岗位离岗: the person holds it no more (next revision of the same `fact_id`)."""

    ended_on: date
    """first day outside"""
    reason: EndReason
