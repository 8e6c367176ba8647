"""The state of a unit in a year, and how much of its quota it has bought."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum
from uuid import UUID

_CENT = Decimal("0.01")
_PLACES = Decimal("0.0001")


class ReserveProgress(StrEnum):
    """填报与完成状态"""

    NOT_FILED = "not_filed"
    """未填报"""
    FILED = "filed"
    """已填报"""
    RETURNED = "returned"
    """退回"""
    MET = "met"
    """达标"""
    BEHIND = "behind"
    """未达标"""
    NO_CANTEEN = "no_canteen"
    """无食堂"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """已填报内容: the canteen's food of the year, yuan, the ratio that held, and what became of the filing."""

    food_budget: Decimal
    reserve: Decimal
    ratio: Decimal
    state: str
    policy_id: UUID

    @property
    def quota(self) -> Decimal:
        """应完成采购额: canteen total × ratio, yuan, half a fen up."""
        return (self.food_budget * self.ratio).quantize(_CENT, ROUND_HALF_UP)


def done(filed: Filed, counted: Decimal) -> Decimal:
    """完成比例: counted purchases / (canteen total × ratio), four places, cut off: 0.9999 never reads as 1."""
    return (counted / filed.quota).quantize(_PLACES, ROUND_DOWN) if filed.quota > 0 else Decimal(1)


def progress(*, canteen: bool, filed: Filed | None, counted: Decimal) -> ReserveProgress:
    """Where a unit stands: without a canteen it has no quota; what was not accepted is not measured."""
    if not canteen:
        return ReserveProgress.NO_CANTEEN
    if filed is None:
        return ReserveProgress.NOT_FILED
    if filed.state != "accepted":
        return ReserveProgress(filed.state)
    return ReserveProgress.MET if counted >= filed.quota else ReserveProgress.BEHIND


@dataclass(frozen=True, slots=True, kw_only=True)
class UnionGuide:
    """工会采购参考: members × the guide per person and year, yuan; encouraged, no duty."""

    members: int
    per_person: Decimal
    policy_id: UUID

    @property
    def guide(self) -> Decimal:
        """参考采购额, yuan."""
        return (self.members * self.per_person).quantize(_CENT, ROUND_HALF_UP)
