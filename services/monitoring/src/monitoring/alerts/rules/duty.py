"""Whose an alert is: the officers on duty at the level that holds it, by management path. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from .care import Holder

_RANKS: Final = (Holder.VILLAGE, Holder.TOWNSHIP, Holder.COUNTY)
_CITY: Final = len(_RANKS)
_BY_DIGITS: Final = {4: _CITY, 6: 2, 9: 1}
"""Digits of the last code of a path → rank; a village or a grid has twelve and more."""


@dataclass(frozen=True, slots=True)
class Duty:
    """责任: an account answers for an area."""

    officer: str
    path: str

    @property
    def rank(self) -> int:
        """Village and grid 0, township 1, county 2, city 3."""
        return _BY_DIGITS.get(len(self.path.rstrip("/").rpartition("/")[2]), 0)


def places_of(path: str) -> list[str]:
    """The paths a path lies under, itself included."""
    return list(accumulate(f"{code}/" for code in path.rstrip("/").split("/")))


class Duties:
    """责任表: who is on duty."""

    def __init__(self, duties: Iterable[Duty]):
        self._by_rank: list[list[Duty]] = [[] for _ in range(_CITY + 1)]
        for duty in duties:
            self._by_rank[duty.rank].append(duty)

    def officers(self, path: str, holder: Holder) -> frozenset[str]:
        """Who answers for an alert: the holder's level, or where nobody is on duty there, the next one above."""
        for rank in range(_RANKS.index(holder), _CITY + 1):
            found = {duty.officer for duty in self._by_rank[rank] if path.startswith(duty.path)}
            if found:
                return frozenset(found)
        return frozenset()

    def answers(self, officer: str, path: str, *holders: Holder) -> bool:
        """Whether an officer answers for an alert that one of the levels holds."""
        return any(officer in self.officers(path, holder) for holder in holders)

    def of(self, officer: str) -> list[str]:
        """The areas of an officer."""
        return sorted(duty.path for duties in self._by_rank for duty in duties if duty.officer == officer)
