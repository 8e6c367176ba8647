from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from income_household import claim, job
from income_household import survey as figure

from income.facts import Kind, Membership, Payment, Share, current, of_members
from income.formula import comparison_per_head, monthly_part, net, part_in, per_head, shared_by
from income.months import Month, closed_official_year, official_window, rolling_window

PERSON = UUID(int=1)


def paid(person: UUID | None, month: Month, *, amount: Decimal = Decimal("1.00")) -> Payment:
    return Payment(
        fact_id=UUID(int=5), person_id=person, kind=Kind.WAGE, month=month, amount=amount, source="employment"
    )


def test_the_golden_household_is_under_one_line_and_over_the_other() -> None:
    assert net(figure()) == Decimal("41800.00")
    assert per_head(figure()) == Decimal("10450.00")
    assert Decimal("8050") <= per_head(figure()) < Decimal("11000")


def test_the_comparison_figure_adds_claims_and_takes_off_what_the_family_paid_itself() -> None:
    ill = figure(claims=Decimal("2000.00"), self_paid=Decimal("9000.00"))
    assert per_head(ill) == Decimal("10450.00")
    assert comparison_per_head(ill) == Decimal("8700.00")


def test_half_a_fen_goes_up_and_nobody_is_no_household() -> None:
    assert shared_by(Decimal("0.01"), 2) == Decimal("0.01")
    assert shared_by(Decimal("100.00"), 3) == Decimal("33.33")
    assert shared_by(Decimal("0.01"), 1) == Decimal("0.01")
    with pytest.raises(ValueError, match=r"^an income per head needs at least one person$"):
        shared_by(Decimal("1.00"), 0)


@pytest.mark.parametrize(
    "part", ["wage", "business", "property", "transfer", "business_cost", "claims", "self_paid", "shares"]
)
def test_money_that_is_not_decimal_is_refused_wherever_it_stands(part: str) -> None:
    for money in (100, 100.0):
        told = (Share(person_id=PERSON, kind=Kind.WAGE, amount=money),) if part == "shares" else money  # type: ignore[arg-type]
        with pytest.raises(TypeError, match=r"^money is Decimal, never float or int$"):
            figure(**{part: told})
        with pytest.raises(TypeError):
            paid(PERSON, Month(2023, 1), amount=money)
        with pytest.raises(TypeError):
            claim(1, "2023-01-01", "2023-12-31", "1", amount=money)


@given(
    st.decimals(min_value=-(10**9), max_value=10**9, places=2), st.integers(1, 24), st.integers(0, 40),
)  # fmt: skip
def test_the_parts_of_a_figure_begin_with_its_first_month_and_repeat(amount: Decimal, months: int, nth: int) -> None:
    first = Month(2022, 11)
    window = {"window_from": first.first_day, "window_to": first.plus(months - 1).last_day}
    assert part_in(first.plus(nth), figure(**window), amount) == monthly_part(amount, nth, months)


def test_the_fen_of_a_figure_fall_where_its_window_says_and_repeat_before_and_after_it() -> None:
    quarter = figure(window_from=date(2022, 11, 1), window_to=date(2023, 1, 31))
    parts = [str(part_in(Month(2022, 8).plus(n), quarter, Decimal("100.01"))) for n in range(9)]
    assert parts == ["33.33", "33.34", "33.34"] * 3


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2), st.integers(1, 24), st.integers(-50, 50))
def test_the_months_of_a_figure_sum_to_it_wherever_one_begins(amount: Decimal, months: int, start: int) -> None:
    parts = [monthly_part(amount, start + n, months) for n in range(months)]
    assert sum(parts) == amount
    assert max(parts) - min(parts) <= Decimal("0.01")


def test_windows_hold_twelve_full_months() -> None:
    window = rolling_window(date(2024, 2, 29))
    assert [str(month) for month in window.each()][::11] == ["2023-02", "2024-01"]
    assert official_window(2024).first.first_day == date(2023, 10, 1)
    assert official_window(2024).last.last_day == date(2024, 9, 30)
    assert [closed_official_year(date(2024, month, 1)) for month in (9, 10)] == [2023, 2024]


@given(st.integers(1, 5000), st.integers(-5000, 5000))
def test_months_count_like_numbers(start: int, by: int) -> None:
    month = Month(1, 1).plus(12000 + start)
    assert month.plus(by).plus(-by) == month
    assert month.plus(by).ordinal - month.ordinal == by
    assert Month.parse(str(month)) == month


@given(st.dates(date(2023, 1, 1), date(2024, 12, 31)), st.integers(0, 23))
def test_a_person_who_moves_counts_in_one_household_each_month(moved: date, nth: int) -> None:
    payment = paid(PERSON, Month(2023, 1).plus(nth))
    old = Membership(person_id=PERSON, since=date(2020, 1, 1), until=moved)
    new = Membership(person_id=PERSON, since=moved)
    assert len(of_members([payment], [old])) + len(of_members([payment], [new])) == 1


@pytest.mark.parametrize(
    ("since", "until", "counts"),
    [
        ("2024-02-28", None, True),
        ("2024-02-29", None, True),
        ("2024-03-01", None, False),
        ("2020-01-01", "2024-02-29", False),
        ("2020-01-01", "2024-03-01", True),
    ],
)
def test_who_belongs_on_the_last_day_of_the_month_has_its_money(since: str, until: str | None, counts: bool) -> None:
    wage = paid(PERSON, Month(2024, 2))
    left = date.fromisoformat(until) if until else None
    member = Membership(person_id=PERSON, since=date.fromisoformat(since), until=left)
    assert of_members([wage], [member]) == [wage] * counts


def test_money_of_the_household_stays_and_that_of_a_stranger_does_not_come() -> None:
    ours, strangers = paid(None, Month(2024, 2)), paid(UUID(int=9), Month(2024, 2))
    member = Membership(person_id=PERSON, since=date(2020, 1, 1))
    assert of_members([ours, strangers], [member]) == [ours]


def test_the_highest_revision_of_each_fact_counts_in_the_order_of_ids() -> None:
    facts = [job(number, "2023-01-01", revision=revision) for number, revision in ((9, 1), (300, 1), (9, 3), (9, 2))]
    taken_back = job(10, "2023-01-01", revision=2, void=True)
    assert current([*facts, taken_back, job(10, "2023-01-01"), job(2, "2023-01-01")]) == [
        job(2, "2023-01-01"), facts[2], facts[1],
    ]  # fmt: skip
