"""The refusals of orders.

NotFound
├── OrderUnknown
├── DeliveryUnknown
└── ShareUnknown
Conflict
├── OrderKnown         the department's number stands for another order
├── ReferenceKnown     the number of the note stands for another content
├── OrderKept          the order is kept here: it is cancelled there, not reported
├── CancellationReported  its cancellation was reported before
├── ShareKnown         another amount is recorded for this household and order
├── WrongState         the order is not so far, or too far
├── SettledAlready     what was delivered is paid
├── PartElsewhere      some households of the order lie outside one's area
├── ChangedMeanwhile   a household of the order registered at this moment
└── Voided             it was taken back
Invalid
├── InFuture           later than the business date
├── TooEarly           before the order
├── NamedTwice         a household or person stands in the order twice
├── ShareElsewhere     a line names no share of this order
├── TooMuch            more than there is
├── Terms              shares do not fit the way of supply
└── DeliveryTerms      nothing came, or a cause is missing or too much
"""

from kit.errors import Conflict, Invalid, NotFound, PreconditionFailed


class OrderUnknown(NotFound):
    """订单不存在."""

    code = "order-unknown"
    zh, en = "没有这个订单，或不在您的管理范围内", "no such order, or it lies outside your area"


class DeliveryUnknown(NotFound):
    """交付记录不存在."""

    code = "delivery-unknown"
    zh, en = "没有这条交付记录，或不在您的管理范围内", "no such delivery, or it lies outside your area"


class ShareUnknown(NotFound):
    """份额不存在."""

    code = "cancelled-share-unknown"
    zh, en = "没有这条取消记录，或不在您的管理范围内", "no such cancelled share, or it lies outside your area"


class OrderKnown(Conflict):
    """订单号重复."""

    code = "order-known"
    zh, en = "该订单号已登记为其他内容的订单", "this order number stands for another order"
    fix_zh, fix_en = "请核对订单号", "check the order number"
    pointer = "/order_number"


class ReferenceKnown(Conflict):
    """单据号重复."""

    code = "reference-known"
    zh, en = "该单据号已登记为其他内容", "this note number stands for something else"
    fix_zh, fix_en = (
        "请核对单据号；如需更正，请先作废原记录",
        "check the number; to correct it, take the recorded one back",
    )
    pointer = "/reference"


class OrderKept(Conflict):
    """订单在本平台执行."""

    code = "order-kept"
    zh, en = (
        "该订单在本平台登记执行，取消须在订单上办理",
        "this order is kept here and is cancelled on the order itself",
    )
    fix_zh, fix_en = "请在该订单上取消或恢复", "cancel or reinstate the order"


class CancellationReported(Conflict):
    """该订单已按部门报告登记取消."""

    code = "cancellation-reported"
    zh, en = "该户在该订单号下已登记取消", "a cancellation of this number is reported for this household"
    fix_zh, fix_en = "请核对订单号，或先作废取消记录", "check the number, or take the report back first"


class ShareKnown(Conflict):
    """份额重复."""

    code = "cancelled-share-known"
    zh, en = "该订单已登记该户不同内容的取消", "something else is recorded for this household and order"
    fix_zh, fix_en = "请更正已有记录", "correct the one that is recorded"


class WrongState(Conflict):
    """订单状态不符."""

    code = "order-state"
    zh, en = "订单当前状态不能办理此事项", "the order does not stand where this can be done"
    fix_zh, fix_en = "请查看订单最新状态", "look at the state of the order"


class SettledAlready(Conflict):
    """已结算."""

    code = "settled-already"
    zh, en = "该次交付的货款已结算", "what was delivered then is paid"
    fix_zh, fix_en = "请先作废结算记录", "take the settlement back first"


class PartElsewhere(Conflict):
    """部分农户不在管理范围内."""

    code = "part-elsewhere"
    zh, en = "订单涉及管理范围以外的农户", "some households of this order lie outside your area"
    fix_zh, fix_en = "请由上级部门办理", "let the office above handle it"


class ChangedMeanwhile(PreconditionFailed):
    """农户刚刚完成登记."""

    code = "changed-meanwhile"
    zh, en = "订单中的农户刚刚完成登记", "a household of the order registered at this moment"
    fix_zh, fix_en = "请重新提交", "send it again"


class Voided(Conflict):
    """已作废."""

    code = "voided"
    zh, en = "该记录已作废，不能再修改", "this was taken back and cannot be changed"
    fix_zh, fix_en = "如需恢复，请重新登记", "record it anew"


class InFuture(Invalid):
    """日期在将来."""

    code = "in-future"
    zh, en = "日期晚于当前业务日期", "the date lies after the business date"
    fix_zh, fix_en = "请核对日期", "check the date"


class TooEarly(Invalid):
    """日期过早."""

    code = "too-early"
    zh, en = "日期早于订单的前一环节", "the date lies before the step of the order that it follows"
    fix_zh, fix_en = "请核对日期", "check the date"


class NamedTwice(Invalid):
    """同一户重复出现."""

    code = "named-twice"
    zh, en = "同一户在该订单中出现多次", "the same household stands in the order more than once"
    fix_zh, fix_en = "请合并为一条", "make it one share"


class ShareElsewhere(Invalid):
    """份额不属于该订单."""

    code = "share-elsewhere"
    zh, en = "该份额不属于此订单，或重复出现", "this is no share of the order, or it is named twice"
    fix_zh, fix_en = "请从订单的份额中选择，每个份额一次", "choose among the shares of the order, each once"


class TooMuch(Invalid):
    """超出可办理金额."""

    code = "too-much"
    zh, en = "金额超出订单剩余可办理的金额", "the amount is more than what is left of the order"
    fix_zh, fix_en = "请核对金额", "check the amount"


class Terms(Invalid):
    """份额与供货方式不符."""

    code = "order-terms"
    zh, en = (
        "农户直供须逐户填写金额；合作社供货须填写合作社、总金额和各户占比，占比合计不超过 100",
        "direct supply states an amount for each household; a cooperative its name and code, the total and each "
        "household's percentage, at most 100 together",
    )
    fix_zh, fix_en = "请按供货方式填写", "state what the way of supply asks for"


class DeliveryTerms(Invalid):
    """交付内容不完整."""

    code = "delivery-terms"
    zh, en = (
        "须填写验收或拒收金额（总额或逐户，二者选一），有拒收时须填写原因，无拒收时不填",
        "state what was accepted or rejected, in total or line by line, and a cause only where something was rejected",
    )
    fix_zh, fix_en = "请补充或修改", "add or correct it"
