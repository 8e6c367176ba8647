"""Events of publicity in villages, and of households that are shown as role models (G6)."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from ..base import RegionCode
from .publisher import _Household

Reached = Annotated[int, Field(ge=0, le=1_000_000)]


class PublicityKind(StrEnum):
    """宣传引导类型 (G6)."""

    POLICY = "policy"
    """惠农政策宣传解读"""
    PRACTICE = "practice"
    """好经验、好做法推广"""
    CUSTOMS = "customs"
    """革除陈规陋习"""
    SPENDING = "spending"
    """理性消费、避免非理性投资"""


class RoleModelField(StrEnum):
    """典型类型"""

    INDUSTRY = "industry"
    """发展产业"""
    WORK = "work"
    """务工就业"""
    STARTUP = "startup"
    """创业带动"""
    CUSTOMS = "customs"
    """文明新风"""


class RoleModelEnd(StrEnum):
    """不再作为典型的原因"""

    HOUSEHOLD = "household"
    """农户撤回同意"""
    TERM = "term"
    """期满"""
    DISMISSED = "dismissed"
    """取消"""


class PublicityHeld(_Household):
    """宣传引导活动 (G6): in a village on a day, with how many it reached; a correction is the next revision."""

    publicity_id: UUID
    region_code: RegionCode
    kind: PublicityKind
    held_on: date
    persons: Reached
    """到场或触达人数"""
    households: Reached
    """触达户数"""


class RoleModelNamed(_Household):
    """典型选树 (G6): a household agreed to be shown as an example; one fact per household and field."""

    role_model_id: UUID
    field: RoleModelField
    since: date
    consented_on: date
    """农户同意日期: without it nobody is named"""
    person_id: UUID
    """成员 who signed"""


class RoleModelEnded(_Household):
    """不再作为典型: next revision of the same `fact_id`."""

    role_model_id: UUID
    field: RoleModelField
    until: date
    """first day without"""
    reason: RoleModelEnd
