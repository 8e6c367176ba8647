"""会议纪要: the minutes of a meeting in counts, written from what was recorded; no free text, no names."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from kit.models import AnswerModel

from .rules import Kind, Level, Resolution

_MEETINGS: Final = {
    Level.TOWNSHIP: "乡镇半月研判",
    Level.COUNTY: "县级月调度",
    Level.CITY: "市级季度调度",
}
_RESOLUTIONS: Final = {
    Resolution.VISIT: "入户走访核实",
    Resolution.HELP: "落实帮扶措施",
    Resolution.OPEN_CASE: "启动识别程序",
    Resolution.PRESS: "督办限期办结",
    Resolution.REFER: "转部门办理",
    Resolution.HAND_UP: "提请上级调度",
    Resolution.KEEP_WATCHING: "继续观察",
}


class Minutes(AnswerModel):
    """会议纪要"""

    list_id: UUID
    level: Level
    path: str
    period_from: date
    period_to: date
    held_on: date | None
    late: bool
    attendees: int | None
    lines: int
    overdue: int
    """lines whose clock had run out when the list was made"""
    by_kind: dict[Kind, int]
    by_resolution: dict[Resolution, int]
    undecided: int
    text: str
    """the same in a sentence for the file"""


def minutes_of(meeting: Row[Any], late: bool, counted: Sequence[Row[Any]]) -> Minutes:
    """The minutes of a meeting, out of its lines by kind and decision."""
    kinds: Counter[Kind] = Counter()
    resolutions: Counter[Resolution] = Counter()
    for row in counted:
        kinds[Kind(row.kind)] += row.lines
        if row.resolution:
            resolutions[Resolution(row.resolution)] += row.lines
    lines = kinds.total()
    return Minutes(
        list_id=meeting.id,
        level=meeting.level,
        path=meeting.path,
        period_from=meeting.period_from,
        period_to=meeting.period_to,
        held_on=meeting.held_on,
        late=late,
        attendees=meeting.attendees,
        lines=lines,
        overdue=sum(row.overdue for row in counted),
        by_kind=dict(kinds),
        by_resolution=dict(resolutions),
        undecided=lines - resolutions.total(),
        text=_sentence(meeting, late, kinds, resolutions),
    )


def _sentence(meeting: Row[Any], late: bool, kinds: Counter[Kind], resolutions: Counter[Resolution]) -> str:
    held = (
        f"{meeting.held_on}召开{'（逾期）' if late else ''}，{meeting.attendees}人参加" if meeting.held_on else "未召开"
    )
    decided = "、".join(f"{_RESOLUTIONS[r]}{n}件" for r, n in sorted(resolutions.items())) or "无"
    return (
        f"{_MEETINGS[Level(meeting.level)]}（{meeting.period_from}至{meeting.period_to}）{held}。"
        f"清单{kinds.total()}件：预警{kinds[Kind.ALERT]}件、个案{kinds[Kind.CASE]}件、逾期帮扶请求{kinds[Kind.HELP]}件、数据来源{kinds[Kind.SOURCE]}件。"
        f"决定：{decided}；未决定{kinds.total() - resolutions.total()}件。"
    )
