"""What holds for village rules and ceremonies; the refusals of this capability.

NotFound
├── RuleUnknown, CeremonyUnknown
Conflict
├── RuleStands       the village has a rule: amend it
├── RuleEnded        it has none that could be changed
├── CeremonyStands   the household has told of it
├── CeremonyHeldAlready, CeremonyVoid
Invalid
├── RuleEmpty, RuleDates, FigureWhole, CostMissing
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from kit.errors import Conflict, Invalid, NotFound

COST: Final = "cost"
_WHOLE: Final = ("tables", "days")

Figures = Mapping[str, Decimal]
"""Measure → number."""
Limits = Mapping[str, Figures]
"""红白事 kind → measure → the most that the village agreed on."""


class RuleUnknown(NotFound):
    """村规民约不存在或不在管辖范围."""

    code = "village-rule-unknown"
    zh, en = "没有此村规民约，或不在您的管理范围内", "no such village rule in your area"


class CeremonyUnknown(NotFound):
    """红白事记录不存在或不在管辖范围."""

    code = "ceremony-unknown"
    zh, en = "没有此红白事记录，或不在您的管理范围内", "no such ceremony in your area"


class RuleStands(Conflict):
    """该村已有村规民约."""

    code = "village-rule-stands"
    zh, en = "该村已有红白事村规民约", "the village has a rule on weddings and funerals"
    fix_zh, fix_en = "改为修订", "amend it instead"
    pointer = "/region_code"


class RuleEnded(Conflict):
    """村规民约已废止."""

    code = "village-rule-ended"
    zh, en = "该村规民约已废止", "the rule has ended"
    fix_zh, fix_en = "重新通过后登记", "record it anew once it is adopted again"


class CeremonyStands(Conflict):
    """该户当日此事已报备."""

    code = "ceremony-stands"
    zh, en = "该户此日的婚事或丧事已报备", "the household has told of this ceremony already"
    fix_zh, fix_en = "改为更正已登记的记录", "correct the recorded one"
    pointer = "/held_on"


class CeremonyHeldAlready(Conflict):
    """已办结."""

    code = "ceremony-held"
    zh, en = "该红白事已办结", "it is recorded as held already"
    fix_zh, fix_en = "改为更正已登记的记录", "correct the recorded one"


class CeremonyVoid(Conflict):
    """记录已作废."""

    code = "ceremony-void"
    zh, en = "该红白事记录已作废", "the record was taken back"


class RuleEmpty(Invalid):
    """没有任何标准."""

    code = "village-rule-empty"
    zh, en = "村规民约未写明任何标准", "the rule limits nothing"
    fix_zh, fix_en = "至少填写一项标准", "state at least one limit"
    pointer = "/limits"


class RuleDates(Invalid):
    """日期早于现行规约."""

    code = "village-rule-dates"
    zh, en = "日期早于现行规约的起始日", "the day lies before the present wording began"
    pointer = "/since"


class FigureWhole(Invalid):
    """桌数、天数应为整数."""

    code = "figure-whole"
    zh, en = "桌数和天数应为整数", "tables and days are whole numbers"


class CostMissing(Invalid):
    """办结时须填总费用."""

    code = "ceremony-cost"
    zh, en = "办结时须填写总费用", "what it cost in all is stated once it is held"
    pointer = "/figures"


class Fit(StrEnum):
    """是否符合村规民约"""

    WITHIN = "within"
    """符合"""
    OVER = "over"
    """超标"""
    UNKNOWN = "unknown"
    """未知"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """红白事支出: of one kind in one village and year, and its mean in the year before; yuan, None = none was held."""

    notified: int
    held: int
    over: int
    unknown: int
    cost: Decimal
    mean: Decimal | None
    mean_before: Decimal | None

    @property
    def rising(self) -> bool | None:
        """Whether a ceremony costs more than the year before; None = one of the years has none."""
        if self.mean is None or self.mean_before is None:
            return None
        return self.mean > self.mean_before


def check_figures(figures: Figures, pointer: str) -> None:
    """Tables and days are whole.

    Raises:
        FigureWhole: otherwise.
    """
    for measure in _WHOLE:
        number = figures.get(measure, Decimal(0))
        if number != int(number):
            raise FigureWhole(pointer=f"{pointer}/{measure}")


def check_limits(limits: Limits) -> None:
    """A rule limits something.

    Raises:
        RuleEmpty, FigureWhole: as they say.
    """
    if not any(limits.values()):
        raise RuleEmpty
    for kind, figures in limits.items():
        check_figures(figures, f"/limits/{kind}")


def check_order(day: date, since: date, *, pointer: str) -> None:
    """A wording follows on the one before.

    Raises:
        RuleDates: otherwise.
    """
    if day < since:
        raise RuleDates(pointer=pointer)


def judge(limits: Figures | None, figures: Figures) -> Fit:
    """Whether figures keep to a village's limits; a limit of which nothing was stated is unknown, never kept."""
    if not limits:
        return Fit.UNKNOWN
    if any(figures[measure] > most for measure, most in limits.items() if measure in figures):
        return Fit.OVER
    return Fit.WITHIN if limits.keys() <= figures.keys() else Fit.UNKNOWN
