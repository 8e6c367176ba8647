"""Merged households are answered by the one that stands, duty by the nearest who is there; in any order of events."""

from datetime import date
from itertools import permutations
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from directory.duty import Duty, answering, duties_for
from directory.people import household_by_number, households_by_id, resolve
from events.catalog.households import HouseholdMerged, HouseholdUnmerged, StaffAssigned, StaffOnLeave, StaffReleased
from events.ids import uuid7

from .conftest import LUQUAN, XUNDIAN, Seen, handle, household, joined, left, told

MERGE_DAY = date(2024, 1, 1)


async def test_an_alias_is_answered_by_the_household_that_stands_until_undone(tx: AsyncConnection) -> None:
    alias, home, person = uuid7(), uuid7(), uuid7()
    merged = told(HouseholdMerged(aggregate_revision=2, into_id=home, merged_on=MERGE_DAY), alias, revision=2)
    await handle(
        tx,
        [
            merged,
            household(alias, number="a1"),
            household(home, number="h1", path=XUNDIAN),
            joined(person, alias),
            left(person, alias, 2, until=MERGE_DAY),
            joined(person, home, 3, since=MERGE_DAY),
        ],
    )
    by_number = await household_by_number(tx, "a1")
    assert by_number is not None
    assert (by_number.household_id, by_number.path) == (home, XUNDIAN)
    assert (await households_by_id(tx, [alias]))[alias].household_id == home
    for on in (date(2023, 6, 1), date(2024, 6, 1)):
        found = await resolve(tx, f"k1:{person.hex}", on)
        assert found is not None
        assert found.home is not None
        assert found.home.household_id == home

    undone = told(HouseholdUnmerged(aggregate_revision=3, from_id=home), alias, revision=3)
    back = [left(person, home, 4, until=MERGE_DAY), joined(person, alias, 5)]
    await handle(tx, [undone, *back])
    await handle(tx, [merged])
    for on in (date(2023, 6, 1), date(2024, 6, 1)):
        found = await resolve(tx, f"k1:{person.hex}", on)
        assert found is not None
        assert found.home is not None
        assert found.home.household_id == alias
    by_number = await household_by_number(tx, "a1")
    assert by_number is not None
    assert by_number.household_id == alias


async def test_an_alias_of_a_household_out_of_scope_is_nobodys(tx: AsyncConnection, seen_from: Seen) -> None:
    alias, home = uuid7(), uuid7()
    merged = told(HouseholdMerged(aggregate_revision=2, into_id=home, merged_on=MERGE_DAY), alias, revision=2)
    await handle(tx, [household(alias, number="a2"), household(home, number="h2", path=XUNDIAN), merged])
    await tx.commit()
    async with seen_from("5301/530128/") as here:
        assert await household_by_number(here, "a2") is None
    async with seen_from("5301/") as city:
        found = await household_by_number(city, "a2")
        assert found is not None
        assert found.household_id == home


_STORY = (
    told(StaffAssigned(assignment_id=uuid4(), officer="village", path=LUQUAN, since=date(2023, 1, 1)), uuid7()),
    told(
        StaffAssigned(assignment_id=uuid4(), officer="deputy", path=LUQUAN, since=date(2023, 1, 1), role="deputy"),
        uuid7(),
    ),
    told(StaffAssigned(assignment_id=uuid4(), officer="county", path="5301/530128/", since=date(2023, 1, 1)), uuid7()),
)
_LEAVE = uuid7()


def _away(until: date, revision: int) -> object:
    leave = StaffOnLeave(leave_id=_LEAVE, officer="village", since=date(2024, 3, 1), until=until)
    return told(leave, _LEAVE, revision=revision)


@pytest.mark.parametrize("order", list(permutations(range(5)))[::29])
async def test_who_answers_is_the_same_in_any_order_of_events(tx: AsyncConnection, order: tuple[int, ...]) -> None:
    home = uuid7()
    events = [*_STORY, _away(date(2024, 4, 1), 1), _away(date(2024, 3, 10), 2)]
    await handle(tx, [household(home)])
    for place in order:
        await handle(tx, [events[place]])  # type: ignore[list-item]
    for on, officers in (
        (date(2022, 1, 1), []),
        (date(2024, 2, 1), ["village"]),
        (date(2024, 3, 5), ["deputy"]),
        (date(2024, 3, 20), ["village"]),
    ):
        assert [duty.officer for duty in answering(await duties_for(tx, home, on))] == officers, on
    deputy = _STORY[1].data
    release = StaffReleased(assignment_id=deputy.assignment_id, officer="deputy", path=LUQUAN, until=date(2024, 3, 2))
    await handle(tx, [told(release, uuid7(), revision=2)])
    assert [duty.officer for duty in answering(await duties_for(tx, home, date(2024, 3, 5)))] == ["county"]


_DUTIES = st.lists(
    st.builds(
        Duty,
        officer=st.sampled_from("abcdef"),
        path=st.sampled_from(["5301/", "5301/530128/", LUQUAN]),
        role=st.sampled_from(["lead", "deputy"]),
        present=st.booleans(),
    )
)


@given(_DUTIES)
def test_nobody_nearer_and_no_lead_is_passed_over(duties: list[Duty]) -> None:
    found = answering(duties)
    there = [duty for duty in duties if duty.present]
    assert bool(found) == bool(there)
    for duty in found:
        assert duty.present
        assert all(len(other.path) <= len(duty.path) for other in there)
        assert duty.role == "lead" or not any(o.role == "lead" and o.path == duty.path for o in there)
