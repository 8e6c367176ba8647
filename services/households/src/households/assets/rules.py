"""What holds for village collectives, their shares and distributions; the refusals of this capability.

NotFound
├── CollectiveUnknown, IncomeUnknown, BonusUnknown, AssetUnknown, DistributionUnknown
Forbidden
└── CapOutOfArea          a county sets its own values
Conflict
├── CollectiveKnown       the village's collective stands with other data
├── TooManyShares         households would have more than there are
├── IncomeStands          the year's income of this source is recorded
├── IncomeVoid, BonusVoid, DistributionVoid
├── BonusIncomeUnknown    operating income of the year or of the one before is not recorded
├── BonusCapUnknown       the county has set no cap: unknown, so nothing may be paid
├── BonusTooLarge         more than the cap leaves
├── BonusStands, DistributionStands   the voucher stands with other terms
├── NoShares              nobody to distribute to
├── SetAsideGrows         more would go out of what was set apart than was checked
└── AssetBusy, AssetIdle  it is run already, or by nobody
Invalid
├── VillageUnknown, NamedTwice, DistributionMonths, OperatorUnknown, AssetDates, UnknownValue
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from income.months import Month
from income.sharing import split
from kit.errors import Conflict, Invalid, NotFound

from ..entities.rules import MOST_MONTHS

CENT: Final = Decimal("0.01")
NOTHING: Final = Decimal("0.00")

BONUS_SHARE: Final = "collective.cadre_bonus.share"
"""The county's cap: which part of new operating income may go to cadres (§9: 具体标准由县级根据实际自行制定)."""
WEAK_LINE: Final = "collective.weak_line"
"""Yuan of operating income a year under which a village counts as 集体经济薄弱村 (§20)."""


class DistributionState(StrEnum):
    """收益分配状态"""

    PAYING = "paying"
    """发放中"""
    PAID = "paid"
    """已发放"""


class Weakness(StrEnum):
    """集体经济薄弱村判定"""

    WEAK = "weak"
    """薄弱"""
    NOT_WEAK = "not_weak"
    """不薄弱"""
    UNKNOWN = "unknown"
    """未知: no line, or no income recorded"""


class CollectiveUnknown(NotFound):
    """村集体不存在或不在管辖范围."""

    code = "collective-unknown"
    zh, en = "没有此村集体，或不在您的管理范围内", "no such collective in your area"


class IncomeUnknown(NotFound):
    """村集体收入记录不存在."""

    code = "collective-income-unknown"
    zh, en = "没有此村集体收入记录，或不在您的管理范围内", "no such income of a collective in your area"


class BonusUnknown(NotFound):
    """奖励记录不存在."""

    code = "cadre-bonus-unknown"
    zh, en = "没有此奖励记录，或不在您的管理范围内", "no such bonus in your area"


class AssetUnknown(NotFound):
    """资产不存在."""

    code = "asset-unknown"
    zh, en = "没有此资产，或不在您的管理范围内", "no such asset in your area"


class DistributionUnknown(NotFound):
    """收益分配不存在."""

    code = "distribution-unknown"
    zh, en = "没有此收益分配，或不在您的管理范围内", "no such distribution in your area"


class CollectiveKnown(Conflict):
    """该村集体已登记."""

    code = "collective-known"
    zh, en = "该村的集体经济组织已登记，且内容不同", "the village's collective is registered with other data"
    fix_zh, fix_en = "请变更已登记的组织", "change the registered one"
    pointer = "/region_code"


class TooManyShares(Conflict):
    """量化股份超过总股份."""

    code = "too-many-shares"
    zh, en = "量化到户的股份之和超过总股份", "households would have more shares than there are"
    fix_zh, fix_en = "核对股份，或先变更总股份", "check the shares, or change the total first"
    pointer = "/lines"


class IncomeStands(Conflict):
    """该年度该来源收入已登记."""

    code = "collective-income-stands"
    zh, en = "该年度该来源的收入已登记，且金额不同", "this year's income of this source stands with another amount"
    fix_zh, fix_en = "改为更正已登记的记录", "correct the recorded one"
    pointer = "/amount"


class IncomeVoid(Conflict):
    """收入记录已作废."""

    code = "collective-income-void"
    zh, en = "该收入记录已作废", "the income was taken back"


class BonusIncomeUnknown(Conflict):
    """新增经营收益未知."""

    code = "bonus-income-unknown"
    zh, en = (
        "本年度或上年度的生产经营收入未登记，新增收益未知，不能发放奖励",
        "operating income of the year or the one before is not recorded, so what is new of it is unknown",
    )
    fix_zh, fix_en = "先登记两个年度的生产经营收入", "record the operating income of both years first"
    pointer = "/year"


class BonusCapUnknown(Conflict):
    """县级奖励标准未知."""

    code = "bonus-cap-unknown"
    zh, en = (
        "县级尚未制定奖励标准，标准未知，不能发放奖励",
        "the county has set no cap; it is unknown, so nothing may be paid",
    )
    fix_zh, fix_en = (
        "由县级在 /v1/policy-drafts 起草并由第二人发布 collective.cadre_bonus.share 及其文号",
        "let the county set collective.cadre_bonus.share with its document at /v1/policy-drafts, by two persons",
    )
    pointer = "/year"


class BonusTooLarge(Conflict):
    """奖励超过标准."""

    code = "bonus-too-large"
    zh, en = (
        "奖励超过新增经营收益（不含光伏、固定资产收益）按县级标准可用的金额",
        "more than the county's share of new operating income leaves; photovoltaic and fixed assets do not count",
    )
    fix_zh, fix_en = "可用金额见 bonus-room", "bonus-room says how much is left"
    pointer = "/amount"


class BonusStands(Conflict):
    """凭证已登记."""

    code = "cadre-bonus-stands"
    zh, en = "该凭证下的奖励已登记，且内容不同", "a bonus stands under this voucher with other terms"
    pointer = "/reference"


class BonusVoid(Conflict):
    """奖励已作废."""

    code = "cadre-bonus-void"
    zh, en = "该奖励已作废", "the bonus was taken back"


class DistributionStands(Conflict):
    """凭证已登记."""

    code = "distribution-stands"
    zh, en = "该凭证下的收益分配已登记，且内容不同", "a distribution stands under this voucher with other terms"
    fix_zh, fix_en = "更正已登记的分配，或换用新凭证号", "correct the recorded one, or use another voucher"
    pointer = "/reference"


class DistributionVoid(Conflict):
    """收益分配已作废."""

    code = "distribution-void"
    zh, en = "该收益分配已作废", "the distribution was taken back"


class NoShares(Conflict):
    """没有量化到户的股份."""

    code = "no-shares"
    zh, en = "股份尚未量化到户，无法分配", "no household has shares, so there is nobody to distribute to"
    fix_zh, fix_en = "先将股份量化到户", "quantify the shares to households first"


class SetAsideGrows(Conflict):
    """帮扶股发放不得调增."""

    code = "set-aside-grows"
    zh, en = "帮扶股的发放金额不能调增", "what is paid out of a set-aside cannot be corrected upwards"
    fix_zh, fix_en = "差额另凭证发放", "pay the difference under another voucher"
    pointer = "/amount"


class AssetBusy(Conflict):
    """资产已有经营者."""

    code = "asset-busy"
    zh, en = "该资产已有经营者", "somebody runs the asset already"
    fix_zh, fix_en = "先登记收回", "record its return first"


class AssetIdle(Conflict):
    """资产闲置中."""

    code = "asset-idle"
    zh, en = "该资产现为闲置", "nobody runs the asset"


class VillageUnknown(Invalid):
    """没有此行政村."""

    code = "village-unknown"
    zh, en = "没有此行政村，或不在您的管理范围内", "no such village in your area"
    fix_zh, fix_en = "从 /v1/regions 取 12 位村级代码", "take a 12-digit village code from /v1/regions"
    pointer = "/region_code"


class NamedTwice(Invalid):
    """同一户重复."""

    code = "named-twice"
    zh, en = "同一户在请求中重复", "a household is named twice"


class DistributionMonths(Invalid):
    """所属月份不合理."""

    code = "distribution-months"
    zh, en = "所属月份不合理", "the months it is for do not fit together"
    fix_zh, fix_en = "止月不应早于起月，且不超过 120 个月", "the last month is no earlier than the first, 120 at most"
    pointer = "/last_month"


class OperatorUnknown(Invalid):
    """没有此经营主体."""

    code = "operator-unknown"
    zh, en = "没有此市场主体，或已注销", "no such market entity, or it is closed"
    pointer = "/operator_id"


class AssetDates(Invalid):
    """日期早于资产现状."""

    code = "asset-dates"
    zh, en = "日期早于该资产现状的起始日", "the day lies before the asset's present state began"


def check_months(first: str, last: str) -> None:
    """The months a distribution is for follow each other.

    Raises:
        DistributionMonths: otherwise.
    """
    if not 0 <= Month.parse(last).ordinal - Month.parse(first).ordinal < MOST_MONTHS:
        raise DistributionMonths


def parts_of(amount: Decimal, shares: Sequence[Decimal], total: Decimal) -> tuple[list[Decimal], Decimal]:
    """What each holding gets of an amount, and what the collective keeps for the shares it has itself.

    The parts and what is kept sum to the amount exactly.
    """
    own = total - sum(shares, NOTHING)
    *parts, kept = split(amount, [*shares, own])
    return parts, kept


@dataclass(frozen=True, slots=True, kw_only=True)
class BonusRoom:
    """奖励额度: what of a year's new operating income may go to cadres, yuan.

    Attributes:
        new_income: 新增生产经营收益; None where a year's income is not recorded.
        share: the county's cap; None where it has set none.
        policy_id: the value it rests on.
        spent: what was decided already.
    """

    year: int
    new_income: Decimal | None
    share: Decimal | None
    policy_id: UUID | None
    spent: Decimal

    @property
    def allowed(self) -> Decimal | None:
        """All that may go to cadres in the year, a broken fen left out; None = unknown, which is never room."""
        if self.new_income is None or self.share is None:
            return None
        return (max(NOTHING, self.new_income) * self.share).quantize(CENT, ROUND_DOWN)


def check_bonus(room: BonusRoom, amount: Decimal) -> UUID:
    """A bonus fits into what is left; gives the policy value it rests on.

    Raises:
        BonusIncomeUnknown, BonusCapUnknown, BonusTooLarge: as they say.
    """
    if room.new_income is None:
        raise BonusIncomeUnknown
    if room.policy_id is None or room.allowed is None:
        raise BonusCapUnknown
    if room.spent + amount > room.allowed:
        raise BonusTooLarge
    return room.policy_id


def weakness(income: Decimal | None, line: Decimal | None) -> Weakness:
    """Whether a village is 集体经济薄弱村; unknown is never safe."""
    if income is None or line is None:
        return Weakness.UNKNOWN
    return Weakness.WEAK if income < line else Weakness.NOT_WEAK


def check_since(day: date, since: date, *, pointer: str) -> None:
    """A change of an asset comes no earlier than its present state.

    Raises:
        AssetDates: otherwise.
    """
    if day < since:
        raise AssetDates(pointer=pointer)
