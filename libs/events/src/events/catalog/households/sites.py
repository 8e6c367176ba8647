"""Events of relocation sites and the households settled there (§13 §18)."""

from datetime import date
from uuid import UUID

from ..base import RegionCode
from .publisher import _Household


class RelocationSiteRegistered(_Household):
    """易地扶贫搬迁安置区登记: the site as it now stands; sent again as RelocationSiteUpdated."""

    aggregate_revision: int
    site_id: UUID
    name: str
    region_code: RegionCode
    """所在村（社区）"""
    since: date
    closed_on: date | None = None
    """first day without it; null while it stands"""


class RelocationSiteUpdated(RelocationSiteRegistered):
    """易地扶贫搬迁安置区变更: the whole site as it now stands."""


class SiteSettled(_Household):
    """农户入住安置区: one fact per site and household."""

    site_id: UUID
    since: date


class SiteLeft(_Household):
    """农户搬离安置区: next revision of the same `fact_id`."""

    site_id: UUID
    until: date
    """first day without it"""
