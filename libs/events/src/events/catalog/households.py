"""Events of the households service: who families are, what surveys say they earn, who answers for them."""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from .base import Event, Money, RegionCode, Service


class HouseholdType(StrEnum):
    """户类型 (national list, domain 1.2)."""

    LIFTED = "lifted"
    """脱贫户"""
    LIFTED_NO_POLICY = "lifted_no_policy"
    """脱贫不享受政策户"""
    GENERAL = "general"
    """一般农户"""


class MonitoringCategory(StrEnum):
    """监测对象类别: exactly three values (domain 1.2)."""

    UNSTABLE = "unstable"
    """脱贫不稳定户"""
    BORDERLINE = "borderline"
    """边缘易致贫户"""
    SUDDEN = "sudden"
    """突发严重困难户"""


class RiskCause(StrEnum):
    """致贫/返贫风险 (national list, domain 1.7)."""

    ILLNESS = "illness"
    """因病"""
    DISABILITY = "disability"
    """因残"""
    SCHOOLING = "schooling"
    """因学"""
    DISASTER = "disaster"
    """因自然灾害"""
    ACCIDENT = "accident"
    """因意外事故"""
    BUSINESS_FAILURE = "business_failure"
    """因产业项目失败"""
    UNSTABLE_WORK = "unstable_work"
    """因务工就业不稳"""
    LABOUR_SHORTAGE = "labour_shortage"
    """缺劳动力"""
    HOUSING = "housing"
    """因安全住房"""
    WATER = "water"
    """因安全饮水"""
    OTHER = "other"
    """其他"""


class Sex(StrEnum):
    """性别"""

    MALE = "male"
    """男"""
    FEMALE = "female"
    """女"""


class LabourSkill(StrEnum):
    """劳动技能 (national list, domain 2.3)."""

    ORDINARY = "ordinary"
    """普通劳动力"""
    SKILLED = "skilled"
    """技能劳动力"""
    WEAK = "weak"
    """弱劳动力或半劳动力"""
    LOST = "lost"
    """丧失劳动力"""
    NONE = "none"
    """无劳动力"""


class Guarantee(StrEnum):
    """三保障及饮水安全: the guarantees that must be solved (domain 1.9)."""

    HOUSING = "housing"
    """住房安全"""
    WATER = "water"
    """饮水安全"""
    SCHOOLING = "schooling"
    """义务教育"""
    INSURANCE = "insurance"
    """基本医疗"""


class ExpenseKind(StrEnum):
    """刚性支出: self-paid expenses that can push a family back."""

    MEDICAL = "medical"
    """合规自付医疗支出"""
    SCHOOLING = "schooling"
    """就学支出"""


class _Household(Event):
    SERVICE: ClassVar[Service] = "households"


class RegionChanged(_Household):
    """区划变更: a region row as it stands from `valid_from`; statutory code and management path are apart (磨憨镇)."""

    code: RegionCode
    name: str
    level: str
    """city, county, township, village"""
    parent_code: RegionCode | None
    path: str
    """管理归属: slash-closed management path such as `5301/530128/530128104/`"""
    key_county: bool = False
    """乡村振兴重点帮扶县"""
    valid_from: date
    valid_to: date | None = None


class BusinessDateAdvanced(_Household):
    """业务日期推进: the platform's date (Asia/Shanghai) is now `business_date`; one event per day, none skipped."""

    business_date: date


class HouseholdRegistered(_Household):
    """户登记: the household as it now stands; the same shape is sent again as HouseholdUpdated."""

    aggregate_revision: int
    number: str
    """户编号 (opaque text)"""
    region_code: RegionCode
    path: str
    household_type: HouseholdType
    category: MonitoringCategory | None = None
    """监测对象类别; null where the household is not monitored"""
    identified_on: date | None = None
    """识别监测时间 (first day of its month where only the month is known)"""
    risk_eliminated: bool | None = None
    """风险是否已消除; null = not filled"""
    causes: tuple[RiskCause, ...] = ()
    no_labour: bool = False
    """整户无劳动能力兜底保障户"""
    size: int
    """家庭人口数"""
    grid: str | None = None
    """网格: management path of the grid (about 60 households) the household belongs to"""


class HouseholdUpdated(HouseholdRegistered):
    """户信息变更: the whole household as it now stands."""


class HouseholdMerged(_Household):
    """并户: the household of this key is one with `into_id`; its id is an alias of it until HouseholdUnmerged."""

    aggregate_revision: int
    into_id: UUID
    """the household that stands; never itself merged into another one"""
    merged_on: date


class HouseholdUnmerged(_Household):
    """撤销并户: the household of this key stands on its own again, as if it had never been merged."""

    aggregate_revision: int
    from_id: UUID
    """the household it was an alias of"""


class PersonJoined(_Household):
    """成员加入: a person belongs to the household from `since`; also the person as it now stands."""

    aggregate_revision: int
    person_id: UUID
    since: date
    blind_index: str
    """证件号码盲索引 with key id, `<key id>:<hex>`; first 18 characters of the certificate"""
    masked_name: str
    """姓名 (masked, 张*三)"""
    birth_date: date
    sex: Sex
    labour_skill: LabourSkill | None = None
    in_school: bool = False
    """在校生"""
    head: bool = False
    """户主"""


class PersonUpdated(PersonJoined):
    """成员信息变更: the whole person as it now stands."""


class PersonLeft(_Household):
    """成员离开: the person no longer belongs to this household from `until`; clears only the household it names."""

    aggregate_revision: int
    person_id: UUID
    until: date
    reason: str
    """moved, died, married, split, corrected, merged, unmerged"""


class IncomeRecorded(_Household):
    """收入登记 (survey and official figures only): one figure for a window, yuan for the whole household.

    A correction is the next revision of the same `fact_id`.
    """

    window_from: date
    window_to: date
    """last day of the window, inclusive"""
    purpose: str
    """identification, official_year, official_quarter, elimination"""
    wage: Money
    """工资性收入"""
    business: Money
    """生产经营性收入"""
    property: Money
    """财产性收入"""
    transfer: Money
    """转移性收入"""
    business_cost: Money
    """生产经营性支出"""
    claims: Money
    """理赔收入 (comparison figure only)"""
    self_paid: Money
    """合规自付支出 (comparison figure only)"""
    persons: int
    """家庭人口数 in the window"""
    source: str
    """national_export, survey"""
    verified: bool = True


class ConditionReported(_Household):
    """保障问题: a guarantee is not solved for this household."""

    guarantee: Guarantee
    person_id: UUID | None = None
    since: date


class ConditionResolved(_Household):
    """保障问题解决: the condition of the same `fact_id` is solved (next revision of it)."""

    guarantee: Guarantee
    person_id: UUID | None = None
    resolved_on: date


class ExpenseReported(_Household):
    """刚性支出登记: self-paid expense of the household in a window, yuan."""

    kind: ExpenseKind
    amount: Money
    window_from: date
    window_to: date


class HelperAssigned(_Household):
    """帮扶责任人: a named helper answers for this household (§G3 one-to-one)."""

    assignment_id: UUID
    since: date
    organisation: str
    """帮扶责任人单位"""


class HelperReleased(_Household):
    """帮扶责任人解除"""

    assignment_id: UUID
    until: date


class StaffAssigned(_Household):
    """责任人: an officer answers for a region (village, township, county) from `since`."""

    assignment_id: UUID
    officer: str
    """account name of the officer (never a person's name)"""
    path: str
    since: date
    role: str = "lead"
    """lead 责任人, deputy 副手 (answers while every lead of the region is away)"""
    succeeds_id: UUID | None = None
    """交接: the assignment that was handed over"""


class StaffReleased(_Household):
    """责任解除"""

    assignment_id: UUID
    officer: str
    path: str
    until: date


class StaffOnLeave(_Household):
    """请假: the officer answers for nothing from `since` until the day of return; the next revision changes it."""

    leave_id: UUID
    officer: str
    since: date
    until: date
    """first day back; equal to `since` where the leave was cancelled"""


class ReportKind(StrEnum):
    """申报事项: what a family asks for or complains of (discovery channels, domain 1.4)."""

    INCOME = "income"
    """收入骤减"""
    EXPENSE = "expense"
    """支出骤增"""
    ILLNESS = "illness"
    """因病"""
    SCHOOLING = "schooling"
    """因学"""
    DISASTER = "disaster"
    """因灾"""
    ACCIDENT = "accident"
    """意外事故"""
    WORK = "work"
    """务工就业困难"""
    HOUSING = "housing"
    """住房"""
    WATER = "water"
    """饮水"""
    OTHER = "other"
    """其他"""


class ReportChannel(StrEnum):
    """申报渠道 (domain 1.4)."""

    DOOR = "door"
    """自主申报 (web door, no login)"""
    HOTLINE = "hotline"
    """12317、12345 热线"""
    VISIT = "visit"
    """上门代办"""


class SelfReportFiled(_Household):
    """自主申报: a family reported trouble itself, or somebody wrote it down for them. A clue, not a proven fact."""

    report_id: UUID
    kind: ReportKind
    channel: ReportChannel
    filed_on: date
    text_sealed: str | None = None
    """what was said, base64 of the ciphertext sealed for (reports, self_reports, text, report id)"""


class SelfReportSettled(_Household):
    """申报办结: next revision of the same `fact_id`."""

    report_id: UUID
    outcome: str
    """confirmed, unfounded, duplicate, withdrawn"""
    settled_on: date


class ContestRaised(_Household):
    """异议: the household says that one recorded fact about it is wrong; the fact stands, but is flagged."""

    contest_id: UUID
    contested_fact_id: UUID
    """fact_id of the event that is contested, whoever published it"""
    raised_on: date


class ContestSettled(_Household):
    """异议办结: next revision of the same `fact_id`."""

    contest_id: UUID
    contested_fact_id: UUID
    outcome: str
    """corrected, upheld, withdrawn"""
    settled_on: date


class VisitRecorded(_Household):
    """走访: a helper or a team member was with the household; what was found, in codes."""

    visit_id: UUID
    visited_on: date
    assignment_id: UUID | None = None
    """the helper's assignment, where a helper came"""
    met: bool = True
    """见到本户人员"""
    needs: tuple[RiskCause, ...] = ()
    """发现的困难"""
    attachments: int = 0


class TeamRole(StrEnum):
    """六位一体 (§G3): the six who pull together in a village."""

    CADRE = "cadre"
    """乡村党政干部"""
    WORK_TEAM = "work_team"
    """驻村工作队员"""
    SCIENCE = "science"
    """科技特派员"""
    ENTERPRISE = "enterprise"
    """企业技术指导员"""
    LEADER = "leader"
    """致富带头人"""
    HOUSEHOLD = "household"
    """脱贫户"""


class TeamMemberAssigned(_Household):
    """六位一体成员: somebody takes a place in a village's team."""

    member_id: UUID
    role: TeamRole
    path: str
    since: date
    organisation: str = ""


class TeamMemberReleased(_Household):
    """六位一体成员离任: next revision of the same `fact_id`."""

    member_id: UUID
    role: TeamRole
    path: str
    until: date
