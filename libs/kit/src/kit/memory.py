"""How a long-running process that keeps much in memory looks for cycles."""

import gc
from typing import Final

_NEW_OBJECTS: Final = 50_000


def expect_long_lives() -> None:
    """Look for cycles seldom: a process that remembers thousands of households spends a quarter of its time on it."""
    gc.set_threshold(_NEW_OBJECTS, 20, 50)
