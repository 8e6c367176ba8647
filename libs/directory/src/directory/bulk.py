"""Rows to the arrays that `unnest` takes: one statement for a batch, however large."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

T = TypeVar("T")


def columns_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The values of each column, in the order of the rows, which all have the same columns."""
    return {name: [row[name] for row in rows] for name in rows[0]} if rows else {}


def highest(items: Iterable[T], *, key: Callable[[T], Hashable], revision: Callable[[T], int]) -> list[T]:
    """Of each key the item with the highest revision: one statement may touch a row only once."""
    newest: dict[Hashable, T] = {}
    for item in items:
        known = newest.get(key(item))
        if known is None or revision(item) > revision(known):
            newest[key(item)] = item
    return list(newest.values())
