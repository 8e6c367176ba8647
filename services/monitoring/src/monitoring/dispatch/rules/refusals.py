"""What is refused about dispatch.

ListUnknown (404)
LineUnknown (404)
ListHeld (409)       the meeting was held: its decisions stand
HeldOutOfTime (422)  held before its list was made or after the business date
DoByPast (422)       to be done by a day that has passed
"""

from kit.errors import Conflict, Invalid, NotFound


class ListUnknown(NotFound):
    """清单不存在."""

    code = "dispatch-list-unknown"
    zh, en = "没有这份调度清单，或不在您的管理范围内", "no such work list, or it lies outside your area"


class LineUnknown(NotFound):
    """事项不存在."""

    code = "dispatch-line-unknown"
    zh, en = "清单中没有这一事项", "the list has no such line"


class ListHeld(Conflict):
    """会议已召开."""

    code = "dispatch-held"
    zh, en = "该次会议已召开并办结，决定不再更改", "the meeting was held and closed, its decisions stand"
    fix_zh, fix_en = "请在下一次会议的清单上作出新的决定", "decide anew on the list of the next meeting"


class HeldOutOfTime(Invalid):
    """召开日期不合理."""

    code = "dispatch-held-out-of-time"
    zh, en = "召开日期早于清单生成日或晚于业务日期", "held before the list was made, or after the business date"
    fix_zh, fix_en = "请核对召开日期", "check the date"
    pointer = "/held_on"


class DoByPast(Invalid):
    """办理期限已过."""

    code = "dispatch-do-by-past"
    zh, en = "办理期限早于业务日期", "the day by which it is to be done has passed"
    fix_zh, fix_en = "请填写今后的日期", "give a later day"
    pointer = "/do_by"
