"""States of findings and exemptions, and what is refused about them."""

from enum import StrEnum

from kit.errors import Conflict, Invalid, NotFound, TooLarge


class FindingState(StrEnum):
    """疑点状态"""

    OPEN = "open"
    """待核实"""
    EXEMPT = "exempt"
    """核实无误, 免查"""
    GONE = "gone"
    """已消除"""


class ExemptionEnds(StrEnum):
    """免查终止原因"""

    WITHDRAWN = "withdrawn"
    """撤销"""
    CHANGED = "changed"
    """数据已变更"""
    LAPSED = "lapsed"
    """到期"""
    GONE = "gone"
    """疑点已消除"""


class FindingUnknown(NotFound):
    """疑点不存在或不在管辖范围."""

    code = "finding-unknown"
    zh, en = "没有此疑点，或不在您的管理范围内", "no such finding in your area"


class FindingGone(Conflict):
    """疑点已消除."""

    code = "finding-gone"
    zh, en = "该疑点已消除或已核实", "the finding is gone, or verified already"
    fix_zh, fix_en = "重新查看疑点清单", "look at the list again"


class NotExempt(Conflict):
    """不在免查名单."""

    code = "not-exempt"
    zh, en = "该疑点不在免查名单", "the finding is not exempt"
    fix_zh, fix_en = "重新查看疑点清单", "look at the list again"


class UntilPast(Invalid):
    """免查期限已过."""

    code = "until-past"
    zh, en = "免查截止日早于业务日期", "the last day of the exemption is before the business date"
    fix_zh, fix_en = "填写业务日期或以后的日期，或不填", "give the business date or a later day, or none"
    pointer = "/until"


class TooManyFindings(TooLarge):
    """一次导出的疑点过多."""

    code = "too-many-findings"
    zh, en = "一次最多导出 20000 条疑点", "at most 20,000 findings in one file"
    fix_zh, fix_en = "用 path 指定乡镇或行政村，分批导出", "name a township or village by path and export in parts"
    pointer = "/path"
