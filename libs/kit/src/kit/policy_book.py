"""Policy as data, the pure part: values with place, period and document, and the book that finds the one in force.

Same values, same answer. No row for a date and place means unknown, never safe.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class Confidence(StrEnum):
    """可信度: how well a value is known."""

    OFFICIAL = "official"
    """官方文件"""
    REPORTED = "reported"
    """报道或转载"""
    UNVERIFIED = "unverified"
    """未核实"""
    DEMO = "demo"
    """演示值"""


class Unit(StrEnum):
    """单位: what the number of a policy value counts."""

    YUAN = "yuan"
    """元"""
    SHARE = "share"
    """比例，0 至 1"""
    PERCENT = "percent"
    """百分数、百分点"""
    HOURS = "hours"
    """小时"""
    DAYS = "days"
    """天"""
    DAY_OF_MONTH = "day_of_month"
    """每月几日"""
    MONTHS = "months"
    """月"""
    YEARS = "years"
    """年、周岁"""
    COUNT = "count"
    """户、人、次"""
    FLAG = "flag"
    """1 是，0 否"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyValue:
    """政策值: one number, where and when it holds, and on which document it rests.

    Attributes:
        name: `line.monitoring`.
        path: management path it is valid for, `5301/`.
        valid_from: first day.
        valid_to: last day; None while it stands.
        document: 文号.
        clause: 条款.
    """

    id: UUID
    name: str
    path: str
    valid_from: date
    valid_to: date | None
    value: Decimal
    document: str
    clause: str
    confidence: Confidence

    def holds(self, path: str, on: date) -> bool:
        """Whether it is valid for this place on this day."""
        in_time = self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
        return in_time and path.startswith(self.path)

    @property
    def place(self) -> "Place":
        """What it says something about; a later value of the same place corrects it."""
        return self.name, self.path, self.valid_from

    @property
    def entered(self) -> tuple[bool, UUID]:
        """Orders values by when they were entered: ids of released ones tell their time, and seeds came before all."""
        return self.id.version == 7, self.id


Place = tuple[str, str, date]
"""Name, path and first day."""


class PolicyBook:
    """政策汇编: finds the value in force; the nearest place goes before the latest start.

    Of several values of one name, path and first day only the last entered counts: it is the correction of the others,
    and where it has a last day, their end.
    """

    def __init__(self, values: Iterable[PolicyValue]):
        self._entries: dict[Place, list[PolicyValue]] = defaultdict(list)
        for value in sorted(values, key=lambda value: (value.name, len(value.path), value.valid_from, value.entered)):
            self._entries[value.place].append(value)
        self._by_name: dict[str, list[PolicyValue]] = defaultdict(list)
        for entries in reversed(self._entries.values()):
            self._by_name[entries[-1].name].append(entries[-1])
        self._near: dict[tuple[str, str], list[PolicyValue]] = {}
        """by name and place, what has ever been valid there: days differ more than places do"""

    def at(self, name: str, path: str, on: date) -> PolicyValue | None:
        """The value of a name for a place on a day; None = unknown."""
        near = self._near.get((name, path))
        if near is None:
            near = [value for value in self._by_name.get(name, ()) if path.startswith(value.path)]
            self._near[name, path] = near
        for value in near:
            if value.holds(path, on):
                return value
        return None

    def newest(self, place: Place) -> PolicyValue | None:
        """The value that counts among those of one name, path and first day."""
        entries = self._entries.get(place)
        return entries[-1] if entries else None

    def corrected_by(self, value: PolicyValue) -> PolicyValue | None:
        """The recorded value that this one corrects, or would correct."""
        earlier = (entry for entry in self._entries.get(value.place, ()) if entry.entered < value.entered)
        return max(earlier, key=lambda entry: entry.entered, default=None)

    def recorded(self, prefix: str = "", on: date | None = None) -> list[PolicyValue]:
        """The values whose names begin so, by name; `on` keeps those in force at their own place on a day."""
        return [
            value
            for entries in self._entries.values()
            for value in entries
            if value.name.startswith(prefix) and (on is None or self.at(value.name, value.path, on) == value)
        ]

    def changes(self, after: date) -> date | None:
        """The next day on which any value starts or has ended; None if nothing is known to change."""
        starts = (value.valid_from for values in self._by_name.values() for value in values)
        ends = (value.valid_to for values in self._by_name.values() for value in values if value.valid_to)
        days = [day for day in starts if day > after]
        days += [date.fromordinal(day.toordinal() + 1) for day in ends if day >= after]
        return min(days, default=None)
