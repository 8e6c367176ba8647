"""Right and wrong alarms, found and missed troubles, by rule."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from statistics import median
from typing import Any, Final

from .truth import LAST, Span
from .watching import Alarm

VISIT: Final = timedelta(days=7)
"""So long after an alarm somebody stands at the door, if it is still open: what was taken back costs no way."""
BY_THEN: Final = timedelta(days=14)
"""A trouble that is there within these days makes the way worth it."""
FOUND_WITHIN: Final = timedelta(days=60)
LASTING: Final = 30
"""Days: a shorter trouble is over before anybody could help, so missing it is no miss."""


@dataclass(slots=True)
class Score:
    """成绩 of one watcher at one rule.

    Attributes:
        alarms: all of them; `ways`, those that somebody went for; `right`, the ways that were worth it.
        troubles: those that last; `found`, those that an alarm told of in time.
        delays: days from the begin of what was found to its alarm.
    """

    alarms: int = 0
    ways: int = 0
    right: int = 0
    troubles: int = 0
    found: int = 0
    delays: list[int] = field(default_factory=list)

    def add(self, alarms: Sequence[Alarm], troubles: Iterable[Span]) -> None:
        """One family's."""
        spans = list(troubles)
        ways = [alarm for alarm in alarms if alarm.over > alarm.raised + VISIT]
        self.alarms += len(alarms)
        self.ways += len(ways)
        self.right += sum(any(span.meets(alarm.raised, alarm.raised + BY_THEN) for span in spans) for alarm in ways)
        for span in spans:
            if span.days < LASTING or span.first > LAST - FOUND_WITHIN:
                continue
            self.troubles += 1
            seen = [a for a in alarms if a.raised <= span.first + FOUND_WITHIN and a.over >= span.first]
            if seen:
                self.found += 1
                self.delays.append(max(0, (min(a.raised for a in seen) - span.first).days))

    def to_json(self) -> dict[str, Any]:
        """With what follows from it; null where there is nothing to divide by."""
        return {
            **{name: value for name, value in asdict(self).items() if name != "delays"},
            "precision": round(self.right / self.ways, 3) if self.ways else None,
            "recall": round(self.found / self.troubles, 3) if self.troubles else None,
            "median_days": median(self.delays) if self.delays else None,
        }
