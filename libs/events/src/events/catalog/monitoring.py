"""Events of the monitoring service: what it concluded, and the policy lines it works with."""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from .base import Event, Money, Service
from .help import FirstOffer
from .households import MeasureCategory, MonitoringCategory, RiskCause


class RiskLevel(StrEnum):
    """风险等级, always shown with its text."""

    UNKNOWN = "unknown"
    """未知"""
    GREEN = "green"
    """绿"""
    YELLOW = "yellow"
    """黄"""
    ORANGE = "orange"
    """橙"""
    RED = "red"
    """红"""


class _Monitoring(Event):
    SERVICE: ClassVar[Service] = "monitoring"


class RiskChanged(_Monitoring):
    """风险等级变化: the household's level and the rules behind it."""

    level: RiskLevel
    previous: RiskLevel
    business_date: date
    rules: tuple[str, ...]
    """ids of the rules that hold now, highest level first"""


class AlertRaised(_Monitoring):
    """预警: one open alert per household and rule."""

    alert_id: UUID
    rule: str
    level: RiskLevel
    business_date: date
    version: int = 1
    reason_zh: str
    """plain-language reason, no personal data"""
    reason_en: str
    policy_version: str | None = None
    path: str
    holder: str = "village"
    """承办层级 that must act: village, township, county"""


class AlertEscalated(AlertRaised):
    """预警升级: the same alert on a higher level."""


class AlertRetracted(AlertRaised):
    """预警撤回: a later or corrected fact disproved the alert; the reason says which."""


class AlertClosed(AlertRaised):
    """预警解除: the rule no longer holds and its dwell has passed."""


class AlertHandedUp(AlertRaised):
    """逐级上报: nobody acted within the days of policy, so the next level holds the alert now."""


class _AlertHandled(_Monitoring):
    """What an officer did about an alert; `version` is the alert's as the officer saw it."""

    alert_id: UUID
    rule: str
    level: RiskLevel
    business_date: date
    version: int
    officer: str
    """account name, never a person's name"""
    path: str
    holder: str = "village"


class AlertAcknowledged(_AlertHandled):
    """预警已接收: somebody has taken it up."""


class AlertJudged(_AlertHandled):
    """预警核实结论: what was found on the spot."""

    verdict: str
    """confirmed 属实, unfounded 不属实, helped 已帮扶, duplicate 重复"""
    helped_on: date | None = None
    """首次有效帮扶日期, of the verdict helped"""
    duplicate_of: UUID | None = None
    """原预警, of the verdict duplicate"""
    duplicate_rule: str | None = None


class AlertSnoozed(_AlertHandled):
    """预警暂缓: nobody has to act until the day; a rise of the level ends it."""

    until: date
    reason: str
    """away 全家外出, awaiting_department 待部门核实, help_under_way 帮扶进行中, seasonal 季节性波动"""


class _Case(_Monitoring):
    case_id: UUID
    move: str
    """办理动作 code, such as verify, post, approve"""
    version: int
    business_date: date
    officer: str
    """account name, never a person's name"""
    path: str
    state: str
    """办理状态 after it: verifying, reviewing, posting, notice, township, county, listed, eliminated, refused"""


class CaseOpened(_Case):
    """线索登记: a household may have to be listed; the days of identification begin."""

    channel: str
    """self_report 自主申报, screening 走访排查, department 部门预警, social 社会监督, alert 平台预警"""
    green_channel: bool = False
    """绿色通道: help first, paper later"""
    causes: tuple[RiskCause, ...] = ()
    alert_id: UUID | None = None
    due_on: date | None = None
    """last day of identification; null where no policy sets it"""


class CaseAdvanced(_Case):
    """个案办理: one step of the chain, with what it needs."""

    officers: tuple[str, ...] = ()
    confirmed: bool | None = None
    until: date | None = None
    """first day on which the notice may end"""
    reason: str | None = None
    """code of a refusal or a pause"""
    cause: RiskCause | None = None
    measure: str | None = None
    """帮扶措施类别"""
    way: str | None = None
    """消除方式: helped 帮扶消除, natural 自然消除"""


class CaseListed(_Case):
    """纳入监测对象: the county approved it, or it was listed before the platform (`loaded`)."""

    category: MonitoringCategory
    causes: tuple[RiskCause, ...]
    identified_on: date
    loaded: bool = False
    ruled_on: date | None = None
    """of a case taken over from the national register: date of the statement; otherwise it is the business date"""


class CaseEliminated(_Case):
    """风险消除: off the list, still looked after."""

    way: str
    """helped 帮扶消除, natural 自然消除, unstated 未填报 (national register only)"""
    eliminated_on: date
    category: MonitoringCategory | None = None
    """this and what follows: of a case taken over from the national register"""
    causes: tuple[RiskCause, ...] = ()
    identified_on: date | None = None
    ruled_on: date | None = None
    """date of the statement"""


class CaseWithdrawn(_Case):
    """沿用撤回: the register does not name the household any more, by a decision later than the case's."""

    reason: str
    ruled_on: date
    """date of the statement that no longer names it"""


class CaseReentered(_Case):
    """返回未消除: at risk again."""

    causes: tuple[RiskCause, ...]


class _HelpRequested(_Monitoring):
    request_id: UUID
    to: Service
    """the service whose department is asked"""
    category: MeasureCategory
    """帮扶措施类别 it is, once provided"""
    development: bool
    """开发式帮扶措施"""
    causes: tuple[RiskCause, ...]
    """针对的风险"""
    alert_id: UUID | None = None
    """the alert it was asked for"""
    case_id: UUID | None = None
    """the case it was asked for"""
    policy_version: str
    """the policy values that offer it for these causes"""
    due_on: date | None = None
    """last day for an answer; null where no policy sets it"""
    business_date: date
    version: int
    """the alert's or the case's as the officer saw it"""
    officer: str
    """account name, never a person's name"""
    path: str


class HelpRequested(_HelpRequested):
    """帮扶请求: an officer asks a department for help that fits a household's causes; `fact_id` is the request.

    The department answers with HelpTaken, HelpProvided or HelpDeclined, the next revisions of the same fact.
    """

    offer: FirstOffer


class HelpRequestedV2(_HelpRequested):
    """帮扶请求: an officer asks a department for help that fits a household's causes; `fact_id` is the request.

    The department answers with HelpTaken, HelpProvided or HelpDeclined, the next revisions of the same fact.
    """

    VERSION: ClassVar[int] = 2

    offer: str
    """帮扶事项, a code of `HelpOffer`; new ones may come"""


class WithdrawReason(StrEnum):
    """撤回原因"""

    ALERT_RETRACTED = "alert_retracted"
    """预警撤回: what it was asked for never was so"""
    CASE_REFUSED = "case_refused"
    """个案不予纳入"""
    CASE_ELIMINATED = "case_eliminated"
    """风险已消除"""


class HelpWithdrawn(_Monitoring):
    """帮扶请求撤回: what it was asked for is over, so nobody owes an answer; one that was given already stands."""

    request_id: UUID
    to: Service
    """the service that was asked"""
    reason: WithdrawReason
    business_date: date
    path: str


class _Dispatch(_Monitoring):
    list_id: UUID
    """调度清单"""
    meeting: str
    """调度层级: township 乡镇研判, county 县级调度, city 市级调度"""
    business_date: date
    officer: str
    """account name, never a person's name"""
    path: str


class DispatchDecided(_Dispatch):
    """研判决定: what a meeting decided on one line of its work list."""

    line_id: UUID
    kind: str
    """alert 预警, case 个案, source 数据来源"""
    subject_id: UUID | None = None
    """the alert or case"""
    resolution: str
    """visit, help, open_case, press, refer, hand_up, keep_watching"""
    responsible: str | None = None
    """account of whoever does it"""
    do_by: date | None = None


class DispatchHeld(_Dispatch):
    """会议召开: a meeting was held; its decisions stand."""

    period_from: date
    due_on: date | None = None
    """last day for the meeting"""
    held_on: date
    attendees: int
    lines: int
    decided: int
    """lines with a decision"""


class LineChanged(_Monitoring):
    """政策值变更: an effective-dated policy value (line, threshold) was set for a region from a date."""

    policy_id: UUID
    name: str
    """policy name such as `line.monitoring`"""
    path: str
    valid_from: date
    valid_to: date | None = None
    value: Money
    document: str
    """文号 or the mark of a demo value"""
    clause: str = ""
    """条款 of the document"""
    confidence: str = "unverified"
    """official, reported, unverified, demo"""
    drafted_by: str | None = None
    """account of whoever drafted the value"""
    released_by: str | None = None
    """account of the second person, who released it"""


class PolicyDraftWithdrawn(_Monitoring):
    """政策值草案撤回: a proposed value was taken back or turned down, and never took effect."""

    policy_id: UUID
    name: str
    path: str
    drafted_by: str
    """account of whoever drafted the value"""
    withdrawn_by: str
    """account of whoever took it back or turned it down"""
