"""What is refused about loans.

NotFound
├── LoanUnknown
└── RepaymentUnknown
Conflict
├── LoanOpen            an open loan or application of the same product stands
├── NotEligible         conditions of the product are not met, or cannot be judged; NotMet is each of them
├── WrongState          the loan is not where this step begins
├── LoanNumberTaken     another loan has the bank's number
├── ReceiptKnown        the receipt was recorded with other contents
├── ReportedByBank      the bank has reported repayments of this number as missed
└── RepaymentVoided     it was taken back already
Invalid
├── OutOfTime           a day before the step it follows, or in the future
├── MoreThanApplied     approved for more, or for longer, than was asked
└── PaidTooMuch         more than is owed
"""

from kit.errors import Conflict, Invalid, NotFound


class LoanUnknown(NotFound):
    """贷款不存在."""

    code = "loan-unknown"
    zh, en = "没有这笔贷款，或不在您的管理范围内", "no such loan, or it lies outside your area"


class RepaymentUnknown(NotFound):
    """还款不存在."""

    code = "repayment-unknown"
    zh, en = "没有这笔还款，或不在您的管理范围内", "no such repayment, or it lies outside your area"


class LoanOpen(Conflict):
    """已有同类在贷."""

    code = "loan-open"
    zh, en = "该户已有同一产品的在贷或在办申请", "the household has an open loan or application of this product"
    fix_zh, fix_en = "请先结清或撤回原有的一笔", "settle or withdraw that one first"


class NotEligible(Conflict):
    """不符合条件或无法判定."""

    code = "not-eligible"
    zh, en = "该笔贷款有条件不符合或无法判定", "a condition of the product is not met, or cannot be judged"
    fix_zh, fix_en = "请按所列各项核对后再审批", "check what is listed, then decide again"


class NotMet(Conflict):
    """其中一项条件."""

    code = "condition-not-met"


class WrongState(Conflict):
    """办理环节不符."""

    code = "wrong-state"
    zh, en = "该笔贷款当前所处的环节不能办理此项", "the loan is not at the stage this step begins from"
    fix_zh, fix_en = "请读取贷款的最新状态", "read the loan as it now stands"


class LoanNumberTaken(Conflict):
    """贷款编号重复."""

    code = "loan-number-taken"
    zh, en = "该贷款编号已用于另一笔贷款", "another loan has this number"
    fix_zh, fix_en = "请核对贷款编号", "check the number"
    pointer = "/loan_number"


class ReportedByBank(Conflict):
    """银行已报逾期."""

    code = "reported-by-bank"
    zh, en = "该贷款编号已有银行报送的逾期记录", "repayments of this number have been reported as missed"
    fix_zh, fix_en = "请核对编号；确为同一笔的，先作废逾期报送", "check the number, or take the reports back first"
    pointer = "/loan_number"


class ReceiptKnown(Conflict):
    """流水号重复."""

    code = "receipt-known"
    zh, en = "该流水号已登记不同内容的还款", "another repayment is recorded under this receipt"
    fix_zh, fix_en = "请核对流水号；登记有误的先作废", "check the receipt, or take the wrong one back first"
    pointer = "/receipt"


class RepaymentVoided(Conflict):
    """已作废."""

    code = "repayment-voided"
    zh, en = "该笔还款已作废", "this repayment was taken back"


class OutOfTime(Invalid):
    """日期不合理."""

    code = "out-of-time"
    zh, en = "日期早于上一环节，或晚于业务日期", "the day is before the step it follows, or after the business date"
    fix_zh, fix_en = "请核对日期", "check the date"


class MoreThanApplied(Invalid):
    """超出申请."""

    code = "more-than-applied"
    zh, en = "审批的金额或期限超出申请", "approved for more, or for longer, than was asked"
    fix_zh, fix_en = "请核对金额和期限", "check amount and term"


class PaidTooMuch(Invalid):
    """超出应还."""

    code = "paid-too-much"
    zh, en = "还款金额超出应还金额", "more than is owed"
    fix_zh, fix_en = "请按贷款的 payoff（当日结清金额）核对", "compare with the loan's payoff, which settles it"
    pointer = "/amount"
