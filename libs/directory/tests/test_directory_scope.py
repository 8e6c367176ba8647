"""What the API may know of somebody outside its area, and how it takes a fact about somebody unknown."""

import asyncio
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.event import listens_for
from sqlalchemy.ext.asyncio import AsyncEngine
from stdnum.cn import ric

from directory.duty import duties_for
from directory.naming import OtherHousehold, PersonNamed, Placed, RegisteredElsewhere, place
from directory.people import household_by_number, households_by_id, persons_by_id, resolve, resolve_all
from events.ids import uuid7
from kit.cipher import FieldCipher
from kit.database import begin
from kit.errors import Invalid
from kit.keys import Keys

from .conftest import LUQUAN, XUNDIAN, Seen, handle, household, joined

ON = date(2023, 11, 1)


def certificate(sequence: int) -> str:
    """A made-up number with the right check digit."""
    body = f"53012819900101{sequence:03d}"
    return body + ric.calc_check_digit(body + "0")


def mistyped(number: str) -> str:
    return number[:-2] + str((int(number[-2]) + 1) % 10) + number[-1]


@pytest.fixture(scope="module")
def cipher() -> FieldCipher:
    return FieldCipher(Keys.generate())


async def registered(worker: AsyncEngine, *, path: str = LUQUAN, blind_index: str) -> tuple[Any, Any]:
    person, home = uuid7(), uuid7()
    async with begin(worker) as tx:
        await handle(
            tx, [household(home, path=path, number=home.hex[:10]), joined(person, home, blind_index=blind_index)]
        )
    return person, home


async def test_somebody_in_the_area_is_found_and_outside_it_only_registered_elsewhere(
    worker: AsyncEngine, seen_from: Seen
) -> None:
    person, home = await registered(worker, path=XUNDIAN, blind_index="k1:far")
    async with seen_from("5301/530128/") as tx:
        far = await resolve(tx, "k1:far", ON)
        assert far is not None
        assert not far.in_scope
        assert await household_by_number(tx, home.hex[:10]) is None
        names = await tx.scalar(text("SELECT count(*) FROM directory_persons WHERE id = :id"), {"id": person})
        assert names == 0
    async with seen_from("5301/") as tx:
        near = await resolve(tx, "k1:far", ON)
        assert near is not None
        assert near.home is not None
        assert near.home.household_id == home


async def test_row_security_leaves_the_indexes_of_households_to_be_used(worker: AsyncEngine, seen_from: Seen) -> None:
    """A city has a hundred thousand: where an index cannot be used, each call reads them all."""
    person, home = await registered(worker, blind_index="k1:indexed")
    asked: list[tuple[str, Any]] = []
    async with seen_from("5301/") as tx:
        await tx.execute(text("SET LOCAL enable_seqscan = off"))

        @listens_for(tx.sync_connection, "before_cursor_execute")
        def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            asked.append((statement, parameters))

        assert set(await resolve_all(tx, ["k1:indexed"], ON)) == {"k1:indexed"}
        assert set(await persons_by_id(tx, [person], ON)) == {person}
        assert set(await households_by_id(tx, [home])) == {home}
        assert await household_by_number(tx, home.hex[:10]) is not None
        await duties_for(tx, home, ON)
        for statement, parameters in asked[:5]:
            plan = "\n".join((await tx.exec_driver_sql(f"EXPLAIN {statement}", parameters)).scalars())
            assert "directory_households" in plan
            assert "Seq Scan on directory_households" not in plan, plan


async def test_a_fact_finds_its_household_or_says_why_not(
    worker: AsyncEngine, seen_from: Seen, cipher: FieldCipher
) -> None:
    number = certificate(11)
    index = cipher.blind_index(number)
    person, home = await registered(worker, blind_index=index)
    named = [
        PersonNamed(certificate=f" {number[:6]} {number[6:].lower()}"),
        PersonNamed(person_id=person),
        PersonNamed(certificate=number, household_number="999"),
        PersonNamed(certificate=mistyped(number)),
        PersonNamed(person_id=uuid7()),
    ]
    async with seen_from("5301/530128/") as tx:
        found = await place(tx, named, cipher=cipher, area="5301/530128/", on=ON)
    assert [one.household_id for one in found[:2] if isinstance(one, Placed)] == [home, home]
    assert isinstance(found[2], OtherHousehold)
    assert isinstance(found[3], Invalid)
    assert (found[3].code, found[3].pointer) == ("certificate-checksum", "/person/certificate")
    assert isinstance(found[4], Invalid)
    async with seen_from("5301/530129/") as tx:
        [elsewhere] = await place(tx, named[:1], cipher=cipher, area="5301/530129/", on=ON)
    assert isinstance(elsewhere, RegisteredElsewhere)
    with pytest.raises(ValidationError):
        PersonNamed(person_id=person, certificate=number)


async def test_a_fact_about_somebody_unknown_is_kept_under_its_own_id(seen_from: Seen, cipher: FieldCipher) -> None:
    async with seen_from("5301/530128/") as tx:
        named = [PersonNamed(certificate=certificate(12))]
        [found] = await place(tx, named, cipher=cipher, area="5301/530128/", on=ON)
    fact = uuid7()
    assert isinstance(found, Placed)
    assert (found.household_id, found.path, found.key(fact)) == (None, "5301/530128/", fact)


async def test_a_registration_under_way_is_waited_for(
    worker: AsyncEngine, seen_from: Seen, cipher: FieldCipher
) -> None:
    """The consumer is registering the person while the report comes in: it must not stay unmatched for ever."""
    number = certificate(13)
    index = cipher.blind_index(number)
    person, home = uuid7(), uuid7()

    async def report() -> Any:
        async with seen_from("5301/") as tx:
            named = [PersonNamed(certificate=number)]
            return (await place(tx, named, cipher=cipher, area="5301/", on=ON))[0]

    async with begin(worker) as tx:
        await handle(tx, [household(home), joined(person, home, blind_index=index)])
        reporting = asyncio.create_task(report())
        async with begin(worker) as watching:
            while not await watching.scalar(
                text("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'")
            ):
                assert not reporting.done()
    found = await reporting
    assert isinstance(found, Placed)
    assert found.household_id == home
