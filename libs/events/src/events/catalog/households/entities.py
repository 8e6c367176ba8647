"""Events of market entities, of their links to households, and of what they pay under a link."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from ..base import Money, Month, RegionCode
from .publisher import _Household


class EntityKind(StrEnum):
    """市场主体类型 (§5 §7 §10 §16)."""

    GROWER = "grower"
    """专业大户"""
    FAMILY_FARM = "family_farm"
    """家庭农场"""
    COOPERATIVE = "cooperative"
    """农民合作社"""
    LEADING_ENTERPRISE = "leading_enterprise"
    """农业龙头企业"""
    WORKSHOP = "workshop"
    """帮扶车间"""
    TOURISM = "tourism"
    """乡村旅游经营主体"""


class LinkEnd(StrEnum):
    """利益联结终止原因"""

    TERM = "term"
    """合同到期"""
    ENTITY = "entity"
    """经营主体终止"""
    HOUSEHOLD = "household"
    """农户退出"""
    AGREED = "agreed"
    """双方协商终止"""


class BenefitKind(StrEnum):
    """收益种类: the property income a link pays; wages and purchases under it are WagePaid and HouseholdSalePaid."""

    RENT = "rent"
    """租金"""
    DIVIDEND = "dividend"
    """分红"""


class EntityRegistered(_Household):
    """市场主体登记: the entity as it now stands; the same shape is sent again as EntityUpdated."""

    aggregate_revision: int
    entity_id: UUID
    kind: EntityKind
    name: str
    """名称 as on the licence"""
    credit_code: str
    """统一社会信用代码, checked"""
    region_code: RegionCode
    """所在地, down to the level that is known"""
    closed: bool = False
    """已注销或登记有误"""


class EntityUpdated(EntityRegistered):
    """市场主体变更: the whole entity as it now stands."""


class InterestLinkSigned(_Household):
    """利益联结签约: a household is linked to an entity by a contract (§5); voided where it never was so."""

    link_id: UUID
    entity_id: UUID
    mode: str
    """联结模式: a code of the editable list"""
    signed_on: date
    starts_on: date
    ends_on: date | None = None
    """合同到期日, the last day; null = no term agreed"""


class InterestLinkEnded(_Household):
    """利益联结终止: next revision of the same `fact_id`."""

    link_id: UUID
    entity_id: UUID
    ended_on: date
    """first day without the link"""
    reason: LinkEnd


class BenefitPaid(_Household):
    """收益发放: rent or dividend paid to a household under a link, yuan; property income, the one event that counts.

    It names the months it is for: the amount counts in each of them, beside what is carried for the same months. A
    correction is the next revision of the same fact.
    """

    link_id: UUID
    entity_id: UUID
    benefit: BenefitKind
    paid_on: date
    first_month: Month
    last_month: Month
    amount: Money
