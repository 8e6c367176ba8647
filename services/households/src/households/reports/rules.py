"""Pure rules of reports and contests: receipts, what follows what, and when a report is overdue."""

from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from kit.errors import Conflict, Invalid, NotFound


class ReportState(StrEnum):
    """申报状态"""

    FILED = "filed"
    """已申报"""
    ACCEPTED = "accepted"
    """已受理"""
    SETTLED = "settled"
    """已办结"""


class ReportOutcome(StrEnum):
    """申报办理结果"""

    CONFIRMED = "confirmed"
    """属实"""
    UNFOUNDED = "unfounded"
    """不属实"""
    DUPLICATE = "duplicate"
    """重复"""
    WITHDRAWN = "withdrawn"
    """撤回"""


class ContestOutcome(StrEnum):
    """异议办理结果"""

    CORRECTED = "corrected"
    """已更正"""
    UPHELD = "upheld"
    """原记录属实"""
    WITHDRAWN = "withdrawn"
    """撤回"""


class Opens(StrEnum):
    """凭证类别: what a receipt or a code opens."""

    REPORT = "report"
    """申报回执"""
    HOUSEHOLD = "household"
    """户码"""


class ReportUnknown(NotFound):
    """申报不存在或不在管辖范围."""

    code = "report-unknown"
    zh, en = "没有此申报，或不在您的管理范围内", "no such report in your area"


class ContestUnknown(NotFound):
    """异议不存在或不在管辖范围."""

    code = "contest-unknown"
    zh, en = "没有此异议，或不在您的管理范围内", "no such contest in your area"


class KeyUnknown(NotFound):
    """回执号或户码无效: which part is wrong is not told."""

    code = "door-key-unknown"
    zh, en = "回执号或户码无效，或已过期", "the receipt or code is not valid, or no longer"
    fix_zh, fix_en = "核对号码；遗失请联系村委会重新办理", "check it; where it is lost, ask the village for a new one"


class OutOfTurn(Conflict):
    """办理顺序有误."""

    code = "out-of-turn"
    zh, en = "该申报已办结，或尚未受理", "the report is settled already, or not accepted yet"
    fix_zh, fix_en = "先受理，再办结；已办结的不再变更", "accept first, then settle; what is settled stays"


class ContestSettledAlready(Conflict):
    """异议已办结."""

    code = "contest-settled"
    zh, en = "该异议已办结", "the contest is settled already"


class ContestStands(Conflict):
    """同一事实的异议正在办理."""

    code = "contest-open"
    zh, en = "对同一记录的异议正在办理", "the same record is contested already and not settled"
    pointer = "/fact_id"


class FactNotTheirs(Invalid):
    """该记录与此户无关."""

    code = "fact-not-theirs"
    zh, en = "没有此记录，或与此户无关", "no such record about this household"
    fix_zh, fix_en = (
        "从收入台账、支出、保障或帮扶记录中取编号",
        "take the id from figures, payments, expenses, conditions or helpers",
    )
    pointer = "/fact_id"


class LinkedAlready(Conflict):
    """申报已对应到户."""

    code = "report-linked"
    zh, en = "该申报已对应到户", "the report belongs to a household already"


class PlaceUnknown(Invalid):
    """行政村代码不存在."""

    code = "village-unknown"
    zh, en = "没有此行政村", "no such village"
    fix_zh, fix_en = "填写 12 位行政村代码", "give a 12-digit village code"
    pointer = "/region_code"


ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: nothing that is read or dictated as something else."""


def spoken(random: bytes) -> str:
    """A receipt or code of 80 bits in groups of four, `7KQ2-0XJM-…`."""
    value = int.from_bytes(random)
    digits = "".join(ALPHABET[value >> shift & 31] for shift in range(75, -1, -5))
    return "-".join(digits[place : place + 4] for place in range(0, 16, 4))


def heard(text: str) -> str:
    """The receipt as it was issued, from how somebody typed it: case, blanks and the usual mix-ups do not matter."""
    plain = "".join(text.upper().split()).replace("-", "")
    plain = plain.replace("O", "0").replace("I", "1").replace("L", "1")
    return "-".join(plain[place : place + 4] for place in range(0, len(plain), 4))


def state_of(accepted_on: date | None, settled_on: date | None) -> ReportState:
    """How far a report is."""
    if settled_on is not None:
        return ReportState.SETTLED
    return ReportState.ACCEPTED if accepted_on is not None else ReportState.FILED


def due_on(filed_on: date, days: Decimal | None) -> date | None:
    """The last day on which a report is to be accepted; unknown while no value says how many days there are."""
    return None if days is None else filed_on + timedelta(days=int(days))
