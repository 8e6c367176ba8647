"""Facts about persons who are not registered yet: accepted, kept, matched when the person comes."""

import asyncio

from sqlalchemy import text

from directory.testing import XUNDIAN, World, somebody
from kit.testing import Clerk

JOB = {"started_on": "2023-10-01", "channel": "migrant", "monthly_wage": "3200.00"}


async def test_facts_wait_for_the_person_and_go_out_again_under_the_household(clerk: Clerk, world: World) -> None:
    await world.start("2023-12-20")
    person = somebody()
    over = {"ended_on": "2023-12-01", "end_reason": "laid_off"}
    spell = await clerk.done("/v1/spells", {"person": person.named, **JOB, **over})
    wage = await clerk.done("/v1/wages", {"person": person.named, "month": "2023-11", "amount": "3000.00"})
    assert (spell["matched"], spell["household_id"], wage["spell_id"]) == (False, None, spell["id"])
    waiting = await world.published(spell["id"])
    assert [(name, revision, data["person_id"]) for name, revision, _, data in waiting] == [
        ("EmploymentStarted", 1, None),
        ("EmploymentEnded", 1, None),
    ]
    await world.registers(person)
    told = await world.published(person.household_id)
    assert [(name, revision, data["person_id"]) for name, revision, _, data in told] == [
        ("EmploymentStarted", 2, str(person.id)),
        ("EmploymentEnded", 2, str(person.id)),
        ("WagePaid", 2, str(person.id)),
    ]
    shown = (await clerk.get(f"/v1/wages/{wage['id']}")).json()
    assert (shown["matched"], shown["household_id"]) == (True, str(person.household_id))
    assert await world.rows("SELECT 1 FROM wages WHERE blind_index IS NOT NULL AND household_id IS NOT NULL") == []
    again = await clerk.done("/v1/wages", {"person": person.named, "month": "2023-11", "amount": "3000.00"})
    assert again["id"] == wage["id"]


async def test_a_person_heard_of_twice_is_matched_once(clerk: Clerk, world: World) -> None:
    await world.start("2023-12-20")
    person = somebody()
    await clerk.done("/v1/wages", {"person": person.named, "month": "2023-11", "amount": "3000.00"})
    await world.registers(person)
    await world.hear(world.joined(person, 2))
    assert [revision for _, revision, _, _ in await world.published(person.household_id, "WagePaid")] == [2]


async def test_a_fact_taken_back_while_it_waits_stays_back(clerk: Clerk, world: World) -> None:
    await world.start("2023-12-20")
    person = somebody()
    wage = await clerk.done("/v1/wages", {"person": person.named, "month": "2023-11", "amount": "3000.00"})
    await clerk.done(f"/v1/wages/{wage['id']}:void", version=1)
    await world.registers(person)
    assert await world.published(person.household_id, "WagePaid") == []


async def test_the_person_may_come_before_the_household(clerk: Clerk, world: World) -> None:
    """The household's own event is late: the facts match at once and move into its area when it comes."""
    await world.start("2023-12-20")
    person = somebody(XUNDIAN)
    near = clerk.as_(paths=["5301/530128/"])
    wage = await near.done(
        "/v1/wages", {"person": {"certificate": person.certificate}, "month": "2023-11", "amount": "1.00"}
    )
    await world.hear(world.joined(person))
    assert len(await world.published(person.household_id, "WagePaid")) == 1
    assert (await near.get(f"/v1/wages/{wage['id']}")).status_code == 200
    await world.hear(world.household(person))
    assert (await near.get(f"/v1/wages/{wage['id']}")).status_code == 404
    assert (await clerk.as_(paths=["5301/530129/"]).get(f"/v1/wages/{wage['id']}")).status_code == 200


async def test_a_report_and_a_registration_at_the_same_moment_meet(clerk: Clerk, world: World) -> None:
    """Whichever comes first, the wage ends up under the household exactly once."""
    await world.start("2023-12-20")
    people = [somebody() for _ in range(12)]

    async def report(n: int) -> None:
        body = {"person": people[n].named, "month": "2023-11", "amount": "3000.00"}
        await clerk.done("/v1/wages", body)

    await asyncio.gather(*(asyncio.gather(report(n), world.registers(people[n])) for n in range(len(people))))
    for person in people:
        told = await world.published(person.household_id, "WagePaid")
        assert len(told) == 1
    registered = "SELECT blind_index FROM directory_identities WHERE person_id IS NOT NULL"
    lost = await world.rows(
        f"SELECT 1 FROM wages WHERE household_id IS NULL AND blind_index IN ({registered}) AND NOT void"
    )
    assert lost == []


async def test_no_personal_data_stands_in_the_log_or_in_answers(clerk: Clerk, world: World) -> None:
    await world.start("2023-12-20")
    person = await world.registers(somebody())
    answer = await clerk.post("/v1/spells", {"person": person.named, **JOB})
    assert person.certificate not in answer.text
    async with world.engine.connect() as connection:
        for table in ("event_log", "spells", "audit_log", "idempotency_keys"):
            found = await connection.scalar(
                text(f"SELECT count(*) FROM {table} AS t WHERE t::text LIKE '%' || :secret || '%'"),
                {"secret": person.certificate},
            )
            assert found == 0
