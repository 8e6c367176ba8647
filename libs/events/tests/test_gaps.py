"""No committed number is missed, none is given up that can still come: any interleaving of writers, reads, look-ups."""

from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from events.gaps import PREPARED, Cursor, Gap, ranges


@dataclass
class Transaction:
    """A writer: from its first INSERT on it holds the table lock under its name."""

    name: str
    drawn: set[int] = field(default_factory=set)


class LogAndReader(RuleBasedStateMachine):
    """A log whose numbers are drawn in order and become visible in any order, and one reader of it."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[Transaction] = []
        self.last = 0
        self.names = 0
        self.committed: set[int] = set()
        self.delivered: list[int] = []
        self.again: set[int] = set()
        self.cursor = Cursor()

    @rule()
    def begin(self) -> None:
        self.names += 1
        self.open.append(Transaction(f"3/{self.names}"))

    @precondition(lambda self: any(not t.name.startswith(PREPARED) for t in self.open))
    @rule(data=st.data(), count=st.integers(1, 3))
    def draw(self, data: st.DataObject, count: int) -> None:
        writer = data.draw(st.sampled_from([t for t in self.open if not t.name.startswith(PREPARED)]))
        for _ in range(count):
            self.last += 1
            writer.drawn.add(self.last)

    @precondition(lambda self: self.open)
    @rule(data=st.data(), commits=st.booleans())
    def end(self, data: st.DataObject, commits: bool) -> None:
        ended = data.draw(st.sampled_from(self.open))
        self.open.remove(ended)
        if commits:
            self.committed |= ended.drawn

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def prepare(self, data: st.DataObject) -> None:
        writer = data.draw(st.sampled_from(self.open))
        if not writer.name.startswith(PREPARED):
            writer.name = PREPARED + writer.name.partition("/")[2]

    @rule(most=st.integers(1, 4))
    def read(self, most: int) -> None:
        gaps = self.cursor.gaps
        wanted = sorted(
            n for n in self.committed if n > self.cursor.hi or any(gap.lo <= n <= gap.hi for gap in gaps)
        )  # fmt: skip
        found = wanted[:most]
        self.cursor, died = self.cursor.after_read(found, complete=len(found) < most)
        self.delivered += found
        dead = {n for gap in died for n in range(gap.lo, gap.hi + 1)}
        assert not dead & self.committed
        assert not dead & self.live()

    @rule()
    def look_up(self) -> None:
        self.cursor = self.cursor.after_look_up(frozenset(t.name for t in self.open))

    @rule()
    def restart_from_what_was_kept(self) -> None:
        self.cursor = Cursor(self.cursor.hi, tuple(Gap(gap.lo, gap.hi) for gap in self.cursor.gaps))

    @rule(lo=st.integers(-1, 30), count=st.integers(1, 8))
    def rewind(self, lo: int, count: int) -> None:
        self.cursor = self.cursor.rewound(lo, lo + count - 1)
        self.again |= set(range(lo, lo + count))

    def live(self) -> set[int]:
        return {n for writer in self.open for n in writer.drawn}

    def watched(self) -> set[int]:
        return {n for gap in self.cursor.gaps for n in range(gap.lo, gap.hi + 1)}

    @invariant()
    def nothing_is_stepped_over(self) -> None:
        behind = {n for n in self.committed | self.live() if n <= self.cursor.hi}
        assert behind - set(self.delivered) <= self.watched()

    @invariant()
    def nothing_comes_twice_unasked(self) -> None:
        once = [n for n in self.delivered if n not in self.again]
        assert len(once) == len(set(once))

    @invariant()
    def settled_stays_below_what_can_come(self) -> None:
        missing = (self.committed | self.live()) - set(self.delivered)
        assert all(n > self.cursor.settled for n in missing)

    @invariant()
    def gaps_are_ascending_and_apart(self) -> None:
        edges = [edge for gap in self.cursor.gaps for edge in (gap.lo, gap.hi)]
        assert edges == sorted(edges)
        assert all(a.hi < b.lo for a, b in pairwise(self.cursor.gaps))
        assert not edges or edges[-1] < self.cursor.hi or self.again

    def teardown(self) -> None:
        while self.open:
            self.committed |= self.open.pop().drawn
        for _ in range(len(self.committed) + 3):
            self.read(4)
            self.look_up()
        self.read(1_000)
        assert set(self.delivered) == self.committed
        assert self.cursor.gaps == ()


TestLogAndReader = LogAndReader.TestCase
TestLogAndReader.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)


def test_a_prepared_writer_keeps_its_gap_alive_under_its_new_name() -> None:
    cursor, _ = Cursor().after_read([2], complete=True)
    cursor = cursor.after_look_up(frozenset({"3/7"})).after_look_up(frozenset({"-1/900"}))
    cursor, died = cursor.after_read([], complete=True)
    assert died == ()
    cursor = cursor.after_look_up(frozenset())
    assert cursor.after_read([1], complete=True) == (Cursor(2), ())


def test_a_writer_that_came_after_the_look_up_does_not_matter() -> None:
    cursor, _ = Cursor().after_read([2], complete=True)
    cursor = cursor.after_look_up(frozenset({"3/7"})).after_look_up(frozenset({"4/1", "5/1"}))
    assert cursor.after_read([], complete=True) == (Cursor(2), (Gap(1, 1, frozenset()),))


@pytest.mark.parametrize("complete", [True, False])
def test_only_what_was_looked_at_dies(complete: bool) -> None:
    cursor = Cursor(9, (Gap(1, 3, frozenset()), Gap(5, 8, frozenset())))
    after, died = cursor.after_read([6], complete=complete)
    dead = {n for gap in died for n in range(gap.lo, gap.hi + 1)}
    assert dead == ({1, 2, 3, 5, 7, 8} if complete else {1, 2, 3, 5})
    assert after.settled == (9 if complete else 6)


@given(st.sets(st.integers(1, 60)))
def test_ranges_hold_exactly_the_numbers_and_do_not_touch(numbers: set[int]) -> None:
    closed = ranges(numbers)
    assert [n for lo, hi in closed for n in range(lo, hi + 1)] == sorted(numbers)
    assert all(b_lo - a_hi > 1 for (_, a_hi), (b_lo, _) in pairwise(closed))


def test_a_transaction_prepared_later_does_not_revive_a_given_up_gap() -> None:
    given_up = Cursor(2, (Gap(1, 1, frozenset()),))
    assert given_up.after_look_up(frozenset({"-1/900"})) == given_up


@given(st.sets(st.integers(1, 20)), st.integers(-2, 24), st.integers(0, 12))
def test_a_rewind_reads_its_numbers_again_and_forgets_no_gap(missing: set[int], lo: int, more: int) -> None:
    cursor = Cursor(21, tuple(Gap(*closed, frozenset()) for closed in ranges(missing))).rewound(lo, lo + more)
    again = set(range(max(lo, 1), min(lo + more, 21) + 1))
    watched = [n for gap in cursor.gaps for n in range(gap.lo, gap.hi + 1)]
    assert watched == sorted(missing | again)
    assert all(gap.writers is None for gap in cursor.gaps if gap.lo in again)
