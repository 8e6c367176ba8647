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


class TeamMemberReleased(_Household):
    """六位一体成员离任: next revision of the same `fact_id`."""

    member_id: UUID
    role: TeamRole
    path: str
    until: date
