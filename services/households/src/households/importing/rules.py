"""Pure rules of imports: states, what is wrong and where, which village a name means, which months a file speaks of."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from kit.errors import Conflict, Invalid, NotFound, Refusal, TooLarge

AT_ONCE = 400
"""Households in one transaction; each is one event key, of which a transaction locks 500 at most."""

MOST_ATTEMPTS = 2
"""A household that names a person of another is tried again after all others: the person may have left that one."""


class JobState(StrEnum):
    """任务状态"""

    PREVIEWED = "previewed"
    """待确认"""
    APPLYING = "applying"
    """导入中"""
    APPLIED = "applied"
    """已完成"""
    UNDOING = "undoing"
    """撤销中"""
    STOPPED = "stopped"
    """撤销已中止: `:undo` goes on with the rest"""
    UNDONE = "undone"
    """已撤销"""


class State(StrEnum):
    """户的导入状态"""

    READY = "ready"
    """待导入"""
    PARKED = "parked"
    """有问题,待处理"""
    REGISTERED = "registered"
    """新登记"""
    CHANGED = "changed"
    """已更新"""
    UNCHANGED = "unchanged"
    """无变化"""
    OLDER = "older"
    """早于已导入的数据: only its income figures were taken"""
    DROPPED = "dropped"
    """不导入"""
    UNDONE = "undone"
    """已撤销"""
    KEPT = "kept"
    """未撤销: something of it was changed after the import; `problems` say what"""


CHANGED = frozenset({State.REGISTERED, State.CHANGED, State.OLDER})
"""States of a household that the import changed."""

TAKEN = CHANGED | {State.UNCHANGED}
"""States of a household that an undo looks at, where the import left a trace of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """问题: why a household is parked; it names cells and never what stands in them."""

    kind: str
    row: int
    column: int
    header: str
    household: str
    person: str | None = None
    others: tuple[str, ...] = ()
    also: tuple[int, ...] = ()
    cause_zh: str
    cause_en: str
    remedy_zh: str
    remedy_en: str

    @property
    def reference(self) -> str:
        """The cell as a spreadsheet names it."""
        letters, number = "", self.column
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(65 + rest) + letters
        return f"{letters}{self.row}"

    @property
    def told(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


def trouble_of(kept: Mapping[str, Any]) -> Trouble:
    """The trouble that was kept."""
    return Trouble(**{**kept, "others": tuple(kept["others"]), "also": tuple(kept["also"])})


def from_refusal(refusal: Refusal, *, row: int, column: int, header: str, household: str) -> Trouble:
    """A refusal of another capability, put where it belongs in the file."""
    return Trouble(
        kind=refusal.code.replace("-", "_"), row=row, column=column, header=header, household=household,
        cause_zh=refusal.zh, cause_en=refusal.en, remedy_zh=refusal.fix_zh, remedy_en=refusal.fix_en,
    )  # fmt: skip


class ImportUnknown(NotFound):
    """导入任务不存在或不在管辖范围."""

    code = "import-unknown"
    zh, en = "没有此导入任务，或不在您的管理范围内", "no such import in your area"


class ImportedHouseholdUnknown(NotFound):
    """导入任务中没有此户."""

    code = "imported-household-unknown"
    zh, en = "此导入任务中没有该户", "the import has no such household"


class NotParked(Conflict):
    """该户没有待处理的问题."""

    code = "not-parked"
    zh, en = "该户没有待处理的问题", "nothing about this household waits to be settled"


class NotApplied(Conflict):
    """导入尚未完成."""

    code = "import-not-applied"
    zh, en = "导入尚未完成，不能撤销", "the import is not applied yet and cannot be undone"
    fix_zh, fix_en = "等导入完成后再撤销", "undo it once it is applied"


class UndoUnderWay(Conflict):
    """正在撤销."""

    code = "undo-under-way"
    zh, en = "该导入正在撤销或撤销已中止", "the undoing of this import is under way, or was stopped"
    fix_zh, fix_en = "等撤销完成；已中止的可继续撤销", "wait until it is done; one that was stopped can go on"


class UndoneAlready(Conflict):
    """已撤销."""

    code = "import-undone"
    zh, en = "该导入已撤销", "the import was undone"
    fix_zh, fix_en = "需要时重新上传文件", "upload the file again if it is needed"


class NotUndoing(Conflict):
    """没有在撤销."""

    code = "not-undoing"
    zh, en = "该导入没有在撤销", "the import is not being undone"


class ChangedSince(Conflict):
    """导入后已变更: the household is left as it is, so that nobody's work is lost."""

    code = "changed-since-import"
    fix_zh, fix_en = "核对后由经办人逐项更正", "look at it and correct it by hand"

    def __init__(self, what: Iterable[tuple[str, str]]):
        told = sorted(set(what))
        super().__init__(
            zh=f"导入后该户已有变更（{'、'.join(zh for zh, _ in told)}），未撤销",
            en=f"changed after the import ({', '.join(en for _, en in told)}); left as it is",
        )


class StillWrong(Conflict):
    """更正后仍有问题."""

    code = "still-wrong"
    zh, en = "更正后仍有问题，未导入", "problems remain; the household was not taken"
    fix_zh, fix_en = "按 errors 逐项更正", "correct each entry of errors"


class ExportDateMissing(Invalid):
    """缺少导出时间."""

    code = "export-date-missing"
    zh, en = "文件第二行没有导出时间", "the file names no export date in its second line"
    fix_zh, fix_en = "随文件提交 exported_on，如 2023-10-15", "send exported_on with the file, such as 2023-10-15"
    pointer = "/exported_on"


class ExportDateInFuture(Invalid):
    """导出时间在未来: it would keep later exports from being taken."""

    code = "export-date-future"
    zh, en = "导出时间晚于业务日期", "the export date is after the business date"
    fix_zh, fix_en = "更正导出时间后重新上传", "correct the export date and upload again"
    pointer = "/exported_on"


class OutsideArea(Invalid):
    """行政村不在上传人的管辖范围."""

    code = "village-outside-area"
    zh, en = "该行政村不在您的管理范围内", "the village lies outside your area"
    fix_zh, fix_en = "由所属地区导入该户", "let the area it belongs to import the household"


class HeldElsewhere(Invalid):
    """户编号已登记在管辖范围之外."""

    code = "number-held-elsewhere"
    zh, en = "该户编号已登记，且不在您的管理范围内", "the household number is registered outside your area"
    fix_zh, fix_en = "核对户编号，或由原登记地区办理", "check the number or let the area that registered it do it"


class TooManyToExport(TooLarge):
    """一次导出的户数过多."""

    code = "too-many-households"
    zh, en = "一次最多导出 5000 户", "at most 5,000 households in one file"
    fix_zh, fix_en = "用 path 指定乡镇或行政村，分批导出", "name a township or village by path and export in parts"
    pointer = "/path"


class CouldNotTake(Invalid):
    """系统未能导入该户: our defect; the others were taken."""

    code = "could-not-take"
    zh, en = "系统未能导入该户，其余各户不受影响", "the household could not be taken; the others were"
    fix_zh, fix_en = "稍后重试；仍有问题时请联系管理员", "try again later; if it stays, tell the administrator"


_COMMITTEE = re.compile(r"(村民委员会|居民委员会|村委会|居委会)$")


@dataclass(frozen=True, slots=True)
class NamedVillage:
    """行政村: a village with the names above it."""

    code: str
    path: str
    county: str
    township: str
    village: str


class Gazetteer:
    """地名对照: finds the village that three names mean; names that could mean two mean none."""

    def __init__(self, villages: Iterable[NamedVillage]):
        rows = list(villages)
        self.paths = {row.code: row.path for row in rows}
        self._counties = {row.county for row in rows}
        self._exact = {(row.county, row.township, row.village): row.code for row in rows}
        self._short = _unique(
            (row.county, row.township, name, row.code) for row in rows for name in spellings(row.village)
        )
        # a town in custody (磨憨镇) keeps the name of the county it statutorily belongs to, which is none of ours
        self._anywhere = _unique(("", row.township, name, row.code) for row in rows for name in spellings(row.village))

    def locate(self, county: str, township: str, village: str) -> str | None:
        """The code of the village, if there is exactly one of these names."""
        name, short = self._county(county), without_committee(village)
        if name is None:
            return self._anywhere.get(("", township, short))
        return self._exact.get((name, township, village)) or self._short.get((name, township, short))

    def _county(self, told: str) -> str | None:
        if told in self._counties:
            return told
        stem = told.rstrip("县区市")
        found = [county for county in self._counties if len(stem) >= 2 and county.startswith(stem)]
        return found[0] if len(found) == 1 else None


def without_committee(village: str) -> str:
    """A village's name without what kind of committee it has: 民权村委会 and 民权村民委员会 are one."""
    return _COMMITTEE.sub("", village) or village


def spellings(village: str) -> set[str]:
    """The short names that people write for a village."""
    stem = without_committee(village)
    return {stem, f"{stem}村", f"{stem}社区"}


def _unique(rows: Iterable[tuple[str, str, str, str]]) -> dict[tuple[str, str, str], str]:
    found: dict[tuple[str, str, str], set[str]] = {}
    for county, township, name, code in rows:
        found.setdefault((county, township, name), set()).add(code)
    return {names: codes.pop() for names, codes in found.items() if len(codes) == 1}


def year_before(day: date) -> tuple[date, date]:
    """The twelve full months before the month of a date: first and last day."""
    first = day.replace(day=1)
    return first.replace(year=first.year - 1), first - timedelta(days=1)


def first_of(month: str) -> date:
    """The first day of `YYYY-MM`."""
    return date.fromisoformat(f"{month}-01")
