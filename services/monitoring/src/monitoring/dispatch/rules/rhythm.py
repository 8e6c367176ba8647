"""When meetings are due: the rhythm is policy, the period follows from the business date. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from .model import Level


@dataclass(frozen=True, slots=True)
class Period:
    """周期: first and last day that one meeting answers for."""

    first: date
    last: date


def period_of(level: Level, on: date, rhythm: int) -> Period | None:
    """The period a day lies in; None where the rhythm is none.

    Args:
        level: whose meeting.
        on: the business date.
        rhythm: township and county: meetings a month, on days that part thirty days evenly (two: the 1st and the 16th);
            city: months between meetings, counted from January.
    """
    if rhythm < 1:
        return None
    if level is Level.CITY:
        first = date(on.year, (on.month - 1) // rhythm * rhythm + 1, 1)
        return Period(first, _months_on(first, min(rhythm, 13 - first.month)) - timedelta(days=1))
    starts = [date(on.year, on.month, 1 + 30 * part // rhythm) for part in range(rhythm) if 30 * part // rhythm < 28]
    begun = [start for start in starts if start <= on]
    later = [start for start in starts if start > on]
    following = later[0] if later else _months_on(date(on.year, on.month, 1), 1)
    return Period(begun[-1], following - timedelta(days=1))


def _months_on(first: date, months: int) -> date:
    index = first.month - 1 + months
    return date(first.year + index // 12, index % 12 + 1, 1)
