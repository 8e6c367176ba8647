"""What holds for spells and wages, without a database or a clock; the refusals of this capability.

NotFound
├── SpellUnknown
└── WageUnknown
Conflict
├── SpellKnown        the person began another job on the same day
├── WageKnown         another amount is recorded for the same job and month
├── NotEnded          there is no end to take back
└── Voided            the fact was taken back
Invalid
├── InFuture          later than the business date
├── EndBeforeStart
├── OutsideSpell      a wage for a month in which the job did not run
└── SheetUnreadable   the file as a whole cannot be read
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from income.months import Month
from kit.errors import Conflict, Invalid, NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """事实: what spells, wages and missed wages have in common; without a household it is unmatched."""

    id: UUID
    revision: int
    void: bool
    person_id: UUID | None
    household_id: UUID | None
    region: str | None
    path: str
    blind_index: str | None

    @property
    def key(self) -> UUID:
        """The key of its events."""
        return self.household_id or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell(Fact):
    """务工记录: a job of one person."""

    started_on: date
    channel: str
    place_code: str | None
    employer: str | None
    monthly_wage: Decimal | None
    ended_on: date | None
    end_reason: str | None
    end_revision: int
    next_expected: date | None
    department: str

    @property
    def version(self) -> int:
        """Grows with every change of the spell or its end."""
        return self.revision + self.end_revision

    def touches(self, month: Month) -> bool:
        """Whether the job ran on any day of the month."""
        ended = self.ended_on or date.max
        return not self.void and self.started_on <= month.last_day and ended >= month.first_day

    def owes(self, month: Month) -> bool:
        """Whether a wage for the month is expected: agreed, and the job ran to the end of the month."""
        ran = self.touches(month) and (self.ended_on is None or self.ended_on >= month.last_day)
        return ran and self.monthly_wage is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wage(Fact):
    """工资: what was paid for one month; `month` is its first day."""

    spell_id: UUID | None
    month: date
    amount: Decimal
    channel: str
    department: str

    @property
    def version(self) -> int:
        """Grows with every change."""
        return self.revision


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedWage(Fact):
    """工资未到: void once the wage came after all, or was never owed."""

    spell_id: UUID
    month: date
    expected: Decimal


class SpellUnknown(NotFound):
    """务工记录不存在."""

    code = "spell-unknown"
    zh, en = "没有这条务工记录，或不在您的管理范围内", "no such job spell, or it lies outside your area"


class WageUnknown(NotFound):
    """工资记录不存在."""

    code = "wage-unknown"
    zh, en = "没有这条工资记录，或不在您的管理范围内", "no such wage, or it lies outside your area"


class SpellKnown(Conflict):
    """务工记录重复."""

    code = "spell-known"
    zh, en = "该人员同一天已登记另一条内容不同的务工记录", "another job of this person begins on the same day"
    fix_zh, fix_en = "请更正已有记录", "correct the one that is recorded"


class WageKnown(Conflict):
    """工资重复."""

    code = "wage-known"
    zh, en = "该份工作当月已登记不同金额的工资", "another amount is recorded for this job and month"
    fix_zh, fix_en = "请更正已有记录，不要重复登记", "correct the recorded wage instead of recording a second one"


class NotEnded(Conflict):
    """未登记离岗."""

    code = "not-ended"
    zh, en = "该务工记录没有登记离岗", "this job has not ended"


class Voided(Conflict):
    """已作废."""

    code = "voided"
    zh, en = "该记录已作废，不能再修改", "this was taken back and cannot be changed"
    fix_zh, fix_en = "如需恢复，请重新登记", "record it anew"


class InFuture(Invalid):
    """日期在将来."""

    code = "in-future"
    zh, en = "日期晚于当前业务日期", "this lies after the business date"
    fix_zh, fix_en = "请核对日期，发生后再登记", "check the date; report it once it has happened"


class EndBeforeStart(Invalid):
    """离岗早于上岗."""

    code = "end-before-start"
    zh, en = "离岗日期早于上岗日期", "the job would end before it began"
    fix_zh, fix_en = "请核对两个日期", "check both dates"
    pointer = "/ended_on"


class OutsideSpell(Invalid):
    """工资月份不在务工期间."""

    code = "outside-spell"
    zh, en = "工资月份不在该务工记录的期间内", "the job did not run in this month"
    fix_zh, fix_en = "请核对月份，或更正上岗、离岗日期", "check the month, or correct when the job began or ended"


class SheetUnreadable(Invalid):
    """表格无法读取."""

    code = "sheet-unreadable"
    pointer = "/file"


def check_start(started_on: date, today: date) -> None:
    """A job that has begun.

    Raises:
        InFuture: it has not.
    """
    if started_on > today:
        raise InFuture(pointer="/started_on")


def check_end(spell: Spell, ended_on: date, today: date) -> None:
    """An end that has come and does not precede the beginning.

    Raises:
        EndBeforeStart, InFuture: as they say.
    """
    if ended_on < spell.started_on:
        raise EndBeforeStart
    if ended_on > today:
        raise InFuture(pointer="/ended_on")


def check_month(month: Month, spell: Spell | None, today: date) -> None:
    """A month that has begun, and in which the job ran.

    Raises:
        InFuture, OutsideSpell: as they say.
    """
    if month.first_day > today:
        raise InFuture(pointer="/month")
    if spell is not None and not spell.touches(month):
        raise OutsideSpell(pointer="/month")


def spell_for(month: Month, spells: list[Spell]) -> Spell | None:
    """The job that a wage without a named job was paid for: the newest that ran in the month."""
    running = [spell for spell in spells if spell.touches(month)]
    return max(running, key=lambda spell: (spell.started_on, spell.id)) if running else None


def first_expected(started_on: date, today: date) -> date:
    """The first month (its first day) whose wage is waited for: nothing is owed for before the job was reported."""
    return max(Month.of(started_on), Month.of(today)).first_day


def pay_day(month: Month, day: int) -> date:
    """The day of the following month by which the wage of a month must have come."""
    following = month.plus(1)
    return date.fromordinal(min(following.first_day.toordinal() + day - 1, following.last_day.toordinal()))


def is_due(month: Month, day: int, today: date) -> bool:
    """Whether the pay day of the month has passed."""
    return today > pay_day(month, day)
