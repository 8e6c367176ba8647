"""Cells of one household that were computed before: most facts touch one month of one kind."""

from collections.abc import Sequence
from typing import Final

from .facts import Figure, Job, Kind, Payment
from .ledger import Ledger
from .months import Month
from .precedence import Cell, Losses, cell

_MOST: Final = 240
"""Cells kept, published and projected ones; more than two years of them are no help any more."""

_Basis = tuple[Sequence[Payment], Losses | None]


class Cells:
    """已算月收入. A cell is computed again where a payment of its month and kind, a figure, a job or a loss changes."""

    def __init__(self) -> None:
        self._figures: Sequence[Figure] = ()
        self._jobs: Sequence[Job] = ()
        self._known: dict[tuple[Kind, Month, bool], tuple[_Basis, Cell]] = {}

    def rest_on(self, ledger: Ledger) -> None:
        """Forget what rests on other figures or jobs; to be asked before cells of a ledger are."""
        if ledger.figures != self._figures or ledger.jobs != self._jobs or len(self._known) > _MOST:
            self._figures, self._jobs = ledger.figures, ledger.jobs
            self._known.clear()

    def cell(self, ledger: Ledger, kind: Kind, month: Month, losses: Losses | None = None) -> Cell:
        """The cell, as `precedence.cell` says it."""
        key = (kind, month, bool(losses))
        basis = (ledger.payments.get((kind, month), ()), losses)
        known = self._known.get(key)
        if known is None or known[0] != basis:
            known = self._known[key] = (basis, cell(ledger, kind, month, losses))
        return known[1]
