"""What is refused of public payments.

NotFound
├── PurposeUnknown
├── TransferUnknown
└── BatchUnknown
Forbidden
├── PurposesOfTheCity     the list of purposes is the city's
└── SameHands             whoever prepared a batch does not release it
Conflict
├── PurposeKnown          the code is in the list
├── LineKnown             the line of the file was taken with other content
├── BatchEmpty            nothing is waiting
├── BatchOpen             not released, so there is no payment file and nothing to reconcile
├── MembersElsewhere      somebody of the batch has moved out of one's area
├── WrongState            released, settled or dissolved already
├── NotReturned           only what came back is paid again
├── NotWaiting            only what waits or came back is withdrawn
└── OutcomeContradicts    the bank told otherwise of this line before
Invalid
├── MonthsReversed
├── LineTwice             a number stands twice
├── LineUnknown           the batch has no such line
├── AmountDiffers         another amount than the line's
├── TotalDiffers          the lines do not add up to the total
└── DayOutOfTime          before the release, or after the business date
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from kit.errors import Conflict, Forbidden, Invalid, NotFound


class PurposeUnknown(NotFound):
    """资金用途不在清单中."""

    code = "transfer-purpose-unknown"
    zh, en = "资金用途不在清单中，或已停用", "no such purpose, or it is out of use"
    fix_zh, fix_en = "请从 /v1/transfer-purposes 选择", "choose one of /v1/transfer-purposes"
    pointer = "/purpose"


class TransferUnknown(NotFound):
    """应发款项不存在."""

    code = "transfer-unknown"
    zh, en = "没有这笔应发款项，或不在您的管理范围内", "no such payment, or it lies outside your area"


class BatchUnknown(NotFound):
    """支付批次不存在."""

    code = "payment-batch-unknown"
    zh, en = "没有这个支付批次，或不在您的管理范围内", "no such batch, or it lies outside your area"


class PurposesOfTheCity(Forbidden):
    """用途清单由市级维护."""

    code = "purposes-of-the-city"
    zh, en = "资金用途清单由市级维护", "the list of purposes is kept by the city"


class SameHands(Forbidden):
    """编制人不得复核: money leaves by two persons."""

    code = "batch-needs-second-person"
    zh, en = "批次须由编制人以外的另一人复核", "a batch is released by another person than the one who prepared it"
    fix_zh, fix_en = "请由另一位有复核权限的人员核对后放行", "let somebody else with the right to approve review it"


class PurposeKnown(Conflict):
    """用途代码已在清单中."""

    code = "transfer-purpose-known"
    zh, en = "该用途代码已在清单中", "the code is in the list already"
    pointer = "/code"


class LineKnown(Conflict):
    """该行已登记，内容不同."""

    code = "transfer-line-known"
    zh, en = "该文件的这一行已登记，且内容不同", "this line of the file was taken with other content"
    fix_zh, fix_en = "请撤回原款项，或使用新的文件编号", "withdraw the payment, or send it under a new file reference"


class BatchEmpty(Conflict):
    """没有待编制的款项."""

    code = "payment-batch-empty"
    zh, en = "没有待编制的款项", "nothing of this purpose is waiting"
    fix_zh, fix_en = "尚未登记的农户的款项须等登记后才能编制", "what is owed to somebody not registered waits for that"


class BatchOpen(Conflict):
    """批次尚未复核."""

    code = "payment-batch-not-released"
    zh, en = "批次尚未复核，不能导出或对账", "the batch is not released: there is nothing to send or to reconcile"
    fix_zh, fix_en = "请由另一人复核后再办理", "let a second person release it first"


class MembersElsewhere(Conflict):
    """批次中有农户已迁出辖区."""

    code = "batch-members-elsewhere"
    zh, en = "批次中有农户已不在您的管理范围内", "a household of the batch has moved out of your area"
    fix_zh, fix_en = "请由上级部门处理该批次", "let the office above decide on this batch"


class WrongState(Conflict):
    """批次已处理."""

    code = "payment-batch-decided"
    zh, en = "该批次已复核、已对账或已撤销", "the batch was released, settled or dissolved already"


class NotReturned(Conflict):
    """款项未退回."""

    code = "transfer-not-returned"
    zh, en = "只有已退回的款项才能重新编制", "only what came back is paid again"


class NotWaiting(Conflict):
    """款项已编入批次或已到账."""

    code = "transfer-not-waiting"
    zh, en = "款项已编入批次、已到账或已撤回", "the payment is in a batch, was paid or withdrawn"
    fix_zh, fix_en = "如已编入未复核的批次，请先撤销批次", "dissolve its batch first, where that is not released"


class OutcomeContradicts(Conflict):
    """与已对账结果矛盾."""

    code = "outcome-contradicts"
    zh, en = "该明细此前的答复与本次不一致", "the bank told otherwise of this line before"
    fix_zh, fix_en = (
        "到账后退回的，按退回登记且日期不早于到账日；退回后再发的，请重新编制批次",
        "report money that came back as returned, not earlier than it was paid; pay it again by another batch",
    )


class MonthsReversed(Invalid):
    """所属期起止颠倒."""

    code = "months-reversed"
    zh, en = "所属期止月早于起月", "the last month lies before the first"
    pointer = "/last_month"


class LineTwice(Invalid):
    """序号重复."""

    code = "line-twice"
    zh, en = "序号重复", "this number stands twice"


class LineUnknown(Invalid):
    """批次中没有此序号."""

    code = "line-unknown"
    zh, en = "批次中没有此序号", "the batch has no such line"
    fix_zh, fix_en = "请使用导出文件中的序号", "use the numbers of the payment file"


class AmountDiffers(Invalid):
    """金额不符."""

    code = "amount-differs"
    zh, en = "答复金额与应发金额不符", "another amount than the line's"
    fix_zh, fix_en = "请与银行核对后重新提交", "check with the bank, then send again"


class TotalDiffers(Invalid):
    """合计不符."""

    code = "total-differs"
    zh, en = "明细之和与合计不符", "the lines do not add up to the total"
    fix_zh, fix_en = "请核对明细和合计，确保分毫不差", "check lines and total, they close to the cent"


class DayOutOfTime(Invalid):
    """日期不合理."""

    code = "day-out-of-time"
    zh, en = "日期早于复核日或晚于当前业务日期", "the day lies before the release or after the business date"


def check_file(
    first_month: date, last_month: date, numbers: Sequence[int], amounts: Sequence[Decimal], total: Decimal
) -> None:
    """A department's file that closes.

    Raises:
        MonthsReversed, LineTwice, TotalDiffers: as they say.
    """
    if last_month < first_month:
        raise MonthsReversed
    for place, number in enumerate(numbers):
        if number in numbers[:place]:
            raise LineTwice(pointer=f"/lines/{place}/number")
    if sum(amounts, Decimal("0.00")) != total:
        raise TotalDiffers(pointer="/total")


def check_second_hand(prepared_by: str, releases: str) -> None:
    """Four eyes.

    Raises:
        SameHands: the same account does both.
    """
    if prepared_by == releases:
        raise SameHands
