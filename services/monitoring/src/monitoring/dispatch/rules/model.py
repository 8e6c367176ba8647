"""The words of dispatch. Pure."""

from enum import StrEnum
from typing import Final


class Level(StrEnum):
    """调度层级: whose meeting it is."""

    TOWNSHIP = "township"
    """乡镇研判（半月）"""
    COUNTY = "county"
    """县级调度（月）"""
    CITY = "city"
    """市级调度（季度）"""


class Kind(StrEnum):
    """清单事项"""

    ALERT = "alert"
    """未办结预警"""
    CASE = "case"
    """待审个案，或识别超期"""
    HELP = "help"
    """逾期未办帮扶请求"""
    SOURCE = "source"
    """数据来源陈旧"""


class Resolution(StrEnum):
    """研判决定: codes only, as events carry no free text."""

    VISIT = "visit"
    """入户走访核实"""
    HELP = "help"
    """落实帮扶措施"""
    OPEN_CASE = "open_case"
    """启动识别程序"""
    PRESS = "press"
    """督办限期办结"""
    REFER = "refer"
    """转部门办理"""
    HAND_UP = "hand_up"
    """提请上级调度"""
    KEEP_WATCHING = "keep_watching"
    """继续观察"""


_BY_DIGITS: Final = {4: Level.CITY, 6: Level.COUNTY, 9: Level.TOWNSHIP}


def level_of(path: str) -> Level | None:
    """The level of an area; None of a village or a grid."""
    return _BY_DIGITS.get(len(path.rstrip("/").rpartition("/")[2]))


def parent_of(path: str) -> str:
    """The area above; empty above the city. A township that the city manages directly answers to the city."""
    above = path.rstrip("/").rpartition("/")[0]
    return f"{above}/" if above else ""
