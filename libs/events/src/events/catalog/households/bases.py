"""Events of demonstration bases and villages, how they are recognised, and the households in them (§6)."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from ..base import Money, RegionCode
from .publisher import _Household


class BaseKind(StrEnum):
    """示范类型 (§1 §6)."""

    INDUSTRY = "industry"
    """农业现代化产业基地"""
    TRIAL = "trial"
    """新品种、新技术试验示范基地"""
    VILLAGE = "village"
    """示范村"""


class BaseLevel(StrEnum):
    """认定级别"""

    COUNTY = "county"
    """县级"""
    CITY = "city"
    """市级"""
    PROVINCE = "province"
    """省级"""
    NATION = "nation"
    """国家级"""


class BaseRegistered(_Household):
    """示范基地登记 (§6): the base as it now stands; the same shape is sent again as BaseUpdated."""

    aggregate_revision: int
    base_id: UUID
    kind: BaseKind
    name: str
    trade: str
    """产业 code, such as `walnut` or `pigs`, as the department codes it"""
    region_code: RegionCode
    entity_id: UUID | None = None
    """经营主体 that owns it"""
    collective_id: UUID | None = None
    """村集体 that owns it"""
    area: Money
    """面积, mu"""
    since: date
    closed_on: date | None = None
    """first day without it; null while it stands"""


class BaseUpdated(BaseRegistered):
    """示范基地变更: the whole base as it now stands."""


class BaseRecognised(_Household):
    """示范基地认定: at one level, from a day on; one fact per base and level."""

    base_id: UUID
    level: BaseLevel
    recognised_on: date
    document: str


class BaseRecognitionWithdrawn(_Household):
    """示范基地取消认定: next revision of the same `fact_id`."""

    base_id: UUID
    level: BaseLevel
    withdrawn_on: date
    """first day without it"""


class BaseJoined(_Household):
    """农户加入示范基地: the base pulls this household along; one fact per base and household."""

    base_id: UUID
    since: date


class BaseLeft(_Household):
    """农户退出示范基地: next revision of the same `fact_id`."""

    base_id: UUID
    until: date
    """first day without it"""
