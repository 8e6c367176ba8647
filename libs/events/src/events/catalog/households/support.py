"""Events of those who help a household: helpers, teams, visits."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from .circumstances import RiskCause
from .publisher import _Household


class HelperAssigned(_Household):
    """帮扶责任人: a named helper answers for this household (§G3 one-to-one)."""

    assignment_id: UUID
    since: date
    organisation: str
    """帮扶责任人单位"""


class HelperReleased(_Household):
    """帮扶责任人解除"""

    assignment_id: UUID
    until: date


class MeasureCategory(StrEnum):
    """帮扶措施类别 (national list, domain 1.8)."""

    INDUSTRY = "industry"
    """产业帮扶"""
    EMPLOYMENT = "employment"
    """就业帮扶"""
    FINANCE = "finance"
    """金融帮扶"""
    PUBLIC_POST = "public_post"
    """公益岗位帮扶"""
    HOUSING = "housing"
    """住房安全保障"""
    WATER = "water"
    """饮水安全保障"""
    HEALTH = "health"
    """健康帮扶"""
    COMPULSORY_SCHOOLING = "compulsory_schooling"
    """义务教育保障"""
    EDUCATION = "education"
    """其他教育帮扶"""
    SUPPORT = "support"
    """综合保障"""
    SOCIAL = "social"
    """社会帮扶"""
    RELOCATION = "relocation"
    """搬迁"""
    LIVING_CONDITIONS = "living_conditions"
    """生产生活条件改善"""
    INFRASTRUCTURE = "infrastructure"
    """基础设施建设"""


class MeasureSource(StrEnum):
    """帮扶措施来源"""

    DEPARTMENT = "department"
    """部门登记"""
    NATIONAL_EXPORT = "national_export"
    """全国系统导出"""


class _Measure(_Household):
    measure_id: UUID
    category: MeasureCategory
    causes: tuple[RiskCause, ...]
    """针对的风险: the causes it is meant to answer"""
    development: bool
    """开发式帮扶措施 (产业, 就业): it lets the family earn"""
    started_on: date
    """of one that an export names: the day of the export that named it first"""
    source: MeasureSource = MeasureSource.DEPARTMENT


class MeasureStarted(_Measure):
    """帮扶措施落实: a measure reaches the household; voided where the record was wrong."""


class MeasureCompleted(_Measure):
    """帮扶措施完成: next revision of the same `fact_id`; it goes on counting as help that was given."""

    completed_on: date


class VisitRecorded(_Household):
    """走访: a helper or a team member was with the household; what was found, in codes."""

    visit_id: UUID
    visited_on: date
    assignment_id: UUID | None = None
    """the helper's assignment, where a helper came"""
    met: bool = True
    """见到本户人员"""
    needs: tuple[RiskCause, ...] = ()
    """发现的困难"""
    attachments: int = 0


class TeamRole(StrEnum):
    """六位一体 (§G3): the six who pull together in a village."""

    CADRE = "cadre"
    """乡村党政干部"""
    WORK_TEAM = "work_team"
    """驻村工作队员"""
    SCIENCE = "science"
    """科技特派员"""
    ENTERPRISE = "enterprise"
    """企业技术指导员"""
    LEADER = "leader"
    """致富带头人"""
    HOUSEHOLD = "household"
    """脱贫户"""


class TeamMemberAssigned(_Household):
    """六位一体成员: somebody takes a place in a village's team."""

    member_id: UUID
    role: TeamRole
    path: str
    since: date
    organisation: str = ""


class AdviserAssigned(_Household):
    """科技顾问 (§1): somebody advises a village on a trade; its key is the assignment."""

    adviser_id: UUID
    path: str
    trade: str
    """产业 code, such as `walnut` or `pigs`, as the department codes it"""
    since: date
    organisation: str


class AdviserReleased(_Household):
    """科技顾问离任: next revision of the same `fact_id`."""

    adviser_id: UUID
    path: str
    until: date


class TeamMemberReleased(_Household):
    """六位一体成员离任: next revision of the same `fact_id`."""

    member_id: UUID
    role: TeamRole
    path: str
    until: date
