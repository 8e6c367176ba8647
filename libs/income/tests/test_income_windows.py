"""The windows of published figures: which months they hold, whatever the day; and what a quarter is to its year."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from income.facts import Facts, Figure
from income.months import Month, Window, closed_official_year, closed_quarter, official_window, rolling_window
from income.windows import official, quarterly, rolling

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@given(day=DAYS)
def test_every_window_is_of_full_months_that_are_over(day: date) -> None:
    year = official_window(closed_official_year(day))
    for window, months in ((rolling_window(day), 12), (year, 12), (closed_quarter(day), 3)):
        assert window.months == months
        assert window.last.last_day < day.replace(day=1) or window.last.last_day < day
    assert (year.first.month, year.last.month) == (10, 9)
    assert rolling_window(day).last.plus(1) == Month.of(day)


@given(day=DAYS)
def test_a_window_is_the_newest_of_its_kind(day: date) -> None:
    assert closed_quarter(day).last.plus(3).last_day >= day
    assert official_window(closed_official_year(day) + 1).last.last_day >= day


@given(day=DAYS)
def test_quarters_make_up_the_official_year_and_never_cross_it(day: date) -> None:
    window = closed_quarter(day)
    year = official_window(closed_official_year(window.last.last_day + timedelta(days=1)))
    inside = [first.first for first in _quarters(official_window(window.last.year + (window.last.month >= 10)))]
    assert window.first in inside
    assert year.holds(window.first) == year.holds(window.last)


def _quarters(year: Window) -> list[Window]:
    return [Window(year.first.plus(n), year.first.plus(n + 2)) for n in (0, 3, 6, 9)]


def figure(window: Window, purpose: str, wage: Decimal, *, revision: int = 1) -> Figure:
    zero = Decimal("0.00")
    return Figure(
        fact_id=uuid4(), revision=revision, void=False, window_from=window.first.first_day,
        window_to=window.last.last_day, purpose=purpose, persons=3, source="survey", verified=True, wage=wage,
        business=zero, property=zero, transfer=zero, business_cost=zero, claims=zero, self_paid=zero,
    )  # fmt: skip


AMOUNTS = st.decimals(Decimal(0), Decimal(10**7), places=2)


@given(day=DAYS, wage=AMOUNTS)
def test_a_yearly_figure_gives_its_quarters_that_add_up_to_it(day: date, wage: Decimal) -> None:
    year = official_window(closed_official_year(day))
    facts = Facts(persons=3, figures=[figure(year, "official_year", wage)], payments=[])
    parts = [quarterly(facts, quarter.last.plus(1).first_day) for quarter in _quarters(year)]
    assert sum((part.net for part in parts if part.net is not None), Decimal(0)) == wage
    whole = official(facts, closed_official_year(day))
    assert whole.net == wage
    assert whole.sources == {"survey": year.last.last_day}


@given(day=DAYS, wage=AMOUNTS, corrected=AMOUNTS)
def test_a_correction_counts_and_names_the_same_fact(day: date, wage: Decimal, corrected: Decimal) -> None:
    first = figure(rolling_window(day), "identification", wage)
    second = figure(rolling_window(day), "identification", corrected, revision=2)
    second = replace(second, fact_id=first.fact_id)
    facts = Facts(persons=3, figures=[second, first], payments=[])
    income = rolling(facts, day)
    assert income.net == corrected
    assert income.facts == (first.fact_id,)


@given(day=DAYS)
def test_what_nobody_spoke_of_is_unknown_in_every_window(day: date) -> None:
    facts = Facts(persons=3, figures=[], payments=[])
    for income in (rolling(facts, day), quarterly(facts, day), official(facts, closed_official_year(day))):
        assert (income.net, income.per_head, income.sources) == (None, None, {})
