"""A broker that has grown begins anew in a quiet moment, and at the latest at a size."""

from hypothesis import given
from hypothesis import strategies as st

from stack.growth import Growth

ENOUGH, MOST, LITTLE, LEAST = 1_000, 10_000, 10, 60.0


def growth() -> Growth:
    return Growth(enough=ENOUGH, most=MOST, little=LITTLE, least=LEAST)


def test_a_quiet_moment_is_taken_when_it_is_large_enough() -> None:
    grown = growth()
    assert [grown.due(held, LEAST) for held in (500, 505, 1_100, 1_200, 1_205)] == [False, False, False, False, True]


def test_the_first_look_tells_nothing_of_quiet() -> None:
    assert not growth().due(ENOUGH, LEAST)


@given(st.lists(st.integers(0, 2 * MOST), min_size=1))
def test_it_is_never_due_while_small_and_always_at_the_most(sizes: list[int]) -> None:
    grown = growth()
    told = [grown.due(held, LEAST) for held in sizes]
    assert not any(due for held, due in zip(sizes, told, strict=True) if held < ENOUGH)
    assert all(due for held, due in zip(sizes, told, strict=True) if held >= MOST)


@given(st.lists(st.integers(LITTLE + 1, 200), min_size=1, max_size=40))
def test_below_the_most_what_keeps_growing_is_left_alone(steps: list[int]) -> None:
    grown, held = growth(), ENOUGH
    for step in steps:
        held += step
        assert grown.due(held, LEAST) == (held >= MOST)


@given(st.lists(st.integers(0, 2 * MOST), min_size=1), st.floats(0, LEAST, exclude_max=True))
def test_a_new_one_is_left_alone_however_much_it_was_sent_again(sizes: list[int], age: float) -> None:
    grown = growth()
    assert not any(grown.due(held, age) for held in sizes)
