"""Pure rules of regions: reading rows, management paths, what a change of a row means."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kit.errors import Conflict, Invalid, NotFound

SEGMENT = {"city": 4, "county": 6, "township": 9, "village": 12}
"""How many digits of the statutory code name a region of each level."""

LONGEST_ADVANCE = 400
"""Days the business date may move in one request; each is an event of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionRow:
    """区划: one row as it is told, before its management path is known."""

    code: str
    name: str
    level: str
    parent_code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """区划: a region as it stands from `valid_from`, with its management path (管理归属)."""

    code: str
    name: str
    level: str
    parent_code: str | None
    path: str
    key_county: bool
    valid_from: date


class InFuture(Invalid):
    """日期晚于业务日期: what has not happened cannot be recorded."""

    code = "in-future"
    zh, en = "日期晚于业务日期", "the date is after the business date"
    fix_zh, fix_en = "填写不晚于业务日期的日期", "give a date that is not after the business date"


class RegionUnknown(NotFound):
    """区划不存在."""

    code = "region-unknown"
    zh, en = "没有此区划", "no such region"


class PathUnknown(Invalid):
    """没有此管理路径的区划."""

    code = "path-unknown"
    zh, en = "没有此管理路径的区划，或不在您的管理范围内", "no region with this management path in your area"
    fix_zh, fix_en = "从 /v1/regions 取 path", "take a path from /v1/regions"
    pointer = "/path"


class RegionHistory(Conflict):
    """变更早于现行记录."""

    code = "region-history"
    zh, en = "变更的生效日期早于现行记录", "the change would begin before the row it replaces"
    fix_zh, fix_en = "使用不早于现行记录的生效日期", "use a date that is not before the current row"
    pointer = "query:valid_from"


class BusinessDatePassed(Conflict):
    """业务日期只能向前."""

    code = "business-date-passed"
    zh, en = "业务日期只能向前推进", "the business date only moves forward"
    fix_zh, fix_en = "先查询现行业务日期", "read the current business date first"
    pointer = "/to"


class BusinessDateLeap(Invalid):
    """一次推进天数过多."""

    code = "business-date-leap"
    zh, en = f"一次最多推进 {LONGEST_ADVANCE} 天", f"at most {LONGEST_ADVANCE} days in one request"
    fix_zh, fix_en = "请分多次推进", "advance in several requests"
    pointer = "/to"


class BadCsv(Invalid):
    """CSV 无法读取: the encoding or the header is not what it should be."""

    code = "region-csv"
    zh, en = "CSV 应为 UTF-8 编码，表头为 code,name,level,parent_code", "UTF-8 CSV with code,name,level,parent_code"
    fix_zh, fix_en = "按 data/kunming_regions.csv 整理", "arrange it like data/kunming_regions.csv"


def read_csv(content: bytes) -> list[RegionRow]:
    """Read rows of a CSV with the columns `code, name, level, parent_code`.

    Raises:
        BadCsv: it is something else.
    """
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig")), strict=True)
        if set(reader.fieldnames or ()) != {"code", "name", "level", "parent_code"}:
            raise BadCsv
        return [_row_of(record) for record in reader]
    except (UnicodeDecodeError, csv.Error):
        raise BadCsv from None


def _row_of(record: Mapping[str, str | None]) -> RegionRow:
    told = {name: (value or "").strip() for name, value in record.items() if name}
    return RegionRow(code=told["code"], name=told["name"], level=told["level"], parent_code=told["parent_code"] or None)


def management_path(code: str, level: str, parent_path: str) -> str:
    """The slash-closed path of a region under the one that manages it, whatever its statutory prefix (磨憨镇)."""
    return f"{parent_path}{code[: SEGMENT[level]]}/"


def placed(rows: Sequence[RegionRow], known_paths: Mapping[str, str]) -> list[tuple[RegionRow, str]]:
    """Rows with their paths, parents first.

    Args:
        rows: rows in any order.
        known_paths: paths of regions that are already registered.

    Raises:
        Invalid: a row is malformed, told twice, or its parent is nowhere; all such rows are named at once.
    """
    problems = list(_problems(rows, known_paths))
    if problems:
        raise _refusal(problems)
    paths, result = dict(known_paths), []
    for row in sorted(rows, key=lambda row: SEGMENT[row.level]):
        parent = paths.get(row.parent_code, "") if row.parent_code else ""
        paths[row.code] = management_path(row.code, row.level, parent)
        result.append((row, paths[row.code]))
    return result


def _problems(rows: Sequence[RegionRow], known_paths: Mapping[str, str]) -> Iterator[Invalid]:
    levels = {row.code: row.level for row in rows}
    seen: set[str] = set()
    for number, row in enumerate(rows):
        if row.code in seen:
            yield _problem(number, "code", "region-twice", "区划代码重复", "the code stands twice")
        seen.add(row.code)
        yield from _shape_problems(number, row)
        if row.level != "city" and row.parent_code not in levels and row.parent_code not in known_paths:
            yield _problem(number, "parent_code", "parent-unknown", "上级区划不存在", "the parent is not registered")
        parent_level = levels.get(row.parent_code or "")
        if parent_level in SEGMENT and row.level in SEGMENT and SEGMENT[parent_level] >= SEGMENT[row.level]:
            yield _problem(number, "parent_code", "parent-level", "上级级别不高于本级", "the parent is not above it")


def _shape_problems(number: int, row: RegionRow) -> Iterator[Invalid]:
    if len(row.code) != 12 or not (row.code.isascii() and row.code.isdigit()):
        yield _problem(number, "code", "region-code", "区划代码应为 12 位数字", "a code has 12 digits")
    if row.level not in SEGMENT:
        yield _problem(number, "level", "region-level", "级别应为 city/county/township/village", "unknown level")
    if not row.name:
        yield _problem(number, "name", "region-name", "区划名称为空", "the name is empty")
    if (row.level == "city") != (row.parent_code is None):
        yield _problem(number, "parent_code", "parent-missing", "仅市级可无上级", "only a city has no parent")


def _problem(number: int, column: str, code: str, zh: str, en: str) -> Invalid:
    return Invalid(
        code=code,
        zh=zh,
        en=en,
        fix_zh="更正该行后重新提交",
        fix_en="correct the row and send it again",
        pointer=f"/{number}/{column}",
    )


def _refusal(problems: Sequence[Invalid]) -> Invalid:
    return Invalid(
        code="regions-refused",
        zh=f"{len(problems)} 处区划数据有误,未导入任何行",
        en=f"{len(problems)} problems in the rows; none was taken",
        fix_zh="按 errors 逐项更正",
        fix_en="correct each entry of errors",
        several=problems[:100],
    )


def changed(wanted: Iterable[Region], current: Mapping[str, Region]) -> list[Region]:
    """The regions that differ from the current row.

    Raises:
        Conflict: a change would begin before the row it replaces.
    """
    result = []
    for region in wanted:
        row = current.get(region.code)
        if row is not None and _same(row, region):
            continue
        if row is not None and region.valid_from < row.valid_from:
            raise RegionHistory
        result.append(region)
    return result


def _same(one: Region, other: Region) -> bool:
    return (one.name, one.level, one.parent_code, one.path, one.key_county) == (
        other.name,
        other.level,
        other.parent_code,
        other.path,
        other.key_county,
    )


def days_until(current: date | None, to: date) -> list[date]:
    """The days to publish so that none is skipped; the first ever date stands alone.

    Raises:
        Conflict: the date would not move forward.
        Invalid: the step is too long for one request.
    """
    if current is None:
        return [to]
    if to <= current:
        raise BusinessDatePassed
    if (to - current).days > LONGEST_ADVANCE:
        raise BusinessDateLeap
    return [current + timedelta(days=step) for step in range(1, (to - current).days + 1)]
