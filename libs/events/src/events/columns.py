"""Columns of a statement that writes many rows."""

from collections.abc import Sequence
from typing import Any, Final

_MANY: Final = 100


def all_the_same(values: Sequence[Any]) -> bool:
    """Whether one value should stand for the column: sending it a thousand times costs more than another plan."""
    return len(values) >= _MANY and values[0] == values[-1] and values.count(values[0]) == len(values)
