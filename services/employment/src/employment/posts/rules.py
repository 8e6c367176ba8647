"""Who may take a post, and for how long; the refusals of this capability. Pure.

NotFound
├── PostUnknown
└── HoldingUnknown
Conflict
├── PostFull           every budgeted place is taken
├── HoldsPost          one post per person
├── AwayAtWork         a job elsewhere runs on the day
├── HolderAwaited      the person is not registered
├── TermUnknown        no policy says how long a contract may be
├── PlacesTaken        fewer places than are taken
└── HoldingOver        ended or voided
Invalid
├── VillageUnknown
├── OutsideBudget      the contract leaves the time for which the places are budgeted
├── TooLong            longer than policy allows
├── ElsewhereCounty    the post is in another county than the person's household
└── DayOutOfTime
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from kit.errors import Conflict, Invalid, NotFound

CONTRACT_MONTHS: Final = "post.contract.months"
"""Policy: the longest contract, months."""

_AWAY: Final = "migrant"
"""外出务工: work whose place nobody told is away all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """乡村公益性岗位: places of one kind in a village, with the pay and time they are budgeted for.

    Attributes:
        monthly_pay: 岗位补贴, yuan.
        valid_from, valid_to: the first and last day of the budget.
        document: that grants the places.
    """

    id: UUID
    version: int
    region: str
    path: str
    name: str
    places: int
    monthly_pay: Decimal
    valid_from: date
    valid_to: date
    document: str
    department: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """在岗: a person on a post, by a contract; `ended_on` is the first day outside.

    Attributes:
        causes: 针对的风险, as the department names them.
        spell_id: the job under which the wage is paid.
    """

    id: UUID
    revision: int
    void: bool
    person_id: UUID
    household_id: UUID
    region: str
    path: str
    post_id: UUID
    spell_id: UUID
    contract_from: date
    contract_to: date
    causes: tuple[str, ...]
    ended_on: date | None
    end_reason: str | None
    department: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """务工经历: a job of the person; `ended_on` is the first day outside."""

    id: UUID
    channel: str
    place_code: str | None
    started_on: date
    ended_on: date | None


def county_of(path: str) -> str:
    """The six digits of the county of a management path; of what the city manages directly, those it begins with."""
    return path.split("/")[1][:6]


def away(jobs: Iterable[Work], county: str, since: date) -> UUID | None:
    """A job that runs on the day or later, elsewhere than in the county, or out of it as far as anybody told."""
    for job in jobs:
        runs = job.ended_on is None or job.ended_on > since
        elsewhere = job.channel == _AWAY if job.place_code is None else job.place_code[:6] != county
        if runs and elsewhere:
            return job.id
    return None


def check_contract(post: Post, first: date, last: date, months: int | None) -> None:
    """A contract within the budget, and no longer than policy allows.

    Raises:
        DayOutOfTime, OutsideBudget, TermUnknown, TooLong: as they say.
    """
    if last < first:
        raise DayOutOfTime(pointer="/contract_to")
    if first < post.valid_from or last > post.valid_to:
        raise OutsideBudget
    if months is None:
        raise TermUnknown
    outside = date.fromordinal(last.toordinal() + 1)
    whole = (outside.year - first.year) * 12 + outside.month - first.month
    if whole > months or (whole == months and outside.day > first.day):
        raise TooLong(zh=f"合同期限最长 {months} 个月", en=f"a contract lasts {months} months at most")


class PostUnknown(NotFound):
    """岗位不存在."""

    code = "post-unknown"
    zh, en = "没有这个公益性岗位，或不在您的管理范围内", "no such post, or it lies outside your area"


class HoldingUnknown(NotFound):
    """在岗记录不存在."""

    code = "post-holding-unknown"
    zh, en = "没有这条在岗记录，或不在您的管理范围内", "nobody holds such a post in your area"


class PostFull(Conflict):
    """岗位名额已满."""

    code = "post-full"
    zh, en = "该岗位的名额已满", "every budgeted place of this post is taken"
    fix_zh, fix_en = "请选择其他岗位，或待有人离岗后再安排", "choose another post, or wait until a place is free"
    pointer = "/post_id"


class HoldsPost(Conflict):
    """一人一岗."""

    code = "holds-post"
    zh, en = "该人员已在公益性岗位上，一人只能安排一个岗位", "this person holds a post already; one per person"
    fix_zh, fix_en = "请先登记原岗位离岗", "report the end of that one first"
    pointer = "/person"


class AwayAtWork(Conflict):
    """外出务工期间不得安排公益性岗位."""

    code = "away-at-work"
    zh, en = "该人员当日有县外或外出务工记录，不能同时在岗", "a job elsewhere runs on that day; nobody does both"
    fix_zh, fix_en = "请先登记离岗返乡，或核对务工记录", "report the end of that job first, or correct it"
    pointer = "/person"


class HolderAwaited(Conflict):
    """人员尚未登记."""

    code = "holder-awaited"
    zh, en = "该人员尚未登记为农户成员", "nobody is registered with this certificate"
    fix_zh, fix_en = "请先由乡镇登记农户和成员", "let the township register the household first"
    pointer = "/person"


class TermUnknown(Conflict):
    """合同期限未规定."""

    code = "post-term-unknown"
    zh, en = "当地没有公益性岗位合同期限的政策值", "no policy says how long a contract may be"
    fix_zh, fix_en = f"请先设定政策值 {CONTRACT_MONTHS}", f"set the policy value {CONTRACT_MONTHS} first"


class PlacesTaken(Conflict):
    """名额少于在岗人数."""

    code = "post-places-taken"
    zh, en = "名额不能少于在岗人数", "more places are taken than that"
    pointer = "/places"


class HoldingOver(Conflict):
    """已离岗或已作废."""

    code = "post-holding-over"
    zh, en = "该人员已离岗", "the person holds the post no more"


class VillageUnknown(Invalid):
    """行政村不存在."""

    code = "village-unknown"
    zh, en = "没有这个行政村，或不在您的管理范围内", "no such village, or it lies outside your area"
    pointer = "/region"


class OutsideBudget(Invalid):
    """合同超出预算期."""

    code = "outside-budget"
    zh, en = "合同起止日期超出岗位预算期", "the contract leaves the time the places are budgeted for"
    pointer = "/contract_to"


class TooLong(Invalid):
    """合同超过最长期限; raised with the months."""

    code = "contract-too-long"
    fix_zh, fix_en = "请按年签订，期满再续", "sign for a year, and again when it is over"
    pointer = "/contract_to"


class ElsewhereCounty(Invalid):
    """岗位不在本县."""

    code = "post-in-another-county"
    zh, en = "公益性岗位须在农户所在县", "the post must be in the county of the household"
    pointer = "/post_id"


class DayOutOfTime(Invalid):
    """日期不合理."""

    code = "day-out-of-time"
    zh, en = "日期早于起始日，或晚于当前业务日期", "the day lies before the beginning, or after the business date"
    fix_zh, fix_en = "请核对日期", "check the date"
