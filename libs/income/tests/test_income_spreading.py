"""Money paid at once for several months counts in each of them, beside what is carried for the same months."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from income.facts import Facts, Figure, Kind, Membership, Payment, of_members
from income.months import Month
from income.spreading import spread
from income.windows import official, rolling

PERSON = UUID(int=1)


def carrying(yearly: str) -> Figure:
    zero = Decimal("0.00")
    return Figure(
        fact_id=UUID(int=100), window_from=date(2022, 10, 1), window_to=date(2023, 9, 30), purpose="official_year",
        wage=Decimal("24000.00"), business=zero, property=Decimal(yearly), transfer=zero, business_cost=zero,
        persons=2, source="survey",
    )  # fmt: skip


def paid(amount: str, first: str, last: str | None = None, **told: object) -> Payment:
    values: dict[str, object] = {
        "fact_id": UUID(int=7), "person_id": None, "kind": Kind.PROPERTY, "month": Month.parse(first),
        "last": Month.parse(last) if last else None, "amount": Decimal(amount), "source": "households",
    }  # fmt: skip
    return Payment(**(values | told))  # type: ignore[arg-type]


def property_of(payment: Payment, on: date) -> Decimal | None:
    return rolling(Facts(persons=2, figures=[carrying("600.00")], payments=[payment]), on).by_kind[Kind.PROPERTY]


def test_a_yearly_dividend_beside_its_carried_twelfths_is_counted_once() -> None:
    """600 paid in December for the year, 50 a month carried: 600, not 1,150."""
    on = date(2025, 1, 10)
    assert property_of(paid("600.00", "2024-01", "2024-12"), on) == Decimal("600.00")
    assert property_of(paid("600.00", "2024-12"), on) == Decimal("1150.00"), "what it would be without its months"


def test_a_dividend_larger_than_the_figure_counts_in_full() -> None:
    income = rolling(
        Facts(persons=2, figures=[carrying("600.00")], payments=[paid("1000.00", "2024-01", "2024-12")]),
        date(2025, 1, 10),
    )
    assert income.by_kind[Kind.PROPERTY] == Decimal("1000.00")
    assert income.mixed
    assert income.sources["households"] == date(2024, 12, 31)
    assert UUID(int=7) in income.facts


def test_rent_paid_ahead_counts_for_the_months_that_have_passed() -> None:
    rent = paid("1200.00", "2024-07", "2025-06")
    by_month = official(Facts(persons=2, payments=[rent]), 2024)
    assert sum(cell.amount or 0 for cell in by_month.cells if cell.kind is Kind.PROPERTY) == Decimal("300.00")


def test_a_correction_replaces_every_month_of_what_was_said_before() -> None:
    facts = Facts(
        persons=2,
        figures=[carrying("0.00")],
        payments=[
            paid("600.00", "2024-01", "2024-12"),
            paid("300.00", "2024-07", "2024-12", revision=2),
            paid("600.00", "2024-01", "2024-12"),
        ],
    )
    assert rolling(facts, date(2025, 1, 10)).by_kind[Kind.PROPERTY] == Decimal("300.00")


def test_several_months_of_a_person_go_by_the_last_of_them() -> None:
    payment = paid("600.00", "2024-01", "2024-12", person_id=PERSON)
    assert of_members([payment], [Membership(person_id=PERSON, since=date(2024, 6, 1))]) == [payment]
    assert of_members([payment], [Membership(person_id=PERSON, since=date(2020, 1, 1), until=date(2024, 6, 1))]) == []


def test_a_last_month_before_the_first_is_no_payment() -> None:
    with pytest.raises(ValueError, match=r"^a payment's last month lies before its first$"):
        paid("1.00", "2024-02", "2024-01")


_AMOUNTS = st.integers(0, 10**9).map(lambda fen: Decimal(fen).scaleb(-2))


@given(_AMOUNTS, st.integers(2000 * 12, 2100 * 12), st.integers(0, 36))
def test_parts_sum_to_the_amount_and_differ_by_a_fen_at_most(amount: Decimal, start: int, more: int) -> None:
    first = Month(start // 12, start % 12 + 1)
    payment = paid(str(amount), str(first), str(first.plus(more)))
    parts = list(spread(payment))
    assert sum(part.amount for part in parts) == amount
    assert max(part.amount for part in parts) - min(part.amount for part in parts) <= Decimal("0.01")
    assert all(part.amount == part.amount.quantize(Decimal("0.01")) for part in parts)
    assert len(parts) == more + 1
    assert all(after.month == before.month.plus(1) for before, after in pairwise(parts))
    assert {part.last for part in parts} <= {None, first}
    assert list(spread(payment)) == parts
