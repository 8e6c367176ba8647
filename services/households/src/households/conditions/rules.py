"""Pure rules of conditions and expenses."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from kit.errors import Conflict, Invalid, NotFound, Refusal

LONGEST_WINDOW = 366
MOST_YUAN = Decimal(10) ** 12
CENT = Decimal("0.01")


class ConditionUnknown(NotFound):
    """保障问题不存在或不在管辖范围."""

    code = "condition-unknown"
    zh, en = "没有此保障问题，或不在您的管理范围内", "no such condition in your area"


class ConditionOpen(Conflict):
    """保障问题已登记且未解决."""

    code = "condition-open"
    zh, en = "该户此项保障问题已登记，尚未解决", "this condition is reported already and not solved"
    pointer = "/guarantee"


class ConditionClosed(Conflict):
    """保障问题已解决, or would be solved before it began."""

    code = "condition-closed"
    zh, en = "该问题已解决，或解决日期早于发生日期", "it is solved already, or would be solved before it began"
    pointer = "/resolved_on"


class NotAMember(Invalid):
    """该人员不是此户成员."""

    code = "not-a-member"
    zh, en = "该人员不是此户成员", "the person does not belong to this household"
    pointer = "/person_id"


class ExpenseUnknown(NotFound):
    """支出记录不存在或不在管辖范围."""

    code = "expense-unknown"
    zh, en = "没有此支出记录，或不在您的管理范围内", "no such expense in your area"


class ExpenseStands(Conflict):
    """支出已登记: the same kind, window and source has an expense; it is corrected, not reported twice."""

    code = "expense-stands"
    zh, en = "该户此期间、类别和来源的支出已登记", "an expense of this kind, window and source is reported already"
    fix_zh, fix_en = "改为更正已登记的记录", "correct the reported expense"
    pointer = "/window_from"


def expense_problems(amount: Decimal, window_from: date, window_to: date) -> Iterator[Refusal]:
    """What is wrong with one expense."""
    if not 0 <= (window_to - window_from).days < LONGEST_WINDOW:
        yield Invalid(
            code="window",
            zh="起止日期颠倒，或超过一年",
            en="the window is reversed or longer than a year",
            pointer="/window_to",
        )
    if not 0 <= amount < MOST_YUAN or amount != amount.quantize(CENT):
        yield Invalid(
            code="amount",
            zh="金额应为非负数，最多两位小数",
            en="an amount is not negative and has two places at most",
            pointer="/amount",
        )
