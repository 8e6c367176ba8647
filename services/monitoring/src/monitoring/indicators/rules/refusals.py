"""What is refused about indicators.

IndicatorUnknown (404)
AreaUnknown (404)       no such area, or outside one's own
NothingToOpen (422)     an indicator that is computed from another one has no rows of its own
PeriodUnknown (422)
PeriodAhead (422)       the period has not begun, or a report is asked for before its end
PeriodNotSettled (409)  the last days of the period are still being taken in
"""

from kit.errors import Conflict, Invalid, NotFound


class IndicatorUnknown(NotFound):
    """指标不存在."""

    code = "indicator-unknown"
    zh, en = "没有这一指标", "no such indicator"
    fix_zh, fix_en = "指标目录见 /v1/indicators", "see the catalogue at /v1/indicators"


class AreaUnknown(NotFound):
    """区域不存在."""

    code = "area-unknown"
    zh, en = "没有这一区域，或不在您的管理范围内", "no such area, or it lies outside your own"
    fix_zh, fix_en = "区域应形如 5301/530128/，且在您的管理范围内", "write it like 5301/530128/, within your own area"
    pointer = "query:area"


class NothingToOpen(Invalid):
    """该指标由其他指标计算."""

    code = "indicator-computed"
    zh, en = "该指标由其他指标计算得出，没有自己的明细", "this indicator is computed from another one and has no rows"
    fix_zh, fix_en = "请查看其 part 所指指标的明细", "open the indicator that its part names"


class PeriodUnknown(Invalid):
    """期间有误."""

    code = "period-unknown"
    zh, en = "没有这一期间", "no such period"
    fix_zh, fix_en = (
        "月份写作 2023-10，季度 2023-Q4，半年 2023-H2，全年 2023",
        "write 2023-10, 2023-Q4, 2023-H2 or 2023",
    )


class PeriodAhead(Invalid):
    """期间未到或未结束."""

    code = "period-ahead"
    zh, en = (
        "该期间尚未开始，或尚未结束而不能出报告",
        "the period has not begun, or has not ended and cannot be reported",
    )
    fix_zh, fix_en = "请选择业务日期之前的期间", "choose a period before the business date"


class PeriodNotSettled(Conflict):
    """期末数据尚在汇总."""

    code = "period-not-settled"
    zh, en = "期末最后几天的数据尚在汇总", "the last days of the period are still being taken in"
    fix_zh, fix_en = "请稍后再试", "try again in a little while"
    retry_after = 5
