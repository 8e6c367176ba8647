"""The life of an order: placed, taken on, delivered in parts, short or rejected, cancelled, and never counted twice."""

from typing import Any

from directory.testing import XUNDIAN, World, somebody
from kit.testing import credit_code

from .conftest import Office


async def told(world: World, key: object, name: str | None = None) -> list[tuple[Any, ...]]:
    """Name, revision, void and amount of what was published under a key."""
    found = await world.published(str(key), name)
    return [(what, revision, void, data.get("amount")) for what, revision, void, data in found]


async def test_a_direct_order_is_delivered_in_parts_and_rejected_household_by_household(
    office: Office, world: World
) -> None:
    one, two = [await world.registers(somebody()) for _ in range(2)]
    buyer = await office.buyer()
    order = await office.place(
        buyer, {"household_number": one.number, "amount": "1000.00"}, {"person": two.named, "amount": "500.00"}
    )
    assert (order["state"], order["amount"], order["households"]) == ("accepted", "1500.00", 2)
    first, second = order["shares"]
    part = await office.delivers(order, accepted="300.00")
    assert [share["accepted"] for share in (await office.now(order))["shares"]] == ["200.00", "100.00"]
    assert (await office.now(order))["state"] == "partly_delivered"
    lines = [
        {"share_id": first["id"], "accepted": "700.00", "rejected": "100.00"},
        {"share_id": second["id"], "rejected": "400.00"},
    ]
    rest = await office.delivers(order, lines=lines, cause="quality")
    after = await office.now(order)
    assert (after["state"], after["accepted"], after["rejected"], after["outstanding"]) == (
        "delivered", "1000.00", "500.00", "0.00",
    )  # fmt: skip
    assert await told(world, one.household_id) == [("DeliveryRejected", 1, False, "100.00")]
    assert await told(world, two.household_id) == [("DeliveryRejected", 1, False, "400.00")]
    assert await told(world, order["id"]) == [
        ("OrderPlaced", 1, False, None), ("DeliveryAccepted", 1, False, None), ("DeliveryAccepted", 1, False, None),
    ]  # fmt: skip
    [_, _, complete] = await world.published(order["id"])
    assert complete[3]["complete"] is True

    gone = await office.clerk.done(f"/v1/deliveries/{rest['id']}:void", version=1)
    assert gone["void"]
    assert await told(world, two.household_id) == [
        ("DeliveryRejected", 1, False, "400.00"), ("DeliveryRejected", 2, True, "400.00"),
    ]  # fmt: skip
    assert (await office.now(order))["outstanding"] == "1200.00"
    again = await office.clerk.post(f"/v1/deliveries/{rest['id']}:void", version=2)
    assert again.json()["code"] == "voided"
    await office.pays(order, amount="300.00")
    paid = await office.clerk.post(f"/v1/deliveries/{part['id']}:void", version=1)
    assert paid.json()["code"] == "settled-already"


async def test_a_cooperative_delivers_short_and_every_household_has_its_share(office: Office, world: World) -> None:
    people = [await world.registers(somebody()) for _ in range(3)]
    shares = [{"person": person.named, "percent": "33.3333"} for person in people]
    order = await office.place(await office.buyer(), *shares, amount="1000.00")
    assert [share["ordered"] for share in order["shares"]] == ["333.34", "333.33", "333.33"]
    await office.delivers(order, accepted="900.00", final=True)
    after = await office.now(order)
    assert (after["state"], after["closed_on"], after["outstanding"]) == ("delivered", "2024-05-10", "0.00")
    assert sum(float(share["accepted"]) for share in after["shares"]) <= 900
    assert await told(world, people[0].household_id) == [], "what does not come is neither rejected nor cancelled"
    late = await office.clerk.post(
        f"/v1/orders/{order['id']}/deliveries", {"reference": "x", "delivered_on": "2024-05-11", "accepted": "1.00"}
    )
    assert late.json()["code"] == "order-state"


async def test_what_is_paid_of_the_cooperatives_own_part_is_not_taken_back_either(office: Office, world: World) -> None:
    person = await world.registers(somebody())
    order = await office.place(await office.buyer(), {"person": person.named, "percent": "90"}, amount="100.00")
    [share] = order["shares"]
    await office.delivers(order, lines=[{"share_id": share["id"], "accepted": "90.00"}])
    own = await office.delivers(order, accepted="10.00")
    assert (await office.now(order))["shares"][0]["accepted"] == "90.00"
    paid = await office.pays(order, amount="50.00")
    assert [sale["amount"] for sale in paid["sales"]] == ["45.00"]
    refused = await office.clerk.post(f"/v1/deliveries/{own['id']}:void", version=1)
    assert refused.json()["code"] == "settled-already"
    await office.clerk.done(f"/v1/settlements/{paid['id']}:void", version=1)
    assert (await office.clerk.done(f"/v1/deliveries/{own['id']}:void", version=1))["void"]
    assert (await office.now(order))["outstanding"] == "10.00"


async def test_an_order_is_taken_whole_or_not_at_all_and_once(office: Office, world: World) -> None:
    person, other = await world.registers(somebody()), await world.registers(somebody())
    buyer = await office.buyer()
    good = {"household_number": person.number, "amount": "10.00"}
    body = office.order(buyer, good)
    for wrong, code, pointer in (
        ({"shares": [good, {"household_number": "999-nobody", "amount": "1.00"}]}, "household-unknown",
         "/shares/1/household_number"),
        ({"shares": [good, {"person": person.named, "amount": "1.00"}]}, "named-twice", "/shares/1"),
        ({"shares": [good | {"percent": "5"}]}, "order-terms", "/shares"),
        ({"channel": "cooperative"}, "order-terms", "/supplier"),
        ({"channel": "cooperative", "supplier": {"name": "x", "credit_code": "123"}}, "credit-code-form",
         "/supplier/credit_code"),
        ({"placed_on": "2024-05-26"}, "in-future", "/placed_on"),
        ({"due_on": "2024-05-01"}, "too-early", "/due_on"),
        ({"buyer_id": str(person.id)}, "buyer-unknown", "/buyer_id"),
    ):  # fmt: skip
        answer = await office.clerk.post("/v1/orders", body | wrong)
        assert (answer.json()["code"], answer.json()["errors"][0]["pointer"]) == (code, pointer)
    assert await told(world, person.household_id) == []
    placed = await office.clerk.done("/v1/orders", body)
    again = await office.clerk.post("/v1/orders", body)
    assert (again.status_code, again.json()) == (200, placed)
    differs = await office.clerk.post("/v1/orders", body | {"shares": [good | {"amount": "11.00"}]})
    assert (differs.status_code, differs.json()["code"]) == (409, "order-known")
    another = await office.clerk.post("/v1/orders", body | {"shares": [{"person": other.named, "amount": "10.00"}]})
    assert another.json()["code"] == "order-known"
    assert await told(world, placed["id"]) == [("OrderPlaced", 1, False, None)]


async def test_a_delivery_says_what_came_once_and_not_more_than_was_ordered(office: Office, world: World) -> None:
    person = await world.registers(somebody())
    order = await office.place(await office.buyer(), {"person": person.named, "amount": "100.00"})
    [share] = order["shares"]
    path, note = f"/v1/orders/{order['id']}/deliveries", {"reference": "SH-1", "delivered_on": "2024-05-10"}
    for wrong, code in (
        ({}, "delivery-terms"),
        ({"rejected": "10.00"}, "delivery-terms"),
        ({"accepted": "10.00", "cause": "late"}, "delivery-terms"),
        ({"accepted": "10.00", "lines": [{"share_id": share["id"], "accepted": "10.00"}]}, "delivery-terms"),
        ({"accepted": "100.01"}, "too-much"),
        ({"accepted": "60.00", "rejected": "40.01", "cause": "late"}, "too-much"),
        ({"lines": [{"share_id": share["id"], "accepted": "100.01"}]}, "too-much"),
        ({"lines": [{"share_id": order["id"], "accepted": "1.00"}]}, "share-elsewhere"),
        ({"lines": [{"share_id": share["id"], "accepted": "1.00"}] * 2}, "share-elsewhere"),
        ({"accepted": "1.00", "delivered_on": "2024-05-02"}, "too-early"),
        ({"accepted": "1.00", "delivered_on": "2024-05-26"}, "in-future"),
    ):
        assert (await office.clerk.post(path, note | wrong)).json()["code"] == code, wrong
    made = await office.clerk.done(path, note | {"accepted": "60.00"})
    again = await office.clerk.post(path, note | {"accepted": "60.00"})
    assert (again.status_code, again.json()) == (200, made)
    assert (await office.clerk.post(path, note | {"accepted": "61.00"})).json()["code"] == "reference-known"
    assert (await office.now(order))["accepted"] == "60.00"


async def test_cancelling_an_order_costs_each_household_what_it_had_still_to_deliver(
    office: Office, world: World
) -> None:
    one, two = [await world.registers(somebody()) for _ in range(2)]
    order = await office.place(
        await office.buyer(), {"person": one.named, "amount": "600.00"}, {"person": two.named, "amount": "400.00"}
    )
    lines = [{"share_id": order["shares"][0]["id"], "accepted": "600.00"}]
    await office.delivers(order, lines=lines)
    path = f"/v1/orders/{order['id']}"
    body = {"cancelled_on": "2024-05-20", "cause": "buyer"}
    version = (await office.now(order))["version"]
    cancelled = await office.clerk.done(f"{path}:cancel", body, version=version)
    assert (cancelled["state"], cancelled["cancelled"]) == ("delivered", "400.00")
    assert await told(world, one.household_id) == [], "who has delivered everything loses nothing"
    assert await told(world, two.household_id) == [("OrderCancelled", 1, False, "400.00")]
    assert (await office.clerk.post(f"{path}:cancel", body, version=cancelled["version"])).json()[
        "code"
    ] == "order-state"
    [lost] = (await office.clerk.get(f"/v1/cancelled-shares?order_id={order['id']}")).json()["items"]
    assert lost["share_id"] == order["shares"][1]["id"]
    for answer in (
        await office.clerk.post(f"/v1/cancelled-shares/{lost['id']}:void", version=1),
        await office.clerk.patch(f"/v1/cancelled-shares/{lost['id']}", {"amount": "1.00"}, version=1),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "order-kept")
    back = await office.clerk.done(f"{path}:reinstate", version=cancelled["version"])
    assert (back["state"], back["outstanding"]) == ("partly_delivered", "400.00")
    assert await told(world, two.household_id) == [
        ("OrderCancelled", 1, False, "400.00"), ("OrderCancelled", 2, True, "400.00"),
    ]  # fmt: skip


async def test_an_order_that_was_never_taken_on_can_be_cancelled(office: Office, world: World) -> None:
    person = await world.registers(somebody())
    buyer = await office.buyer()
    order = await office.clerk.done("/v1/orders", office.order(buyer, {"person": person.named, "amount": "7.00"}))
    body = {"cancelled_on": "2024-05-20", "cause": "disaster"}
    assert (await office.clerk.post(f"/v1/orders/{order['id']}:cancel", body, version=2)).status_code == 412
    gone = await office.clerk.done(f"/v1/orders/{order['id']}:cancel", body, version=1)
    assert gone["state"] == "cancelled"
    listed = await office.clerk.get(f"/v1/orders?buyer_id={buyer['id']}&state=cancelled")
    assert [item["id"] for item in listed.json()["items"]] == [order["id"]]


async def test_the_same_cancellation_is_never_counted_twice(office: Office, world: World) -> None:
    person = await world.registers(somebody())
    buyer = await office.buyer()
    body = office.order(buyer, {"person": person.named, "amount": "50.00"})
    order = await office.clerk.done("/v1/orders", body)
    report = {"order_number": body["order_number"], "cancelled_on": "2024-05-20", "cause": "buyer",
              "shares": [{"household_number": person.number, "amount": "50.00"}]}  # fmt: skip
    reported = await office.clerk.post("/v1/cancelled-orders", report)
    assert (reported.status_code, reported.json()["code"]) == (409, "order-kept")
    elsewhere = await office.clerk.as_(department="another").post("/v1/cancelled-orders", report)
    assert elsewhere.json()["code"] == "order-kept"
    stranger = somebody()
    whole = report | {"shares": [{"person": stranger.named, "amount": "1.00"}]}
    assert (await office.clerk.post("/v1/cancelled-orders", whole)).json()["code"] == "order-kept"
    await office.clerk.done(
        f"/v1/orders/{order['id']}:cancel", {"cancelled_on": "2024-05-20", "cause": "buyer"}, version=1
    )
    assert await told(world, person.household_id) == [("OrderCancelled", 1, False, "50.00")]

    before = report | {"order_number": "CG-REPORTED"}
    await office.clerk.done("/v1/cancelled-orders", before)
    placed = await office.clerk.post("/v1/orders", body | {"order_number": "CG-REPORTED"})
    assert (placed.status_code, placed.json()["code"]) == (409, "cancellation-reported")


async def test_amounts_part_only_for_who_sees_every_household(office: Office, world: World) -> None:
    near, far = await world.registers(somebody()), await world.registers(somebody(XUNDIAN))
    order = await office.place(
        await office.buyer(), {"person": near.named, "amount": "10.00"}, {"person": far.named, "amount": "10.00"}
    )
    county = office.clerk.as_(paths=["5301/530128/"])
    sheet = (await county.get(f"/v1/orders/{order['id']}")).json()
    assert (sheet["households"], len(sheet["shares"])) == (2, 1)
    body = {"reference": "SH-9", "delivered_on": "2024-05-10", "accepted": "20.00"}
    refused = await county.post(f"/v1/orders/{order['id']}/deliveries", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "part-elsewhere")
    out = office.clerk.as_(paths=["5301/530129/"])
    assert (await out.get(f"/v1/orders/{order['id']}")).status_code == 404
    await world.hear(world.household(near, 2, path=XUNDIAN))
    assert len((await county.get(f"/v1/orders/{order['id']}")).json()["shares"]) == 0
    elsewhere = office.order(await office.buyer(), {"person": far.named, "amount": "10.00"})
    assert (await county.post("/v1/orders", elsewhere)).json()["code"] == "registered-elsewhere"


async def test_what_waits_for_a_person_follows_into_the_household(office: Office, world: World) -> None:
    person = somebody()
    buyer = await office.buyer()
    order = await office.place(buyer, {"person": person.named, "amount": "100.00"})
    assert [share["matched"] for share in order["shares"]] == [False]
    await office.delivers(order, accepted="60.00", rejected="30.00", cause="damaged")
    paid = await office.pays(order, amount="60.00")
    [sale] = paid["sales"]
    assert (sale["matched"], await told(world, sale["id"])) == (False, [("HouseholdSalePaid", 1, False, "60.00")])
    version = (await office.now(order))["version"]
    cancel = {"cancelled_on": "2024-05-20", "cause": "buyer"}
    await office.clerk.done(f"/v1/orders/{order['id']}:cancel", cancel, version=version)
    await world.registers(person)
    assert sorted(await told(world, person.household_id)) == [
        ("DeliveryRejected", 2, False, "30.00"),
        ("HouseholdSalePaid", 2, False, "60.00"),
        ("OrderCancelled", 2, False, "10.00"),
    ]
    assert [share["matched"] for share in (await office.now(order))["shares"]] == [True]
    await world.hear(world.joined(person, 2))
    assert len(await told(world, person.household_id)) == 3
    refunded = await office.clerk.done(f"/v1/settlements/{paid['id']}:refund", {"amount": "10.00"}, version=1)
    assert refunded["sales"][0]["version"] == 3
    assert (await told(world, person.household_id))[-1] == ("HouseholdSalePaid", 3, False, "50.00")


async def test_no_certificate_reaches_events_or_answers(office: Office, world: World) -> None:
    person = somebody()
    body = office.order(await office.buyer(), {"person": person.named, "amount": "1.00"})
    order = await office.clerk.done("/v1/orders", body)
    rows = await world.rows("SELECT data::text AS data FROM event_log WHERE key = :key", key=order["id"])
    assert all(person.certificate not in row.data and credit_code(900_000_001) not in row.data for row in rows)
    assert person.certificate not in str(order)
