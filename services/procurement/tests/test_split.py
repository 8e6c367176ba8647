"""An amount parts to the cent: nothing is lost, nobody is off by more than one fen, and it is always the same."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from income.sharing import split
from procurement.orders.rules.orders import ordered_amounts
from procurement.orders.rules.refusals import Terms, TooMuch
from procurement.orders.rules.split import named, part

FEN = Fraction(1, 100)
yuan = st.decimals(0, 10_000_000, places=2, allow_nan=False, allow_infinity=False)
weights = st.lists(st.decimals(0, 1_000, places=4, allow_nan=False, allow_infinity=False), min_size=1, max_size=40)


@given(yuan, weights.filter(any))
def test_parts_sum_up_and_each_lies_within_one_fen_of_its_share(amount: Decimal, weights: list[Decimal]) -> None:
    parts = split(amount, weights)
    assert sum(parts) == amount
    total = sum(map(Fraction, weights))
    for got, weight in zip(parts, weights, strict=True):
        assert abs(Fraction(got) - Fraction(amount) * Fraction(weight) / total) < FEN
        assert got == got.quantize(Decimal("0.01"))
        assert weight or not got, "who has no weight gets nothing"


@given(yuan, weights.filter(any), st.integers(2, 9))
def test_the_same_input_gives_the_same_parts_whatever_the_scale_of_weights(
    amount: Decimal, weights: list[Decimal], scale: int
) -> None:
    assert split(amount, weights) == split(amount, [weight * scale for weight in weights])


@given(yuan, weights.filter(any), st.randoms(use_true_random=False))
def test_another_order_gives_the_same_parts_to_all_but_equals(
    amount: Decimal, weights: list[Decimal], random: object
) -> None:
    order = list(range(len(weights)))
    random.shuffle(order)  # type: ignore[attr-defined]
    turned = split(amount, [weights[place] for place in order])
    parts = split(amount, weights)
    assert sorted(zip([weights[place] for place in order], turned, strict=True)) == sorted(
        zip(weights, parts, strict=True)
    ) or any(abs(parts[place] - turned[n]) == Decimal("0.01") for n, place in enumerate(order))


@given(st.lists(yuan, min_size=1, max_size=40), yuan, st.fractions(0, 1))
def test_a_part_of_what_there_is_never_gives_anybody_more_than_there_is(
    rooms: list[Decimal], own: Decimal, share: Fraction
) -> None:
    amount = Decimal(int(Fraction(sum(rooms) + own) * 100 * share)).scaleb(-2)
    parts = part(amount, rooms, own, pointer="/amount")
    assert all(got <= room for got, room in zip(parts, rooms, strict=True))
    assert 0 <= amount - sum(parts) <= own


def test_fen_that_are_left_go_to_the_largest_remainders_then_to_the_first() -> None:
    thirds = [Decimal(1)] * 3
    assert split(Decimal("100.00"), thirds) == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    assert split(Decimal("0.02"), thirds) == [Decimal("0.01"), Decimal("0.01"), Decimal("0.00")]
    assert split(Decimal("0.10"), [Decimal(1), Decimal(2), Decimal(4)]) == [
        Decimal("0.01"), Decimal("0.03"), Decimal("0.06"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "weights"),
    [("1.00", ["0", "0"]), ("-1.00", ["1"]), ("1.005", ["1"]), ("1.00", ["2", "-1"]), ("1.00", [])],
)
def test_what_cannot_be_parted_is_an_error(amount: str, weights: list[str]) -> None:
    with pytest.raises(ValueError, match="whole fen"):
        split(Decimal(amount), list(map(Decimal, weights)))


def test_more_than_there_is_is_refused_where_it_stands() -> None:
    with pytest.raises(TooMuch) as total:
        part(Decimal("3.01"), [Decimal("1.00")], Decimal("2.00"), pointer="/amount")
    with pytest.raises(TooMuch) as line:
        named({1: Decimal("2.00")}, [Decimal("5.00"), Decimal("1.99")], pointers={1: "/lines/0"})
    assert (total.value.pointer, line.value.pointer) == ("/amount", "/lines/0")


def test_terms_fit_the_way_of_supply() -> None:
    some, none = [Decimal(60), Decimal(30)], [None, None]
    assert ordered_amounts(cooperative=True, total=Decimal(1000), amounts=none, percents=some) == (
        Decimal(1000),
        [Decimal("600.00"), Decimal("300.00")],
    )
    assert ordered_amounts(cooperative=False, total=None, amounts=some, percents=none)[0] == Decimal(90)
    for wrong in (
        {"cooperative": True, "total": None, "amounts": none, "percents": some},
        {"cooperative": True, "total": Decimal(1), "amounts": some, "percents": some},
        {"cooperative": True, "total": Decimal(1), "amounts": none, "percents": [Decimal(60), Decimal("40.0001")]},
        {"cooperative": True, "total": Decimal(1), "amounts": none, "percents": [Decimal(60), None]},
        {"cooperative": False, "total": Decimal(90), "amounts": some, "percents": none},
        {"cooperative": False, "total": None, "amounts": [Decimal(1), None], "percents": none},
        {"cooperative": False, "total": None, "amounts": some, "percents": some},
    ):
        with pytest.raises(Terms):
            ordered_amounts(**wrong)  # type: ignore[arg-type]
