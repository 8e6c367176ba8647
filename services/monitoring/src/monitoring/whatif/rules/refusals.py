"""What is refused about a what-if.

WhatIfUnknown (404)
WhatIfOver (409)      it is done already
PeriodTurned (422)    the last day lies before the first
PeriodAhead (422)     after the business date nothing is known
TooLong (422)         more than a year and a month
"""

from typing import Final

from kit.errors import Conflict, Invalid, NotFound

MOST_DAYS: Final = 397
"""A year and a month."""


class WhatIfUnknown(NotFound):
    """测算不存在."""

    code = "what-if-unknown"
    zh, en = "没有这次测算，或不在您的管理范围内", "no such what-if, or it lies outside your area"


class WhatIfOver(Conflict):
    """测算已结束."""

    code = "what-if-over"
    zh, en = "该测算已完成或已取消", "the what-if is done or was cancelled"
    fix_zh, fix_en = "如需再次测算，请新建", "ask anew"


class PeriodTurned(Invalid):
    """止期早于起期."""

    code = "period-turned"
    zh, en = "结束日期早于开始日期", "the last day lies before the first"
    fix_zh, fix_en = "请修改日期", "correct the days"
    pointer = "/last_on"


class PeriodAhead(Invalid):
    """超出业务日期."""

    code = "period-ahead"
    zh, en = "业务日期之后尚无事实", "after the business date nothing is known"
    fix_zh, fix_en = "请选择业务日期或之前的日期", "choose days up to the business date"
    pointer = "/last_on"


class TooLong(Invalid):
    """期间过长."""

    code = "period-too-long"
    zh, en = f"期间超过 {MOST_DAYS} 天", f"the period is longer than {MOST_DAYS} days"
    fix_zh, fix_en = "请缩短期间，或分次测算", "shorten it, or ask in parts"
    pointer = "/first_on"
