"""Periods that values and reports are of: months, quarters, half years, years. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from .refusals import PeriodUnknown

_PARTS: Final = {"Q": 3, "H": 6}
_YEARS: Final = range(2000, 2101)


@dataclass(frozen=True, slots=True)
class Period:
    """期间: whole months, each named by its first day.

    Attributes:
        name: `2023-10`, `2023-Q4`, `2023-H2` or `2023`.
    """

    name: str
    first: date
    last: date

    @property
    def ends_on(self) -> date:
        """Its last day."""
        return _months_on(self.last, 1) - timedelta(days=1)


def month_period(on: date) -> Period:
    """The month of a day."""
    first = on.replace(day=1)
    return Period(f"{first:%Y-%m}", first, first)


def period_of(name: str) -> Period:
    """The period that is called so.

    Raises:
        PeriodUnknown: it is none.
    """
    year, _, part = name.partition("-")
    try:
        if int(year) not in _YEARS:
            raise PeriodUnknown
        january = date(int(year), 1, 1)
        if not part:
            return Period(name, january, _months_on(january, 11))
        if months := _PARTS.get(part[0]):
            first = _months_on(january, (int(part[1:]) - 1) * months)
            return _within(Period(name, first, _months_on(first, months - 1)), january)
        return month_period(date(january.year, int(part), 1))
    except ValueError:
        raise PeriodUnknown from None


def _within(period: Period, january: date) -> Period:
    if not january <= period.first <= period.last <= _months_on(january, 11):
        raise PeriodUnknown
    return period


def months(first: date, last: date) -> Iterator[date]:
    """The first days of the months from one to another."""
    while first <= last:
        yield first
        first = _months_on(first, 1)


def year_before(period: Period) -> Period:
    """上年同期."""
    return Period("", _months_on(period.first, -12), _months_on(period.last, -12))


def _months_on(first: date, months: int) -> date:
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)
