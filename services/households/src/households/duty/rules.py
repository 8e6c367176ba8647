"""Pure rules of duty: who may answer for what, and when a leave or a hand-over makes sense."""

from datetime import date
from enum import StrEnum
from typing import Final

from kit.errors import Conflict, Invalid, NotFound

GRID_SIZE: Final = "duty.grid_households"
"""policy value: households of a grid"""


class Role(StrEnum):
    """责任角色"""

    LEAD = "lead"
    """责任人"""
    DEPUTY = "deputy"
    """副手: answers while every lead of the region is away"""


class RegionLevel(StrEnum):
    """管理层级, by the last code of a management path."""

    CITY = "city"
    """市"""
    COUNTY = "county"
    """县"""
    TOWNSHIP = "township"
    """乡镇"""
    VILLAGE = "village"
    """行政村"""
    GRID = "grid"
    """网格"""


_DIGITS = {4: RegionLevel.CITY, 6: RegionLevel.COUNTY, 9: RegionLevel.TOWNSHIP, 12: RegionLevel.VILLAGE}


def level_of(path: str) -> RegionLevel:
    """The level of what a management path names."""
    return _DIGITS.get(len(path.rstrip("/").rpartition("/")[2]), RegionLevel.GRID)


class DutyPathUnknown(Invalid):
    """没有此管理路径的区划或网格."""

    code = "path-unknown"
    zh, en = (
        "没有此管理路径的区划或网格，或不在您的管理范围内",
        "no region or grid with this management path in your area",
    )
    fix_zh, fix_en = "从 /v1/regions 或 /v1/grids 取 path", "take a path from /v1/regions or /v1/grids"
    pointer = "/path"


class DutyHeld(Conflict):
    """该人员已负责此区域."""

    code = "duty-held"
    zh, en = "该人员已负责此区域", "the officer answers for this region already"
    pointer = "/officer"


class AssignmentUnknown(NotFound):
    """责任记录不存在或不在管辖范围."""

    code = "assignment-unknown"
    zh, en = "没有此责任记录，或不在您的管理范围内", "no such assignment in your area"


class DutyEnded(Conflict):
    """责任已解除, or would end before it began."""

    code = "duty-ended"
    zh, en = "责任已解除，或解除日期早于开始日期", "it ended already, or would end before it began"


class OfficerUnknown(NotFound):
    """该账号没有责任记录."""

    code = "officer-unknown"
    zh, en = "您的管理范围内没有该账号的责任记录", "no officer of this account answers for anything in your area"
    pointer = "/officer"


class LeaveUnknown(NotFound):
    """请假记录不存在或不在管辖范围."""

    code = "leave-unknown"
    zh, en = "没有此请假记录，或不在您的管理范围内", "no such leave in your area"


class LeaveDates(Invalid):
    """请假起止日期颠倒."""

    code = "leave-dates"
    zh, en = "返岗日期应晚于请假开始日期", "the first day back comes after the first day of leave"
    pointer = "/until"


class LeaveOverlaps(Conflict):
    """与已有请假重叠."""

    code = "leave-overlaps"
    zh, en = "与该人员已登记的请假重叠", "the officer is on leave in these days already"
    fix_zh, fix_en = "改为变更已登记的请假", "change the recorded leave"
    pointer = "/since"


class HandOverToSelf(Conflict):
    """不能交接给本人."""

    code = "hand-over-to-self"
    zh, en = "责任不能交接给本人", "a duty cannot be handed over to its holder"
    pointer = "/officer"


class GridUnknown(NotFound):
    """网格不存在或不在管辖范围."""

    code = "grid-unknown"
    zh, en = "没有此网格，或不在您的管理范围内", "no such grid in your area"


class GridsExhausted(Conflict):
    """一村网格编号已用完."""

    code = "grids-exhausted"
    zh, en = "该村网格编号已用完（最多 99 个）", "the village has 99 grids, no more can be numbered"
    pointer = "/village_code"


def check_leave(since: date, until: date) -> None:
    """Refuse a leave that ends before it begins; a leave that ends on its first day was cancelled.

    Raises:
        LeaveDates: it does.
    """
    if until < since:
        raise LeaveDates


def next_grid_code(village_code: str, taken: int) -> str:
    """The code of a village's next grid: the village's 12 digits and two more.

    Raises:
        GridsExhausted: there are 99.
    """
    if taken >= 99:
        raise GridsExhausted
    return f"{village_code}{taken + 1:02d}"
