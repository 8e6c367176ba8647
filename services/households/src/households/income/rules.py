"""Pure rules of income figures: parts stay within their kind, windows are windows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from kit.errors import Conflict, Invalid, NotFound, Refusal

LONGEST_WINDOW = 366
"""Days; a figure speaks of a year at most."""

MOST_PERSONS = 60
MOST_YUAN = Decimal(10) ** 12
CENT = Decimal("0.01")


class Part(StrEnum):
    """收入细项: named parts of a kind, as the national workbook lists them."""

    ASSET_DIVIDEND = "asset_dividend"
    """资产收益扶贫分红收入"""
    OTHER_PROPERTY = "other_property"
    """其他财产性收入"""
    FAMILY_PLANNING = "family_planning"
    """计划生育金"""
    LIVING_ALLOWANCE = "living_allowance"
    """低保金"""
    DESTITUTE_SUPPORT = "destitute_support"
    """特困供养金"""
    PENSION = "pension"
    """养老保险金"""
    ECOLOGY = "ecology"
    """生态补偿金"""
    OTHER_TRANSFER = "other_transfer"
    """其他转移性收入"""


PROPERTY_PARTS = frozenset({Part.ASSET_DIVIDEND, Part.OTHER_PROPERTY})


class Purpose(StrEnum):
    """数据用途"""

    IDENTIFICATION = "identification"
    """识别"""
    OFFICIAL_YEAR = "official_year"
    """年度"""
    OFFICIAL_QUARTER = "official_quarter"
    """季度"""
    ELIMINATION = "elimination"
    """风险消除"""


class Source(StrEnum):
    """数据来源"""

    NATIONAL_EXPORT = "national_export"
    """全国监测系统导出"""
    SURVEY = "survey"
    """入户调查"""


# Not frozen, as the rows of the registry.
@dataclass(slots=True, kw_only=True)
class Amounts:
    """收入金额: yuan of the whole household in the window."""

    wage: Decimal
    business: Decimal
    property: Decimal
    transfer: Decimal
    business_cost: Decimal
    claims: Decimal = Decimal(0)
    self_paid: Decimal = Decimal(0)


class FigureUnknown(NotFound):
    """收入记录不存在或不在管辖范围."""

    code = "figure-unknown"
    zh, en = "没有此收入记录，或不在您的管理范围内", "no such income figure in your area"


class FigureStands(Conflict):
    """收入记录已存在: the same window, purpose and source has a figure; it is corrected, not recorded twice."""

    code = "figure-stands"
    zh, en = "该户此期间、用途和来源的收入已登记", "a figure for this window, purpose and source is recorded already"
    fix_zh, fix_en = "改为更正已登记的记录", "correct the recorded figure"
    pointer = "/window_from"


class FigureVoid(Conflict):
    """收入记录已作废."""

    code = "figure-void"
    zh, en = "该收入记录已作废", "the figure was taken back"
    fix_zh, fix_en = "重新登记该期间的收入", "record the window anew"


def figure_problems(
    amounts: Amounts, parts: Mapping[Part, Decimal], *, window_from: date, window_to: date, persons: int
) -> list[Refusal]:
    """What is wrong with one figure."""
    return [*_window_problems(window_from, window_to), *_amount_problems(amounts, parts), *_person_problems(persons)]


def _window_problems(window_from: date, window_to: date) -> Iterator[Refusal]:
    full = window_from.day == 1 and (window_to + timedelta(days=1)).day == 1
    if not full or not 0 <= (window_to - window_from).days < LONGEST_WINDOW:
        yield Invalid(
            code="window",
            zh="统计期须由整月组成，且不超过一年",
            en="a window is made of full months, one year at most",
            fix_zh="起始日填月初，截止日填月末",
            fix_en="begin on the first and end on the last day of a month",
            pointer="/window_to",
        )


def _person_problems(persons: int) -> Iterator[Refusal]:
    if not 1 <= persons <= MOST_PERSONS:
        yield Invalid(code="persons", zh="家庭人口数不合理", en="impossible number of persons", pointer="/persons")


def _amount_problems(amounts: Amounts, parts: Mapping[Part, Decimal]) -> Iterator[Refusal]:
    told = {name: getattr(amounts, name) for name in Amounts.__slots__}
    told |= {f"parts/{part}": amount for part, amount in parts.items()}
    for name, amount in told.items():
        if not 0 <= amount < MOST_YUAN or amount != amount.quantize(CENT):
            yield Invalid(
                code="amount",
                zh="金额应为非负数，最多两位小数",
                en="an amount is not negative and has two places at most",
                pointer=f"/{name}",
            )
    of_property = sum((amount for part, amount in parts.items() if part in PROPERTY_PARTS), Decimal(0))
    of_transfer = sum(parts.values(), Decimal(0)) - of_property
    for name, total, whole in (
        ("property", of_property, amounts.property),
        ("transfer", of_transfer, amounts.transfer),
    ):
        if total > whole:
            yield Invalid(
                code="parts-exceed",
                zh="细项之和大于该类收入",
                en="the parts add up to more than their kind",
                pointer=f"/{name}",
            )
