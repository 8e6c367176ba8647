"""A payment reaches households to the cent; a refund revises the same fact; what was never paid is taken back."""

from decimal import Decimal
from typing import Any

from directory.testing import World, somebody

from .conftest import Office


async def sold(world: World, key: object) -> list[tuple[int, bool, str]]:
    found = await world.published(str(key), "HouseholdSalePaid")
    return [(revision, void, data["amount"]) for _, revision, void, data in found]


async def cooperative(office: Office, world: World, *percents: str, amount: str) -> tuple[dict[str, Any], list[Any]]:
    people = [await world.registers(somebody()) for _ in percents]
    shares = [{"person": p.named, "percent": percent} for p, percent in zip(people, percents, strict=True)]
    order = await office.place(await office.buyer(), *shares, amount=amount)
    await office.delivers(order, accepted=amount)
    return order, people


async def test_a_payment_parts_to_the_cent_and_each_household_has_one_fact(office: Office, world: World) -> None:
    order, people = await cooperative(office, world, "40", "30", "20", amount="1000.00")
    paid = await office.pays(order, amount="333.33")
    amounts = [Decimal(sale["amount"]) for sale in paid["sales"]]
    assert amounts == [Decimal("133.33"), Decimal("100.00"), Decimal("66.67")]
    assert Decimal("333.33") - sum(amounts) == Decimal("33.33"), "the cooperative keeps its tenth"
    rest = await office.pays(order, amount="666.67")
    after = await office.now(order)
    assert (after["state"], after["paid"]) == ("settled", "1000.00")
    assert [share["paid"] for share in after["shares"]] == ["400.00", "300.00", "200.00"]
    [(name, _, _, data), _] = await world.published(people[0].household_id)
    assert (name, data["buyer_id"], data["paid_on"], data["purpose"]) == (
        "HouseholdSalePaid", order["buyer_id"], "2024-05-20", "canteen",
    )  # fmt: skip
    assert await sold(world, people[0].household_id) == [(1, False, "133.33"), (1, False, "266.67")]
    settled = await world.published(order["id"], "PaymentSettled")
    assert [data["complete"] for _, _, _, data in settled] == [False, True]
    assert all("amount" not in data for _, _, _, data in settled), "status only: the sale alone counts"
    assert rest["amount"] == "666.67"
    listed = (await office.clerk.get(f"/v1/sales?household_id={people[2].household_id}")).json()["items"]
    assert [item["amount"] for item in listed] == ["66.67", "133.33"]
    payments = (await office.clerk.get(f"/v1/orders/{order['id']}/settlements")).json()
    assert [item["id"] for item in payments] == [paid["id"], rest["id"]]


async def test_a_refund_is_a_revision_in_proportion_or_of_one_household(office: Office, world: World) -> None:
    order, (one, two) = await cooperative(office, world, "50", "50", amount="100.00")
    paid = await office.pays(order, amount="100.00")
    path = f"/v1/settlements/{paid['id']}:refund"
    back = await office.clerk.done(path, {"amount": "0.01"}, version=1)
    assert (back["refunded"], [sale["amount"] for sale in back["sales"]]) == ("0.01", ["49.99", "50.00"])
    assert (await office.clerk.post(path, {"amount": "1.00"}, version=1)).status_code == 412
    second = order["shares"][1]["id"]
    lines = {"lines": [{"share_id": second, "amount": "50.00"}]}
    await office.clerk.done(path, lines, version=2)
    assert await sold(world, one.household_id) == [(1, False, "50.00"), (2, False, "49.99")]
    assert await sold(world, two.household_id) == [(1, False, "50.00"), (2, False, "0.00")]
    for wrong, code in (
        ({}, "settlement-terms"),
        ({"amount": "1.00", **lines}, "settlement-terms"),
        ({"amount": "50.00"}, "refund-too-large"),
        (lines, "refund-too-large"),
        ({"lines": [{"share_id": order["id"], "amount": "1.00"}]}, "line-elsewhere"),
        ({"lines": [{"share_id": second, "amount": "1.00"}] * 2}, "line-elsewhere"),
    ):
        assert (await office.clerk.post(path, wrong, version=3)).json()["code"] == code, wrong
    after = await office.now(order)
    assert (after["state"], after["paid"], after["refunded"]) == ("settled", "100.00", "50.01")
    [share, _] = after["shares"]
    assert (share["paid"], share["refunded"]) == ("50.00", "0.01")


async def test_a_payment_that_was_never_made_is_taken_back(office: Office, world: World) -> None:
    order, (one,) = await cooperative(office, world, "100", amount="100.00")
    paid = await office.pays(order, amount="80.00", reference="FK-VOID")
    await office.clerk.done(f"/v1/settlements/{paid['id']}:refund", {"amount": "5.00"}, version=1)
    gone = await office.clerk.done(f"/v1/settlements/{paid['id']}:void", version=2)
    assert gone["void"]
    assert await sold(world, one.household_id) == [(1, False, "80.00"), (2, False, "75.00"), (3, True, "75.00")]
    settled = await world.published(order["id"], "PaymentSettled")
    assert [(revision, void) for _, revision, void, _ in settled] == [(1, False), (3, True)]
    after = await office.now(order)
    assert (after["paid"], after["refunded"], after["state"]) == ("0.00", "0.00", "delivered")
    refused = await office.clerk.post(f"/v1/settlements/{paid['id']}:refund", {"amount": "5.00"}, version=3)
    assert refused.json()["code"] == "settlement-void"
    anew = await office.pays(order, amount="100.00", reference="FK-VOID")
    assert anew["id"] != paid["id"]


async def test_only_what_was_accepted_is_paid_and_each_voucher_once(office: Office, world: World) -> None:
    person = await world.registers(somebody())
    order = await office.place(await office.buyer(), {"person": person.named, "amount": "100.00"})
    path, voucher = f"/v1/orders/{order['id']}/settlements", {"reference": "FK-1", "paid_on": "2024-05-20"}
    early = await office.clerk.post(path, voucher | {"amount": "1.00"})
    assert early.json()["code"] == "order-state"
    await office.delivers(order, accepted="60.00")
    for wrong, code in (
        ({"amount": "60.01"}, "too-much"),
        ({}, "settlement-terms"),
        ({"lines": [{"share_id": order["shares"][0]["id"], "amount": "60.01"}]}, "too-much"),
        ({"lines": [{"share_id": order["id"], "amount": "1.00"}]}, "share-elsewhere"),
        ({"amount": "1.00", "paid_on": "2024-05-26"}, "in-future"),
        ({"amount": "1.00", "paid_on": "2024-05-01"}, "too-early"),
    ):
        assert (await office.clerk.post(path, voucher | wrong)).json()["code"] == code, wrong
    made = await office.clerk.done(path, voucher | {"amount": "60.00"})
    again = await office.clerk.post(path, voucher | {"amount": "60.00"})
    assert (again.status_code, again.json()) == (200, made)
    assert (await office.clerk.post(path, voucher | {"amount": "59.00"})).json()["code"] == "settlement-known"
    assert await sold(world, person.household_id) == [(1, False, "60.00")]
    reader = office.clerk.as_(rights="sales:read")
    assert (await reader.post(path, voucher)).json()["code"] == "missing-right"
    assert (await reader.get(f"/v1/sales/{made['sales'][0]['id']}")).status_code == 200
    stranger = office.clerk.as_(paths=["5301/530129/"])
    assert (await stranger.get(f"/v1/sales/{made['sales'][0]['id']}")).status_code == 404
    assert (await stranger.get(f"/v1/settlements/{made['id']}")).status_code == 404
