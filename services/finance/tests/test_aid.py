"""A fund helps a household as its donors wished: in, applied for, granted by a second person, paid, taken back."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from directory.testing import LUQUAN, XUNDIAN, Person, World, somebody
from events.catalog.help import HelpOffer
from kit.testing import Clerk

COUNTY = "5301/530128/"


@pytest.fixture
def second(clerk: Clerk) -> Clerk:
    return clerk.as_(subject="second")


async def fund(clerk: Clerk, area: str = "5301/") -> dict[str, Any]:
    return await clerk.done("/v1/aid-funds", {"name": f"防返贫基金{uuid4()}", "area": area, "opened_on": "2023-01-01"})


async def given(clerk: Clerk, to: dict[str, Any], amount: str, **told: Any) -> dict[str, Any]:
    body = {"amount": amount, "received_on": "2023-03-01", "receipt": f"J-{uuid4()}", "kind": "online", **told}
    return await clerk.done(f"/v1/aid-funds/{to['id']}/donations", body)


def asking(to: dict[str, Any], person: Person, amount: str, purpose: str = "illness") -> dict[str, Any]:
    return {"household": {"household_number": person.number}, "fund_id": to["id"], "purpose": purpose, "amount": amount}


async def step(clerk: Clerk, aid: dict[str, Any], verb: str, body: Any = None) -> dict[str, Any]:
    return await clerk.done(f"/v1/aid-applications/{aid['id']}:{verb}", body, version=aid["version"])


async def balance(clerk: Clerk, of: dict[str, Any]) -> tuple[str, str, str, str]:
    told = (await clerk.get(f"/v1/aid-funds/{of['id']}")).json()
    return told["received"], told["granted"], told["left"], told["lapsed"]


async def test_what_monitoring_asks_for_is_applied_for_granted_paid_and_so_answered(
    clerk: Clerk, second: Clerk, world: World
) -> None:
    await world.start("2023-05-10")
    person = await world.registers(somebody())
    asked = world.asks("finance", HelpOffer.ILLNESS_AID, person, "2023-05-08", "2023-05-18")
    await world.hear(asked)
    money = await fund(clerk)
    await given(clerk, money, "10000.00")
    body = asking(money, person, "3000.00")
    aid = await clerk.done("/v1/aid-applications", body)
    assert (await clerk.done("/v1/aid-applications", body))["id"] == aid["id"], "the same again is no other"
    other = await clerk.post("/v1/aid-applications", {**body, "amount": "4000.00"})
    assert (other.status_code, other.json()["code"]) == (409, "aid-open")
    alone = await clerk.post(f"/v1/aid-applications/{aid['id']}:approve", version=1)
    assert (alone.status_code, alone.json()["code"]) == (403, "aid-needs-second-person")
    granted = await step(second, aid, "approve")
    assert (granted["state"], granted["decided_by"]) == ("granted", "second")
    assert await balance(clerk, money) == ("10000.00", "3000.00", "7000.00", "0.00")
    at = f"/v1/help-requests/{asked.data.request_id}"
    assert (await clerk.get(at)).json()["state"] == "asked", "money that has not come is no help yet"
    early = {"paid_on": "2023-05-09", "receipt": "B-1"}
    refused = await clerk.post(f"/v1/aid-applications/{aid['id']}:pay", early, version=2)
    assert (refused.status_code, refused.json()["code"]) == (422, "aid-out-of-time")
    paid = await step(clerk, granted, "pay", {"paid_on": "2023-05-10", "receipt": "B-1"})
    done = (await clerk.get(at)).json()
    assert (done["state"], done["reference"], done["provided_on"]) == ("provided", aid["id"], "2023-05-10")
    told = await world.published(person.household_id, "AidGranted")
    assert [(revision, void, data["paid_on"]) for _, revision, void, data in told] == [
        (2, False, None), (3, False, "2023-05-10"),
    ]  # fmt: skip
    assert "amount" not in told[0][3], "the transfer is what counts as money"
    [transfer] = await world.published(person.household_id, "TransferPaid")
    assert (transfer[3]["purpose"], transfer[3]["amount"], transfer[3]["approval_id"]) == ("aid", "3000.00", aid["id"])
    shown = (await clerk.get(f"/v1/aid-summary?path={person.path}")).json()
    assert [item["waiting"] for item in shown if item["purpose"] == "illness"] == [0]

    await step(second, paid, "revoke")
    assert await balance(clerk, money) == ("10000.00", "0.00", "10000.00", "0.00")
    assert (await clerk.get(at)).json()["state"] == "asked", "what came back is owed again"
    told = [(name, revision, void) for name, revision, void, _ in await world.published(person.household_id)]
    assert told == [
        ("AidApplied", 1, False), ("AidGranted", 2, False),
        ("TransferPaid", 3, False), ("AidGranted", 3, False), ("HelpProvided", 2, False),
        ("TransferReturned", 4, True), ("AidGranted", 4, True), ("HelpProvided", 3, True),
    ]  # fmt: skip


async def test_what_donors_tied_to_their_gifts_is_kept_and_the_refusal_says_by_how_much(
    clerk: Clerk, second: Clerk, world: World
) -> None:
    await world.start("2023-05-10")
    person = await world.registers(somebody())
    money = await fund(clerk)
    schooling = await given(clerk, money, "5000.00", purposes=["schooling"])
    await given(clerk, money, "2000.00", area="5301/530129/")
    await given(clerk, money, "800.00", use_by="2023-05-09")
    await given(clerk, money, "400.00", kind="organisation", donor="昆明某企业")
    aid = await clerk.done("/v1/aid-applications", asking(money, person, "400.01"))
    refused = await second.post(f"/v1/aid-applications/{aid['id']}:approve", version=1)
    assert refused.status_code == 409
    assert {(error["code"], error["detail"].split(" ")[0]) for error in refused.json()["errors"]} == {
        ("balance", "可用余额"), ("restricted-purpose", "5000.00"), ("restricted-area", "2000.00"),
        ("restricted-term", "800.00"),
    }  # fmt: skip
    assert (await balance(clerk, money))[2:] == ("8200.00", "800.00")
    lapsing = (await clerk.get(f"/v1/aid-funds/{money['id']}/donations?lapsing_by=2023-12-31")).json()["items"]
    assert [gift["left"] for gift in lapsing] == ["800.00"]
    study = await clerk.done("/v1/aid-applications", asking(money, person, "5400.00", "schooling"))
    await step(second, study, "approve")
    assert (await balance(clerk, money))[2] == "2800.00"
    drawn = await clerk.post(f"/v1/donations/{schooling['id']}:void", version=1)
    assert (drawn.status_code, drawn.json()["code"]) == (409, "donation-drawn")
    gone = await step(clerk, aid, "reject", {"reason": "helped_otherwise"})
    assert (gone["state"], gone["reason"]) == ("rejected", "helped_otherwise")
    [(_, revision, void, data)] = await world.published(person.household_id, "AidRejected")
    assert (revision, void, data["reason"]) == (2, False, "helped_otherwise")


async def test_two_grants_at_once_never_draw_more_than_there_is(clerk: Clerk, second: Clerk, world: World) -> None:
    await world.start("2023-05-10")
    money = await fund(clerk)
    await given(clerk, money, "1000.00")
    waiting = []
    for _ in range(4):
        person = await world.registers(somebody())
        waiting.append(await clerk.done("/v1/aid-applications", asking(money, person, "400.00", "relief")))
    answers = await asyncio.gather(
        *(second.post(f"/v1/aid-applications/{aid['id']}:approve", version=1) for aid in waiting)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 200, 409, 409]
    assert await balance(clerk, money) == ("1000.00", "800.00", "200.00", "0.00")


async def test_a_fund_is_kept_by_who_answers_for_its_area_and_used_by_everybody_in_it(
    clerk: Clerk, second: Clerk, world: World
) -> None:
    await world.start("2023-05-10")
    here, there = await world.registers(somebody()), await world.registers(somebody(XUNDIAN))
    county = clerk.as_(paths=[COUNTY])
    city = await fund(clerk)
    far = await county.post("/v1/aid-funds", {"name": "某基金", "area": "5301/", "opened_on": "2023-01-01"})
    assert (far.status_code, far.json()["code"]) == (403, "fund-out-of-area")
    money = await given(clerk, city, "900.00")
    aid = await county.done("/v1/aid-applications", asking(city, here, "900.00", "housing"))
    keeps = await county.as_(subject="second").post(f"/v1/aid-applications/{aid['id']}:approve", version=1)
    assert (keeps.status_code, keeps.json()["code"]) == (403, "fund-out-of-area")
    elsewhere = await county.post("/v1/aid-applications", asking(city, there, "900.00"))
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (422, "household-unknown")
    assert (await clerk.as_(paths=["5301/530129/"]).get(f"/v1/aid-applications/{aid['id']}")).status_code == 404
    mine = (await county.get(f"/v1/aid-applications?fund_id={city['id']}&state=applied")).json()["items"]
    assert [item["id"] for item in mine] == [aid["id"]]
    await step(second, aid, "approve")
    void = await clerk.post(f"/v1/donations/{money['id']}:void", version=1)
    assert void.json()["code"] == "donation-drawn"


async def test_a_gift_is_taken_in_once_and_taken_back_while_nothing_drew_on_it(clerk: Clerk, world: World) -> None:
    await world.start("2023-05-10")
    money = await fund(clerk, COUNTY)
    body = {"amount": "500.00", "received_on": "2023-03-01", "receipt": "J-77", "kind": "individual", "use_by": None}
    gift = await clerk.done(f"/v1/aid-funds/{money['id']}/donations", body)
    assert gift["area"] == COUNTY
    assert (await clerk.done(f"/v1/aid-funds/{money['id']}/donations", body))["id"] == gift["id"]
    at = f"/v1/aid-funds/{money['id']}/donations"
    for change, code in (
        ({"amount": "600.00"}, "donation-receipt-used"),
        ({"receipt": "J-78", "donor": "张三"}, "donor-name"),
        ({"receipt": "J-78", "kind": "organisation"}, "donor-name"),
        ({"receipt": "J-78", "area": "5301/"}, "outside-fund"),
        ({"receipt": "J-78", "area": "earth"}, "bad-management-path"),
        ({"receipt": "J-78", "use_by": "2023-02-28"}, "donation-term"),
        ({"receipt": "J-78", "received_on": "2023-05-11"}, "aid-out-of-time"),
    ):
        answer = await clerk.post(at, {**body, **change})
        assert answer.json()["code"] == code, answer.text
        assert "张三" not in answer.text
    gone = await clerk.done(f"/v1/donations/{gift['id']}:void", version=1)
    again = await clerk.done(at, {**body, "amount": "600.00"})
    assert (gone["void"], again["id"], again["version"], again["left"]) == (True, gift["id"], 3, "600.00")
    told = [(name, revision, void) for name, revision, void, _ in await world.published(money["id"])]
    assert told == [("FundOpened", 1, False), *(("DonationReceived", n, n == 2) for n in (1, 2, 3))]
    assert (await clerk.get(f"/v1/aid-funds/{uuid4()}")).json()["code"] == "fund-unknown"
    assert (await clerk.as_(rights="aid:read").post(at, body)).status_code == 403


async def test_aid_follows_the_household_to_its_new_village(clerk: Clerk, second: Clerk, world: World) -> None:
    await world.start("2023-05-10")
    person = await world.registers(somebody(LUQUAN))
    money = await fund(clerk)
    await given(clerk, money, "900.00", area="5301/530129/")
    aid = await clerk.done("/v1/aid-applications", asking(money, person, "900.00", "water"))
    assert (await second.post(f"/v1/aid-applications/{aid['id']}:approve", version=1)).status_code == 409
    await world.hear(world.household(person, 2, path=XUNDIAN))
    assert (await step(second, aid, "approve"))["state"] == "granted"
