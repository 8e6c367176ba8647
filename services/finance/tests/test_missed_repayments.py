"""A bank reports that a repayment was missed, and what becomes of it."""

from typing import Any
from uuid import uuid4

from directory.testing import LUQUAN, XUNDIAN, Person, World, somebody
from kit.testing import Clerk

LATE = {"product": "petty_loan", "due_on": "2024-03-20", "amount": "2100.50"}


def report(person: Person, **given: Any) -> dict[str, Any]:
    return {"person": person.named, "loan_number": f"XD-{person.number}", **LATE, **given}


async def test_a_missed_repayment_is_a_loan_overdue_under_the_household(clerk: Clerk, world: World) -> None:
    await world.start("2024-03-25")
    person = await world.registers(somebody())
    answer = await clerk.post("/v1/missed-repayments", report(person))
    assert answer.status_code == 201
    assert (answer.json()["matched"], answer.headers["etag"]) == (True, '"1"')
    again = await clerk.done("/v1/missed-repayments", report(person))
    assert again["id"] == answer.json()["id"]
    [(name, revision, void, data)] = await world.published(person.household_id)
    assert (name, revision, void, data["amount"], data["due_on"]) == ("LoanOverdue", 1, False, "2100.50", "2024-03-20")
    assert data["person_id"] == str(person.id)
    differs = await clerk.post("/v1/missed-repayments", report(person, amount="1.00"))
    assert (differs.status_code, differs.json()["code"]) == (409, "missed-repayment-known")


async def test_the_cure_is_a_fact_of_its_own_that_can_be_taken_back(clerk: Clerk, world: World) -> None:
    await world.start("2024-04-25")
    person = await world.registers(somebody())
    missed = await clerk.done("/v1/missed-repayments", report(person))
    at = f"/v1/missed-repayments/{missed['id']}"
    cured = await clerk.done(f"{at}:cure", {"cured_on": "2024-04-02"}, version=1)
    back = await clerk.done(f"{at}:reopen", version=cured["version"])
    assert (cured["cured_on"], back["cured_on"]) == ("2024-04-02", None)
    told = await world.published(person.household_id, "LoanCured")
    assert [(revision, void, data["overdue_fact_id"]) for _, revision, void, data in told] == [
        (1, False, missed["id"]),
        (2, True, missed["id"]),
    ]
    early = await clerk.post(f"{at}:cure", {"cured_on": "2024-03-01"}, version=back["version"])
    assert (early.status_code, early.json()["code"]) == (422, "cure-out-of-time")
    stale = await clerk.post(f"{at}:cure", {"cured_on": "2024-04-02"}, version=1)
    assert stale.status_code == 412


async def test_a_correction_and_a_void_are_revisions(clerk: Clerk, world: World) -> None:
    await world.start("2024-04-25")
    person = await world.registers(somebody())
    missed = await clerk.done("/v1/missed-repayments", report(person))
    at = f"/v1/missed-repayments/{missed['id']}"
    right = (await clerk.patch(at, {"amount": "2000.00"}, version=1)).json()
    cured = await clerk.done(f"{at}:cure", {"cured_on": "2024-04-02"}, version=right["version"])
    assert (await clerk.done(f"{at}:void", version=cured["version"]))["void"]
    told = [(name, revision, void) for name, revision, void, _ in await world.published(person.household_id)]
    assert told == [
        ("LoanOverdue", 1, False),
        ("LoanOverdue", 2, False),
        ("LoanCured", 1, False),
        ("LoanOverdue", 3, True),
        ("LoanCured", 2, True),
    ]
    once_more = await clerk.done("/v1/missed-repayments", report(person))
    assert once_more["id"] != missed["id"]


async def test_a_borrower_who_registers_later_is_found(clerk: Clerk, world: World) -> None:
    await world.start("2024-04-25")
    person = somebody()
    missed = await clerk.done("/v1/missed-repayments", report(person))
    await clerk.done(f"/v1/missed-repayments/{missed['id']}:cure", {"cured_on": "2024-04-02"}, version=1)
    assert not missed["matched"]
    assert [name for name, *_ in await world.published(missed["id"])] == ["LoanOverdue", "LoanCured"]
    await world.registers(person)
    told = await world.published(person.household_id)
    assert [(name, revision, data["person_id"]) for name, revision, _, data in told] == [
        ("LoanOverdue", 2, str(person.id)),
        ("LoanCured", 2, str(person.id)),
    ]


async def test_what_cannot_be_is_refused_and_areas_hold(clerk: Clerk, world: World) -> None:
    await world.start("2024-03-20")
    person = await world.registers(somebody(LUQUAN))
    today = await clerk.post("/v1/missed-repayments", report(person))
    assert (today.status_code, today.json()["code"]) == (422, "not-due-yet")
    await world.day("2024-03-21")
    far = clerk.as_(paths=["5301/530129/"])
    assert (await far.post("/v1/missed-repayments", report(person))).json()["code"] == "registered-elsewhere"
    missed = await clerk.done("/v1/missed-repayments", report(person))
    at = f"/v1/missed-repayments/{missed['id']}"
    assert (await far.get(at)).status_code == 404
    await world.hear(world.household(person, 2, path=XUNDIAN))
    assert (await far.get(at)).status_code == 200
    shown = await clerk.get(f"/v1/missed-repayments?household_id={person.household_id}&open=true")
    assert [item["id"] for item in shown.json()["items"]] == [missed["id"]]
    assert (await clerk.get(f"/v1/missed-repayments/{uuid4()}")).json()["code"] == "missed-repayment-unknown"
