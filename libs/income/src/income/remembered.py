"""Ledger and months of one household that were computed before: most facts touch one month of one kind."""

from decimal import Decimal
from typing import Final

from msgspec import Struct

from .facts import ZERO, Extra, Facts, Kind
from .ledger import Ledger
from .months import Month, Window
from .precedence import Cell, Losses, carried_cost, cell, extra_in

_MOST: Final = 240
"""Cells kept; more than two years of them are no help any more."""


class Run(Struct, frozen=True):
    """连续月份: the cells of one kind in a window, and their sum; None where a month of it is unknown."""

    window: Window
    cells: tuple[Cell, ...]
    total: Decimal | None


class Cells:
    """已算月收入. A cell is computed again where a payment of its month and kind, a figure, a job or a loss changes."""

    def __init__(self) -> None:
        self._facts: Facts | None = None
        self._ledger: Ledger | None = None
        self._known: dict[tuple[Kind, Month], Cell] = {}
        """cells of this very ledger"""
        self._without: dict[tuple[Kind, Month], tuple[Losses, Cell]] = {}
        """the same as if what was lost had never paid"""
        self._runs: dict[Kind, Run] = {}
        """of each kind the last one asked for"""
        self._costs: dict[Month, Decimal | None] = {}
        self._extras: dict[tuple[Extra, Month], Decimal] = {}

    def ledger(self, facts: Facts) -> Ledger:
        """The facts as a ledger, the one before where they are the same; to be asked before its cells are."""
        if self._ledger is not None and (facts is self._facts or facts == self._facts):
            return self._ledger
        before, now = self._ledger, Ledger.of(facts)
        if before is None or now.figures != before.figures or len(self._known) > _MOST:
            for of_figures in (self._known, self._without, self._runs, self._costs, self._extras):
                of_figures.clear()
        else:
            now = now.with_figures_of(before)
            places = before.payments.keys() | now.payments.keys()
            changed = {place for place in places if before.payments.get(place) != now.payments.get(place)}
            if now.jobs != before.jobs:
                # Whether somebody is out of work is asked of wages alone.
                changed |= {place for place in self._known.keys() | self._without.keys() if place[0] is Kind.WAGE}
            for place in changed:
                self._known.pop(place, None)
                self._without.pop(place, None)
                self._runs.pop(place[0], None)
            if before.adjustments != now.adjustments:
                self._extras.clear()
        self._facts, self._ledger = facts, now
        return now

    def run(self, kind: Kind, window: Window) -> Run:
        """The cells of a window, in the order of its months."""
        known = self._runs.get(kind)
        if known is not None and known.window == window:
            return known
        if known is not None and known.window == window.before:
            # A month on, eleven of twelve are there.
            cells = (*known.cells[1:], self.cell(kind, window.last))
        else:
            cells = tuple([self.cell(kind, month) for month in window.each()])
        run = self._runs[kind] = Run(window, cells, total([cell.amount for cell in cells]))
        return run

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

    def cost(self, window: Window) -> Decimal | None:
        """What the household's business cost in a window; None where a month of it is unknown."""
        assert self._ledger is not None  # noqa: S101 - as above
        for month in window.each():
            if month not in self._costs:
                self._costs[month] = carried_cost(self._ledger, month)
        return total([self._costs[month] for month in window.each()])

    def extras(self, extra: Extra, window: Window) -> Decimal:
        """What the comparison figure adds or takes off in a window."""
        ledger = self._ledger
        assert ledger is not None  # noqa: S101 - as above
        if not ledger.has(extra):
            return ZERO
        for month in window.each():
            if (extra, month) not in self._extras:
                self._extras[extra, month] = extra_in(ledger, month, extra)
        return sum([self._extras[extra, month] for month in window.each()], ZERO)


def total(amounts: list[Decimal | None]) -> Decimal | None:
    """The sum of amounts; None where one of them is unknown, which is never zero."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, ZERO) if len(known) == len(amounts) else None
