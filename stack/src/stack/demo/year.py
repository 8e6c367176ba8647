"""The year of the story: what happens on which day, drawn from a seed before it is played."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final
from uuid import UUID

from .cast import Cast, Earner
from .facts import Facts

Happening = Callable[[Facts], Awaitable[tuple[UUID, UUID] | None]]
"""Posts something; names (household, fact) where its way to the status is to be timed."""

PAY_DAY: Final = 10
LATE_DAY: Final = 20
LOSE_JOB_A_MONTH: Final = 4
REPORT_DAYS: Final = (3, PAY_DAY, LATE_DAY)
"""Days of a month on which departments report: every day passes, but not on each one something is told."""
LINE_RELEASED_ON: Final = (2024, 2, 1)
LINE_VALID_FROM: Final = (2024, 1, 1)
DEMO_LINE: Final = Decimal("8350")


@dataclass(slots=True)
class Year:
    """Date → what happens, in order."""

    begins: date
    ends: date
    days: dict[date, list[Happening]] = field(default_factory=lambda: defaultdict(list))
    apart: dict[date, list[Happening]] = field(default_factory=lambda: defaultdict(list))
    """what may happen side by side, after the rest of the day"""
    typed_wrong: set[tuple[UUID, str]] = field(default_factory=set)
    """(person, month) whose wage is typed wrong first, so that the batch leaves it out"""

    def on(self, day: date, happening: Happening, *, apart: bool = False) -> None:
        """Let something happen, if the day lies within the year."""
        if self.begins < day <= self.ends:
            (self.apart if apart else self.days)[day].append(happening)

    @property
    def dates(self) -> list[date]:
        """Every day on which something happens, and the last one."""
        return sorted({*self.days, *self.apart, self.ends})


def draw_year(cast: Cast, begins: date, random: Random) -> Year:
    """Draw the year: jobs, wages, lost jobs, corrections, missed repayments, cancelled orders, a late line."""
    year = Year(begins, date(begins.year + 1, begins.month, begins.day))
    start = begins + timedelta(days=1)
    for earner in cast.earners:
        year.on(start, _starts(earner, start), apart=True)
    _mistakes(year, cast.earners, random)
    for month_start in _months(start, year.ends):
        _pay_month(year, cast.earners, month_start, random)
        _lose_jobs(year, cast.earners, month_start, random)
    _other_departments(year, cast, random)
    year.on(date(*LINE_RELEASED_ON), _line)
    return year


def _months(first: date, last: date) -> list[date]:
    found, day = [], date(first.year, first.month, 1)
    while day <= last:
        found.append(day)
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return found


def _report_day(day: date) -> date:
    """The first day of reports on or after a day."""
    this = [day.replace(day=number) for number in REPORT_DAYS]
    following = (day.replace(day=1) + timedelta(days=32)).replace(day=REPORT_DAYS[0])
    return min(found for found in (*this, following) if found >= day)


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _pay_month(year: Year, earners: Sequence[Earner], month_start: date, random: Random) -> None:
    """Wages come on the pay day of the next month; a few come late, one or two of them alone and timed."""
    month, next_month = _month(month_start), month_start + timedelta(days=32)
    pay_day, late_day = next_month.replace(day=PAY_DAY), next_month.replace(day=LATE_DAY)
    late = set(random.sample(range(len(earners)), 3))
    alone = set(random.sample(range(len(earners)), 12)) - late

    def due(n: int) -> bool:
        return earners[n].works(month) and (earners[n].person_id, month) not in year.typed_wrong

    async def batch(facts: Facts) -> None:
        await facts.pay([earners[n] for n in range(len(earners)) if n not in late | alone and due(n)], month)

    year.on(pay_day, batch)
    for n in (*sorted(alone), *sorted(late)):
        if (earners[n].person_id, month) not in year.typed_wrong:
            year.on(late_day if n in late else pay_day, _paid(earners[n], month), apart=True)


def _lose_jobs(year: Year, earners: Sequence[Earner], month_start: date, random: Random) -> None:
    """Some lose their job; half find another, some within the month, some later."""
    for earner in random.sample(list(earners), LOSE_JOB_A_MONTH):
        lost_on = month_start.replace(day=random.choice(REPORT_DAYS))
        year.on(lost_on, _lost(earner, lost_on))
        if random.random() < 0.5:
            again = _report_day(lost_on + timedelta(days=random.choice((1, 12, 40))))
            year.on(again, _starts(earner, again))


def _mistakes(year: Year, earners: Sequence[Earner], random: Random) -> None:
    """A wage typed a tenth of what it was, corrected two days later; a lost job that was none."""
    for earner in random.sample(list(earners), 4):
        day = _report_day(year.begins + timedelta(days=random.randrange(70, 330)))
        _wrong_wage(year, earner, day)
    for earner in random.sample(list(earners), 3):
        day = _report_day(year.begins + timedelta(days=random.randrange(40, 330)))
        year.on(day, _lost(earner, day))
        year.on(day + timedelta(days=3), _not_lost(earner))


def _wrong_wage(year: Year, earner: Earner, day: date) -> None:
    written: list[UUID] = []
    month = _month(day.replace(day=1) - timedelta(days=1))
    year.typed_wrong.add((earner.person_id, month))

    async def wrong(facts: Facts) -> tuple[UUID, UUID] | None:
        if not earner.works(month):
            return None
        written.append(await facts.pay_one(earner, month, earner.wage / 10))
        return earner.household_id, written[0]

    async def right(facts: Facts) -> None:
        if written:
            await facts.correct_wage(written[0], earner.wage)

    year.on(day, wrong)
    year.on(day + timedelta(days=2), right)


def _other_departments(year: Year, cast: Cast, random: Random) -> None:
    """Two missed repayments, one of them paid after 40 days; two cancelled orders."""
    for n, earner in enumerate(random.sample(list(cast.earners), 2)):
        due = year.begins + timedelta(days=100 + 60 * n)
        _repayment(year, earner, due, cured=due + timedelta(days=41) if n == 0 else None)
    for n, household_id in enumerate(random.sample(list(cast.households), 2)):
        day = year.begins + timedelta(days=150 + 30 * n)
        year.on(day, _cancelled(household_id, day))


def _repayment(year: Year, earner: Earner, due: date, cured: date | None) -> None:
    missed: list[UUID] = []

    async def miss(facts: Facts) -> tuple[UUID, UUID]:
        missed.append(await facts.miss_repayment(earner, due))
        return earner.household_id, missed[0]

    async def cure(facts: Facts) -> None:
        await facts.cure_repayment(missed[0], cured or due)

    year.on(due + timedelta(days=1), miss)
    if cured:
        year.on(cured, cure)


def _starts(earner: Earner, on: date) -> Happening:
    async def happen(facts: Facts) -> tuple[UUID, UUID] | None:
        if earner.spell_id and not earner.ended:
            return None
        return earner.household_id, await facts.start_job(earner, on)

    return happen


def _paid(earner: Earner, month: str) -> Happening:
    async def happen(facts: Facts) -> tuple[UUID, UUID] | None:
        if not earner.works(month):
            return None
        return earner.household_id, await facts.pay_one(earner, month)

    return happen


def _lost(earner: Earner, on: date) -> Happening:
    async def happen(facts: Facts) -> None:
        if earner.spell_id and not earner.ended:
            await facts.end_job(earner, on)

    return happen


def _not_lost(earner: Earner) -> Happening:
    async def happen(facts: Facts) -> None:
        if earner.spell_id and earner.ended:
            await facts.reopen_job(earner)

    return happen


def _cancelled(household_id: UUID, on: date) -> Happening:
    async def happen(facts: Facts) -> tuple[UUID, UUID]:
        return household_id, await facts.cancel_order(household_id, on, Decimal("6800"))

    return happen


async def _line(facts: Facts) -> None:
    await facts.release_line(date(*LINE_VALID_FROM), DEMO_LINE)
