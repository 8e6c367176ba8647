"""What holds for buyers and the filing of their reserves; the refusals of this capability.

NotFound
├── BuyerUnknown
└── ReserveUnknown
Conflict
├── BuyerKnown         the credit code is registered
├── BuyerClosed        the unit no longer exists
├── CountedFor         others count for it, so it cannot count for another
├── ReserveAccepted    it was accepted, and is changed only after it was returned
├── NotToDecide        it waits for no decision
└── BelowRatio         less is reserved than the policy asks for
Invalid
├── RegionUnknown      no region in the area has the code
├── CountsForNobody    neither a shared canteen nor a union
├── WrongTarget        no unit that files, or outside its area
├── NoCanteenThere     a union has no canteen of its own
├── NothingToFile      no canteen, filed by another unit, or no budget unit
├── YearOutOfReach     later than the next year
├── ReserveTooLarge    more is reserved than is bought
└── NoRatio            the policy has no ratio for this day and place
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from uuid import UUID

from kit.errors import Conflict, Invalid, NotFound

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


class BuyerUnknown(NotFound):
    """采购单位不存在."""

    code = "buyer-unknown"
    zh, en = "没有这个采购单位，或不在您的管理范围内", "no such buyer, or it lies outside your area"


class ReserveUnknown(NotFound):
    """填报不存在."""

    code = "reserve-unknown"
    zh, en = "没有这条预留填报，或不在您的管理范围内", "no such reserve, or it lies outside your area"


class BuyerKnown(Conflict):
    """统一社会信用代码已登记."""

    code = "buyer-known"
    zh, en = "该统一社会信用代码已登记为其他内容的采购单位", "a buyer with this credit code is recorded otherwise"
    fix_zh, fix_en = "请更正已有单位", "correct the one that is recorded"
    pointer = "/credit_code"


class BuyerClosed(Conflict):
    """单位已撤销."""

    code = "buyer-closed"
    zh, en = "该采购单位已撤销", "this buyer no longer exists"
    fix_zh, fix_en = "请选择承接其职能的单位", "choose the unit that took over"


class CountedFor(Conflict):
    """有单位并入本单位填报."""

    code = "counted-for"
    zh, en = "有其他单位并入本单位填报，本单位须自行填报", "other units count for this one, so it has to file itself"
    fix_zh, fix_en = "请先调整并入的单位", "change those units first"


class ReserveAccepted(Conflict):
    """填报已审核通过."""

    code = "reserve-accepted"
    zh, en = "该年度填报已审核通过", "the reserve of this year was accepted"
    fix_zh, fix_en = "如需修改，请上级先退回", "to change it, have it returned first"


class NotToDecide(Conflict):
    """填报不在待审状态."""

    code = "reserve-not-to-decide"
    zh, en = "该填报不在可审核的状态", "this reserve waits for no such decision"
    fix_zh, fix_en = "请查看最新状态", "look at its current state"


class BelowRatio(Conflict):
    """预留比例不足."""

    code = "reserve-below-ratio"
    zh, en = "预留份额低于规定比例，不能通过", "less is reserved than the policy asks for, it cannot be accepted"
    fix_zh, fix_en = "请退回单位重新填报", "return it to the unit"


class RegionUnknown(Invalid):
    """区划不存在."""

    code = "region-unknown"
    zh, en = "没有这个区划，或不在您的管理范围内", "no such region, or it lies outside your area"
    fix_zh, fix_en = "请核对 12 位统计用区划代码", "check the 12-digit code"
    pointer = "/region_code"


class CountsForNobody(Invalid):
    """不能并入其他单位."""

    code = "counts-for-nobody"
    zh, en = "只有共用食堂的预算单位和工会可以并入其他单位", "only a shared canteen or a union counts for another unit"
    fix_zh, fix_en = "请删去并入单位，或核对食堂情况", "leave it out, or check the canteen"
    pointer = "/counts_for"


class WrongTarget(Invalid):
    """并入单位不符."""

    code = "wrong-target"
    zh, en = (
        "并入单位须为本辖区内自行填报的预算单位",
        "the unit has to be a budget unit that files itself, over this area",
    )
    fix_zh, fix_en = "请核对并入单位", "check the unit"
    pointer = "/counts_for"


class NoCanteenThere(Invalid):
    """工会没有食堂."""

    code = "no-canteen-there"
    zh, en = "只有预算单位填写食堂情况，其他单位填“无食堂”", "only a budget unit has a canteen here; say none"
    fix_zh, fix_en = "请改为无食堂", "say none"
    pointer = "/canteen"


class NothingToFile(Invalid):
    """无需填报."""

    code = "nothing-to-file"
    zh, en = (
        "该单位无需自行填报：不是预算单位、无食堂，或已并入其他单位",
        "this unit does not file: no budget unit, no canteen, or it counts for another unit",
    )
    fix_zh, fix_en = "请核对单位的食堂情况", "check the canteen of the unit"


class YearOutOfReach(Invalid):
    """年度不合理."""

    code = "year-out-of-reach"
    zh, en = "只能填报下一年度及以前的年度", "the year lies after the next one"
    fix_zh, fix_en = "请核对年度", "check the year"
    pointer = "/year"


class ReserveTooLarge(Invalid):
    """预留份额大于采购总额."""

    code = "reserve-too-large"
    zh, en = "预留份额大于年度食材采购总额", "more is reserved than is bought"
    fix_zh, fix_en = "请核对两项金额", "check both amounts"
    pointer = "/reserve"


class NoRatio(Invalid):
    """没有有效的预留比例."""

    code = "no-ratio"
    zh, en = "该日期和地区没有有效的预留比例", "no ratio is in force for this day and place"
    fix_zh, fix_en = "请先登记预留比例的政策值", "have the policy value recorded first"


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
