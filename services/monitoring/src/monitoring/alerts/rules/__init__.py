"""Pure rules of alerts: their life, seeing them through, whose they are, what they are worth."""

from .care import Act, ActKind, Care, Holder, SnoozeReason, Verdict
from .duty import Duties, Duty, places_of
from .life import (
    Change,
    Dwell,
    Standing,
    Standings,
    Step,
    acted,
    advance,
    ended,
    falls_on,
    highest_first,
    household_level,
    tend,
    tended_on,
)
from .worth import HelpState, Precision, Waiting, help_due, help_state, ranked, week_of

__all__ = [
    "Act",
    "ActKind",
    "Care",
    "Change",
    "Duties",
    "Duty",
    "Dwell",
    "HelpState",
    "Holder",
    "Precision",
    "SnoozeReason",
    "Standing",
    "Standings",
    "Step",
    "Verdict",
    "Waiting",
    "acted",
    "advance",
    "ended",
    "falls_on",
    "help_due",
    "help_state",
    "highest_first",
    "household_level",
    "places_of",
    "ranked",
    "tend",
    "tended_on",
    "week_of",
]
