"""What is refused when an alert is seen through.

├── AlertUnknown (404)
├── AlertEnded (409)           nothing can be put off where nothing is open
├── HelpOutOfTime (422)        helped before the alert or after today
├── VerdictIncomplete (422)    a verdict lacks what it must say, or says what it must not
├── NotTheSameHousehold (422)  the original is no open alert of the same household
├── SnoozeOutOfRange (422)     ends today or earlier, or later than policy allows
└── SnoozeUnlimited (409)      no policy says how long an alert may be put off
"""

from kit.errors import Conflict, Invalid, NotFound


class AlertUnknown(NotFound):
    """预警不存在."""

    code = "alert-unknown"
    zh, en = "没有这条预警，或不在您的管理范围内", "no such alert, or it lies outside your area"


class AlertEnded(Conflict):
    """预警已结束."""

    code = "alert-ended"
    zh, en = "该预警已解除或已撤回", "the alert is closed or retracted"
    fix_zh, fix_en = "已解除的预警仍可登记核实结论", "a closed alert can still be judged"


class HelpOutOfTime(Invalid):
    """帮扶日期不合理."""

    code = "help-out-of-time"
    zh, en = "帮扶日期早于预警日期或晚于业务日期", "helped before the alert opened, or after the business date"
    fix_zh, fix_en = "请核对帮扶日期", "check the date"
    pointer = "/helped_on"


class VerdictIncomplete(Invalid):
    """结论要素不符."""

    code = "verdict-incomplete"
    zh, en = (
        "“已帮扶”须填帮扶日期，“重复”须填原预警，其他结论两项均不填",
        ("helped needs its date, duplicate needs the original alert, other verdicts take neither"),
    )
    fix_zh, fix_en = "请按结论补充或删去相应字段", "give or leave out the fields of this verdict"
    pointer = "/verdict"


class NotTheSameHousehold(Invalid):
    """原预警不符."""

    code = "not-an-original"
    zh, en = (
        "原预警须为同一户另一条未结束且未被合并的预警",
        ("the original must be another open alert of the same household that is not merged itself"),
    )
    fix_zh, fix_en = "请选择同一户的原预警", "choose the original alert of this household"
    pointer = "/duplicate_of"


class SnoozeOutOfRange(Invalid):
    """暂缓期限不符."""

    code = "snooze-out-of-range"
    zh, en = (
        "暂缓截止日期须晚于业务日期，且不超过政策规定的天数",
        ("the end must lie after the business date and within the days policy allows"),
    )
    fix_zh, fix_en = "请修改截止日期", "choose another day"
    pointer = "/until"


class SnoozeUnlimited(Conflict):
    """暂缓天数未设定."""

    code = "snooze-limit-unknown"
    zh, en = "政策未规定暂缓天数，不能暂缓", "no policy says how long an alert may be put off, so it may not"
    fix_zh, fix_en = "请先设定政策值 snooze.most.days", "set the policy value snooze.most.days first"
