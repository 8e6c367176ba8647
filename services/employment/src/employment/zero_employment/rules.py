"""When a family is without any work, out of dated facts; the refusals of this capability. Pure.

NotFound
├── RegistrationUnknown
└── FamilyUnknown
Conflict
├── RegistrationKnown      the person is registered unemployed already
├── StillEmployed          the person has a job on that day
├── RegistrationOver       it ended or was taken back, or would end before it began
└── FamilyCleared          the family has work again, nothing is left to offer
Invalid
├── NotYet                 later than the business date
└── OfferBeforeFinding
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from kit.errors import Conflict, Invalid, NotFound

_UNABLE: Final = frozenset({"lost", "none"})
"""丧失劳动力, 无劳动力: everybody else of working age must be registered; a skill nobody stated is no proof."""


class Found(StrEnum):
    """判定结果: why a family is one without any work, or is none."""

    ZERO = "zero"
    """零就业家庭"""
    EMPLOYED = "employed"
    """已有成员就业"""
    REGISTRATION_ENDED = "registration_ended"
    """有成员未登记失业"""
    NO_ABLE_MEMBER = "no_able_member"
    """无劳动年龄内有劳动能力的成员"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """失业登记: a person able to work has none and looks for it."""

    id: UUID
    revision: int
    void: bool
    person_id: UUID | None
    household_id: UUID | None
    region: str | None
    path: str
    blind_index: str | None
    registered_on: date
    ended_on: date | None
    end_reason: str | None
    department: str

    @property
    def key(self) -> UUID:
        """The key of its events."""
        return self.household_id or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """零就业家庭: one finding, until it is cleared."""

    id: UUID
    revision: int
    void: bool
    household_id: UUID
    region: str | None
    path: str
    found_on: date
    persons: int
    due_on: date | None
    offered_on: date | None
    cleared_on: date | None
    clear_reason: str | None


@dataclass(frozen=True, slots=True)
class Stay:
    """期间: from a first day up to, not including, another one; None = it goes on."""

    first: date
    outside: date | None = None

    def holds(self, on: date) -> bool:
        """Whether a day lies in it."""
        return self.first <= on and (self.outside is None or on < self.outside)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """成员: what is known of somebody who is or was a member, with dates."""

    stay: Stay
    born: date
    sex: str
    skill: str | None
    in_school: bool
    jobs: tuple[Stay, ...] = ()
    registered: tuple[Stay, ...] = ()

    def works(self, on: date) -> bool:
        """Whether a job of this person runs on the day."""
        return any(job.holds(on) for job in self.jobs)

    def unemployed(self, on: date) -> bool:
        """Whether a registration stands; a job that was begun after it ends its force, also once that job is over."""
        return any(
            stay.holds(on) and not any(stay.first < job.first <= on for job in self.jobs) for stay in self.registered
        )


@dataclass(frozen=True, slots=True)
class Ages:
    """劳动年龄 as policy sets it: from the first full year of age up to, not including, the last."""

    first: int
    to: dict[str, int]
    """by sex"""

    def works(self, member: Member, on: date) -> bool:
        """Whether a member is of working age on the day."""
        return self.first <= full_years(member.born, on) < self.to[member.sex]


def full_years(born: date, on: date) -> int:
    """周岁."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def able(members: Sequence[Member], ages: Ages, on: date) -> list[Member]:
    """The members of working age who can work: not in school, not known to be unable."""
    here = (member for member in members if member.stay.holds(on) and ages.works(member, on))
    return [member for member in here if not member.in_school and member.skill not in _UNABLE]


def judged(members: Sequence[Member], ages: Ages, on: date) -> tuple[Found, int]:
    """What a family is on a day, and how many of it are able to work.

    Farming, or somebody of whom nothing is known, is not unemployment: only a registration is.
    """
    who = able(members, ages, on)
    if not who:
        return Found.NO_ABLE_MEMBER, 0
    if any(member.works(on) for member in who):
        return Found.EMPLOYED, len(who)
    if not all(member.unemployed(on) for member in who):
        return Found.REGISTRATION_ENDED, len(who)
    return Found.ZERO, len(who)


class Outcome(StrEnum):
    """一户的变化"""

    FIND = "find"
    """认定"""
    CLEAR = "clear"
    """清零"""
    VOID = "void"
    """撤销: what is known now says that it never was one"""


def changed(
    members: Sequence[Member], ages: Ages, on: date, found_on: date | None
) -> tuple[Outcome, Found, int] | None:
    """What becomes of a family; None where nothing does.

    Args:
        members: everybody who is or was a member.
        ages: of work.
        on: the business date.
        found_on: since when a finding stands; None = none does.
    """
    now, persons = judged(members, ages, on)
    if found_on is None:
        return (Outcome.FIND, now, persons) if now is Found.ZERO else None
    if now is Found.ZERO:
        return None
    # A job that begins on the very day clears the family; only one that ran before it says that it never was one.
    before = [replace(m, jobs=tuple(job for job in m.jobs if job.first < found_on)) for m in members]
    then, _ = judged(before, ages, found_on)
    # Who is able is not dated, so only a job or a missing registration proves a finding wrong.
    wrong = then in (Found.EMPLOYED, Found.REGISTRATION_ENDED)
    return Outcome.VOID if wrong else Outcome.CLEAR, now, persons


def due(found_on: date, days: int | None) -> date | None:
    """Last day for offering a job; None where no policy sets the days."""
    return None if days is None else found_on + timedelta(days=days)


class FamilyState(StrEnum):
    """零就业家庭状态"""

    WAITING = "waiting"
    """待提供岗位"""
    OVERDUE = "overdue"
    """逾期未提供岗位"""
    OFFERED = "offered"
    """已提供岗位，尚未就业"""
    CLEARED = "cleared"
    """已清零"""
    VOID = "void"
    """已撤销"""


def state_of(family: Family, on: date) -> FamilyState:
    """Where a family stands on a day."""
    if family.void:
        return FamilyState.VOID
    if family.cleared_on is not None:
        return FamilyState.CLEARED
    if family.offered_on is not None:
        return FamilyState.OFFERED
    late = family.due_on is not None and on > family.due_on
    return FamilyState.OVERDUE if late else FamilyState.WAITING


class RegistrationUnknown(NotFound):
    """失业登记不存在."""

    code = "registration-unknown"
    zh, en = "没有这条失业登记，或不在您的管理范围内", "no such registration, or it lies outside your area"


class FamilyUnknown(NotFound):
    """零就业家庭记录不存在."""

    code = "zero-employment-unknown"
    zh, en = "没有这条零就业家庭记录，或不在您的管理范围内", "no such family, or it lies outside your area"


class RegistrationKnown(Conflict):
    """已登记失业."""

    code = "registration-known"
    zh, en = "该人员已有另一日期的失业登记，尚未注销", "the person is registered unemployed already, from another day"
    fix_zh, fix_en = "请先注销原登记", "end the registration that stands first"
    pointer = "/registered_on"


class StillEmployed(Conflict):
    """仍在就业."""

    code = "still-employed"
    zh, en = "该人员当日仍有在岗的务工记录", "a job of this person runs on that day"
    fix_zh, fix_en = "请先登记离岗，或核对日期", "report the end of the job first, or check the date"
    pointer = "/registered_on"


class RegistrationOver(Conflict):
    """失业登记已注销或已作废, or would end before it began."""

    code = "registration-over"
    zh, en = "该登记已注销、已作废，或注销日期早于登记日期", "it ended or is void, or would end before it began"
    pointer = "/ended_on"


class FamilyCleared(Conflict):
    """已清零."""

    code = "zero-employment-cleared"
    zh, en = "该户已清零或已撤销，无需再提供岗位", "the family has work again, or never was without"


class NotYet(Invalid):
    """日期在将来."""

    code = "in-future"
    zh, en = "日期晚于当前业务日期", "this lies after the business date"
    fix_zh, fix_en = "请核对日期，发生后再登记", "check the date; report it once it has happened"


class OfferBeforeFinding(Invalid):
    """提供岗位早于认定."""

    code = "offer-before-finding"
    zh, en = "提供岗位的日期早于认定日期", "a job would be offered before the family was found"
    fix_zh, fix_en = "请核对日期", "check the date"
    pointer = "/offered_on"


def check_day(day: date, on: date, pointer: str) -> None:
    """A day that has come.

    Raises:
        NotYet: it has not.
    """
    if day > on:
        raise NotYet(pointer=pointer)
