"""What alerts say, in Chinese and English, from codes alone: no name, number or free text of anybody."""

from typing import Final

from ..risk.rules import Outcome
from .rules import Change, Holder, Standing

LEVEL_NAMES: Final[dict[str, tuple[str, str]]] = {
    "unknown": ("未知", "unknown"),
    "green": ("绿", "green"),
    "yellow": ("黄", "yellow"),
    "orange": ("橙", "orange"),
    "red": ("红", "red"),
}
"""Level → its name in Chinese and English; a colour is never shown without it."""

RULE_NAMES: Final[dict[str, tuple[str, str]]] = {
    "income.below_line": ("家庭收入低于监测线", "Income under the monitoring line"),
    "income.below_one_to_one": ("未落实一对一帮扶", "No helper assigned"),
    "income.drop": ("家庭收入骤降", "Sharp drop of income"),
    "income.transfer_dependent": ("过度依赖转移性收入", "Dependent on transfers"),
    "work.job_lost": ("务工人员失业", "Job lost"),
    "work.wage_missing": ("工资未到账", "Wages missing"),
    "work.zero_employment": ("零就业家庭", "Family without any work"),
    "expense.medical": ("医疗支出过大", "High medical expense"),
    "expense.schooling": ("就学支出过大", "High schooling expense"),
    "shock.disaster": ("自然灾害", "Struck by a disaster"),
    "shock.accident": ("意外事故", "Struck by an accident"),
    "guarantee.housing": ("住房安全问题", "Housing not safe"),
    "guarantee.water": ("饮水安全问题", "Drinking water not safe"),
    "guarantee.schooling": ("义务教育问题", "Compulsory schooling not secured"),
    "guarantee.insurance": ("基本医疗问题", "Medical insurance not secured"),
    "debt.overdue": ("贷款逾期", "Loan overdue"),
    "debt.due_soon": ("还款将到期且收入不足", "Repayment due and not covered"),
    "market.order_lost": ("订单流失", "Orders lost"),
    "market.one_buyer": ("依赖单一采购方", "Dependent on one buyer"),
    "support.no_measure": ("未落实帮扶措施", "No measure taken"),
    "support.no_development": ("未落实开发式帮扶", "No help to earn"),
    "support.mismatch": ("帮扶措施与风险不匹配", "Measures miss the risk"),
    "data.stale": ("数据陈旧", "Data out of date"),
}
"""Rule → its name in Chinese and English."""

FACT_NAMES: Final[dict[str, tuple[str, str]]] = {
    "HouseholdRegistered": ("户信息", "household record"),
    "HouseholdUpdated": ("户信息", "household record"),
    "PersonJoined": ("成员信息", "member record"),
    "PersonUpdated": ("成员信息", "member record"),
    "PersonLeft": ("成员离开记录", "record of a member leaving"),
    "IncomeRecorded": ("收入登记", "income record"),
    "ConditionReported": ("保障问题登记", "report of an unsolved guarantee"),
    "ConditionResolved": ("保障问题解决记录", "record of a solved guarantee"),
    "ExpenseReported": ("刚性支出登记", "expense record"),
    "ShockReported": ("突发事件登记", "report of a shock"),
    "ShockResolved": ("突发事件影响消除记录", "record of a shock overcome"),
    "MeasureStarted": ("帮扶措施记录", "record of a measure"),
    "MeasureCompleted": ("帮扶措施完成记录", "record of a completed measure"),
    "HelperAssigned": ("帮扶责任人记录", "helper record"),
    "HelperReleased": ("帮扶责任人解除记录", "record of a helper leaving"),
    "BenefitPaid": ("收益发放记录", "record of a rent or dividend"),
    "DividendPaid": ("分红发放记录", "record of a dividend"),
    "ContestRaised": ("异议", "contest"),
    "ContestSettled": ("异议办结", "contest settled"),
    "HouseholdMerged": ("并户记录", "merge of households"),
    "HouseholdUnmerged": ("撤销并户记录", "undoing of a merge"),
    "EmploymentStarted": ("就业记录", "job record"),
    "EmploymentEnded": ("离岗记录", "record of a job's end"),
    "WagePaid": ("工资记录", "wage record"),
    "WageMissed": ("工资未到记录", "record of a missing wage"),
    "ZeroEmploymentFound": ("零就业家庭认定记录", "finding of a family without work"),
    "ZeroEmploymentCleared": ("零就业家庭清零记录", "record that a family has work again"),
    "PublicPostTaken": ("公益性岗位上岗记录", "record of a public-welfare post"),
    "PublicPostEnded": ("公益性岗位离岗记录", "record that a public-welfare post ended"),
    "SubsidyApproved": ("就业补贴审批记录", "record of an approved subsidy"),
    "LoanDisbursed": ("放款记录", "record of a loan paid out"),
    "LoanSettled": ("结清记录", "record of a loan settled"),
    "AidGranted": ("社会救助记录", "record of aid"),
    "PolicyIssued": ("承保记录", "record of an insurance"),
    "LoanOverdue": ("贷款逾期记录", "record of an overdue loan"),
    "LoanScheduled": ("还款计划", "repayment plan"),
    "ClaimPaid": ("理赔支付记录", "record of a claim that was paid"),
    "LoanCured": ("逾期归还记录", "record of a loan paid up"),
    "TransferPaid": ("转移支付到账记录", "record of a public payment"),
    "TransferReturned": ("转移支付退回记录", "record of a public payment sent back"),
    "OrderCancelled": ("订单取消记录", "record of a cancelled order"),
    "DeliveryRejected": ("拒收记录", "record of a rejected delivery"),
    "HouseholdSalePaid": ("农户销售到账记录", "record of a sale"),
    "HelpProvided": ("帮扶请求办理记录", "record of help that was asked for"),
    "CaseListed": ("纳入监测对象记录", "record of the listing"),
    "CaseReentered": ("返回未消除记录", "record of the return to the list"),
    "CaseEliminated": ("风险消除记录", "record of the elimination"),
    "CaseAdvanced": ("个案帮扶措施记录", "measure recorded in the case"),
}
"""Kind of fact → its name in Chinese and English."""


HOLDER_NAMES: Final[dict[str, tuple[str, str]]] = {
    Holder.VILLAGE.value: ("村", "village"),
    Holder.TOWNSHIP.value: ("乡镇", "township"),
    Holder.COUNTY.value: ("县", "county"),
}
"""Level that holds an alert → its name in Chinese and English."""


def handed_up(standing: Standing) -> tuple[str, str]:
    """Why an alert went one level up, in Chinese and English."""
    rule_zh, rule_en = RULE_NAMES[standing.rule]
    zh, en = HOLDER_NAMES[standing.care.holder.value]
    return f"{rule_zh}：规定天数内无人处理，上报{zh}", f"{rule_en}: nobody acted in time, handed up to the {en}"


def reason(change: Change, outcome: Outcome, fact: str | None) -> tuple[str, str]:
    """Why the alert changed, in Chinese and English; `fact` is the kind of fact that brought the change."""
    if change in (Change.RAISED, Change.ESCALATED):
        return outcome.zh, outcome.en
    name_zh, name_en = RULE_NAMES[outcome.rule]
    if change is Change.CLOSED and outcome.zh and not outcome.holds:
        return f"{name_zh}：{outcome.zh}，预警解除", f"{name_en}: {outcome.en}, the alert is closed"
    if change is Change.CLOSED:
        return f"{name_zh}：情况已消除，预警解除", f"{name_en}: no longer so, the alert is closed"
    fact_zh, fact_en = FACT_NAMES.get(fact or "", ("新的事实", "new fact"))
    return (
        f"{name_zh}：收到迟报或更正的{fact_zh}，预警撤回",
        f"{name_en}: a late or corrected {fact_en} disproves it, the alert is retracted",
    )
