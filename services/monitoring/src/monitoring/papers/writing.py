"""Writing a paper: the words of a case put into a template, as text and as HTML. Pure but for reading the template."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from kit.errors import Conflict

from ..cases.rules import Case, Measure, State


class Paper(StrEnum):
    """文书"""

    NOTICE = "notice"
    """公示: hung out in the village"""
    CARD = "card"
    """明白卡: kept by the household"""


class PaperTooEarly(Conflict):
    """尚不能出具."""

    code = "paper-too-early"
    zh, en = "个案尚未进行到可以出具该文书的环节", "the case has not come to the step of this paper"
    fix_zh, fix_en = (
        "公示须在张贴后出具，明白卡须在纳入后出具",
        "the notice is written once it is posted, the card once the household is listed",
    )


CAUSES: Final = {
    "illness": "因病",
    "disability": "因残",
    "schooling": "因学",
    "disaster": "因自然灾害",
    "accident": "因意外事故",
    "business_failure": "因产业项目失败",
    "unstable_work": "因务工就业不稳",
    "labour_shortage": "缺劳动力",
    "housing": "因安全住房",
    "water": "因安全饮水",
    "other": "其他",
}
_CATEGORIES: Final = {"unstable": "脱贫不稳定户", "borderline": "边缘易致贫户", "sudden": "突发严重困难户"}
_MEASURES: Final = {
    Measure.INDUSTRY: "产业帮扶",
    Measure.EMPLOYMENT: "就业帮扶",
    Measure.FINANCE: "金融帮扶",
    Measure.PUBLIC_POST: "公益岗位帮扶",
    Measure.HOUSING: "住房安全保障",
    Measure.WATER: "饮水安全保障",
    Measure.HEALTH: "健康帮扶",
    Measure.COMPULSORY_SCHOOLING: "义务教育保障",
    Measure.EDUCATION: "其他教育帮扶",
    Measure.SUPPORT: "综合保障",
    Measure.SOCIAL: "社会帮扶",
    Measure.RELOCATION: "搬迁",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """户: what a paper says of it; `head` is masked."""

    head: str | None
    size: int | None
    place: str
    village: str


@dataclass(frozen=True, slots=True)
class Written:
    """成文"""

    text: str
    html: str


def write(paper: Paper, case: Case, home: Home, posted_on: date | None) -> Written:
    """Write a paper of a case.

    Raises:
        PaperTooEarly: the case has not come so far.
    """
    words = _notice(case, posted_on) if paper is Paper.NOTICE else _card(case)
    words |= {
        "place": home.place,
        "village": home.village,
        "head": home.head or "—",
        "size": str(home.size or "—"),
        "causes": "、".join(CAUSES[cause] for cause in case.causes),
    }
    return Written(_filled(paper, "txt", words), _filled(paper, "html", {k: escape(v) for k, v in words.items()}))


def _notice(case: Case, posted_on: date | None) -> dict[str, str]:
    if posted_on is None or case.notice_until is None:
        raise PaperTooEarly
    matter = "拟消除返贫风险的监测对象" if case.eliminating else "拟纳入防止返贫监测对象"
    return {"title": f"{matter}公示", "matter": matter, "posted": str(posted_on), "until": str(case.notice_until)}


def _card(case: Case) -> dict[str, str]:
    if case.state not in (State.LISTED, State.ELIMINATED) and not case.eliminating:
        raise PaperTooEarly
    measures = [
        f"{CAUSES[cause]}：{_MEASURES[Measure(measure)]}（{since}起）" for cause, measure, since in case.measures
    ]
    return {
        "category": _CATEGORIES.get(case.category or "", "—"),
        "identified": str(case.identified_on or "—"),
        "measures": "\n".join(measures) or "尚未登记",
        "state": "风险已消除，继续跟踪" if case.state is State.ELIMINATED else "已纳入，帮扶中",
    }


def _filled(paper: Paper, form: str, words: Mapping[str, str]) -> str:
    return _template(paper, form).substitute(words)


@cache
def _template(paper: Paper, form: str) -> Template:
    return Template((Path(__file__).parent / "templates" / f"{paper}.{form}").read_text("utf-8"))
