"""An amount parts over shares: to the cent, more shares never less money, always the same."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from income.months import Window
from income.sharing import split

_AMOUNTS = st.integers(0, 10**10).map(lambda fen: Decimal(fen).scaleb(-2))
_SHARES = st.lists(st.integers(0, 10**6).map(lambda n: Decimal(n).scaleb(-2)), min_size=1, max_size=200)


@given(_AMOUNTS, _SHARES.filter(any))
def test_parts_sum_exactly_rise_with_the_shares_and_are_always_the_same(amount: Decimal, shares: list[Decimal]) -> None:
    parts = split(amount, shares)
    assert sum(parts) == amount
    assert parts == split(amount, shares)
    by_share = sorted(zip(shares, parts, strict=True))
    for (fewer, less), (more, greater) in pairwise(by_share):
        assert less <= greater or fewer == more, "who has more shares never gets less"
    assert all(part >= 0 for part in parts)


@pytest.mark.parametrize(
    ("amount", "weights"),
    [
        (Decimal("-0.01"), [Decimal(1)]),
        (Decimal("0.005"), [Decimal(1)]),
        (Decimal("1.00"), [Decimal(2), Decimal(-1)]),
        (Decimal("0.00"), [Decimal(1), Decimal(-1)]),
        (Decimal("0.01"), [Decimal(0)]),
        (Decimal("0.01"), []),
    ],
)
def test_what_nobody_can_have_is_refused(amount: Decimal, weights: list[Decimal]) -> None:
    with pytest.raises(ValueError, match=r"^an amount in whole fen and weights that can have it$"):
        split(amount, weights)


def test_nothing_parts_into_nothing_and_equal_remainders_go_to_the_earlier() -> None:
    assert list(map(str, split(Decimal("0.00"), [Decimal(0), Decimal(0)]))) == ["0.00", "0.00"]
    assert list(map(str, split(Decimal("0.02"), [Decimal(1)] * 3))) == ["0.01", "0.01", "0.00"]
    assert list(map(str, split(Decimal("1.00"), [Decimal(0), Decimal(1)]))) == ["0.00", "1.00"]


def test_a_fen_that_is_left_over_goes_to_the_largest_remainder() -> None:
    """A third and two thirds of a fen; 0.75, 0.75 and 1.50 fen."""
    assert split(Decimal("0.01"), [Decimal(1), Decimal(2)]) == [Decimal("0.00"), Decimal("0.01")]
    assert split(Decimal("0.03"), [Decimal(1), Decimal(1), Decimal(2)]) == [Decimal("0.01")] * 3


def test_a_window_between_days_holds_the_months_they_touch() -> None:
    window = Window.between(date(2022, 10, 31), date(2023, 1, 1))
    assert (str(window.first), str(window.last), window.months) == ("2022-10", "2023-01", 4)
