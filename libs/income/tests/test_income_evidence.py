"""What a published figure says of itself: who spoke, how fresh that is, which facts, and by how many it was shared."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from income_household import FATHER, claim, household, paid, survey, yuan

from income.facts import Kind
from income.months import Month
from income.windows import Income, official, rolling


def numbers(income: Income) -> list[int]:
    return [fact.int for fact in income.facts]


def test_a_source_is_as_fresh_as_the_newest_it_said_whatever_came_first() -> None:
    months = ("2023-05", "2023-08", "2023-02")
    for told in (months, months[::-1]):
        income = official(
            household(payments=[paid(n, FATHER, month, "10") for n, month in enumerate(told, start=1)]), 2023
        )
        assert income.sources == {"survey": date(2023, 9, 30), "employment": date(2023, 8, 31)}
        assert numbers(income) == [1, 2, 3, 100]


def test_only_what_speaks_of_a_month_of_the_window_is_evidence() -> None:
    months = ("2022-09", "2022-10", "2023-09", "2023-10")
    spread = paid(9, None, "2022-07", "600", last=Month(2022, 12), source="households")
    fed = household(payments=[*(paid(n, FATHER, month, "10") for n, month in enumerate(months)), spread])
    income = official(fed, 2023)
    assert numbers(income) == [1, 2, 9, 100]
    assert income.sources["employment"] == date(2023, 9, 30)
    assert income.sources["households"] == date(2022, 12, 31)
    assert UUID(int=100) in official(household(), 2026).facts, "a year that is carried on speaks of the later one"


def test_two_figures_that_share_a_window_are_both_evidence() -> None:
    """The rolling year begins in the year of the first survey and ends in that of the second."""
    second = survey("2023-10-01", "2024-09-30", fact_id=UUID(int=101), source="visit")
    income = rolling(household(figures=[survey(), second]), date(2024, 2, 15))
    assert numbers(income) == [100, 101]
    assert income.sources == {"survey": date(2023, 9, 30), "visit": date(2024, 9, 30)}


@pytest.mark.parametrize(
    ("first", "last", "speaks"),
    [
        ("2022-01-01", "2022-09-30", False),
        ("2022-01-01", "2022-10-01", True),
        ("2023-03-01", "2023-03-31", True),
        ("2023-09-30", "2023-12-31", True),
        ("2023-10-01", "2023-12-31", False),
        ("2022-01-01", "2023-12-31", True),
    ],
)
def test_a_claim_is_evidence_where_its_months_and_the_window_meet(first: str, last: str, speaks: bool) -> None:
    income = official(household(adjustments=[claim(7, first, last, "10")]), 2023)
    assert numbers(income) == ([7, 100] if speaks else [100])
    assert income.sources.get("finance") == (date.fromisoformat(last) if speaks else None)


@pytest.mark.parametrize(("persons", "per_head"), [(0, None), (1, "41800.00"), (2, "20900.00"), (3, "13933.33")])
def test_the_figure_is_shared_by_the_household_as_it_is_now(persons: int, per_head: str | None) -> None:
    income = official(household(persons=persons), 2023)
    assert income.persons == persons
    assert income.net == yuan("41800")
    assert income.per_head == income.comparison == (Decimal(per_head) if per_head else None)


def test_what_the_business_cost_is_nobody_knows_without_a_figure() -> None:
    """Every kind is fed in every month, and still the net is unknown rather than the sum."""
    kinds = [paid(20 * n + nth, None, str(Month(2023, 1).plus(nth)), "10", kind=kind)
             for n, kind in enumerate(Kind) for nth in range(12)]  # fmt: skip
    income = rolling(household(figures=[], payments=kinds), date(2024, 1, 5))
    assert income.by_kind == dict.fromkeys(Kind, yuan("120"))
    assert (income.business_cost, income.net, income.per_head, income.comparison) == (None, None, None, None)
    assert survey().fact_id not in income.facts
