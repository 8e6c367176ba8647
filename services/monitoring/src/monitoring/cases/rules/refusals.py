"""What is refused about cases.

CaseUnknown (404)
HouseholdUnknown (422)    no such household in one's area
CaseKnown (409)           the household has a case already
StepOutOfOrder (409)      the chain does not allow this step now
NoticeRunning (409)       the notice has not hung for the days of policy, or an objection is open
TooFewVerifiers (422)     verified by fewer persons than policy demands
CategoryMissing (422)     a listing without its category
LevelTooLow (403)         a decision of a higher level
SameApprover (403)        township and county decisions by one person
PolicyMissing (409)       a value the step needs is not set
ProfileBehind (503)       the household is just being looked at again
ConsentWithheld (409)     the household does not let departments compare what it owns
EliminationRefused (409)  with every reason
"""

from kit.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, Unavailable


class CaseUnknown(NotFound):
    """个案不存在."""

    code = "case-unknown"
    zh, en = "没有这个个案，或不在您的管理范围内", "no such case, or it lies outside your area"


class HouseholdUnknown(Invalid):
    """户不存在."""

    code = "household-unknown"
    zh, en = "没有这一户，或不在您的管理范围内", "no such household, or it lies outside your area"
    pointer = "/household_id"


class CaseKnown(Conflict):
    """已有个案."""

    code = "case-known"
    zh, en = "该户已有个案", "the household has a case already"
    fix_zh, fix_en = (
        "请在已有个案上继续办理；已消除的，请办理返回未消除",
        "go on with that case; re-enter one that is eliminated",
    )


class StepOutOfOrder(Conflict):
    """步骤不符."""

    code = "step-out-of-order"
    zh, en = "按办理流程，当前状态不能进行这一步", "the chain does not allow this step in the present state"
    fix_zh, fix_en = "请查看个案状态，先完成前一步", "look at the case and finish the step before"
    pointer = "/move"


class NoticeRunning(Conflict):
    """公示未满."""

    code = "notice-running"
    zh, en = "公示未满规定天数，或有异议尚未处理", "the notice has not hung long enough, or an objection is open"
    fix_zh, fix_en = "请待公示期满并处理异议", "wait for its end and settle the objection"


class TooFewVerifiers(Invalid):
    """核实人数不足."""

    code = "too-few-verifiers"
    zh, en = "入户核实的人数少于政策规定", "verified by fewer persons than policy demands"
    fix_zh, fix_en = "请填写全部核实人的账号，每人一次", "name the account of everybody who visited, each once"
    pointer = "/officers"


class CategoryMissing(Invalid):
    """缺监测对象类别."""

    code = "category-missing"
    zh, en = "批准纳入须填监测对象类别", "a listing needs its category"
    pointer = "/category"


class LevelTooLow(Forbidden):
    """层级不符."""

    code = "level-too-low"
    zh, en = "这一步由上级办理", "a higher level decides this"


class SameApprover(Forbidden):
    """审核审批同一人."""

    code = "same-approver"
    zh, en = "乡镇审核与县级审批须由不同的人办理", "township and county decide by different persons"


class PolicyMissing(Conflict):
    """政策值未设定."""

    code = "case-policy-missing"
    zh, en = "这一步所需的政策值未设定", "a policy value this step needs is not set"
    fix_zh, fix_en = "请先起草并发布相应政策值（case.*）", "draft and release the value first (case.*)"


class ProfileBehind(Unavailable):
    """正在重新研判."""

    code = "profile-behind"
    zh, en = "该户正在按最新日期或政策重新研判", "the household is being looked at again under the newest day or policy"
    retry_after = 1


class EliminationRefused(Conflict):
    """不符合消除条件."""

    code = "elimination-refused"
    zh, en = "不符合风险消除条件", "the conditions of elimination are not met"
    fix_zh, fix_en = "请逐条处理所列原因", "see to every reason listed"


def unmet(code: str, zh: str, en: str) -> Refusal:
    """One condition of elimination that is not met."""
    return Conflict(code=code, zh=zh, en=en)


class ConsentWithheld(Conflict):
    """农户不同意信息比对."""

    code = "consent-withheld"
    zh, en = (
        "农户拒绝或撤回了信息比对授权",
        "the household refused the comparison of its assets, or took its consent back",
    )
    fix_zh, fix_en = (
        "尊重农户意愿；监测、核实和绿色通道帮扶照常，同意后再比对",
        "respect its will; monitoring, verifying and the green channel go on, compare once it has consented",
    )
    pointer = "/move"
