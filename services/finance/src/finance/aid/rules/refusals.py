"""What is refused about aid.

NotFound
├── FundUnknown
├── DonationUnknown
└── AidUnknown           the application is not there, or outside one's area
Forbidden
├── FundOutOfArea        the fund belongs to an area one does not answer for as a whole
└── AidSamePerson        whoever applied does not approve
Conflict
├── FundKnown            the fund stands, opened otherwise
├── ReceiptUsed          the receipt was recorded with other contents
├── DonationDrawn        grants have drawn on it
├── AidOpen              the household has an open application to this fund for the same purpose
├── WrongAidState        the application is not where this step begins
└── NotCovered           what donors allow does not cover it; several says why
Invalid
├── OutsideFund          a gift for households outside the area of the fund
├── DonorNamed           an organisation without name, or somebody else with one
├── TermOver             a term that ends before the gift came
├── ApplicantUnknown     the household is not registered
└── AidOutOfTime         a day before the step it follows, or in the future
"""

from kit.errors import Conflict, Forbidden, Invalid, NotFound


class FundUnknown(NotFound):
    """基金不存在."""

    code = "fund-unknown"
    zh, en = "没有这个基金", "no such fund"


class DonationUnknown(NotFound):
    """捐赠记录不存在."""

    code = "donation-unknown"
    zh, en = "没有这笔捐赠", "no such donation"


class AidUnknown(NotFound):
    """救助申请不存在."""

    code = "aid-unknown"
    zh, en = "没有这条救助申请，或不在您的管理范围内", "no such application, or it lies outside your area"


class FundOutOfArea(Forbidden):
    """基金不归本范围管理."""

    code = "fund-out-of-area"
    zh, en = "该基金的使用范围超出您的管理范围", "the fund is of an area that you do not answer for as a whole"
    fix_zh, fix_en = "请由基金所在层级的部门办理", "let the department of that level do it"


class AidSamePerson(Forbidden):
    """须由第二人审批."""

    code = "aid-needs-second-person"
    zh, en = "申请和审批不能是同一人", "whoever applied cannot approve"
    fix_zh, fix_en = "请由另一名经办人审批", "let somebody else approve"


class FundKnown(Conflict):
    """基金已登记."""

    code = "fund-known"
    zh, en = "该地区已登记同名基金，设立日期不同", "a fund of this name and area stands, opened on another day"
    fix_zh, fix_en = "请核对名称和日期", "check name and date"


class ReceiptUsed(Conflict):
    """票据号重复."""

    code = "donation-receipt-used"
    zh, en = "该票据号已登记不同内容的捐赠", "another donation is recorded under this receipt"
    fix_zh, fix_en = "请核对票据号；登记有误的先作废", "check the receipt, or take the wrong one back first"
    pointer = "/receipt"


class DonationDrawn(Conflict):
    """已被支取."""

    code = "donation-drawn"
    zh, en = "该笔捐赠已被支取或已作废，不能作废", "grants have drawn on this donation, or it was taken back already"
    fix_zh, fix_en = "请先撤销使用它的救助", "revoke the grants that use it first"


class AidOpen(Conflict):
    """已有在办申请."""

    code = "aid-open"
    zh, en = "该户对该基金的同一用途已有在办申请", "the household has an open application to this fund for this purpose"
    fix_zh, fix_en = "请先办结原有申请", "decide that one first"


class WrongAidState(Conflict):
    """办理环节不符."""

    code = "wrong-aid-state"
    zh, en = "该申请当前所处的环节不能办理此项", "the application is not where this step begins"
    fix_zh, fix_en = "请读取申请的最新状态", "read the application as it now stands"


class NotCovered(Conflict):
    """基金可用资金不足."""

    code = "aid-not-covered"
    zh, en = "按捐赠方的约定，可用资金不足以支付", "what the donors allow does not cover the amount"
    fix_zh, fix_en = "请按所列各项核对用途、地区、期限和余额", "check purpose, area, term and balance as listed"


class OutsideFund(Invalid):
    """超出基金范围."""

    code = "outside-fund"
    zh, en = "指定地区不在基金的使用范围内", "the area lies outside that of the fund"
    fix_zh, fix_en = "请填写基金范围内的管理路径", "name a management path within the area of the fund"
    pointer = "/area"


class DonorNamed(Invalid):
    """捐赠方名称."""

    code = "donor-name"
    zh, en = "单位捐赠须填写名称，个人和互联网募捐不得填写", "an organisation is named, nobody else is"
    fix_zh, fix_en = "请核对捐赠方类别和名称", "check kind and name of the donor"
    pointer = "/donor"


class TermOver(Invalid):
    """使用期限."""

    code = "donation-term"
    zh, en = "使用期限早于收款日期", "the term ends before the donation came"
    fix_zh, fix_en = "请核对期限", "check the term"
    pointer = "/use_by"


class ApplicantUnknown(Invalid):
    """农户未登记."""

    code = "applicant-unknown"
    zh, en = "该户尚未登记，不能申请救助", "the household is not registered, so it cannot be given aid"
    fix_zh, fix_en = "请先登记该户", "register the household first"
    pointer = "/household"


class AidOutOfTime(Invalid):
    """日期不合理."""

    code = "aid-out-of-time"
    zh, en = "日期早于上一环节，或晚于业务日期", "the day is before the step it follows, or after the business date"
    fix_zh, fix_en = "请核对日期", "check the date"
