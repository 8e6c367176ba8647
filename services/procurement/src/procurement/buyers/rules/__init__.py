"""What holds for buyers and the filing of their reserves, pure."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from uuid import UUID

from .refusals import (
    BuyerClosed,
    CountsForNobody,
    NoCanteenThere,
    NothingToFile,
    ReserveTooLarge,
    WrongTarget,
    YearOutOfReach,
)

_CENT = Decimal("0.01")


class BuyerKind(StrEnum):
    """采购单位类别"""

    BUDGET_UNIT = "budget_unit"
    """预算单位"""
    UNION = "union"
    """工会"""
    EAST_WEST = "east_west"
    """东西部协作单位"""
    CENTRAL = "central"
    """中央定点帮扶单位"""
    PROVINCIAL = "provincial"
    """省级定点帮扶单位"""
    ENTERPRISE = "enterprise"
    """企业"""


class Canteen(StrEnum):
    """食堂情况"""

    OWN = "own"
    """有食堂"""
    NONE = "none"
    """无食堂"""
    SHARED = "shared"
    """共用"""
    OUTSOURCED = "outsourced"
    """外包: the quota stays with the unit"""


class ReturnReason(StrEnum):
    """退回原因"""

    TOTAL = "total"
    """采购总额不实"""
    RATIO = "ratio"
    """预留比例不足"""
    UNIT = "unit"
    """单位信息需更新"""
    OTHER = "other"
    """其他"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """采购单位: a unit that buys.

    Attributes:
        counts_for: 并入填报单位, the unit that files for a shared canteen, or whose union this is; its purchases count
            there.
        members: 工会会员人数, of a union.
        closed: 已撤销.
    """

    id: UUID
    version: int
    kind: str
    name: str
    credit_code: str
    region: str
    path: str
    canteen: str
    counts_for: UUID | None
    members: int | None
    closed: bool
    department: str

    @property
    def files(self) -> bool:
        """Whether it has a quota of its own to file."""
        return self.kind == BuyerKind.BUDGET_UNIT and self.canteen != Canteen.NONE and self.counts_for is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve:
    """预留份额填报: what a unit reserves of a year's canteen food, yuan.

    Attributes:
        ratio: 应预留比例 of the policy in force on the day of the filing.
        state: `filed`, `returned` or `accepted`.
    """

    id: UUID
    revision: int
    buyer_id: UUID
    region: str
    path: str
    year: int
    food_budget: Decimal
    reserve: Decimal
    ratio: Decimal
    policy_id: UUID
    state: str
    reason: str | None
    filed_on: date
    decided_on: date | None
    department: str

    @property
    def required(self) -> Decimal:
        """应预留份额: what the policy asks for, yuan, half a fen up."""
        return (self.food_budget * self.ratio).quantize(_CENT, ROUND_HALF_UP)


def check_canteen(buyer: Buyer) -> None:
    """Only a budget unit has a canteen here.

    Raises:
        NoCanteenThere: another kind of buyer claims one.
    """
    if buyer.kind != BuyerKind.BUDGET_UNIT and buyer.canteen != Canteen.NONE:
        raise NoCanteenThere


def check_target(buyer: Buyer, target: Buyer | None) -> None:
    """Whom it counts for: a unit that files itself, over its area, so that whoever sees the unit sees all that counts.

    Raises:
        CountsForNobody, WrongTarget: as they say.
    """
    if buyer.counts_for is None:
        return
    if buyer.canteen != Canteen.SHARED and buyer.kind != BuyerKind.UNION:
        raise CountsForNobody
    if target is None or target.id == buyer.id or target.closed or not target.files:
        raise WrongTarget
    if not buyer.path.startswith(target.path):
        raise WrongTarget


def check_filing(buyer: Buyer, *, year: int, food_budget: Decimal, reserve: Decimal, today: date) -> None:
    """A filing that can be.

    Raises:
        BuyerClosed, NothingToFile, YearOutOfReach, ReserveTooLarge: as they say.
    """
    if buyer.closed:
        raise BuyerClosed
    if not buyer.files:
        raise NothingToFile
    if year > today.year + 1:
        raise YearOutOfReach
    if reserve > food_budget:
        raise ReserveTooLarge
