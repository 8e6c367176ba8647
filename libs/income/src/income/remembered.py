"""Ledger and cells of one household that were computed before: most facts touch one month of one kind."""

from typing import Final

from .facts import Facts, Kind
from .ledger import Ledger
from .months import Month
from .precedence import Cell, Losses, cell

_MOST: Final = 240
"""Cells kept; more than two years of them are no help any more."""


class Cells:
    """已算月收入. A cell is computed again where a payment of its month and kind, a figure, a job or a loss changes."""

    def __init__(self) -> None:
        self._facts: Facts | None = None
        self._ledger: Ledger | None = None
        self._known: dict[tuple[Kind, Month], Cell] = {}
        """cells of this very ledger"""
        self._without: dict[tuple[Kind, Month], tuple[Losses, Cell]] = {}
        """the same as if what was lost had never paid"""

    def ledger(self, facts: Facts) -> Ledger:
        """The facts as a ledger, the one before where they are the same; to be asked before its cells are."""
        if self._ledger is not None and facts == self._facts:
            return self._ledger
        before, now = self._ledger, Ledger.of(facts)
        if before is None or (now.figures, now.jobs) != (before.figures, before.jobs) or len(self._known) > _MOST:
            self._known.clear()
            self._without.clear()
        else:
            now = now.with_figures_of(before)
            for place in before.payments.keys() | now.payments.keys():
                if before.payments.get(place) != now.payments.get(place):
                    self._known.pop(place, None)
                    self._without.pop(place, None)
        self._facts, self._ledger = facts, now
        return now

    def cell(self, kind: Kind, month: Month, losses: Losses | None = None) -> Cell:
        """The cell of the last ledger, as `precedence.cell` says it."""
        assert self._ledger is not None  # noqa: S101 - a cell is asked for behind its ledger
        place = kind, month
        if losses:
            lost = self._without.get(place)
            if lost is None or lost[0] != losses:
                lost = self._without[place] = (losses, cell(self._ledger, kind, month, losses))
            return lost[1]
        known = self._known.get(place)
        if known is None:
            known = self._known[place] = cell(self._ledger, kind, month)
        return known
