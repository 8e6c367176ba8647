"""Monitoring asks for an order: placing one is the answer, cancelling the whole of it takes the answer back."""

from directory.testing import World, somebody
from events.catalog.help import HelpOffer

from .conftest import Office

AT = "/v1/help-requests"


async def test_an_order_is_the_answer_until_it_is_cancelled_whole(office: Office, world: World) -> None:
    person, other = [await world.registers(somebody()) for _ in range(2)]
    asked = world.asks("procurement", HelpOffer.ORDER, person, "2024-05-01", "2024-05-20")
    await world.hear(asked)
    at = f"{AT}/{asked.data.request_id}"
    assert (await office.clerk.get(at)).json()["overdue"]
    order = await office.place(
        await office.buyer(),
        {"household_number": person.number, "amount": "1000.00"},
        {"household_number": other.number, "amount": "500.00"},
    )
    done = (await office.clerk.get(at)).json()
    assert (done["state"], done["reference"], done["provided_on"], done["overdue"]) == (
        "provided", order["id"], "2024-05-02", False,
    )  # fmt: skip
    await office.clerk.done(
        f"/v1/orders/{order['id']}:cancel", {"cancelled_on": "2024-05-10", "cause": "buyer"}, version=order["version"]
    )
    assert (await office.clerk.get(at)).json()["state"] == "asked"
    back = (await office.now(order))["version"]
    await office.clerk.done(f"/v1/orders/{order['id']}:reinstate", version=back)
    await world.hear(asked)
    told = await world.published(person.household_id)
    assert [event[:3] for event in told if event[0].startswith("Help")] == [
        ("HelpProvided", 2, False), ("HelpProvided", 3, True), ("HelpProvided", 4, False),
    ]  # fmt: skip
    assert await world.published(other.household_id, "HelpProvided") == []


async def test_an_order_whose_buyer_is_out_of_sight_stays_the_answer(office: Office, world: World) -> None:
    person = await world.registers(somebody())
    asked = world.asks("procurement", HelpOffer.ORDER, person, "2024-05-01", "2024-05-20")
    await world.hear(asked)
    far = await office.place(
        await office.buyer(region_code="530129000000"), {"household_number": person.number, "amount": "800.00"}
    )
    near = Office(office.clerk.as_(paths=["5301/530128/"]))
    await near.place(await office.buyer(), {"household_number": person.number, "amount": "300.00"})
    done = (await near.clerk.get(f"{AT}/{asked.data.request_id}")).json()
    assert (done["state"], done["reference"]) == ("provided", far["id"])


async def test_a_share_that_finds_its_household_answers_what_waits_there(office: Office, world: World) -> None:
    person = somebody()
    asked = world.asks("procurement", HelpOffer.ORDER, person, "2024-05-01", "2024-05-30")
    await world.hear(asked)
    order = await office.place(await office.buyer(), {"person": person.named, "amount": "300.00"})
    at = f"{AT}/{asked.data.request_id}"
    assert (await office.clerk.get(at)).json()["state"] == "asked"
    await world.registers(person)
    done = (await office.clerk.get(at)).json()
    assert (done["state"], done["reference"]) == ("provided", order["id"])
