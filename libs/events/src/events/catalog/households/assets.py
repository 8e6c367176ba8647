"""Events of village collectives: shares, income, idle assets, and what is distributed to households."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from ..base import Money, Month, RegionCode
from .publisher import _Household

Shares = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]
"""股份: a number of shares with two places, a string in JSON."""


class CollectiveIncome(StrEnum):
    """村集体收入来源 (§9): new operating income alone is what a part of may go to cadres."""

    OPERATING = "operating"
    """生产经营收入"""
    PHOTOVOLTAIC = "photovoltaic"
    """光伏扶贫电站收益"""
    FIXED_ASSET = "fixed_asset"
    """固定资产收益"""
    DONATION = "donation"
    """社会捐赠"""
    SUBSIDY = "subsidy"
    """财政补助"""
    OTHER = "other"
    """其他收入"""


class AssetKind(StrEnum):
    """资产种类 (§19 §20)."""

    LAND = "land"
    """土地"""
    FOREST = "forest"
    """林地"""
    WATER = "water"
    """水面"""
    BUILDING = "building"
    """房屋"""
    PLANT = "plant"
    """厂房设施"""
    EQUIPMENT = "equipment"
    """设备"""
    OTHER = "other"
    """其他"""


class CollectiveRegistered(_Household):
    """村集体登记: the collective of a village as it now stands; sent again as CollectiveUpdated."""

    aggregate_revision: int
    collective_id: UUID
    region_code: RegionCode
    name: str
    credit_code: str | None = None
    """统一社会信用代码; null = none given yet"""
    total_shares: Shares
    """总股份, those that the collective keeps included"""


class CollectiveUpdated(CollectiveRegistered):
    """村集体变更: the whole collective as it now stands."""


class SharesQuantified(_Household):
    """股份量化到户 (§9): the shares a household has in its collective from `since`; 0 = none any more."""

    collective_id: UUID
    shares: Shares
    since: date


class CollectiveIncomeRecorded(_Household):
    """村集体收入登记: of one year and source, yuan; money of the collective, of no household."""

    collective_id: UUID
    year: Annotated[int, Field(ge=2000, le=2999)]
    source: CollectiveIncome
    amount: Money


class CadreBonusDecided(_Household):
    """村组干部创收绩效奖励 (§9): out of new operating income, within the county's cap, yuan."""

    collective_id: UUID
    year: Annotated[int, Field(ge=2000, le=2999)]
    amount: Money
    decided_on: date


class IncomeSetAside(_Household):
    """帮扶股 (§9): a part of an income or a donation set apart for the neediest; what is paid DividendPaid says."""

    set_aside_id: UUID
    collective_id: UUID
    year: Annotated[int, Field(ge=2000, le=2999)]
    source: CollectiveIncome
    amount: Money
    decided_on: date
    since: date
    until: date
    """last day on which it is paid"""
    posted_on: date
    """公示开始日"""
    closed_on: date | None = None
    """公示结束日; null = nothing may be paid yet"""
    households: int
    """户数 it is for"""


class AssetRegistered(_Household):
    """资产登记: an idle asset that the collective runs or lets, its own or one that a household hands to it."""

    asset_id: UUID
    collective_id: UUID
    kind: AssetKind
    of_household: bool = False
    """农户委托的闲置资产"""


class AssetLeased(_Household):
    """资产盘活: the asset is run from `since`, by an entity or by the collective itself; next revision of the fact."""

    asset_id: UUID
    collective_id: UUID
    operator_id: UUID | None = None
    """the market entity; null = the collective itself"""
    since: date
    yearly_rent: Money


class AssetReturned(_Household):
    """资产收回: the asset is idle again from this day; next revision of the fact."""

    asset_id: UUID
    collective_id: UUID
    returned_on: date


class DistributionDecided(_Household):
    """收益分配: a collective distributes to its shareholders; what each household gets DividendPaid says."""

    distribution_id: UUID
    collective_id: UUID
    paid_on: date
    first_month: Month
    last_month: Month
    households: int


class DividendPaid(_Household):
    """分红发放: what a household gets of a distribution, yuan; property income, the one event that counts.

    It names the months it is for: the amount counts in each of them, beside what is carried for the same months. A
    correction is the next revision of the same fact.
    """

    distribution_id: UUID
    collective_id: UUID
    paid_on: date
    first_month: Month
    last_month: Month
    amount: Money
