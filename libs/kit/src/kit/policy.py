"""Policy as data: every number that the plan or a department can change, with place, period and document.

The book (`kit.policy_book`) is pure; here values are read from seeds and recorded. No row means unknown, never safe.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from events.ids import derived_id

from .policy_book import Confidence, PolicyBook, PolicyValue, Unit
from .tables import policy_values

__all__ = ["Confidence", "PolicyBook", "PolicyValue", "Unit", "add", "adding", "load", "read_seeds", "value_of"]


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
    return PolicyBook([value_of(row) for row in await tx.execute(select(*_COLUMNS))])


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


_COLUMNS = [policy_values.c[name] for name in PolicyValue.__slots__]


def value_of(row: Any) -> PolicyValue:
    """The value in a row that has its columns, of a recorded value or of a draft."""
    fields = {name: getattr(row, name) for name in PolicyValue.__slots__}
    return PolicyValue(**{**fields, "confidence": Confidence(row.confidence)})
