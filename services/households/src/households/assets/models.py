"""Requests and answers of village collectives."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from events.catalog.base import Month, RegionCode
from events.catalog.households import AssetKind, CollectiveIncome
from kit.models import AnswerModel, RequestModel, Yuan

from .rules import DistributionState, Weakness

Words = Annotated[str, Field(min_length=1, max_length=100)]
Number = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z-]+$")]
Shares = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]
Earned = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]
Year = Annotated[int, Field(ge=2015, le=2100)]


class CollectiveIn(RequestModel):
    """村集体登记: `total_shares` holds those that the collective keeps itself."""

    region_code: RegionCode
    name: Words
    credit_code: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    total_shares: Shares


class CollectivePatch(RequestModel):
    """村集体变更: what is left out stays."""

    name: Words = ""
    credit_code: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    total_shares: Shares = Decimal(0)


class CollectiveOut(AnswerModel):
    """村集体"""

    id: UUID
    version: int
    region_code: str
    name: str
    credit_code: str | None
    total_shares: Decimal


class ShareIn(RequestModel):
    """股份量化到户: 0 takes them back."""

    household_id: UUID
    shares: Shares


class SharesIn(RequestModel):
    """股份量化到户: all of them or none."""

    since: date
    lines: Annotated[tuple[ShareIn, ...], Field(min_length=1, max_length=400)]


class HoldingOut(AnswerModel):
    """股份"""

    id: UUID
    revision: int
    collective_id: UUID
    household_id: UUID
    shares: Decimal
    since: date


class IncomeIn(RequestModel):
    """村集体收入登记: of one year and source, yuan."""

    year: Year
    source: CollectiveIncome
    amount: Earned


class IncomeAmount(RequestModel):
    """更正后的金额"""

    amount: Earned


class IncomeOut(AnswerModel):
    """村集体收入"""

    id: UUID
    revision: int
    void: bool
    collective_id: UUID
    year: int
    source: CollectiveIncome
    amount: Decimal


class BonusIn(RequestModel):
    """村组干部创收绩效奖励"""

    year: Year
    reference: Number
    amount: Yuan
    decided_on: date


class BonusOut(AnswerModel):
    """村组干部创收绩效奖励: `policy_id` is the county's cap it kept to."""

    id: UUID
    revision: int
    void: bool
    collective_id: UUID
    year: int
    reference: str
    amount: Decimal
    decided_on: date
    policy_id: UUID


class BonusRoomOut(AnswerModel):
    """奖励额度: null where it is unknown, and then nothing may be given."""

    year: int
    new_income: Decimal | None
    share: Decimal | None
    policy_id: UUID | None
    spent: Decimal
    allowed: Decimal | None


class AssetIn(RequestModel):
    """资产登记: `household_id` where a household hands its own to the collective."""

    kind: AssetKind
    name: Words
    since: date
    household_id: UUID | None = None


class LeaseIn(RequestModel):
    """资产盘活: without an operator the collective runs it itself."""

    operator_id: UUID | None = None
    since: date
    yearly_rent: Earned


class ReturnIn(RequestModel):
    """资产收回"""

    on: date


class AssetOut(AnswerModel):
    """闲置资产: `since` is when its present state began."""

    id: UUID
    revision: int
    collective_id: UUID
    household_id: UUID | None
    kind: AssetKind
    name: str
    idle: bool
    operator_id: UUID | None
    since: date
    yearly_rent: Decimal


class DistributionTerms(RequestModel):
    """分配金额和所属月份: yuan for all the months together; `first_month` and `last_month` are those it is for."""

    amount: Yuan
    first_month: Month
    last_month: Month


class DistributionIn(DistributionTerms):
    """收益分配"""

    reference: Number
    """凭证号"""
    paid_on: date


class DistributionOut(AnswerModel):
    """收益分配: `kept` falls on the collective's own shares; `waiting` households are not paid yet."""

    id: UUID
    version: int
    void: bool
    collective_id: UUID
    reference: str
    amount: Decimal
    kept: Decimal
    total_shares: Decimal
    households: int
    paid_on: date
    first_month: str
    last_month: str
    state: DistributionState
    set_aside_id: UUID | None
    """帮扶股 it is paid of; null = over the shares of the collective"""
    waiting: int


class LineOut(AnswerModel):
    """分配到户: `paid` once the household's statement has it."""

    id: UUID
    household_id: UUID
    payee_id: UUID | None
    shares: Decimal
    amount: Decimal
    revision: int
    paid: bool


class DividendOut(AnswerModel):
    """分红"""

    id: UUID
    revision: int
    void: bool
    distribution_id: UUID
    collective_id: UUID
    paid_on: date
    first_month: str
    last_month: str
    shares: Decimal
    amount: Decimal


class VillageOut(AnswerModel):
    """集体经济薄弱村判定: unknown where there is no line or no income recorded."""

    path: str
    region_code: str
    operating: Decimal | None
    state: Weakness
