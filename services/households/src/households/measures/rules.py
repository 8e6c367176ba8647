"""Pure rules of measures."""

from collections.abc import Iterable
from typing import Final, TypeVar

from kit.errors import Conflict, Invalid, NotFound

Cause = TypeVar("Cause", bound=str)

_DEVELOPMENT: Final = frozenset({"industry", "employment"})
_ANSWERS: Final = {
    "illness": frozenset({"health", "social", "support"}),
    "schooling": frozenset({"education", "compulsory_schooling", "social"}),
    "housing": frozenset({"housing", "relocation"}),
    "water": frozenset({"water"}),
}
"""Cause → categories that answer it (domain 1.8); a cause that is not named takes any."""


class MeasureUnknown(NotFound):
    """帮扶措施不存在或不在管辖范围."""

    code = "measure-unknown"
    zh, en = "没有此帮扶措施记录，或不在您的管理范围内", "no such measure in your area"


class MeasureStands(Conflict):
    """帮扶措施已登记: one category that begins on one day is one measure of a household."""

    code = "measure-stands"
    zh, en = "该户当日此类帮扶措施已登记", "a measure of this category that began on this day is recorded already"
    fix_zh, fix_en = "如有误，请先作废原记录再登记", "if it is wrong, void it and record it anew"
    pointer = "/started_on"


class MeasureOver(Conflict):
    """帮扶措施已完成或已作废, or would be completed before it began."""

    code = "measure-over"
    zh, en = "措施已完成、已作废，或完成日期早于开始日期", "it is completed or void, or would end before it began"
    pointer = "/completed_on"


class MeasureMisses(Invalid):
    """措施与风险不匹配: this category of help answers none of the causes named."""

    code = "measure-misses"
    zh, en = "该类措施不能对应所填风险", "a measure of this category does not answer a cause named"
    fix_zh, fix_en = "请核对措施类别与致贫返贫风险", "check the category and the causes"
    pointer = "/causes"


def is_development(category: str) -> bool:
    """开发式帮扶措施: whether a category lets the family earn (产业, 就业)."""
    return category in _DEVELOPMENT


def answered(category: str, causes: Iterable[Cause]) -> tuple[Cause, ...]:
    """Those of the causes that a category can answer."""
    return tuple(cause for cause in causes if category in _ANSWERS.get(cause, {category}))


def check_answers(category: str, causes: tuple[str, ...]) -> None:
    """Every cause named is one that the category can answer.

    Raises:
        MeasureMisses: one is not.
    """
    for place, cause in enumerate(causes):
        if category not in _ANSWERS.get(cause, {category}):
            raise MeasureMisses(pointer=f"/causes/{place}")
