"""Pure rules of measures: those that people record, and those that departments carry out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, TypeVar
from uuid import UUID

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


ANSWER: Final = "HelpProvided"
"""Tells that a job, a loan or an aid was what somebody had asked for; it is no other help than that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenMeasure:
    """部门帮扶措施: one fact of a department, in its newest revision.

    Attributes:
        service: who publishes it.
        type: name of the event.
        reference: what it is about; None where it is no help (any more).
        category: None where it is the end, on `completed_on`, of what it refers to.
        causes: 针对的风险.
        completed_on: last day; None while it runs.
    """

    service: str
    fact_id: UUID
    revision: int
    void: bool
    type: str
    event_id: UUID
    household_id: UUID
    person_id: UUID | None
    reference: UUID | None
    category: str | None
    causes: tuple[str, ...]
    started_on: date | None
    completed_on: date | None
    recorded_at: datetime

    def lasts_to(self, day: date) -> bool:
        """Whether it is help that is not over before a day."""
        return not self.void and (self.completed_on is None or self.completed_on >= day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """成员史: where a person lived, until the first day outside."""

    person_id: UUID
    household_id: UUID
    since: date
    until: date | None


def put_together(told: Collection[GivenMeasure]) -> list[GivenMeasure]:
    """The measures that facts add up to, whatever came first: each with its end, and once however often it is told."""
    ends = {
        (fact.service, fact.reference): fact.completed_on for fact in told if fact.category is None and not fact.void
    }
    help_ = [fact for fact in told if fact.category is not None and fact.reference is not None]
    itself = {(fact.service, fact.reference) for fact in help_ if fact.type != ANSWER and not fact.void}
    asked: dict[tuple[str, UUID | None], set[str]] = {}
    for fact in help_:
        if fact.type == ANSWER and not fact.void:
            asked.setdefault((fact.service, fact.reference), set()).update(fact.causes)
    measures = []
    for fact in help_:
        about = (fact.service, fact.reference)
        if fact.type == ANSWER and about in itself:
            continue
        ended = fact.completed_on or ends.get(about)
        causes = {*fact.causes, *asked.get(about, ())}
        measures.append(replace(fact, causes=tuple(sorted(causes)), completed_on=ended))
    return measures


def home_of_fact(fact: GivenMeasure, lives: Mapping[UUID, Sequence[Life]]) -> UUID | None:
    """The household that a measure helps: where the person lived on the day it began.

    What began before the person is known to have lived anywhere helps the household it was told of.

    Args:
        fact: help of a household, or of one person.
        lives: of each person, by the day they began.
    """
    if fact.person_id is None or fact.started_on is None:
        return fact.household_id
    living: Life | None = None
    for life in lives.get(fact.person_id, ()):
        if life.since <= fact.started_on and life.until != life.since:
            living = life
    if living is None:
        return fact.household_id
    return living.household_id if living.until is None or living.until > fact.started_on else None
