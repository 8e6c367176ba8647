"""Guarantees that are not solved, expenses, and the helpers of a household."""

from .conftest import DONGCHUAN, Clerk, Database, People


async def test_condition_is_reported_solved_and_reported_again(clerk: Clerk, people: People, db: Database) -> None:
    home = await clerk.made("/v1/households", people.household())
    path = f"/v1/households/{home['id']}/conditions"
    made = await clerk.made(path, {"guarantee": "water", "since": "2023-10-01"})
    twice = await clerk.post(path, {"guarantee": "water", "since": "2023-10-02"})
    assert (twice.status_code, twice.json()["code"]) == (409, "condition-open")
    one = f"{path}/{made['fact_id']}:resolve"
    assert (await clerk.post(one, {"resolved_on": "2023-09-30"}, version=1)).json()["code"] == "condition-closed"
    solved = await clerk.made(one, {"resolved_on": "2023-11-01"}, version=1)
    assert (solved["revision"], solved["resolved_on"]) == (2, "2023-11-01")
    again = await clerk.made(path, {"guarantee": "water", "since": "2024-01-05"})
    assert (again["fact_id"], again["revision"], again["resolved_on"]) == (made["fact_id"], 3, None)
    told = [(event["name"], event["revision"]) for event in await db.events(home["id"])][-3:]
    assert told == [("ConditionReported", 1), ("ConditionResolved", 2), ("ConditionReported", 3)]


async def test_condition_of_a_person_needs_a_member(clerk: Clerk, people: People) -> None:
    home = await clerk.made("/v1/households", people.household())
    other = await clerk.made("/v1/households", people.household())
    path = f"/v1/households/{home['id']}/conditions"
    body = {"guarantee": "insurance", "since": "2023-10-01", "person_id": other["members"][0]["id"]}
    assert (await clerk.post(path, body)).json()["code"] == "not-a-member"
    await clerk.made(path, body | {"person_id": home["members"][0]["id"]})
    await clerk.made(path, body | {"person_id": home["members"][1]["id"]})
    assert len((await clerk.get(path)).json()) == 2
    assert (await clerk.of(DONGCHUAN).get(path)).status_code == 404
    assert (await clerk.of(DONGCHUAN).post(path, body)).status_code == 404


async def test_expense_is_corrected_and_taken_back(clerk: Clerk, people: People, db: Database) -> None:
    home = await clerk.made("/v1/households", people.household())
    path = f"/v1/households/{home['id']}/expenses"
    body = {"kind": "medical", "amount": "12000.00", "window_from": "2023-01-01", "window_to": "2023-06-30"}
    made = await clerk.made(path, body)
    assert (await clerk.post(path, body)).json()["code"] == "expense-stands"
    one = f"/v1/expenses/{made['fact_id']}"
    assert (await clerk.send("PUT", one, json={"amount": "13000.00"}, version=1)).json()["revision"] == 2
    assert (await clerk.post(f"{one}:void", version=2)).json()["void"] is True
    assert (await clerk.made(path, body))["revision"] == 4
    assert (await clerk.post(path, body | {"amount": "-5.00", "kind": "schooling"})).status_code == 422
    told = [(e["revision"], e["data"]["amount"], e["void"]) for e in await db.events(home["id"], "ExpenseReported")]
    assert told == [(1, "12000.00", False), (2, "13000.00", False), (3, "13000.00", True), (4, "12000.00", False)]


async def test_helper_is_assigned_and_released(clerk: Clerk, people: People, db: Database) -> None:
    home = await clerk.made("/v1/households", people.household())
    path = f"/v1/households/{home['id']}/helpers"
    body = {"name": "刘军秀", "organisation": "禄劝县农业农村局", "phone": "13389906313", "since": "2023-10-01"}
    made = await clerk.made(path, body)
    assert (made["masked_name"], made["masked_phone"]) == ("刘*秀", "133****6313")
    assert (await clerk.post(path, body)).json()["code"] == "helper-assigned"
    one = f"/v1/helpers/{made['id']}:release"
    assert (await clerk.post(one, {"until": "2024-01-01"}, version=7)).status_code == 412
    await clerk.made(one, {"until": "2024-01-01"}, version=1)
    assert (await clerk.post(one, {"until": "2024-01-02"}, version=2)).json()["code"] == "helper-released"
    assert (await clerk.made(path, body | {"since": "2024-02-01"}))["revision"] == 3
    told = [(event["name"], event["revision"]) for event in await db.events(home["id"])][-3:]
    assert told == [("HelperAssigned", 1), ("HelperReleased", 2), ("HelperAssigned", 3)]
