"""Events of a household's will: what it consents to, and the plan agreed with it."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from ..base import Money
from .circumstances import RiskCause
from .publisher import _Household
from .support import MeasureCategory


class ConsentPurpose(StrEnum):
    """授权事项 (G6, 尊重意愿); statutory monitoring and the green channel need none."""

    ASSET_COMPARISON = "asset_comparison"
    """信息比对: departments compare what the family owns (承诺授权书)"""
    VOLUNTARY_MEASURES = "voluntary_measures"
    """自愿帮扶: measures that change how the family earns"""


class _Consent(_Household):
    purpose: ConsentPurpose
    decided_on: date
    person_id: UUID | None = None
    """成员 who signed, where the paper names one"""


class ConsentGiven(_Consent):
    """同意授权: stands until the next revision of the same `fact_id`."""


class ConsentWithdrawn(_Consent):
    """拒绝或撤回授权: next revision of the same `fact_id`, or the first where it was never given."""

    refused: bool = False
    """拒绝: it was never given"""


class PlanAgreed(_Household):
    """增产增收计划 (§4): what the household and its helper agreed on for a year; each revision is the whole plan."""

    plan_id: UUID
    year: int
    agreed_on: date
    target_per_head: Money
    """目标人均纯收入, yuan"""
    categories: tuple[MeasureCategory, ...]
    """计划措施类别"""
    expected_gain: Money
    """预计增收, yuan of the household in the year"""
    causes: tuple[RiskCause, ...] = ()
    """针对的风险"""
