"""Events of families and their members: who they are, merged and split."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from ..base import RegionCode
from .circumstances import RiskCause
from .publisher import _Household


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


class EliminationWay(StrEnum):
    """风险消除方式 (domain 1.6)."""

    HELPED = "helped"
    """帮扶消除"""
    NATURAL = "natural"
    """自然消除"""


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
    eliminated_on: date | None = None
    """消除监测时间 (first day of its month where only the month is known)"""
    elimination_way: EliminationWay | None = None
    decided_on: date | None = None
    """date of the newest statement on category, risks and elimination; null in events of before it was told"""
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
