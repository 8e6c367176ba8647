"""The pure rules: paths, days, members and figures, whatever comes in."""

import itertools
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from households.income.rules import Amounts, Part, figure_problems
from households.regions.rules import BusinessDateLeap, RegionRow, days_until, placed, read_csv
from households.registry.rules import MemberShape, household_problems, in_school, member_since
from kit.errors import Refusal
from kit.scope import validate_path

from .conftest import REGIONS

ROWS = read_csv(REGIONS.read_bytes())


@given(st.integers())
@settings(max_examples=20)
def test_paths_do_not_depend_on_the_order_of_rows(seed: int) -> None:
    rows = list(ROWS)
    Random(seed).shuffle(rows)
    assert dict(_paths(rows)) == dict(_paths(ROWS))


def _paths(rows: list[RegionRow]) -> list[tuple[str, str]]:
    return [(row.code, path) for row, path in placed(rows, {})]


def test_every_path_is_closed_and_below_its_parent() -> None:
    paths = dict(_paths(ROWS))
    for row in ROWS:
        assert validate_path(paths[row.code])
        assert paths[row.code].startswith(paths[row.parent_code] if row.parent_code else "5301/")
    assert len(set(paths.values())) == len(ROWS)


def test_circle_of_parents_is_refused() -> None:
    one = RegionRow(code="530199000000", name="甲", level="county", parent_code="530198000000")
    other = RegionRow(code="530198000000", name="乙", level="county", parent_code="530199000000")
    with pytest.raises(Refusal):
        placed([one, other], {})


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 500))
def test_no_day_is_skipped(current: date, step: int) -> None:
    to = current + timedelta(days=step)
    if step > 400:
        with pytest.raises(BusinessDateLeap):
            days_until(current, to)
        return
    days = [current, *days_until(current, to)]
    assert days[-1] == to
    assert {later - earlier for earlier, later in itertools.pairwise(days)} == {timedelta(days=1)}


def _codes(*relations: str, sexes: str = "mf" * 9) -> list[str]:
    members = [
        MemberShape(identity=str(place), relation=relation, sex=sexes[place])
        for place, relation in enumerate(relations)
    ]
    return [problem.code for problem in household_problems(members)]


def test_household_has_one_head_and_at_most_one_spouse_of_the_other_sex() -> None:
    assert _codes("户主") == []
    assert _codes("户主", "配偶", "之子", "之女") == []
    assert _codes() == ["no-member"]
    assert _codes("配偶") == ["no-head"]
    assert _codes("户主", "户主") == ["two-heads"]
    assert _codes("户主", "配偶", "配偶") == ["two-spouses"]
    assert _codes("户主", "配偶", sexes="mm") == ["spouse-sex"]


def test_member_without_a_date_always_belonged() -> None:
    born, left, told = date(1980, 1, 1), date(2022, 1, 1), date(2023, 1, 1)
    assert member_since(None, born, None) == born
    assert member_since(None, born, left) == left
    assert member_since(told, born, left) == told


def test_preschool_child_is_not_in_school() -> None:
    assert [in_school(stage) for stage in (None, "学龄前儿童", "小学")] == [False, False, True]


_yuan = st.decimals(-10, 10**9, places=2)


@given(_yuan, _yuan, _yuan)
def test_parts_never_exceed_their_kind(transfer: Decimal, pension: Decimal, dividend: Decimal) -> None:
    zero = Decimal(0)
    amounts = Amounts(wage=zero, business=zero, property=dividend, transfer=transfer, business_cost=zero)
    parts = {Part.PENSION: pension, Part.ASSET_DIVIDEND: dividend}
    codes = {
        problem.code
        for problem in figure_problems(
            amounts, parts, window_from=date(2022, 10, 1), window_to=date(2023, 9, 30), persons=4
        )
    }
    assert ("parts-exceed" in codes) == (pension > transfer)
    assert ("amount" in codes) == (min(transfer, pension, dividend) < 0)
