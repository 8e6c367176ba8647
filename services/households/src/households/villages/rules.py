"""Pure rules of villages: what a row of a newer or older export changes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from kit.errors import Invalid

FACTS = ("lifted", "households", "persons", "hamlets", "groups")


class VillageState(StrEnum):
    """村的导入状态"""

    NEW = "new"
    """新登记"""
    CHANGED = "changed"
    """有变更"""
    UNCHANGED = "unchanged"
    """无变化"""
    OLDER = "older"
    """早于已登记的数据, not taken"""


@dataclass(frozen=True, slots=True, kw_only=True)
class VillageFacts:
    """村情: a village as the newest export states it; None is not filled.

    Attributes:
        stated_on: date of the export.
        lifted: 是否脱贫村 (unverified column).
        households: 总户数.
        persons: 总人口数.
        hamlets: 自然村数.
        groups: 村民小组数.
    """

    code: str
    revision: int
    stated_on: date
    lifted: bool | None
    households: int | None
    persons: int | None
    hamlets: int | None
    groups: int | None


class VillageOutsideArea(Invalid):
    """行政村不在上传人的管辖范围."""

    code = "village-outside-area"
    zh, en = "该行政村不在您的管理范围内", "the village lies outside your area"
    fix_zh, fix_en = "由所属地区上传该村", "let the area it belongs to upload the village"


class SheetDateMissing(Invalid):
    """缺少导出时间."""

    code = "export-date-missing"
    zh, en = "文件第二行没有导出时间", "the file names no export date in its second line"
    fix_zh, fix_en = "随文件提交 exported_on，如 2023-10-15", "send exported_on with the file, such as 2023-10-15"
    pointer = "/exported_on"


class SheetDateInFuture(Invalid):
    """导出时间在未来."""

    code = "export-date-future"
    zh, en = "导出时间晚于业务日期", "the export date is after the business date"
    fix_zh, fix_en = "更正导出时间后重新上传", "correct the export date and upload again"
    pointer = "/exported_on"


def weighed(
    known: VillageFacts | None, told: VillageFacts, columns: Iterable[str]
) -> tuple[VillageState, VillageFacts | None]:
    """What a statement comes to, and the row that then stands if it changes.

    Args:
        known: what stands.
        told: what the file says, whatever its revision.
        columns: facts that the file has a column for; the others stay.
    """
    if known is None:
        return VillageState.NEW, replace(told, revision=1)
    if told.stated_on < known.stated_on:
        return VillageState.OLDER, None
    wanted = replace(known, **{name: getattr(told, name) for name in columns})
    if wanted == known:
        return VillageState.UNCHANGED, None
    return VillageState.CHANGED, replace(wanted, stated_on=told.stated_on, revision=known.revision + 1)
