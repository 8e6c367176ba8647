"""How a long step says what it is doing."""

from collections.abc import Callable

Tell = Callable[[str, str], None]
"""Told what happens, in Chinese and in English."""
