"""An order is cancelled: every household concerned loses its share, one event each."""

from typing import Any

from directory.testing import XUNDIAN, World, somebody
from kit.testing import Clerk

ORDER = {"cancelled_on": "2024-05-20", "cause": "buyer"}


def order(number: str, *shares: dict[str, Any], **given: Any) -> dict[str, Any]:
    return {"order_number": number, **ORDER, "shares": list(shares), **given}


async def test_each_household_gets_its_own_event(clerk: Clerk, world: World) -> None:
    await world.start("2024-05-25")
    one, two, three = [await world.registers(somebody()) for _ in range(3)]
    body = order(
        "D-100",
        {"household_number": one.number, "amount": "1200.00"},
        {"person": two.named, "amount": "800.50"},
        {"household_id": str(three.household_id), "amount": "3.00"},
    )
    made = await clerk.done("/v1/cancelled-orders", body)
    assert await clerk.done("/v1/cancelled-orders", body) == made, "the same report again changes nothing"
    for person, amount in ((one, "1200.00"), (two, "800.50"), (three, "3.00")):
        [(name, revision, void, data)] = await world.published(person.household_id)
        assert (name, revision, void, data["amount"]) == ("OrderCancelled", 1, False, amount)
        assert (data["order_id"], data["cause"]) == (made["order_id"], "buyer")


async def test_an_order_is_taken_whole_or_not_at_all(clerk: Clerk, world: World) -> None:
    await world.start("2024-05-25")
    known = await world.registers(somebody())
    good = {"household_number": known.number, "amount": "10.00"}
    unknown = {"household_number": "999-nobody", "amount": "10.00"}
    bad = {"person": {"certificate": "530128198001020019"}, "amount": "10.00"}
    answer = await clerk.post("/v1/cancelled-orders", order("D-200", good, unknown, bad))
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [
        "/shares/1/household_number",
        "/shares/2/person/certificate",
    ]
    assert "530128198001020019" not in answer.text
    twice = await clerk.post("/v1/cancelled-orders", order("D-200", good, {"person": known.named, "amount": "1.00"}))
    assert twice.json()["code"] == "named-twice"
    later = await clerk.post("/v1/cancelled-orders", order("D-200", good, cancelled_on="2024-05-26"))
    assert later.json()["code"] == "in-future"
    assert await world.published(known.household_id) == []
    await clerk.done("/v1/cancelled-orders", order("D-200", good))
    differs = await clerk.post("/v1/cancelled-orders", order("D-200", {**good, "amount": "11.00"}))
    assert (differs.status_code, differs.json()["code"]) == (409, "cancelled-share-known")


async def test_a_share_is_corrected_and_taken_back(clerk: Clerk, world: World) -> None:
    await world.start("2024-05-25")
    person = await world.registers(somebody())
    made = await clerk.done("/v1/cancelled-orders", order("D-300", {"person": person.named, "amount": "10.00"}))
    at = f"/v1/cancelled-shares/{made['shares'][0]['id']}"
    right = (await clerk.patch(at, {"amount": "12.00"}, version=1)).json()
    assert (await clerk.post(f"{at}:void", version=1)).status_code == 412
    assert (await clerk.done(f"{at}:void", version=right["version"]))["void"]
    told = [(r, void, data["amount"]) for _, r, void, data in await world.published(person.household_id)]
    assert told == [(1, False, "10.00"), (2, False, "12.00"), (3, True, "12.00")]


async def test_a_share_waits_for_a_person_and_follows_the_household(clerk: Clerk, world: World) -> None:
    await world.start("2024-05-25")
    person = somebody(XUNDIAN)
    made = await clerk.done("/v1/cancelled-orders", order("D-400", {"person": person.named, "amount": "10.00"}))
    share = made["shares"][0]
    assert (share["matched"], [r for _, r, _, _ in await world.published(share["id"])]) == (False, [1])
    await world.registers(person)
    assert [revision for _, revision, _, _ in await world.published(person.household_id)] == [2]
    at = f"/v1/cancelled-shares/{share['id']}"
    assert (await clerk.as_(paths=["5301/530129/"]).get(at)).status_code == 200
    assert (await clerk.as_(paths=["5301/530128/"]).get(at)).status_code == 404
    assert (await clerk.as_(rights="orders:read").post(f"{at}:void", version=2)).json()["code"] == "missing-right"
    listed = (await clerk.get(f"/v1/cancelled-shares?household_id={person.household_id}")).json()["items"]
    assert [item["id"] for item in listed] == [share["id"]]
