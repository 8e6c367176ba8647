"""An amount parts over shares: to the cent, more shares never less money, always the same."""

from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

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
