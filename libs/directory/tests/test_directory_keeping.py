"""What events make of the directory, in whatever order they come."""

import random
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from directory.people import business_date, resolve
from events.catalog.households import BusinessDateAdvanced, RegionChanged, StaffAssigned, StaffReleased
from events.ids import uuid7

from .conftest import LUQUAN, XUNDIAN, handle, household, joined, left, told

ON = date(2023, 11, 1)


async def rows(tx: AsyncConnection, statement: str, **given: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await tx.execute(text(statement), given)]


async def test_a_person_is_found_by_certificate_with_the_household_of_the_day(tx: AsyncConnection) -> None:
    person, old, new = uuid7(), uuid7(), uuid7()
    await handle(tx, [household(old, number="100"), joined(person, old, since=date(2020, 1, 1))])
    await handle(tx, [household(new, path=XUNDIAN), left(person, old, 2, until=date(2024, 3, 1))])
    await handle(tx, [joined(person, new, 3, since=date(2024, 3, 1))])
    index = f"k1:{person.hex}"
    before, after = await resolve(tx, index, ON), await resolve(tx, index, date(2024, 3, 1))
    assert before is not None
    assert before.home is not None
    assert (before.home.household_id, before.home.number, before.home.path) == (old, "100", LUQUAN)
    assert after is not None
    assert after.home is not None
    assert after.home.household_id == new
    assert await resolve(tx, "k1:nobody", ON) is None


async def test_leaving_clears_only_the_household_it_names(tx: AsyncConnection) -> None:
    """The join of the new household overtakes the departure from the old one."""
    person, old, new = uuid7(), uuid7(), uuid7()
    await handle(tx, [household(old), household(new), joined(person, old)])
    await handle(tx, [joined(person, new, 3, since=date(2024, 1, 1))])
    await handle(tx, [left(person, old, 2)])
    assert await rows(tx, "SELECT household_id FROM directory_persons WHERE id = :id", id=person) == [(new,)]


async def test_who_left_and_came_back_belongs_again(tx: AsyncConnection) -> None:
    person, home = uuid7(), uuid7()
    events = [household(home), joined(person, home), left(person, home, 2), joined(person, home, 3)]
    for event in events:
        await handle(tx, [event])
    assert await rows(tx, "SELECT household_id FROM directory_persons WHERE id = :id", id=person) == [(home,)]


async def test_a_household_that_moves_takes_its_members_along(tx: AsyncConnection) -> None:
    person, home = uuid7(), uuid7()
    await handle(tx, [household(home), joined(person, home)])
    await handle(tx, [household(home, 2, path=XUNDIAN, updated=True)])
    assert await rows(tx, "SELECT path FROM directory_persons WHERE id = :id", id=person) == [(XUNDIAN,)]


async def test_a_corrected_certificate_frees_the_old_one(tx: AsyncConnection) -> None:
    person, home, right = uuid7(), uuid7(), "k1:right"
    await handle(tx, [household(home), joined(person, home)])
    await handle(tx, [joined(person, home, 2, blind_index=right, updated=True)])
    assert await resolve(tx, f"k1:{person.hex}", ON) is None
    found = await resolve(tx, right, ON)
    assert found is not None
    assert found.person_id == person


@pytest.mark.parametrize("seed", range(12))
async def test_any_order_and_repetition_gives_the_same_directory(tx: AsyncConnection, seed: int) -> None:
    persons, homes = [UUID(int=n) for n in (11, 12, 13)], [UUID(int=n) for n in (21, 22)]
    a, b, c = persons
    one, two = homes
    story = [
        household(one, number="1"),
        household(two, number="2", path=XUNDIAN),
        joined(a, one),
        joined(b, one),
        joined(c, two),
        joined(b, one, 2, updated=True, in_school=True),
        left(a, one, 2),
        joined(a, two, 3, since=date(2024, 1, 1)),
        left(b, one, 3, until=date(2024, 2, 1)),
        joined(b, one, 4, since=date(2024, 5, 1)),
        household(one, 2, number="1", path=XUNDIAN, updated=True),
        left(c, two, 2),
    ]
    shuffled = story + random.Random(seed).sample(story, 6)
    random.Random(seed + 100).shuffle(shuffled)
    while shuffled:
        size = random.Random(seed + len(shuffled)).randint(1, 5)
        await handle(tx, shuffled[:size])
        shuffled = shuffled[size:]
    assert await rows(
        tx,
        "SELECT id, revision, in_school, household_id, path FROM directory_persons WHERE id = ANY(:ids) ORDER BY id",
        ids=persons,
    ) == [(a, 3, False, two, XUNDIAN), (b, 4, False, one, XUNDIAN), (c, 1, False, None, None)]
    assert await rows(tx, "SELECT revision FROM directory_households WHERE id = ANY(:ids) ORDER BY id", ids=homes) == [
        (2,),
        (1,),
    ]


async def test_the_directory_knows_regions_duty_and_the_day(tx: AsyncConnection) -> None:
    code, key, duty = "530128104201", uuid7(), uuid7()
    region = {"code": code, "level": "village", "parent_code": "530128104000", "valid_from": date(2022, 1, 1)}
    newer = told(RegionChanged(name="新名", path=LUQUAN, **region), key, revision=2)
    older = told(RegionChanged(name="旧名", path=LUQUAN, **region), key, revision=1)
    await handle(tx, [newer])
    await handle(tx, [older])
    assert await rows(tx, "SELECT name FROM directory_regions WHERE code = :code", code=code) == [("新名",)]
    until = date(2024, 1, 1)
    release = StaffReleased(assignment_id=duty, officer="o1", path=LUQUAN, until=until)
    begin = StaffAssigned(assignment_id=duty, officer="o1", path=LUQUAN, since=date(2023, 1, 1))
    await handle(tx, [told(release, duty, revision=2)])
    await handle(tx, [told(begin, duty)])
    told_duty = "SELECT revision, since, until FROM directory_staff WHERE assignment_id = :id"
    assert await rows(tx, told_duty, id=duty) == [(2, date(2023, 1, 1), until)]
    days = [date(2023, 10, 16), date(2023, 10, 15)]
    await handle(tx, [told(BusinessDateAdvanced(business_date=day), key) for day in days])
    assert await business_date(tx) == date(2023, 10, 16)
