"""What is refused about insurance.

NotFound
├── PolicyUnknown
└── ClaimUnknown
Conflict
├── PolicyKnown          the insurer's policy number is recorded with other contents
├── PolicyClaimed        claims stand on the policy
├── PolicyVoided         it was taken back already
├── NotForDonated        donated cover is not meant for the household, or that cannot be judged
├── ClaimKnown           the insurer's claim number is recorded with other contents
├── WrongClaimState      the claim is not where this step begins
└── OverSumInsured       more than the policy still insures
Invalid
├── PolicyPeriod         it ends before it begins
├── PersonInsured        春城惠民保 insures a person
├── NobodyPays           nobody pays the premium
├── CauseMisfits         no cause of this kind of insurance
└── ClaimOutOfTime       a day outside the policy, before the step it follows, or in the future
"""

from kit.errors import Conflict, Invalid, NotFound


class PolicyUnknown(NotFound):
    """保单不存在."""

    code = "insurance-policy-unknown"
    zh, en = "没有这张保单，或不在您的管理范围内", "no such insurance policy, or it lies outside your area"


class ClaimUnknown(NotFound):
    """理赔不存在."""

    code = "claim-unknown"
    zh, en = "没有这条理赔，或不在您的管理范围内", "no such claim, or it lies outside your area"


class PolicyKnown(Conflict):
    """保单号重复."""

    code = "insurance-policy-known"
    zh, en = "该保单号已登记不同内容的保单", "another policy is recorded under this number"
    fix_zh, fix_en = "请核对保单号；登记有误的先作废", "check the number, or take the wrong one back first"
    pointer = "/policy_number"


class PolicyClaimed(Conflict):
    """已有理赔."""

    code = "insurance-policy-claimed"
    zh, en = "该保单已有理赔，不能作废", "claims stand on this policy"
    fix_zh, fix_en = "请先作废相应的理赔", "take the claims back first"


class PolicyVoided(Conflict):
    """保单已作废."""

    code = "insurance-policy-voided"
    zh, en = "该保单已作废", "this policy was taken back"


class NotForDonated(Conflict):
    """捐赠保障对象不符."""

    code = "not-for-donated-cover"
    zh, en = (
        "捐赠的惠民保面向未消除风险的监测对象，该户不属于或无法判定",
        "donated cover is for monitored households whose risk stands; this one is none, or that is not known",
    )
    fix_zh, fix_en = (
        "请核对该户的监测对象类别和政策值 insurance.donated.for.*",
        "check the household and the policy values",
    )
    pointer = "/paid_by_donation"


class ClaimKnown(Conflict):
    """赔案号重复."""

    code = "claim-known"
    zh, en = "该赔案号已登记不同内容的理赔", "another claim is recorded under this number"
    fix_zh, fix_en = "请核对赔案号；登记有误的先作废", "check the number, or take the wrong one back first"
    pointer = "/claim_number"


class WrongClaimState(Conflict):
    """理赔环节不符."""

    code = "wrong-claim-state"
    zh, en = "该理赔当前所处的环节不能办理此项", "the claim is not where this step begins"
    fix_zh, fix_en = "请读取理赔的最新状态", "read the claim as it now stands"


class OverSumInsured(Conflict):
    """超出保额."""

    code = "over-sum-insured"
    zh, en = "赔付金额超出保单剩余保额", "more than the policy still insures"
    fix_zh, fix_en = "请核对金额和保额", "check the amount and the sum insured"
    pointer = "/amount"


class PolicyPeriod(Invalid):
    """保险期间."""

    code = "insurance-period"
    zh, en = "保险期间的终止日早于起始日", "the policy ends before it begins"
    fix_zh, fix_en = "请核对保险期间", "check the period"
    pointer = "/ends_on"


class PersonInsured(Invalid):
    """惠民保按人投保."""

    code = "person-insured"
    zh, en = "春城惠民保按人投保，请用证件号码或人员编号指明被保险人", "春城惠民保 insures a person: name one"
    fix_zh, fix_en = "请填写 insured.person", "give insured.person"
    pointer = "/insured"


class NobodyPays(Invalid):
    """保费为零."""

    code = "nobody-pays"
    zh, en = "自缴、补贴、捐赠至少填写一项保费", "a premium has to be paid by somebody"
    fix_zh, fix_en = "请填写保费", "give the premium"
    pointer = "/paid_by_household"


class CauseMisfits(Invalid):
    """出险原因与险种不符."""

    code = "claim-cause"
    zh, en = "出险原因与险种不符", "no cause of this kind of insurance"
    fix_zh, fix_en = "请核对出险原因", "check the cause"
    pointer = "/cause"


class ClaimOutOfTime(Invalid):
    """日期不合理."""

    code = "claim-out-of-time"
    zh, en = "日期不在保险期间内、早于上一环节，或晚于业务日期", (
        "a day outside the policy, before the step it follows, or after the business date"
    )  # fmt: skip
    fix_zh, fix_en = "请核对日期", "check the date"
