"""The refusals of buyers and of the filing of their reserves.

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

from kit.errors import Conflict, Invalid, NotFound


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
