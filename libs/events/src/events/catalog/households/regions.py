"""Events of regions, of the platform's date and of the staff who answer for places."""

from datetime import date
from uuid import UUID

from ..base import RegionCode
from .publisher import _Household


class RegionChanged(_Household):
    """区划变更: a region row as it stands from `valid_from`; statutory code and management path are apart (磨憨镇)."""

    code: RegionCode
    name: str
    level: str
    """city, county, township, village"""
    parent_code: RegionCode | None
    path: str
    """管理归属: slash-closed management path such as `5301/530128/530128104/`"""
    key_county: bool = False
    """乡村振兴重点帮扶县"""
    valid_from: date
    valid_to: date | None = None


class VillageDescribed(_Household):
    """村情: what the national sheet of villages says of a village, newest export; null is not filled."""

    code: RegionCode
    path: str
    stated_on: date
    """导出日期"""
    lifted: bool | None = None
    """是否脱贫村"""
    households: int | None = None
    """总户数"""
    persons: int | None = None
    """总人口数"""
    hamlets: int | None = None
    """自然村数"""
    groups: int | None = None
    """村民小组数"""


class BusinessDateAdvanced(_Household):
    """业务日期推进: the platform's date (Asia/Shanghai) is now `business_date`; one event per day, none skipped."""

    business_date: date


class StaffAssigned(_Household):
    """责任人: an officer answers for a region (village, township, county) from `since`."""

    assignment_id: UUID
    officer: str
    """account name of the officer (never a person's name)"""
    path: str
    since: date
    role: str = "lead"
    """lead 责任人, deputy 副手 (answers while every lead of the region is away)"""
    succeeds_id: UUID | None = None
    """交接: the assignment that was handed over"""


class StaffReleased(_Household):
    """责任解除"""

    assignment_id: UUID
    officer: str
    path: str
    until: date


class StaffOnLeave(_Household):
    """请假: the officer answers for nothing from `since` until the day of return; the next revision changes it."""

    leave_id: UUID
    officer: str
    since: date
    until: date
    """first day back; equal to `since` where the leave was cancelled"""
