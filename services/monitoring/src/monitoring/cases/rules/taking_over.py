"""What the national register states about a household's place on the list, and what follows for its case. Pure.

The latest dated decision wins: a statement against a decision that was made here, by its date; against an earlier
statement, whatever the register says now, so that an import that was undone leaves nothing behind.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from .model import Case, Move, State, Step, Way

REGISTER: Final = "national-register"
"""The account under which statements of the register stand among the steps."""

NOT_STATED: Final = "not_stated"
"""Reason of a withdrawal: the register does not name the household any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """登记表所载: what the register says of a household's listing.

    Attributes:
        eliminated: whether the risk is said to be gone.
        eliminated_on: since when; None where it is not said.
        decided_on: the date of the statement.
    """

    category: str | None
    causes: tuple[str, ...]
    identified_on: date | None
    eliminated: bool
    eliminated_on: date | None
    way: Way | None
    decided_on: date

    @property
    def gone_on(self) -> date | None:
        """The day from which the risk is gone, at the latest that of the statement."""
        return (self.eliminated_on or self.decided_on) if self.eliminated else None


def taken_over(case: Case | None, said: Statement, on: date) -> Step | None:
    """The step that brings a case to what is stated; None where nothing follows.

    Args:
        case: the household's newest case, a refused one too; None where there is none.
        said: the newest statement.
        on: the business date.
    """
    if case is not None and not _newer(case, said):
        return None
    standing = case is not None and case.state is not State.REFUSED
    if said.category is None:
        # A clue under way is nobody's decision yet; what was decided here gives way to a later one (`_newer`).
        withdrawn = standing and case is not None and case.ruled_on is not None
        return _step(Move.WITHDRAW, on, reason=NOT_STATED, ruled_on=said.decided_on) if withdrawn else None
    if said.identified_on is None or (standing and case is not None and _says_the_same(case, said)):
        return None
    return _step(
        Move.TAKE_OVER,
        on,
        category=said.category,
        causes=said.causes,
        identified_on=_kept(case.identified_on if case else None, said.identified_on),
        eliminated_on=_kept(case.eliminated_on if case else None, said.gone_on),
        way=(said.way or Way.UNSTATED) if said.eliminated else None,
        ruled_on=said.decided_on,
    )


def _step(move: Move, on: date, **given: object) -> Step:
    return Step(move=move, on=on, officer=REGISTER, **given)  # type: ignore[arg-type]


def _newer(case: Case, said: Statement) -> bool:
    return case.stated or case.ruled_on is None or said.decided_on > case.ruled_on


def _says_the_same(case: Case, said: Statement) -> bool:
    on_list = case.state is State.LISTED or case.eliminating
    if said.eliminated:
        dated = said.eliminated_on is None or _month(case.eliminated_on) == _month(said.eliminated_on)
        return case.state is State.ELIMINATED and dated and _listing(case) == _listing(said)
    return on_list and _listing(case) == _listing(said)


def _listing(told: Case | Statement) -> tuple[str | None, frozenset[str], tuple[int, int] | None]:
    return told.category, frozenset(told.causes), _month(told.identified_on)


def _kept(known: date | None, stated: date | None) -> date | None:
    """The register knows months: a day of this month that is known here stays."""
    return known if _month(known) == _month(stated) else stated


def _month(day: date | None) -> tuple[int, int] | None:
    return None if day is None else (day.year, day.month)
