"""What really happens to an invented family in a year; nobody who watches it sees this."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Final

FIRST: Final = date(2023, 1, 1)
LAST: Final = date(2023, 12, 31)
YEAR: Final = (LAST - FIRST).days + 1
LINE: Final = Decimal(8_050)
"""监测线 2023, yuan per head and year: the truth of `income.below_line`; the watchers read it from the policy."""
_BILLS: Final = Decimal(10_000)
"""Self-paid medical expense of twelve months that is a trouble for a lifted family."""


@dataclass(frozen=True, slots=True)
class Span:
    """时段: days, both included."""

    first: date
    last: date

    def meets(self, first: date, last: date) -> bool:
        """Whether a day of it lies between the two."""
        return self.first <= last and self.last >= first

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Earner:
    """务工人员.

    Attributes:
        wage: yuan a month.
        idle: spans without any work.
        unpaid: months (first days) that were worked and never paid.
        formal: whether a department hears of the work at all.
    """

    wage: int
    idle: tuple[Span, ...]
    unpaid: frozenset[date]
    formal: bool

    def earns(self, month: date) -> Decimal:
        """What the month really brought, by the days worked."""
        if month in self.unpaid:
            return Decimal(0)
        days = [month + timedelta(days=n) for n in range(28)]
        worked = sum(not any(span.first <= day <= span.last for span in self.idle) for day in days)
        return (Decimal(self.wage) * worked / 28).quantize(Decimal("0.01"))


@dataclass(frozen=True, slots=True)
class Family:
    """一户的真相.

    Attributes:
        other: yuan a year besides wages, after cost.
        bills: (day, self-paid yuan) of illness.
        overdue: spans in which an instalment really was not paid.
        housing: spans in which the house really was not safe.
    """

    persons: int
    other: int
    earners: tuple[Earner, ...]
    bills: tuple[tuple[date, int], ...] = ()
    overdue: tuple[Span, ...] = ()
    housing: tuple[Span, ...] = ()
    troubles: dict[str, tuple[Span, ...]] = field(default_factory=dict)
    """rule → when what it claims really was so"""


def months(first: date, last: date) -> Iterator[date]:
    """The first days of the months between."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)


def draw_family(random: Random) -> Family:
    """A family and its year."""
    persons = random.choices((2, 3, 4, 5), (15, 30, 35, 20))[0]
    earners = tuple(_earner(random) for _ in range(random.choices((1, 2), (60, 40))[0]))
    family = Family(
        persons=persons,
        other=random.randint(1_000, 5_000) * persons,
        earners=earners,
        bills=tuple(_bills(random)),
        overdue=_spans(random, 0.03, (3, 200)),
        housing=_spans(random, 0.02, (20, 150)),
    )
    family.troubles.update(
        {
            "work.job_lost": tuple(span for e in earners if e.formal for span in e.idle),
            "work.wage_missing": tuple(span for e in earners if e.formal for span in _arrears(e)),
            "income.below_line": tuple(_poor(family)),
            "expense.medical": tuple(_ill(family)),
            "debt.overdue": family.overdue,
            "guarantee.housing": family.housing,
        }
    )
    return family


def _earner(random: Random) -> Earner:
    idle, day = list[Span](), FIRST
    while random.random() < 0.10 and day < LAST - timedelta(days=40):
        lost = day + timedelta(days=random.randint(10, max(11, (LAST - day).days - 30)))
        gap = random.randint(4, 25) if random.random() < 0.5 else random.randint(35, 240)
        idle.append(Span(lost, min(LAST, lost + timedelta(days=gap))))
        day = idle[-1].last
    unpaid = frozenset[date]()
    if random.random() < 0.04:
        begin = random.randint(0, 8)
        unpaid = frozenset(list(months(FIRST, LAST))[begin : begin + random.randint(1, 4)])
    return Earner(random.randint(14, 42) * 100, tuple(idle), unpaid, random.random() < 0.85)


def _bills(random: Random) -> Iterator[tuple[date, int]]:
    for _ in range(random.choices((0, 1, 2), (60, 25, 15))[0]):
        yield FIRST + timedelta(days=random.randrange(YEAR - 40)), random.randint(2, 40) * 100
    if random.random() < 0.04:
        fell_ill = FIRST + timedelta(days=random.randrange(YEAR - 120))
        for n in range(random.randint(2, 5)):
            yield fell_ill + timedelta(days=20 * n), random.randint(40, 160) * 100


def _spans(random: Random, share: float, days: tuple[int, int]) -> tuple[Span, ...]:
    if random.random() >= share:
        return ()
    first = FIRST + timedelta(days=random.randrange(YEAR - 20))
    return (Span(first, min(LAST, first + timedelta(days=random.randint(*days)))),)


def _arrears(earner: Earner) -> Iterator[Span]:
    """From the second month in a row that was not paid; they stay unpaid to the end of the year."""
    if len(earner.unpaid) >= 2:
        yield Span((sorted(earner.unpaid)[1] + timedelta(days=45)).replace(day=1), LAST)


def _poor(family: Family) -> Iterator[Span]:
    """The days on which what the family has, at the rate of what now pays, is under the line per head."""
    edges = sorted(
        {FIRST, *months(FIRST, LAST), LAST + timedelta(days=1)} | {d for e in family.earners for d in _turns(e)}
    )
    spans = list[Span]()
    for day, after in pairwise(edges):
        yearly = sum((e.wage * 12 for e in family.earners if not _is_idle(e, day)), family.other)
        unpaid = sum(e.wage for e in family.earners for month in e.unpaid if month < day)
        if Decimal(yearly - unpaid) / family.persons < LINE:
            if spans and spans[-1].last == day - timedelta(days=1):
                spans[-1] = Span(spans[-1].first, after - timedelta(days=1))
            else:
                spans.append(Span(day, after - timedelta(days=1)))
    yield from spans


def _turns(earner: Earner) -> Iterator[date]:
    for span in earner.idle:
        yield span.first
        if span.last < LAST:
            yield span.last + timedelta(days=1)


def _is_idle(earner: Earner, day: date) -> bool:
    return any(span.first <= day <= span.last for span in earner.idle)


def _ill(family: Family) -> Iterator[Span]:
    total = Decimal(0)
    for day, amount in sorted(family.bills):
        total += amount
        if total > _BILLS:
            yield Span(day, LAST)
            return
