"""What is refused about a what-if.

WhatIfUnknown (404)
WhatIfOver (409)      it is done already
PeriodTurned (422)    the last day lies before the first
PeriodAhead (422)     after the business date nothing is known
TooLong (422)         more than a year and a month
NothingAsked (422)    neither a value nor a candidate rule
CandidateUnknown (422)   no such candidate rule
CandidatesClash (422)    two candidates in the place of one rule
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


class NothingAsked(Invalid):
    """未提出假设."""

    code = "nothing-asked"
    zh, en = "政策值和候选规则至少填写一项", "ask about a value or a candidate rule"
    fix_zh, fix_en = "请填写 values 或 candidates", "give values or candidates"
    pointer = "/values"


class CandidateUnknown(Invalid):
    """没有该候选规则."""

    code = "candidate-unknown"
    zh, en = "没有这条候选规则", "there is no such candidate rule"
    fix_zh, fix_en = "请从 GET /v1/candidate-rules 中选择", "choose one of GET /v1/candidate-rules"
    pointer = "/candidates"


class CandidatesClash(Invalid):
    """候选规则冲突."""

    code = "candidates-clash"
    zh, en = "两条候选规则替代同一条规则，不能同时测算", "two candidates stand in the place of the same rule"
    fix_zh, fix_en = "请分别测算", "ask about them one at a time"
    pointer = "/candidates"
