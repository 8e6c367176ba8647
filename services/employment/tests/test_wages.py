"""Monthly wages: one by one and in batches, corrected, taken back, missing, late."""

import asyncio
from datetime import date
from typing import Any
from uuid import uuid4

from directory.testing import Person, World, somebody
from employment.workers.sweep import sweep_once
from kit.testing import Clerk

JOB = {"started_on": "2023-10-01", "channel": "migrant", "monthly_wage": "3200.00"}


async def job(clerk: Clerk, person: Person, **given: Any) -> dict[str, Any]:
    return await clerk.done("/v1/spells", {"person": person.named, **JOB, **given})


async def paid(clerk: Clerk, person: Person, month: str, amount: str = "3200.00") -> dict[str, Any]:
    return await clerk.done("/v1/wages", {"person": person.named, "month": month, "amount": amount})


async def missing(world: World, person: Person) -> list[tuple[str, int, bool]]:
    told = await world.published(person.household_id, "WageMissed")
    return [(data["month"], revision, void) for _, revision, void, data in told]


async def test_a_wage_finds_the_job_that_ran_in_its_month(clerk: Clerk, world: World) -> None:
    await world.start("2023-12-20")
    person = await world.registers(somebody())
    await job(clerk, person, started_on="2023-01-01", ended_on="2023-09-30", end_reason="contract_ended")
    running = await job(clerk, person, channel="workshop")
    wage = await paid(clerk, person, "2023-11")
    assert (wage["spell_id"], wage["channel"], wage["month"]) == (running["id"], "workshop", "2023-11")
    [(_, revision, void, data)] = await world.published(person.household_id, "WagePaid")
    assert (revision, void, data["amount"], data["month"]) == (1, False, "3200.00", "2023-11")
    outside = {"person": person.named, "month": "2023-08", "amount": "1.00", "spell_id": running["id"]}
    assert (await clerk.post("/v1/wages", outside)).json()["code"] == "outside-spell"
    early = {"person": person.named, "month": "2024-01", "amount": "1.00"}
    assert (await clerk.post("/v1/wages", early)).json()["errors"][0]["pointer"] == "/month"
    bare = await world.registers(somebody())
    assert (await paid(clerk, bare, "2023-11"))["spell_id"] is None


async def test_a_correction_and_a_void_are_revisions_of_the_same_wage(clerk: Clerk, world: World) -> None:
    await world.start("2023-12-20")
    person = await world.registers(somebody())
    wage = await paid(clerk, person, "2023-11")
    twice = await clerk.post("/v1/wages", {"person": person.named, "month": "2023-11", "amount": "3300.00"})
    assert (twice.status_code, twice.json()["code"]) == (409, "wage-known")
    at = f"/v1/wages/{wage['id']}"
    assert (await clerk.send("PATCH", at, json={"amount": "1.00"})).status_code == 428
    right = (await clerk.patch(at, {"amount": "3300.00"}, version=1)).json()
    gone = await clerk.done(f"{at}:void", version=right["version"])
    assert (right["amount"], gone["void"]) == ("3300.00", True)
    told = [(r, void, data["amount"]) for _, r, void, data in await world.published(person.household_id, "WagePaid")]
    assert told == [(1, False, "3200.00"), (2, False, "3300.00"), (3, True, "3300.00")]
    again = await paid(clerk, person, "2023-11")
    assert again["id"] != wage["id"]


async def test_a_batch_takes_each_row_on_its_own(clerk: Clerk, world: World) -> None:
    await world.start("2023-12-20")
    known, stranger = await world.registers(somebody()), somebody()
    await paid(clerk, known, "2023-10")
    rows = [
        {"person": known.named, "month": "2023-10", "amount": "3200.00"},
        {"person": known.named, "month": "2023-10", "amount": "3201.00"},
        {"person": known.named, "month": "2023-11", "amount": "3200.00"},
        {"person": known.named, "month": "2023-11", "amount": "3200.00"},
        {"person": stranger.named, "month": "2023-11", "amount": "2800.00"},
        {"person": {"certificate": stranger.certificate[:-1] + "?"}, "month": "2023-11", "amount": "2800.00"},
        {"person": known.named, "month": "2024-02", "amount": "3200.00"},
    ]
    answer = await clerk.done("/v1/wages:batch", {"items": rows})
    assert [row["status"] for row in answer["items"]] == [
        "unchanged", "refused", "recorded", "unchanged", "recorded", "refused", "refused",
    ]  # fmt: skip
    assert (answer["recorded"], answer["unchanged"], answer["refused"]) == (2, 2, 3)
    assert [row["problem"] and row["problem"]["pointer"] for row in answer["items"]][5:] == [
        "/items/5/person/certificate",
        "/items/6/month",
    ]
    assert answer["items"][4]["matched"] is False
    assert len(await world.published(known.household_id, "WagePaid")) == 2
    bad = await clerk.post("/v1/wages:batch", {"items": [{**rows[0], "amount": "-1.00"}, rows[2]]})
    assert (bad.status_code, bad.json()["errors"][0]["pointer"]) == (422, "/items/0/amount")
    assert (await clerk.post("/v1/wages:batch", {"items": [rows[0]] * 501})).status_code == 422


async def test_a_wage_that_does_not_come_is_a_fact_and_a_late_one_takes_it_back(clerk: Clerk, world: World) -> None:
    await world.start("2023-10-15")
    person = await world.registers(somebody())
    spell = await job(clerk, person)
    await world.day("2023-11-15")
    assert await missing(world, person) == [], "the pay day has not passed"
    await world.day("2023-11-16")
    await world.day("2023-11-17")
    assert await missing(world, person) == [("2023-10", 1, False)]
    shown = (await clerk.get(f"/v1/missed-wages?household_id={person.household_id}")).json()["items"]
    assert [(item["month"], item["expected"]) for item in shown] == [("2023-10", "3200.00")]
    late = await paid(clerk, person, "2023-10", "3000.00")
    assert await missing(world, person) == [("2023-10", 1, False), ("2023-10", 2, True)]
    assert late["spell_id"] == spell["id"]
    told = await world.published(person.household_id, "WageMissed")
    assert [data["came_on"] for *_, data in told] == [None, "2023-11-17"]
    await clerk.done(f"/v1/wages/{late['id']}:void", version=1)
    assert (await missing(world, person))[2:] == [("2023-10", 3, False)]


async def test_nothing_is_missed_that_is_not_owed(clerk: Clerk, world: World) -> None:
    """No agreed wage, paid in time, ended before the month was over, job reported only later."""
    await world.start("2023-10-15")
    silent, prompt, over, late = [await world.registers(somebody()) for _ in range(4)]
    await job(clerk, silent, monthly_wage=None)
    await job(clerk, prompt)
    spell = await job(clerk, over)
    await world.day("2023-11-01")
    await paid(clerk, prompt, "2023-10")
    await clerk.done(f"/v1/spells/{spell['id']}:end", {"ended_on": "2023-10-20", "reason": "other"}, version=1)
    await job(clerk, late, started_on="2023-03-01")
    await world.day("2023-11-20")
    for person in (silent, prompt, over, late):
        assert await missing(world, person) == []
    await world.day("2023-12-20")
    assert await missing(world, prompt) == [("2023-11", 1, False)]
    assert await missing(world, late) == [("2023-11", 1, False)]


async def test_a_job_that_turns_out_to_have_ended_earlier_owes_nothing_for_later(clerk: Clerk, world: World) -> None:
    await world.start("2023-10-15")
    person = await world.registers(somebody())
    spell = await job(clerk, person)
    await world.day("2024-01-20")
    assert [month for month, *_ in await missing(world, person)] == ["2023-10", "2023-11", "2023-12"]
    end = {"ended_on": "2023-11-30", "reason": "laid_off"}
    await clerk.done(f"/v1/spells/{spell['id']}:end", end, version=spell["version"])
    assert (await missing(world, person))[3:] == [("2023-12", 2, True)]


async def test_the_sweep_finds_what_one_transaction_could_not_hold(
    clerk: Clerk, world: World, monkeypatch: Any
) -> None:
    monkeypatch.setattr("employment.workers.service.missed.AT_ONCE", 3)
    await world.start("2023-10-15")
    people = [await world.registers(somebody()) for _ in range(8)]
    for person in people:
        await job(clerk, person)
    await world.day("2023-11-16")
    found = [person for person in people if await missing(world, person)]
    assert len(found) == 3, "the tick itself takes one bounded step"
    swept = await sweep_once(world.engine, None, asyncio.Event())
    assert swept == date(2023, 11, 16)
    for person in people:
        assert await missing(world, person) == [("2023-10", 1, False)]
    before = await world.rows("SELECT max(seq) FROM event_log")
    await sweep_once(world.engine, None, asyncio.Event())
    assert await world.rows("SELECT max(seq) FROM event_log") == before


async def test_no_pay_day_known_means_nothing_is_expected(clerk: Clerk, world: World) -> None:
    await world.start("2021-05-10")
    person = await world.registers(somebody())
    await job(clerk, person, started_on="2021-05-01")
    await world.day("2021-07-20")
    assert await missing(world, person) == []


async def test_a_wage_names_only_a_job_of_the_same_person(clerk: Clerk, world: World) -> None:
    await world.start("2023-12-20")
    one, other = await world.registers(somebody()), await world.registers(somebody())
    spell = await job(clerk, one)
    for spell_id in (spell["id"], str(uuid4())):
        body = {"person": other.named, "month": "2023-11", "amount": "1.00", "spell_id": spell_id}
        answer = await clerk.post("/v1/wages", body)
        assert (answer.status_code, answer.json()["code"]) == (404, "spell-unknown")
