"""Events of village rules on weddings and funerals, and of what is held under them (§25)."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from ..base import RegionCode
from .publisher import _Household

Figure = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]
"""数额: a number of tables or days, or yuan; a string in JSON."""


class CeremonyKind(StrEnum):
    """红白事"""

    WEDDING = "wedding"
    """婚事"""
    FUNERAL = "funeral"
    """丧事"""


class CeremonyMeasure(StrEnum):
    """红白事标准: what a village may limit."""

    TABLES = "tables"
    """宴席桌数"""
    TABLE_COST = "table_cost"
    """每桌费用, yuan"""
    GIFT = "gift"
    """随礼金额, yuan a guest"""
    BRIDE_PRICE = "bride_price"
    """彩礼, yuan"""
    DAYS = "days"
    """办事天数"""
    COST = "cost"
    """总费用, yuan"""


class CeremonyFit(StrEnum):
    """是否符合村规民约"""

    WITHIN = "within"
    """符合: no limit of the village is exceeded"""
    OVER = "over"
    """超标"""
    UNKNOWN = "unknown"
    """未知: the village has no limit for it, or what it limits was not stated"""


class VillageRuleAdopted(_Household):
    """村规民约通过 (§25): a village's limits for weddings and funerals; its key is the village's rule."""

    region_code: RegionCode
    since: date
    document: str
    """通过的文件 or the minutes"""
    limits: dict[CeremonyKind, dict[CeremonyMeasure, Figure]]
    """most that the village agreed on; what is not there is not limited"""


class VillageRuleAmended(VillageRuleAdopted):
    """村规民约修订: the whole rule as it stands from `since`; next revision of the same `fact_id`."""


class VillageRuleEnded(_Household):
    """村规民约废止: next revision of the same `fact_id`."""

    region_code: RegionCode
    ended_on: date
    """first day without the rule"""


class CeremonyNotified(_Household):
    """红白事报备: a household tells its village of a wedding or funeral; a correction is the next revision."""

    ceremony_id: UUID
    region_code: RegionCode
    """所在村"""
    kind: CeremonyKind
    held_on: date
    figures: dict[CeremonyMeasure, Figure]
    """as planned"""
    fit: CeremonyFit


class CeremonyHeld(CeremonyNotified):
    """红白事办结: what it came to, an expense the household reports itself; no shock and in no income figure."""
