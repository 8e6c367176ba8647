"""The facts that count for a household, by kind, as far as they were seen on a date."""

from bisect import bisect_right, insort
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Final
from uuid import UUID

from ...risk.rules import Fact
from .relevance import Memberships, end_of
from .support import ENDINGS

MISSED: Final = "WageMissed"


def place(fact: Fact) -> tuple[date, int]:
    """Where a fact stands among others."""
    return fact.on, fact.id.int


class Filed:
    """归档事实: the facts that were taken in, and which of them count for the household.

    Attributes:
        known: by id, in their highest revision, of everybody concerned.
        void: those of the household that were taken back.
    """

    def __init__(self, household_id: UUID, facts: Iterable[Fact], memberships: Memberships) -> None:
        self.id = household_id
        self.memberships = memberships
        self.known = {fact.id: fact for fact in facts}
        self.void: dict[UUID, Fact] = {}
        self._by_kind: dict[str, list[Fact]] = {}
        self._turns: list[date] | None = None
        self._kinds: dict[date, set[str]] = {}
        """of each turn, the kinds of fact that begin or end to say something on it"""

    def put(self, fact: Fact) -> None:
        """Let a fact count."""
        if fact.void:
            self.void[fact.id] = fact
        else:
            insort(self._by_kind.setdefault(fact.kind, []), fact, key=place)

    def replace(self, before: Fact | None, fact: Fact) -> None:
        """Know a fact in a higher revision; whether it counts is said by `put`."""
        self.known[fact.id] = fact
        if before is not None:
            self._turns = None
            self._leave_out(before)
        elif self._turns is not None:
            for day in _days(fact):
                if day not in self._kinds:
                    insort(self._turns, day)
                self._kinds.setdefault(day, set()).add(fact.kind)

    def _leave_out(self, before: Fact) -> None:
        self.void.pop(before.id, None)
        kept = [fact for fact in self._by_kind.get(before.kind, ()) if fact.id != before.id]
        if kept:
            self._by_kind[before.kind] = kept
        else:
            self._by_kind.pop(before.kind, None)

    def turned(self, one: date, other: date) -> set[str]:
        """Kinds of fact that begin or end to say something after the earlier of two days, up to the later one.

        What is read from other kinds only is on the one day as on the other.
        """
        turns = self._all_turns()
        between = turns[bisect_right(turns, min(one, other)) : bisect_right(turns, max(one, other))]
        return set[str]().union(*[self._kinds[day] for day in between])

    def next_turn(self, on: date) -> date:
        """The next day on which facts begin or end to say something: until then all is as it was."""
        turns = self._all_turns()
        at = bisect_right(turns, on)
        return turns[at] if at < len(turns) else date.max

    def _all_turns(self) -> list[date]:
        if self._turns is None:
            self._kinds = {}
            for fact in self.known.values():
                for day in _days(fact):
                    self._kinds.setdefault(day, set()).add(fact.kind)
            self._turns = sorted(self._kinds)
        return self._turns

    def of(self, kind: str) -> Collection[Fact]:
        """All facts of a kind, by date."""
        return self._by_kind.get(kind, ())

    def seen(self, on: date, *kinds: str) -> Iterator[Fact]:
        """What had been said by a date, kind by kind."""
        for kind in kinds:
            for fact in self._by_kind.get(kind, ()):
                if fact.on > on:
                    break
                yield fact

    def standing(self, on: date, begun: str, over: str) -> Iterator[Fact]:
        """What had begun and was not over; the day itself of the end is outside."""
        return (fact for fact in self.seen(on, begun, over) if (end := end_of(fact)) is None or end > on)

    def not_ended(self, on: date, kind: str, ending: str, reference: str) -> Iterator[Fact]:
        """What no other fact had ended that names it."""
        ended = {str(fact.data[reference]) for fact in self.seen(on, ending)}
        return (fact for fact in self.seen(on, kind) if str(fact.id) not in ended)

    def ended(self, on: date, about: Collection[str]) -> dict[str, date]:
        """What is over of these jobs and loans; who has moved away since ends them elsewhere."""
        if not about:
            return {}
        ends = (fact for fact in self.known.values() if fact.kind in ENDINGS and not fact.void and fact.on <= on)
        return {name: fact.on for fact in ends if (name := str(fact.data[ENDINGS[fact.kind]])) in about}


def _days(fact: Fact) -> tuple[date, ...]:
    """The days on which a fact begins or ends to say something."""
    if fact.void and fact.kind != MISSED:
        return ()
    end = end_of(fact)
    return (fact.on,) if end is None else (fact.on, end)
