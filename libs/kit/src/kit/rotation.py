"""A text file of lines that rotates by size, so that traces do not fill the disk."""

import io
from pathlib import Path
from typing import Final

LARGEST: Final = 32 * 1024 * 1024
KEPT: Final = 3


class RotatingFile(io.TextIOBase):
    """Appends whole lines; a full file becomes `name.1.suffix`, the oldest goes.

    Args:
        file: the current part; its directory is made.
        largest: bytes after which a part is closed.
        kept: older parts that stay.
    """

    def __init__(self, file: Path, *, largest: int = LARGEST, kept: int = KEPT):
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file, self._largest, self._kept = file, largest, kept
        self._out = file.open("a", encoding="utf-8")

    def write(self, line: str) -> int:
        """Append a line, in a new part if this one is full."""
        if self._out.tell() >= self._largest:
            self._rotate()
        return self._out.write(line)

    def flush(self) -> None:
        """Hand what was written to the system."""
        if not self._out.closed:
            self._out.flush()

    def close(self) -> None:
        """Close the current part."""
        self._out.close()
        super().close()

    def _rotate(self) -> None:
        self._out.close()
        for number in range(self._kept, 0, -1):
            older = self._part(number - 1)
            if older.exists():
                older.replace(self._part(number))
        self._out = self._file.open("a", encoding="utf-8")

    def _part(self, number: int) -> Path:
        return self._file.with_stem(f"{self._file.stem}.{number}") if number else self._file
