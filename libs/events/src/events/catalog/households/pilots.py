"""Events of villages that try out how village assets are run (§19)."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from ..base import RegionCode
from .publisher import _Household


class PilotBody(StrEnum):
    """村级资产运营机构 (§19)."""

    COOPERATIVE = "cooperative"
    """村级资产运营合作社"""
    COMMITTEE = "committee"
    """管理委员会"""


class AssetPilotStarted(_Household):
    """村级资产运营管理试点启动 (§19): a village sets up who runs its assets; one fact per village."""

    pilot_id: UUID
    region_code: RegionCode
    body: PilotBody
    since: date
    document: str


class AssetPilotEnded(_Household):
    """村级资产运营管理试点结束: next revision of the same `fact_id`."""

    pilot_id: UUID
    region_code: RegionCode
    until: date
    """first day without it"""
    document: str
    """试点经验总结"""
