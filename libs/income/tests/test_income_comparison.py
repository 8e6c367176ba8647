"""监测参考收入: claims are added and compliant self-paid expense is taken off, each in its own months."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from income_household import claim, household, job, survey, yuan

from income.facts import Adjustment, Extra
from income.windows import official, projected, rolling

YEAR = ("2022-10-01", "2023-09-30")


def compared(*adjustments: Adjustment, claims: str = "0", self_paid: str = "0") -> Decimal | None:
    figures = [survey(claims=yuan(claims), self_paid=yuan(self_paid))]
    income = official(household(figures=figures, adjustments=adjustments), 2023)
    assert income.per_head == Decimal("10450.00"), "what is compared never changes what is published"
    return income.comparison


@pytest.mark.parametrize(
    ("claims", "self_paid", "comparison"),
    [("0", "0", "10450.00"), ("2400", "0", "11050.00"), ("0", "400", "10350.00"), ("2400", "400", "10950.00")],
)
def test_what_is_recorded_and_what_is_reported_alone_give_the_same(
    claims: str, self_paid: str, comparison: str
) -> None:
    assert compared(claims=claims, self_paid=self_paid) == Decimal(comparison)
    reported = [claim(1, *YEAR, claims), claim(2, *YEAR, self_paid, extra=Extra.SELF_PAID)]
    assert compared(*reported) == Decimal(comparison)


def test_the_larger_of_reported_and_recorded_counts_and_is_never_added_to_the_other() -> None:
    assert compared(claim(1, *YEAR, "3600"), claims="2400") == Decimal("11350.00")
    assert compared(claim(1, *YEAR, "1200"), claims="2400") == Decimal("11050.00")
    borne = claim(1, *YEAR, "3600", extra=Extra.SELF_PAID)
    assert compared(borne, claims="2400", self_paid="2400") == Decimal("10150.00")


def test_each_month_is_compared_for_itself_and_its_reports_add_up_first() -> None:
    """200 a month recorded; 300 and 400 reported for March: eleven times 200, once 700."""
    march = [claim(1, "2023-03-01", "2023-03-31", "300"), claim(2, "2023-03-08", "2023-03-20", "400")]
    assert compared(*march, claims="2400") == Decimal("11175.00")


def test_of_a_report_that_reaches_over_the_year_only_its_months_within_count() -> None:
    assert compared(claim(1, "2023-09-15", "2023-10-14", "1200")) == Decimal("10600.00")
    assert compared(claim(1, "2022-08-01", "2022-09-30", "1200")) == Decimal("10450.00")


def test_a_claim_of_a_year_that_is_carried_on_is_not_carried_with_it() -> None:
    """In December two months lie behind the year: ten twelfths of 2,400 stay, and what came since counts."""
    facts = household(figures=[survey(claims=yuan("2400"))])
    assert rolling(facts, date(2023, 12, 5)).comparison == Decimal("10950.00")
    since = household(figures=facts.figures, adjustments=[claim(1, "2023-10-01", "2023-11-30", "500")])
    assert rolling(since, date(2023, 12, 5)).comparison == Decimal("11075.00")


def test_a_projection_is_compared_with_the_same_claims_and_expenses() -> None:
    facts = household(
        figures=[survey(claims=yuan("2400"), self_paid=yuan("400"))],
        jobs=[job(50, "2023-01-01", "2023-09-30", monthly=yuan("500"))],
    )
    ahead = projected(facts, date(2023, 10, 5))
    assert (ahead.net, ahead.per_head, ahead.comparison) == (yuan("35800"), yuan("8950"), yuan("9450"))


@given(st.lists(st.integers(0, 10**6), min_size=4, max_size=4))
def test_claims_never_lower_the_comparison_and_expenses_never_raise_it(fen: list[int]) -> None:
    recorded, reported, borne, told = (Decimal(amount).scaleb(-2) for amount in fen)
    figures = [survey(claims=recorded, self_paid=borne)]
    claims = claim(1, *YEAR, str(reported))
    expense = claim(2, *YEAR, str(told), extra=Extra.SELF_PAID)

    def per_household(*adjustments: Adjustment) -> Decimal:
        income = official(household(persons=1, figures=figures, adjustments=adjustments), 2023)
        assert income.comparison is not None
        return income.comparison

    assert per_household() == yuan("41800") + recorded - borne
    assert yuan("41800") + max(recorded, reported) - borne <= per_household(claims)
    assert per_household(claims) <= yuan("41800") + recorded + reported - borne
    assert per_household(claims, expense) <= per_household(claims) <= per_household(claims, expense) + told
