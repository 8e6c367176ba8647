"""Which sequence numbers are still missing, and when a missing one can be given up. Pure.

A number is drawn inside an INSERT, so numbers appear out of order: a late commit, or never after a rollback. A gap
dies only when (1) after it was seen, the transactions then writing to the log were looked up, (2) all of those are
gone, and (3) a read begun after that still lacks the row. So a late commit is never stepped over, and foreign long
transactions do not matter.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

PREPARED: Final = "-1/"
"""How pg_locks names a prepared transaction: it belongs to no backend."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Missing numbers `lo … hi`, inclusive.

    Attributes:
        writers: transactions that may still bring them; None = not looked up yet.
    """

    lo: int
    hi: int
    writers: frozenset[str] | None = None

    @property
    def given_up(self) -> bool:
        """Every transaction that could bring the numbers is gone: the next read decides."""
        return self.writers is not None and not self.writers


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a log has been read: everything up to `hi` except the gaps (ascending)."""

    hi: int = 0
    gaps: tuple[Gap, ...] = ()

    @property
    def settled(self) -> int:
        """The highest number below which nothing can appear any more."""
        return self.gaps[0].lo - 1 if self.gaps else self.hi

    def after_read(self, found: Sequence[int], *, complete: bool) -> tuple["Cursor", tuple[Gap, ...]]:
        """The cursor after one read in one snapshot, and the gaps that died by it.

        Args:
            found: the numbers read, ascending: out of the gaps and above `hi`.
            complete: false where a limit cut the read; then nothing above the last number was looked at.
        """
        read_to = found[-1] if found and not complete else None
        seen = set(found)
        kept: list[Gap] = []
        died: list[Gap] = []
        for gap in self.gaps:
            for part, looked_at in _split(gap, read_to):
                missing = _without(part, seen) if looked_at else [part]
                (died if looked_at and gap.given_up else kept).extend(missing)
        above = [self.hi, *(seq for seq in found if seq > self.hi)]
        kept.extend(Gap(a + 1, b - 1) for a, b in pairwise(above) if b - a > 1)
        return Cursor(above[-1], tuple(kept)), tuple(died)

    def after_look_up(self, writers: frozenset[str]) -> "Cursor":
        """The cursor after looking up who writes to the log now, done after the read that saw the gaps."""
        return replace(self, gaps=tuple(_watched(gap, writers) for gap in self.gaps))

    def rewound(self, lo: int, hi: int) -> "Cursor":
        """The cursor that will read `lo … hi` again, as far as it has come."""
        again = Gap(max(lo, 1), min(hi, self.hi))
        if again.lo > again.hi:
            return self
        kept = tuple(part for gap in self.gaps for part in _outside(gap, again))
        return replace(self, gaps=tuple(sorted((*kept, again), key=lambda gap: gap.lo)))

    @property
    def needs_look_up(self) -> bool:
        """Whether some gap still waits for transactions."""
        return any(not gap.given_up for gap in self.gaps)


def _split(gap: Gap, read_to: int | None) -> Iterator[tuple[Gap, bool]]:
    if read_to is None or gap.hi <= read_to:
        yield gap, True
    elif gap.lo > read_to:
        yield gap, False
    else:
        yield replace(gap, hi=read_to), True
        yield replace(gap, lo=read_to + 1), False


def _without(gap: Gap, seen: set[int]) -> list[Gap]:
    edges = [gap.lo - 1, *(n for n in sorted(seen) if gap.lo <= n <= gap.hi), gap.hi + 1]
    return [replace(gap, lo=a + 1, hi=b - 1) for a, b in pairwise(edges) if b - a > 1]


def _outside(gap: Gap, other: Gap) -> Iterator[Gap]:
    if gap.lo < other.lo:
        yield replace(gap, hi=min(gap.hi, other.lo - 1))
    if gap.hi > other.hi:
        yield replace(gap, lo=max(gap.lo, other.hi + 1))


def _watched(gap: Gap, writers: frozenset[str]) -> Gap:
    if gap.writers is None:
        return replace(gap, writers=writers)
    if gap.given_up:
        return gap
    # PREPARE TRANSACTION gives a watched transaction a new name: whatever is prepared may be the one that vanished.
    return replace(gap, writers=gap.writers & writers | {writer for writer in writers if writer.startswith(PREPARED)})


def ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Ascending closed ranges that hold exactly these numbers."""
    found: list[tuple[int, int]] = []
    for n in sorted(set(numbers)):
        if found and found[-1][1] == n - 1:
            found[-1] = (found[-1][0], n)
        else:
            found.append((n, n))
    return found
