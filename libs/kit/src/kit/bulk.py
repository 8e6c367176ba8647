"""Writing many rows of one table in one statement.

Columns go as arrays: a thousand rows need the plan of one row, not a plan with ten thousand parameters.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final, Literal

from sqlalchemy import ARRAY, Numeric, Table, TextClause, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from events.columns import all_the_same

Conflict = Literal["refuse", "keep", "replace", "newer"]
"""What becomes of a row whose key stands already: an error, the one that stands, the new one, the higher `revision`."""

_AS_TEXT: Final = (ARRAY, JSONB, Numeric)
"""What travels as its text: an array of arrays would have to be a rectangle, and digits are dear one by one."""

_LENGTH: Final = re.compile(r"VARCHAR\(\d+\)")
_DIALECT: Final = postgresql.dialect()  # type: ignore[no-untyped-call]


async def write_rows(
    tx: AsyncConnection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    conflict: Conflict = "refuse",
    key: Sequence[str] = (),
) -> int:
    """Insert rows that all have the same columns.

    Args:
        tx: the open transaction.
        table: where they go.
        rows: by column name.
        conflict: what becomes of a row whose key stands already.
        key: the columns of the key; the primary key if not given.

    Returns:
        How many were written.
    """
    return await write_columns(tx, table, as_columns(rows), conflict=conflict, key=key)


async def write_columns(
    tx: AsyncConnection,
    table: Table,
    columns: Mapping[str, list[Any]],
    *,
    conflict: Conflict = "refuse",
    key: Sequence[str] = (),
) -> int:
    """The same, of rows that are columns already; all of one length."""
    if not any(columns.values()):
        return 0
    statement, told = _prepared(table, columns, conflict, key, "")
    return (await tx.execute(statement, told)).rowcount


async def keys_written(
    tx: AsyncConnection,
    table: Table,
    columns: Mapping[str, list[Any]],
    *,
    conflict: Conflict = "refuse",
    key: Sequence[str] = (),
) -> list[Any]:
    """The same, and of each row that was written the first column of the primary key, in no order."""
    if not any(columns.values()):
        return []
    statement, told = _prepared(table, columns, conflict, key, table.primary_key.columns[0].name)
    return list((await tx.execute(statement, told)).scalars())


def _prepared(
    table: Table, columns: Mapping[str, list[Any]], conflict: Conflict, key: Sequence[str], returned: str
) -> tuple[TextClause, dict[str, Any]]:
    told = {name: _column(table, name, values) for name, values in columns.items()}
    once = frozenset(name for name, values in told.items() if all_the_same(values))
    if len(once) == len(told):
        once = frozenset()
    told |= {name: told[name][0] for name in once}
    return _statement(table, tuple(columns), once, conflict, tuple(key), returned), told


def as_columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Rows by column name, which all have the same columns, as columns."""
    return {name: [row[name] for row in rows] for name in rows[0]} if rows else {}


def columns_of(rows: Sequence[object], names: Iterable[str]) -> dict[str, list[Any]]:
    """The attributes of objects as columns, without a mapping per row in between."""
    return {name: list(map(attrgetter(name), rows)) for name in names}


@lru_cache(maxsize=256)
def _statement(
    table: Table,
    names: tuple[str, ...],
    once: frozenset[str],
    conflict: Conflict,
    key: tuple[str, ...],
    returned: str,
) -> TextClause:
    told = ", ".join(f'"{name}"' for name in names)
    many = [name for name in names if name not in once]
    listed = ", ".join(f'"{name}"' for name in many)
    taken = ", ".join(_taken(table, name, f":{name}" if name in once else f'new."{name}"') for name in names)
    arrays = ", ".join(f"CAST(:{name} AS {_sent_as(table, name)}[])" for name in many)
    returning = f' RETURNING "{returned}"' if returned else ""
    # The texts are names of our own tables and columns; values travel as parameters.
    return text(
        f"INSERT INTO {table.name} ({told}) SELECT {taken} FROM unnest({arrays}) AS new({listed}) "  # noqa: S608
        f"{_on_conflict(table, names, conflict, key)}{returning}"
    )


def _on_conflict(table: Table, names: tuple[str, ...], conflict: Conflict, key: tuple[str, ...]) -> str:
    if conflict == "refuse":
        return ""
    keys = key or tuple(column.name for column in table.primary_key)
    target = ", ".join(f'"{name}"' for name in keys)
    if conflict == "keep":
        return f"ON CONFLICT ({target}) DO NOTHING"
    others = [name for name in names if name not in keys]
    changed = ", ".join(f'"{name}" = excluded."{name}"' for name in others)
    if conflict == "newer":
        return f"ON CONFLICT ({target}) DO UPDATE SET {changed} WHERE {table.name}.revision < excluded.revision"
    stand = ", ".join(f'{table.name}."{name}"' for name in others)
    new = ", ".join(f'excluded."{name}"' for name in others)
    # a row that says the same already is left: writing it again costs a version of the row and of its indexes
    return f"ON CONFLICT ({target}) DO UPDATE SET {changed} WHERE ({stand}) IS DISTINCT FROM ({new})"


def _taken(table: Table, name: str, told: str) -> str:
    kind = _type(table, name)
    if isinstance(table.c[name].type, _AS_TEXT):
        return f"CAST(CAST({told} AS text) AS {kind})"
    return f"CAST({told} AS {kind})"


def _sent_as(table: Table, name: str) -> str:
    return "text" if isinstance(table.c[name].type, _AS_TEXT) else _type(table, name)


def _type(table: Table, name: str) -> str:
    """Without a length: a cast to one cuts off what is too long, where the column refuses it."""
    kind = table.c[name].type.compile(dialect=_DIALECT).split(" COLLATE ")[0]
    return _LENGTH.sub("VARCHAR", kind)


def _column(table: Table, name: str, values: list[Any]) -> list[Any]:
    kind = table.c[name].type
    if isinstance(kind, ARRAY):
        return [None if value is None else _literal(tuple(map(str, value))) for value in values]
    if isinstance(kind, Numeric):
        return [None if value is None else str(value) for value in values]
    if isinstance(kind, JSONB):
        return [None if value is None else json.dumps(value, ensure_ascii=False) for value in values]
    return values


@lru_cache(maxsize=4096)
def _literal(values: tuple[str, ...]) -> str:
    """An array as PostgreSQL writes it; most rows of a table have one of few."""
    return "{" + ",".join(map(_quoted, values)) + "}"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
