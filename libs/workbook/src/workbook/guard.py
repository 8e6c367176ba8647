"""Formula injection: text that a spreadsheet would run is written with an apostrophe before it, and read without."""

import re

_RUNS = "=+-@＝＋－＠\t\r"
_NUMBER = re.compile(r"-?\d+(\.\d+)?\Z", re.ASCII)


def guarded(text: str) -> str:
    """The text as it is safe to write; plain numbers stay numbers."""
    if not text or _NUMBER.match(text):
        return text
    return f"'{text}" if text[0] in _RUNS or text[0] == "'" else text


def unguarded(text: str) -> str:
    """The text as it was meant; any other apostrophe stays."""
    return text[1:] if len(text) > 1 and text[0] == "'" and (text[1] in _RUNS or text[1] == "'") else text
