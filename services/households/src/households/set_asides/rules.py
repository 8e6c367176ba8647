"""What holds for money set apart for the neediest: who may be chosen, how much there is; the refusals.

NotFound
└── SetAsideUnknown
Conflict
├── SetAsideStands        the decision stands with other terms
├── SetAsideVoid          it was taken back
├── SourceUnknown         the year's income of this source is not recorded
├── SetAsideTooLarge      more than is left of that income
├── NoticeDaysUnknown     nobody has set how long it is posted: unknown, so nothing may be paid
├── NoticeRunning         it is not posted long enough
├── NoticeOver            it has been posted: who is chosen stays
├── NotPosted             nothing is paid before the notice is over
├── SetAsideSpent         more than is left of what was set apart
└── SetAsidePaid          households have got some of it
Invalid
├── NotNeedy, NamedTwice
└── SetAsideDates
"""

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from kit.errors import Conflict, Invalid, NotFound

NOTICE_DAYS: Final = "set_aside.notice_days"
"""policy value: days that the chosen households are posted at least before anything is paid"""
INCOME_LINE: Final = "set_aside.income_line"
"""policy value: yuan a head and year; below it a household counts as 低收入 beside those that are monitored"""


class Ground(StrEnum):
    """入选理由"""

    MONITORED = "monitored"
    """未消除风险的监测对象"""
    LOW_INCOME = "low_income"
    """低收入户"""


class SetAsideUnknown(NotFound):
    """帮扶股不存在或不在管辖范围."""

    code = "set-aside-unknown"
    zh, en = "没有此项帮扶股，或不在您的管理范围内", "no such set-aside in your area"


class SetAsideStands(Conflict):
    """决议已登记."""

    code = "set-aside-stands"
    zh, en = "该决议下的帮扶股已登记，且内容不同", "a set-aside stands under this decision with other terms"
    pointer = "/reference"


class SetAsideVoid(Conflict):
    """帮扶股已作废."""

    code = "set-aside-void"
    zh, en = "该项帮扶股已作废", "the set-aside was taken back"


class SourceUnknown(Conflict):
    """收入未登记."""

    code = "set-aside-source-unknown"
    zh, en = "该年度该来源的村集体收入未登记", "the collective's income of this year and source is not recorded"
    fix_zh, fix_en = "先登记该笔收入或捐赠", "record the income or the donation first"
    pointer = "/source"


class SetAsideTooLarge(Conflict):
    """超过该笔收入的余额."""

    code = "set-aside-too-large"
    zh, en = "金额超过该年度该来源收入的余额", "more than is left of the income of this year and source"
    fix_zh, fix_en = "核对收入、已设帮扶股和已发奖励", "check the income, what else was set apart and the bonuses"
    pointer = "/amount"


class NoticeDaysUnknown(Conflict):
    """公示天数未知."""

    code = "set-aside-notice-unknown"
    zh, en = (
        "尚未规定公示天数，天数未知，不能结束公示",
        "nobody has set how long it must be posted; it is unknown, so the notice cannot end",
    )
    fix_zh, fix_en = (
        "由县级在 /v1/policy-drafts 起草并由第二人发布 set_aside.notice_days 及其文号",
        "let the county set set_aside.notice_days with its document at /v1/policy-drafts, by two persons",
    )


class NoticeRunning(Conflict):
    """公示期未满."""

    code = "set-aside-notice-running"
    zh, en = "公示期未满", "it has not been posted long enough"
    pointer = "/closed_on"


class NoticeOver(Conflict):
    """公示已结束."""

    code = "set-aside-notice-over"
    zh, en = "公示已结束，入选户不再变更", "the notice is over, and who was chosen stays"
    fix_zh, fix_en = "确需变更的，作废后重新决议公示", "where it must change, void it, decide and post anew"


class NotPosted(Conflict):
    """公示未结束."""

    code = "set-aside-not-posted"
    zh, en = "公示结束之前不得发放", "nothing is paid before the notice is over"
    fix_zh, fix_en = "先结束公示", "close the notice first"
    pointer = "/paid_on"


class SetAsideSpent(Conflict):
    """超过帮扶股余额."""

    code = "set-aside-spent"
    zh, en = "发放金额超过该项帮扶股的余额", "more than is left of what was set apart"
    pointer = "/amount"


class SetAsidePaid(Conflict):
    """已有发放."""

    code = "set-aside-paid"
    zh, en = "该项帮扶股已有发放，不能作废", "households have got some of it, so it cannot be taken back"
    fix_zh, fix_en = "先作废其发放", "void its distributions first"


class NotNeedy(Invalid):
    """不属于重点保障群体."""

    code = "not-needy"
    zh, en = (
        "该户不是未消除风险的监测对象，也未认定为低收入户",
        "the household is not monitored, nor known to have a low income",
    )
    fix_zh, fix_en = (
        "核对监测对象类别、最近一个官方年度收入和 set_aside.income_line",
        "check its category, its newest official yearly income and set_aside.income_line",
    )


class NamedTwice(Invalid):
    """同一户重复."""

    code = "named-twice"
    zh, en = "同一户在请求中重复", "a household is named twice"


class SetAsideDates(Invalid):
    """日期先后不合理."""

    code = "set-aside-dates"
    zh, en = "日期先后不合理，或不在帮扶期内", "the days do not follow each other, or lie outside its term"


def check_terms(*, decided_on: date, posted_on: date, since: date, until: date) -> None:
    """A decision is posted afterwards, and its term has a first and a last day.

    Raises:
        SetAsideDates: otherwise.
    """
    if posted_on < decided_on:
        raise SetAsideDates(pointer="/posted_on")
    if until < since:
        raise SetAsideDates(pointer="/until")


def check_notice(posted_on: date, closed_on: date, days: Decimal | None) -> None:
    """The notice hung for all its days; the day it was posted on is the first.

    Raises:
        NoticeDaysUnknown, NoticeRunning: as they say.
    """
    if days is None:
        raise NoticeDaysUnknown
    if closed_on < posted_on + timedelta(days=int(days)):
        raise NoticeRunning


def check_room(amount: Decimal, *, earned: Decimal | None, spoken_for: Collection[Decimal]) -> None:
    """What is set apart is left of the income it comes from.

    Args:
        amount: yuan to set apart.
        earned: the income of the year and source; None where it is not recorded.
        spoken_for: what was set apart of it or given to cadres already.

    Raises:
        SourceUnknown, SetAsideTooLarge: as they say.
    """
    if earned is None:
        raise SourceUnknown
    if amount + sum(spoken_for, Decimal(0)) > earned:
        raise SetAsideTooLarge


def check_paying(
    amount: Decimal, paid_on: date, *, left: Decimal, closed_on: date | None, since: date, until: date
) -> None:
    """A payment comes after the notice, within the term, out of what is left.

    Raises:
        NotPosted, SetAsideDates, SetAsideSpent: as they say.
    """
    if closed_on is None or paid_on < closed_on:
        raise NotPosted
    if not since <= paid_on <= until:
        raise SetAsideDates(pointer="/paid_on")
    if amount > left:
        raise SetAsideSpent


def ground(*, monitored: bool, per_head: Decimal | None, line: Decimal | None) -> Ground | None:
    """Why a household may be chosen; None where nothing says that it is needy.

    Args:
        monitored: whether it is a 监测对象 whose risk is not eliminated.
        per_head: yuan a head of its newest official year; None where it is not recorded.
        line: the line under which an income is low; None where nobody has set one.
    """
    if monitored:
        return Ground.MONITORED
    if per_head is not None and line is not None and per_head < line:
        return Ground.LOW_INCOME
    return None
