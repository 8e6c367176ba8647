"""Calendar months, the grain of every income figure."""

from calendar import monthrange
from datetime import date
from functools import lru_cache
from typing import NamedTuple, Self


class Month(NamedTuple):
    """月份: a calendar month in Asia/Shanghai, written `YYYY-MM`; months compare in time order."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """The month written as `YYYY-MM`."""
        year, month = text.split("-")
        return cls(int(year), int(month))

    @classmethod
    def of(cls, day: date) -> Self:
        """The month that holds the day."""
        return cls(day.year, day.month)

    @property
    def first_day(self) -> date:
        """The month's first day."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """The month's last day."""
        return _last_day(self)

    def plus(self, months: int) -> "Month":
        """The month so many months later; earlier where negative."""
        ordinal = self.ordinal + months
        return Month(ordinal // 12, ordinal % 12 + 1)

    @property
    def ordinal(self) -> int:
        """Months since the year 0; differences are numbers of months."""
        return self.year * 12 + self.month - 1

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


@lru_cache(4096)
def _last_day(month: Month) -> date:
    return date(month.year, month.month, monthrange(month.year, month.month)[1])


class Window(NamedTuple):
    """统计期: the months from `first` to `last`, both included."""

    first: Month
    last: Month

    @classmethod
    def between(cls, first_day: date, last_day: date) -> Self:
        """The months that the days touch."""
        return cls(Month.of(first_day), Month.of(last_day))

    @property
    def months(self) -> int:
        """How many months it has."""
        return self.last.ordinal - self.first.ordinal + 1

    def holds(self, month: Month) -> bool:
        """Whether the month lies in the window."""
        return self.first <= month <= self.last

    @property
    def before(self) -> "Window":
        """The window of as many months that begins a month earlier."""
        return _shifted(self)

    def each(self) -> tuple[Month, ...]:
        """Its months in order."""
        return _months(self.first, self.months)


@lru_cache(1024)
def _shifted(window: Window) -> Window:
    return Window(window.first.plus(-1), window.last.plus(-1))


@lru_cache(1024)
def _months(first: Month, count: int) -> tuple[Month, ...]:
    return tuple(first.plus(n) for n in range(count))


def rolling_window(business_date: date) -> Window:
    """识别统计期: the twelve full months before the month of the business date."""
    this = Month.of(business_date)
    return Window(this.plus(-12), this.plus(-1))


def official_window(year: int) -> Window:
    """年度统计期: 1 October of the year before to 30 September of the year."""
    return Window(Month(year - 1, 10), Month(year, 9))


def closed_official_year(business_date: date) -> int:
    """The last official year that has ended by the business date."""
    return business_date.year if business_date.month >= 10 else business_date.year - 1


def closed_quarter(business_date: date) -> Window:
    """季度统计期: the last quarter of an official year (from October, January, April or July) that has ended."""
    this = Month.of(business_date)
    begun = Month(this.year, this.month - (this.month - 1) % 3)
    return Window(begun.plus(-3), begun.plus(-1))
