"""What holds for demonstration bases; the refusals of this capability.

NotFound
├── BaseUnknown, RecognitionUnknown, BaseHouseholdUnknown
Conflict
├── BaseClosed           it takes no changes and no households
├── RecognitionStands    it is recognised at this level
├── RecognitionGone      it was withdrawn
└── BaseLeftAlready      the household has left
Invalid
├── BaseOwner, OwnerUnknown, BaseDates
"""

from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import UUID

from kit.errors import Conflict, Invalid, NotFound

LEVELS: Final = ("county", "city", "province", "nation")
"""认定级别, the lowest first."""
VILLAGE: Final = "village"


class BaseUnknown(NotFound):
    """示范基地不存在或不在管辖范围."""

    code = "base-unknown"
    zh, en = "没有此示范基地，或不在您的管理范围内", "no such base in your area"


class RecognitionUnknown(NotFound):
    """认定不存在或不在管辖范围."""

    code = "base-recognition-unknown"
    zh, en = "没有此认定，或不在您的管理范围内", "no such recognition in your area"


class BaseHouseholdUnknown(NotFound):
    """该户不在此基地."""

    code = "base-household-unknown"
    zh, en = "该户不在此示范基地，或不在您的管理范围内", "the household is not in this base, or out of your area"


class BaseClosed(Conflict):
    """示范基地已撤销."""

    code = "base-closed"
    zh, en = "该示范基地已撤销", "the base is closed"


class RecognitionStands(Conflict):
    """该级别已认定."""

    code = "base-recognition-stands"
    zh, en = "该示范基地已有此级别认定", "the base is recognised at this level already"
    pointer = "/level"


class RecognitionGone(Conflict):
    """认定已取消."""

    code = "base-recognition-gone"
    zh, en = "该认定已取消", "the recognition was withdrawn"


class BaseLeftAlready(Conflict):
    """该户已退出."""

    code = "base-left"
    zh, en = "该户已退出此示范基地", "the household has left the base"


class BaseOwner(Invalid):
    """基地须有一个建设主体."""

    code = "base-owner"
    zh, en = (
        "示范基地须填经营主体或村集体之一；示范村可不填",
        "a base is owned by one entity or one collective; a village may have no owner",
    )
    fix_zh, fix_en = "填写 entity_id 或 collective_id 之一", "state either entity_id or collective_id"
    pointer = "/entity_id"


class OwnerUnknown(Invalid):
    """没有此建设主体."""

    code = "base-owner-unknown"
    zh, en = "没有此经营主体或村集体，或已注销", "no such entity or collective, or it is closed"
    pointer = "/entity_id"


class BaseDates(Invalid):
    """日期先后不合理."""

    code = "base-dates"
    zh, en = "日期早于起始日", "the day lies before it began"


def check_owner(kind: str, entity_id: UUID | None, collective_id: UUID | None) -> None:
    """A base has one owner, a demonstration village one at most.

    Raises:
        BaseOwner: otherwise.
    """
    owners = (entity_id is not None) + (collective_id is not None)
    if owners > 1 or (owners == 0 and kind != VILLAGE):
        raise BaseOwner


def check_order(day: date, since: date, *, pointer: str) -> None:
    """A change comes no earlier than what it changes.

    Raises:
        BaseDates: otherwise.
    """
    if day < since:
        raise BaseDates(pointer=pointer)


def highest(levels: Iterable[str]) -> str | None:
    """The highest of the levels at which a base is recognised."""
    return max(levels, key=LEVELS.index, default=None)
