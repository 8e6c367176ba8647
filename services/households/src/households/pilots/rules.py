"""What holds for asset pilots: how many villages of a county must have one; the refusals of this capability.

NotFound
└── PilotUnknown
Conflict
├── PilotStands      the village has one
└── PilotEnded       it has ended
Invalid
└── PilotDates
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from kit.errors import Conflict, Invalid, NotFound

LEAST: Final = "asset_pilot.villages_least"
"""policy value: lifted villages of a key county that are pilots at least"""
MOST: Final = "asset_pilot.villages_most"
"""policy value: at most"""
EVERYWHERE: Final = "asset_pilot.everywhere"
"""policy value: 1 = every lifted village runs its assets so"""


class PilotUnknown(NotFound):
    """试点不存在或不在管辖范围."""

    code = "asset-pilot-unknown"
    zh, en = "没有此试点，或不在您的管理范围内", "no such pilot in your area"


class PilotStands(Conflict):
    """该村已是试点."""

    code = "asset-pilot-stands"
    zh, en = "该村已开展资产运营管理试点", "the village is a pilot already"
    pointer = "/region_code"


class PilotEnded(Conflict):
    """试点已结束."""

    code = "asset-pilot-ended"
    zh, en = "该试点已结束", "the pilot has ended"


class PilotDates(Invalid):
    """日期先后不合理."""

    code = "asset-pilot-dates"
    zh, en = "日期早于上一段的起止日", "the day lies before the stay it follows"
    pointer = "/since"


class Progress(StrEnum):
    """试点推进情况"""

    SHORT = "short"
    """不足"""
    MET = "met"
    """符合"""
    OVER = "over"
    """超出试点数"""
    NOT_ASKED = "not_asked"
    """不作要求"""
    UNKNOWN = "unknown"
    """未知: the plan says nothing for the day"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """试点要求: of a county on a day; None where no value is in force."""

    least: Decimal | None
    most: Decimal | None
    everywhere: bool


def judge(asked: Asked, *, key_county: bool, lifted_villages: int, pilots: int) -> Progress:
    """How far a county is.

    Args:
        asked: what is in force for it.
        key_county: 乡村振兴重点帮扶县.
        lifted_villages: its villages with lifted households.
        pilots: those of its villages that are pilots.
    """
    if asked.everywhere:
        return Progress.MET if pilots >= lifted_villages else Progress.SHORT
    if asked.least is None or asked.most is None:
        return Progress.UNKNOWN
    if not key_county:
        return Progress.NOT_ASKED
    if pilots < asked.least:
        return Progress.SHORT
    return Progress.OVER if pilots > asked.most else Progress.MET


def check_order(day: date, since: date, *, pointer: str) -> None:
    """A stay ends no earlier than it began, and follows on the one before.

    Raises:
        PilotDates: otherwise.
    """
    if day < since:
        raise PilotDates(pointer=pointer)
