"""What holds for ratings and outreach; the refusals of this capability.

NotFound
├── RatingUnknown
└── NotRated          the household has no credit line
Conflict
├── RatingKnown       another rating of the same bank and day is recorded
└── Voided            the rating was taken back
Invalid
└── InTheFuture       a day after the business date
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from kit.errors import Conflict, Invalid, NotFound


class Outreach(StrEnum):
    """走访对接情况 of a household that has a credit line and no loan."""

    NOT_CONTACTED = "not_contacted"
    """未走访"""
    CONTACTED = "contacted"
    """已走访宣传"""
    WANTS_LOAN = "wants_loan"
    """有贷款需求"""
    WANTS_NONE = "wants_none"
    """无贷款需求（尊重意愿）"""


TARGET: Final = "credit.unborrowed.target"
"""Policy: how many rated households without a loan the plan wants to reach (§22)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """评级授信 of a household, as a bank reports it of one of its members.

    Attributes:
        grade: 信用等级, as the bank names it.
        credit_line: 授信额度, yuan.
    """

    id: UUID
    revision: int
    void: bool
    person_id: UUID | None
    household_id: UUID | None
    region: str | None
    path: str
    blind_index: str | None
    grade: str
    credit_line: Decimal
    rated_on: date
    department: str

    @property
    def key(self) -> UUID:
        """The key of its events."""
        return self.household_id or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """走访对接 of a household, as last recorded."""

    household_id: UUID
    region: str | None
    path: str
    status: Outreach
    contacted_on: date
    version: int
    department: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unborrowed:
    """授信未用信户: a lifted household with a credit line that has neither loan nor application."""

    household_id: UUID
    region: str
    grade: str
    credit_line: Decimal
    rated_on: date
    status: Outreach
    contacted_on: date | None
    version: int


class RatingUnknown(NotFound):
    """评级记录不存在."""

    code = "rating-unknown"
    zh, en = "没有这条评级记录，或不在您的管理范围内", "no such rating, or it lies outside your area"


class NotRated(NotFound):
    """未评级授信."""

    code = "not-rated"
    zh, en = "该户没有评级授信记录，或不在您的管理范围内", "the household has no credit line, or lies outside your area"


class RatingKnown(Conflict):
    """评级重复."""

    code = "rating-known"
    zh, en = "该人员同一天已登记不同内容的评级", "another rating of this person and day is recorded"
    fix_zh, fix_en = "请更正已有记录", "correct the one that is recorded"


class Voided(Conflict):
    """已作废."""

    code = "voided"
    zh, en = "该记录已作废，不能再修改", "this was taken back and cannot be changed"
    fix_zh, fix_en = "如需恢复，请重新登记", "record it anew"


class InTheFuture(Invalid):
    """日期晚于业务日期."""

    code = "in-the-future"
    zh, en = "日期晚于业务日期", "the day is after the business date"
    fix_zh, fix_en = "请核对日期", "check the date"


def check_day(day: date, today: date, pointer: str) -> None:
    """A day that has come.

    Raises:
        InTheFuture: it has not.
    """
    if day > today:
        raise InTheFuture(pointer=pointer)
