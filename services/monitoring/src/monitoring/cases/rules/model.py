"""A case and its words: where it stands, what can be done, what was found. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class Channel(StrEnum):
    """线索来源 (domain 1.4)."""

    SELF_REPORT = "self_report"
    """农户自主申报"""
    SCREENING = "screening"
    """干部走访排查"""
    DEPARTMENT = "department"
    """部门筛查预警"""
    SOCIAL = "social"
    """社会监督"""
    ALERT = "alert"
    """本平台预警"""


class State(StrEnum):
    """办理状态"""

    VERIFYING = "verifying"
    """入户核实与信息比对"""
    REVIEWING = "reviewing"
    """待村级评议"""
    POSTING = "posting"
    """待公示"""
    NOTICE = "notice"
    """公示中"""
    TOWNSHIP = "township"
    """待乡镇审核"""
    COUNTY = "county"
    """待县级审批"""
    LISTED = "listed"
    """已纳入，风险未消除"""
    ELIMINATED = "eliminated"
    """风险已消除，继续跟踪"""
    REFUSED = "refused"
    """不予纳入"""


class Move(StrEnum):
    """办理动作"""

    OPEN = "open"
    """登记线索"""
    LOAD = "load"
    """存量导入: a household that was listed before the platform"""
    TAKE_OVER = "take_over"
    """沿用全国系统: listed or eliminated there, as the register of households states it"""
    WITHDRAW = "withdraw"
    """沿用撤回: the register does not state it any more"""
    VERIFY = "verify"
    """入户核实"""
    AUTHORISE = "authorise"
    """签署授权书"""
    COMPARE = "compare"
    """信息比对"""
    REVIEW = "review"
    """民主评议"""
    POST = "post"
    """张贴公示"""
    OBJECT = "object"
    """提出异议"""
    DISMISS = "dismiss"
    """异议不成立"""
    UPHOLD = "uphold"
    """异议成立，重新核实"""
    CLOSE_NOTICE = "close_notice"
    """公示期满"""
    PASS_TOWNSHIP = "pass_township"  # noqa: S105 - a move, not a password
    """乡镇审核通过"""
    APPROVE = "approve"
    """县级批准"""
    RETURN = "return"
    """退回重新核实"""
    REFUSE = "refuse"
    """不予纳入，或不予消除"""
    PAUSE = "pause"
    """说明停顿: explains, stops no clock"""
    MEASURE = "measure"
    """落实帮扶措施"""
    PROPOSE_ELIMINATION = "propose_elimination"
    """拟消除"""
    REENTER = "reenter"
    """返回未消除"""

    @property
    def told_to_rules(self) -> bool:
        """Whether the rules on support read of it: on the list, off it, a measure."""
        return self in (Move.LOAD, Move.TAKE_OVER, Move.WITHDRAW, Move.APPROVE, Move.REENTER, Move.MEASURE)

    @property
    def rules(self) -> bool:
        """Whether it decides about the list: who decided last is right."""
        return self.of_register or self in (Move.LOAD, Move.APPROVE, Move.REFUSE, Move.REENTER)

    @property
    def of_register(self) -> bool:
        """Whether the national register decided."""
        return self in (Move.TAKE_OVER, Move.WITHDRAW)


class Way(StrEnum):
    """风险消除方式"""

    HELPED = "helped"
    """帮扶消除"""
    NATURAL = "natural"
    """自然消除"""
    UNSTATED = "unstated"
    """未填报: only in what the national register states"""


class Measure(StrEnum):
    """帮扶措施类别 (domain 1.8)."""

    INDUSTRY = "industry"
    """产业帮扶"""
    EMPLOYMENT = "employment"
    """就业帮扶"""
    FINANCE = "finance"
    """金融帮扶"""
    PUBLIC_POST = "public_post"
    """公益岗位帮扶"""
    HOUSING = "housing"
    """住房安全保障"""
    WATER = "water"
    """饮水安全保障"""
    HEALTH = "health"
    """健康帮扶"""
    COMPULSORY_SCHOOLING = "compulsory_schooling"
    """义务教育保障"""
    EDUCATION = "education"
    """其他教育帮扶"""
    SUPPORT = "support"
    """综合保障"""
    SOCIAL = "social"
    """社会帮扶"""
    RELOCATION = "relocation"
    """搬迁"""
    LIVING_CONDITIONS = "living_conditions"
    """生产生活条件改善"""
    INFRASTRUCTURE = "infrastructure"
    """基础设施建设"""

    @property
    def development(self) -> bool:
        """开发式帮扶措施 (产业, 就业): it lets the family earn."""
        return self in (Measure.INDUSTRY, Measure.EMPLOYMENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """一步: what somebody did about a case on a business date; of the fields, those its move needs."""

    move: Move
    on: date
    officer: str
    officers: tuple[str, ...] = ()
    """核实人: those who visited"""
    confirmed: bool | None = None
    until: date | None = None
    """first day on which the notice may end"""
    reason: str | None = None
    cause: str | None = None
    measure: Measure | None = None
    way: Way | None = None
    channel: Channel | None = None
    green_channel: bool = False
    category: str | None = None
    causes: tuple[str, ...] = ()
    identified_on: date | None = None
    due_on: date | None = None
    eliminated_on: date | None = None
    ruled_on: date | None = None
    """of a statement of the register: its date"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """个案: a household's way onto the list and off it.

    Attributes:
        eliminating: whether the chain runs to take it off the list.
        due_on: last day of identification; None = no policy.
        compared: whether departments' data agree; green channel: may still be owed.
        township_officer: who passed it there; another person approves.
        ruled_on: date of the newest decision about the list; of a statement of the national register, its own.
        stated: whether that decision is a statement of the register.
    """

    id: UUID
    state: State
    opened_on: date
    channel: Channel | None = None
    green_channel: bool = False
    due_on: date | None = None
    eliminating: bool = False
    verified: bool = False
    authorised_on: date | None = None
    compared: bool = False
    notice_until: date | None = None
    objected: bool = False
    township_officer: str | None = None
    decided_on: date | None = None
    category: str | None = None
    causes: tuple[str, ...] = ()
    identified_on: date | None = None
    measures: tuple[tuple[str, str, date], ...] = ()
    """cause, measure, since"""
    way: Way | None = None
    eliminated_on: date | None = None
    reason: str | None = None
    """of the refusal or the last pause"""
    rechecks: int = 0
    ruled_on: date | None = None
    stated: bool = False
    version: int = 1
