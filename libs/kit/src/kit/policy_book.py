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
    def _precedence(self) -> tuple[int, date, UUID]:
        return len(self.path), self.valid_from, self.id


class PolicyBook:
    """政策汇编: finds the value in force; the nearest place goes before the latest start, then the latest entry."""

    def __init__(self, values: Iterable[PolicyValue]):
        ordered = sorted(values, key=lambda value: value._precedence, reverse=True)
        self._by_name: dict[str, list[PolicyValue]] = defaultdict(list)
        for value in ordered:
            self._by_name[value.name].append(value)

    def at(self, name: str, path: str, on: date) -> PolicyValue | None:
        """The value of a name for a place on a day; None = unknown."""
        return next((value for value in self._by_name.get(name, ()) if value.holds(path, on)), None)

    def recorded(self, prefix: str = "", on: date | None = None) -> list[PolicyValue]:
        """The values whose names begin so, by name; `on` keeps those in force on a day."""
        return [
            value
            for name in sorted(self._by_name)
            for value in reversed(self._by_name[name])
            if name.startswith(prefix) and (on is None or value.holds(value.path, on))
        ]

    def changes(self, after: date) -> date | None:
        """The next day on which any value starts or has ended; None if nothing is known to change."""
        starts = (value.valid_from for values in self._by_name.values() for value in values)
        ends = (value.valid_to for values in self._by_name.values() for value in values if value.valid_to)
        days = [day for day in starts if day > after]
        days += [date.fromordinal(day.toordinal() + 1) for day in ends if day >= after]
        return min(days, default=None)
