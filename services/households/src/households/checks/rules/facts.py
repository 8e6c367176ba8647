"""What the rules look at, what they find, and what a rule is."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

HEAD: Final = "户主"
SPOUSE: Final = "配偶"
PRESCHOOL: Final = "学龄前儿童"
WORKING: Final = frozenset({"ordinary", "skilled"})
"""普通劳动力, 技能劳动力"""
_CENT: Final = Decimal("0.01")


class Severity(StrEnum):
    """疑点性质"""

    ERROR = "error"
    """错误: it cannot be so"""
    SUSPICIOUS = "suspicious"
    """可疑: it may be so, somebody should look"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """成员: None is *not filled* or *not said by the newest export*.

    Attributes:
        phone: 联系电话, masked; the mask keeps its length.
        disability: 残疾类别 and 残疾等级 in two digits.
        work_place: whether 务工所在地 is filled.
        work_months: 务工时间, months.
    """

    id: UUID
    relation: str
    sex: str
    birth_date: date
    education: str | None = None
    school_stage: str | None = None
    health: tuple[str, ...] = ()
    labour_skill: str | None = None
    disability: str | None = None
    phone: str | None = None
    resident_insurance: bool | None = None
    employee_insurance: bool | None = None
    work_place: bool | None = None
    work_months: int | None = None

    @property
    def in_school(self) -> bool:
        """在校生: a stage is filled and it is not 学龄前儿童."""
        return self.school_stage is not None and self.school_stage != PRESCHOOL


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """识别时收入: the newest figure for identification, yuan; `per_head` is 人均纯收入."""

    wage: Decimal
    per_head: Decimal
    self_paid: Decimal

    @classmethod
    def of(cls, told: Any, persons: int) -> "Earned":
        """From the amounts of a figure by kind, cost and self-paid, and its persons."""
        net = told.wage + told.business + told.property + told.transfer - told.business_cost
        return cls(wage=told.wage, per_head=(net / persons).quantize(_CENT), self_paid=told.self_paid)


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """户: a household as it stands, with all that the rules read of it.

    Attributes:
        measures: 帮扶措施类别 of all measures that stand.
        development: whether one of them is 开发式.
        medical_expense: whether 合规自付支出 above zero is recorded.
    """

    path: str
    household_type: str
    category: str | None
    identified_on: date | None
    risk_eliminated: bool | None
    causes: tuple[str, ...]
    no_labour: bool
    members: tuple[Member, ...]
    measures: frozenset[str] = frozenset()
    development: bool = False
    medical_expense: bool = False
    earned: Earned | None = None

    @property
    def head(self) -> Member | None:
        """户主, where there is exactly one."""
        heads = [member for member in self.members if member.relation == HEAD]
        return heads[0] if len(heads) == 1 else None

    @property
    def monitored(self) -> bool:
        """监测对象, risk not eliminated."""
        return self.category is not None and not self.risk_eliminated


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """疑点: what a rule found.

    Attributes:
        person_id: whom it concerns; None where it is the household.
        case: which of the rule's cases it is.
        fields: names of the values that contradict each other.
        values: those values; kept as a keyed digest only, so that a change of them is seen.
    """

    person_id: UUID | None = None
    case: str
    fields: tuple[str, ...]
    values: tuple[Any, ...]


Limits = Mapping[str, Decimal]
"""Policy values by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """查验规则.

    Attributes:
        id: stable name, kebab-case.
        source: document and section it follows.
        find: gives what it finds in a family on a day, under its limits; pure.
        limits: policy values it reads; where one is unknown, it is undecided.
        at_identification: its limits are those of the day of identification (识别监测时间).
    """

    id: str
    zh: str
    en: str
    source: str
    severity: Severity
    find: Callable[[Family, date, Limits], Iterator[Found]]
    limits: tuple[str, ...] = ()
    at_identification: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecidable:
    """不能判断的规则: a rule of the field that this service cannot or need not decide, and why."""

    id: str
    zh: str
    en: str
    source: str
    why_zh: str
    why_en: str


def age(born: date, on: date) -> int:
    """周岁 on a day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def next_birthday(born: date, on: date) -> date:
    """The first day after a day on which the age is another one; born on 29 February, it is 1 March in other years."""
    year = on.year + ((on.month, on.day) >= _birthday(born, on.year))
    month, day = _birthday(born, year)
    return date(year, month, day)


def _birthday(born: date, year: int) -> tuple[int, int]:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return (3, 1) if (born.month, born.day) == (2, 29) and not leap else (born.month, born.day)


def months_after(day: date, months: int) -> date:
    """The same day some months later, or the first of the next month where there is none."""
    count = day.year * 12 + day.month - 1 + months
    try:
        return day.replace(year=count // 12, month=count % 12 + 1)
    except ValueError:
        return date((count + 1) // 12, (count + 1) % 12 + 1, 1)


def of_member(member: Member, case: str, *fields: str) -> Found:
    """What is found about one member."""
    values = tuple(getattr(member, field) for field in fields)
    return Found(person_id=member.id, case=case, fields=fields, values=values)


def of_family(family: Family, case: str, *fields: str) -> Found:
    """What is found about the household."""
    return Found(case=case, fields=fields, values=tuple(getattr(family, field) for field in fields))
