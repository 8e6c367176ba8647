"""Households and their members as a workbook states them."""

from dataclasses import dataclass, field
from decimal import Decimal

from .problems import Problem
from .tables import Cell, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """收支: the amounts of one statement, yuan for the whole household; None = not filled."""

    wage: Decimal | None = None
    """工资性收入"""
    business: Decimal | None = None
    """生产经营性收入"""
    property: Decimal | None = None
    """财产性收入"""
    asset_dividend: Decimal | None = None
    """资产收益扶贫分红收入"""
    other_property: Decimal | None = None
    """其他财产性收入"""
    transfer: Decimal | None = None
    """转移性收入"""
    family_planning: Decimal | None = None
    """计划生育金"""
    subsistence: Decimal | None = None
    """低保金"""
    special_care_money: Decimal | None = None
    """特困供养金"""
    pension: Decimal | None = None
    """养老保险金"""
    ecology: Decimal | None = None
    """生态补偿金"""
    other_transfer: Decimal | None = None
    """其他转移性收入"""
    business_cost: Decimal | None = None
    """生产经营性支出"""
    net: Decimal | None = None
    """家庭纯收入"""
    per_head: Decimal | None = None
    """人均纯收入"""
    claims: Decimal | None = None
    """理赔收入"""
    self_paid: Decimal | None = None
    """合规自付支出"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Helper:
    """帮扶责任人"""

    name: str = field(repr=False)
    organisation: str = ""
    """单位"""
    phone: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRecord:
    """成员: one row of the file.

    Attributes:
        row: number of the row.
        certificate: 证件号码 as written, width and spaces normalised.
        identity: its first 18 characters once checked; empty where it was not checked or is wrong.
    """

    row: int = field(compare=False)
    number: str = ""
    """人口编号"""
    name: str = field(default="", repr=False)
    sex: str = ""
    """性别"""
    certificate_kind: str = ""
    """证件类型"""
    certificate: str = field(default="", repr=False)
    identity: str = field(default="", repr=False)
    ethnicity: str = ""
    """民族"""
    relation: str = ""
    """与户主关系"""
    politics: str = ""
    """政治面貌"""
    education: str = ""
    """文化程度"""
    school_stage: str = ""
    """在校生状况"""
    health: tuple[str, ...] = ()
    """健康状况"""
    labour_skill: str = ""
    """劳动技能"""
    resident_insurance: bool | None = None
    """是否参加城乡居民基本医疗保险"""
    employee_insurance: bool | None = None
    """是否参加城镇职工基本医疗保险"""
    work_place: str = ""
    """务工所在地"""
    work_months: int | None = None
    """务工时间（月）"""
    post_months: int | None = None
    """公益性岗位(月数)"""
    phone: str = field(default="", repr=False)
    """成员联系电话"""


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdRecord:
    """户: the rows of one 户编号 together."""

    number: str
    """户编号"""
    members: tuple[MemberRecord, ...]
    province: str = ""
    city: str = ""
    county: str = ""
    township: str = ""
    village: str = ""
    region_code: str = ""
    """行政村代码, where villages were looked up"""
    hamlet: str = ""
    """自然村"""
    household_type: str = ""
    """户类型"""
    category: str = ""
    """监测对象类别"""
    size: int | None = None
    """家庭人口数"""
    phone: str = field(default="", repr=False)
    """户联系电话"""
    identified_in: str | None = None
    """识别监测时间, `YYYY-MM`"""
    causes: tuple[str, ...] = ()
    """致贫/返贫风险"""
    eliminated: bool | None = None
    """风险是否已消除"""
    eliminated_in: str | None = None
    """消除监测时间, `YYYY-MM`"""
    elimination_way: str = ""
    """风险消除方式"""
    safe_water: bool | None = None
    """是否解决安全饮用水"""
    unsafe_housing: bool | None = None
    """是否危房户"""
    no_labour: bool | None = None
    """整户无劳动能力兜底保障户"""
    year: str = ""
    """年度"""
    amounts: Amounts = Amounts()
    """识别时收支"""
    after: Amounts = Amounts()
    """风险消除后收支"""
    helpers: tuple[Helper, ...] = ()
    measures: tuple[str, ...] = ()
    """帮扶措施类别: the categories of help that it names"""

    @property
    def rows(self) -> tuple[int, ...]:
        """Where its members stand in the file."""
        return tuple(member.row for member in self.members)


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdFile:
    """户信息表: everything read from one file; a household with a problem is parked whole."""

    table: Table
    households: tuple[HouseholdRecord, ...]
    problems: tuple[Problem, ...]

    @property
    def parked(self) -> frozenset[str]:
        """户编号 of the households that wait until somebody settles them."""
        return frozenset(number for problem in self.problems for number in problem.households if number)

    @property
    def sound(self) -> tuple[HouseholdRecord, ...]:
        """The households that may go in."""
        parked = self.parked
        return tuple(household for household in self.households if household.number not in parked)

    def cell(self, row: int, field: str) -> Cell:
        """Where a field of a row stands in the file, `KeyError` where the file has no such column."""
        return self.table.cell(row, field)
