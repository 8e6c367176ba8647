"""The value in force for a place on a day; what is not known is unknown."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from events.ids import derived_id
from kit import policy
from kit.policy import Confidence, PolicyBook, PolicyValue, read_seeds

CITY, LUQUAN, VILLAGE = "5301/", "5301/530128/", "5301/530128/530128001/530128001001/"
LINE = "line.monitoring"


def value(amount: int, start: date, *, path: str = CITY, end: date | None = None) -> PolicyValue:
    return PolicyValue(
        id=derived_id("test", amount, start, path, str(end)),
        name=LINE,
        path=path,
        valid_from=start,
        valid_to=end,
        value=Decimal(amount),
        document="昆办通〔2022〕1号",
        clause="§24",
        confidence=Confidence.REPORTED,
    )


LINES = [
    value(7_000, date(2022, 1, 1), end=date(2022, 12, 31)),
    value(8_050, date(2023, 1, 1), end=date(2023, 12, 31)),
]


@pytest.mark.parametrize(
    ("on", "amount"),
    [
        (date(2021, 12, 31), None),
        (date(2022, 1, 1), 7_000),
        (date(2022, 12, 31), 7_000),
        (date(2023, 1, 1), 8_050),
        (date(2023, 12, 31), 8_050),
        (date(2024, 1, 1), None),
    ],
)
def test_no_row_is_unknown_not_the_last_one(on: date, amount: int | None) -> None:
    found = PolicyBook(LINES).at(LINE, VILLAGE, on)
    assert (found and found.value) == amount


def test_nearer_place_goes_before_later_start() -> None:
    book = PolicyBook([*LINES, value(8_500, date(2022, 6, 1), path=LUQUAN)])
    on = date(2023, 6, 1)
    assert getattr(book.at(LINE, VILLAGE, on), "value", None) == 8_500
    assert getattr(book.at(LINE, "5301/530113/", on), "value", None) == 8_050
    assert book.at(LINE, "5328/", on) is None
    assert book.at("line.unheard_of", VILLAGE, on) is None


def test_next_change_is_the_first_start_or_end_ahead() -> None:
    book = PolicyBook(LINES)
    assert book.changes(date(2021, 5, 1)) == date(2022, 1, 1)
    assert book.changes(date(2023, 1, 1)) == date(2024, 1, 1)
    assert book.changes(date(2024, 1, 1)) is None


days = st.dates(date(2022, 1, 1), date(2024, 12, 31))
paths = st.sampled_from([CITY, LUQUAN, "5301/530113/", VILLAGE])


@st.composite
def values(draw: st.DrawFn) -> PolicyValue:
    start = draw(days)
    end = draw(st.none() | st.integers(0, 400).map(lambda days: start + timedelta(days=days)))
    return value(draw(st.integers(1, 10**6)), start, path=draw(paths), end=end)


@given(st.lists(values(), max_size=8), st.randoms(), days, paths)
def test_order_of_entry_does_not_matter(entries: list[PolicyValue], random: Any, on: date, path: str) -> None:
    shuffled = random.sample(entries, len(entries))
    assert PolicyBook(entries).at(LINE, path, on) == PolicyBook(shuffled).at(LINE, path, on)


@given(st.lists(values(), max_size=8), days, days, paths)
def test_nothing_changes_before_the_next_change(entries: list[PolicyValue], on: date, later: date, path: str) -> None:
    book = PolicyBook(entries)
    change = book.changes(on)
    if on <= later and (change is None or later < change):
        assert book.at(LINE, path, on) == book.at(LINE, path, later)


def test_a_later_value_of_the_same_place_and_start_corrects_a_seed_and_ends_it() -> None:
    seed = value(8_050, date(2023, 1, 1))
    wrong, ended = (replace(seed, id=uuid7(at), value=Decimal(amount)) for at, amount in ((1, 8_500), (2, 8_080)))
    ended = replace(ended, valid_to=date(2023, 12, 31))
    book = PolicyBook([ended, seed, wrong])
    on = date(2023, 6, 1)
    assert book.at(LINE, VILLAGE, on) == book.newest(seed.place) == ended
    assert book.at(LINE, VILLAGE, date(2024, 1, 1)) is None, "what was corrected does not come back after the end"
    assert [book.corrected_by(one) for one in (seed, wrong, ended)] == [None, seed, wrong]
    assert book.recorded("line.") == [seed, wrong, ended]
    assert (book.recorded("line.", on), book.recorded("line.", date(2024, 1, 1))) == ([ended], [])
    assert book.changes(on) == date(2024, 1, 1)


def uuid7(at: int) -> UUID:
    """An id of the at-th millisecond, as released values have them."""
    return UUID(int=at << 80 | 0x7 << 76 | 0x2 << 62)


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=6, unique=True), st.randoms())
def test_of_one_place_and_start_the_last_entered_counts(moments: list[int], random: Any) -> None:
    seed = value(1, date(2023, 1, 1))
    entries = [seed, *(replace(seed, id=uuid7(at)) for at in moments)]
    found = PolicyBook(random.sample(entries, len(entries))).at(LINE, VILLAGE, date(2023, 6, 1))
    assert found is not None
    assert found.id == uuid7(max(moments))


async def test_values_are_recorded_once(tx: AsyncConnection) -> None:
    assert await policy.add(tx, LINES) == 2
    assert await policy.add(tx, LINES) == 0
    book = await policy.load(tx)
    assert book.at(LINE, VILLAGE, date(2022, 5, 1)) == LINES[0]
    assert book.at(LINE, VILLAGE, date(2023, 5, 1)) == LINES[1]
    assert book.at(LINE, VILLAGE, date(2024, 1, 1)) is None


SEED = """
[[value]]
name = "line.monitoring"
path = "5301/"
valid_from = 2023-01-01
valid_to = 2023-12-31
value = "8050"
document = "云南省 2023"
clause = "§24"
confidence = "reported"
"""


def test_seeds_keep_their_ids(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(SEED, "utf-8")
    [first], [again] = read_seeds(file), read_seeds(file)
    assert first == again
    assert first.value == Decimal("8050")


@pytest.mark.parametrize(
    ("old", "new"), [('value = "8050"', "value = 8050.5"), ('clause = "§24"', ""), ("clause", "klause")]
)
def test_seed_that_is_not_whole_is_refused(tmp_path: Path, old: str, new: str) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(SEED.replace(old, new), "utf-8")
    with pytest.raises(ValueError, match="policy seed"):
        read_seeds(file)
