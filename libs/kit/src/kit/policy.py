"""Policy as data: every number that the plan or a department can change, with place, period and document.

The book is pure: same values, same answer. No row for a date and place means unknown, never safe.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from events.ids import derived_id

from .tables import policy_values


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

    def changes(self, after: date) -> date | None:
        """The next day on which any value starts or has ended; None if nothing is known to change."""
        starts = (value.valid_from for values in self._by_name.values() for value in values)
        ends = (value.valid_to for values in self._by_name.values() for value in values if value.valid_to)
        days = [day for day in starts if day > after]
        days += [date.fromordinal(day.toordinal() + 1) for day in ends if day >= after]
        return min(days, default=None)


def read_seeds(file: Path) -> list[PolicyValue]:
    """The values of a TOML file of `[[value]]` tables; their ids follow from name, path and start.

    Raises:
        ValueError: a table lacks a key, has an unknown one, or a value that is a float.
    """
    return [_seed(table) for table in tomllib.loads(file.read_text("utf-8"))["value"]]


def _seed(table: dict[str, Any]) -> PolicyValue:
    wanted = {"name", "path", "valid_from", "value", "document", "clause", "confidence"}
    if not wanted <= set(table) <= wanted | {"valid_to"} or not isinstance(table["value"], str | int):
        raise ValueError(f"policy seed {table.get('name')}: keys {sorted(wanted)}, value as text")
    return PolicyValue(
        id=derived_id("policy", table["name"], table["path"], table["valid_from"]),
        name=table["name"],
        path=table["path"],
        valid_from=table["valid_from"],
        valid_to=table.get("valid_to"),
        value=Decimal(table["value"]),
        document=table["document"],
        clause=table["clause"],
        confidence=Confidence(table["confidence"]),
    )


async def load(tx: AsyncConnection) -> PolicyBook:
    """The book of all recorded values."""
    return PolicyBook([_value(row) for row in await tx.execute(select(*_COLUMNS))])


async def add(tx: AsyncConnection, values: Iterable[PolicyValue]) -> int:
    """Record values that are not there yet; gives how many were new.

    A value is never changed in place: what took effect stays, a correction is a new value.
    """
    new = list(values)
    if not new:
        return 0
    return len((await tx.execute(adding(new).returning(policy_values.c.id))).all())


def adding(values: Iterable[PolicyValue]) -> Insert:
    """The statement that records values and leaves those that are there; for migrations, which are not async."""
    rows = [asdict(value) for value in values]
    return insert(policy_values).values(rows).on_conflict_do_nothing(index_elements=["id"])


async def end(tx: AsyncConnection, value_id: UUID, last_day: date) -> None:
    """Close a standing value: it holds up to and including this day."""
    row = policy_values.update().where(policy_values.c.id == value_id, policy_values.c.valid_to.is_(None))
    await tx.execute(row.values(valid_to=last_day))


_COLUMNS = [column for column in policy_values.c if column.name != "recorded_at"]


def _value(row: Any) -> PolicyValue:
    return PolicyValue(**{**row._mapping, "confidence": Confidence(row.confidence)})
