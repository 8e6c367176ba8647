"""Events of the list of entities that are preferred because they pull households along (§16)."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from ..base import Money, RegionCode
from .publisher import _Household


class PreferenceEnd(StrEnum):
    """退出倾斜支持名单原因"""

    BELOW = "below"
    """带动成效低于标准"""
    NO_RULE = "no_rule"
    """标准未公布或已失效"""
    CLOSED = "closed"
    """主体已注销"""


class PreferenceListed(_Household):
    """列入倾斜支持名单 (§16): what an entity pulls along reaches the published rule; one fact per stay in the list."""

    listing_id: UUID
    entity_id: UUID
    region_code: RegionCode
    listed_on: date
    households: int
    """linked with it on the day"""
    paid: Money
    """paid to them in the year before it, yuan"""
    policy_ids: tuple[UUID, ...]
    """政策值 that it rests on"""


class PreferenceDelisted(_Household):
    """退出倾斜支持名单: next revision of the same `fact_id`."""

    listing_id: UUID
    entity_id: UUID
    region_code: RegionCode
    delisted_on: date
    """first day without it"""
    reason: PreferenceEnd
