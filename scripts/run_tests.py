"""All tests by two pytest processes side by side, each with engines of its own; `make test`.

Within a half the files run one after the other, as by `pytest` alone: stories that move one business date on need their
order. The second half is shown when the first has ended, and at the end the sum as pytest words it.
"""

import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from typing import Final

FIRST: Final = (
    "libs",
    "services/employment",
    "services/finance",
    "services/monitoring",
    "services/procurement",
    "tests",
)
"""About as long as everything else."""

_PYTEST: Final = (sys.executable, "-m", "pytest")
_CLOSING: Final = re.compile(r"^=*\s*((?:\d+ \w+(?:, )?)+) in [\d.]+s", re.MULTILINE)
_COUNT: Final = re.compile(r"(\d+) (\w+)")


def main(options: list[str]) -> int:
    """Run both halves; gives the greater exit code."""
    began = time.monotonic()
    others = [f"--ignore={directory}" for directory in FIRST]
    with (
        tempfile.TemporaryFile("w+") as told,
        subprocess.Popen([*_PYTEST, *options, *others], stdout=told, stderr=subprocess.STDOUT) as second,
        subprocess.Popen(
            [*_PYTEST, *options, *FIRST], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as first,
    ):
        try:
            shown = _passed_on(first.stdout or ())
            codes = [first.wait(), second.wait()]
        finally:
            first.terminate()
            second.terminate()
        told.seek(0)
        shown += _passed_on(told)
    counts = Counter[str]()
    for closing in _CLOSING.findall(shown):
        counts.update({outcome: int(number) for number, outcome in _COUNT.findall(closing)})
    summary = ", ".join(f"{number} {outcome}" for outcome, number in counts.items()) or "no tests ran"
    sys.stdout.write(f"{summary} in {time.monotonic() - began:.2f}s\n")
    return max(map(abs, codes))


def _passed_on(lines: Iterable[str]) -> str:
    kept = []
    for line in lines:
        sys.stdout.write(line)
        kept.append(line)
    return "".join(kept)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
