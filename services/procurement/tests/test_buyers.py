"""Units that buy, what they reserve, and how far they are."""

from decimal import Decimal

import pytest

from directory.testing import World, somebody
from kit.testing import credit_code
from procurement.compliance.rules import Filed, ReserveProgress, done, progress

from .conftest import COUNTY, Office


async def test_a_buyer_is_registered_once_with_a_code_that_holds(office: Office) -> None:
    buyer = await office.buyer(name="某县医院", credit_code=f" {credit_code(70_001)[:9]} {credit_code(70_001)[9:]}")
    assert buyer["credit_code"] == credit_code(70_001)
    same = {name: buyer[name] for name in ("kind", "name", "credit_code", "canteen")} | {"region_code": buyer["region"]}
    again = await office.clerk.post("/v1/buyers", same)
    assert (again.status_code, again.json()["id"]) == (200, buyer["id"])
    other = await office.clerk.post("/v1/buyers", same | {"name": "另一单位"})
    assert (other.status_code, other.json()["code"]) == (409, "buyer-known")
    wrong = same["credit_code"][:-1] + ("0" if same["credit_code"][-1] != "0" else "1")
    bad = await office.clerk.post("/v1/buyers", same | {"credit_code": wrong})
    assert (bad.json()["code"], bad.json()["errors"][0]["pointer"]) == ("credit-code-checksum", "/credit_code")
    elsewhere = await office.clerk.as_(paths=["5301/530129/"]).post(
        "/v1/buyers", same | {"credit_code": credit_code(70_002)}
    )
    assert elsewhere.json()["code"] == "region-unknown"
    unknown = await office.clerk.post("/v1/buyers", same | {"canteens": "own"})
    assert unknown.status_code == 422


async def test_only_a_shared_canteen_or_a_union_counts_for_a_unit_that_files(office: Office) -> None:
    unit = await office.buyer(canteen="shared")
    partner = await office.buyer(canteen="shared", counts_for=unit["id"])
    union = await office.buyer(kind="union", canteen="none", counts_for=unit["id"], members=80)
    for given, code in (
        ({"counts_for": unit["id"]}, "counts-for-nobody"),
        ({"canteen": "shared", "counts_for": partner["id"]}, "wrong-target"),
        ({"canteen": "shared", "counts_for": union["id"]}, "wrong-target"),
        ({"kind": "union", "canteen": "own"}, "no-canteen-there"),
        ({"canteen": "shared", "counts_for": unit["id"], "region_code": "530129000000"}, "wrong-target"),
    ):
        body = {"kind": "budget_unit", "name": "x", "credit_code": credit_code(70_100), "region_code": "530128000000",
                "canteen": "own"}  # fmt: skip
        assert (await office.clerk.post("/v1/buyers", body | given)).json()["code"] == code
    path = f"/v1/buyers/{unit['id']}"
    for change in ({"canteen": "none"}, {"counts_for": str(partner["id"])}):
        refused = await office.clerk.patch(path, change, version=1)
        assert refused.json()["code"] in ("counted-for", "wrong-target")
    assert (await office.clerk.post(f"{path}:close", version=1)).json()["code"] == "counted-for"
    renamed = await office.clerk.patch(path, {"name": "更名后"}, version=1)
    assert (renamed.json()["name"], renamed.json()["version"]) == ("更名后", 2)
    assert (await office.clerk.patch(path, {"name": "x"}, version=1)).status_code == 412
    refused = await office.clerk.post(f"/v1/buyers/{partner['id']}/reserves", filing("100.00", "10.00"))
    assert refused.json()["code"] == "nothing-to-file"


def filing(food: str, reserve: str, year: int = 2024) -> dict[str, object]:
    return {"year": year, "food_budget": food, "reserve": reserve}


async def test_a_reserve_is_filed_returned_filed_again_and_accepted(office: Office, world: World) -> None:
    unit = await office.buyer()
    path = f"/v1/buyers/{unit['id']}/reserves"
    low = await office.clerk.done(path, filing("100000.05", "9000.00"))
    assert (low["state"], low["ratio"], low["required"]) == ("filed", "0.100000", "10000.01")
    at = f"/v1/reserves/{low['id']}"
    assert (await office.clerk.post(f"{at}:accept", version=1)).json()["code"] == "reserve-below-ratio"
    returned = await office.clerk.done(f"{at}:return", {"reason": "ratio"}, version=1)
    assert (returned["state"], returned["reason"], returned["version"]) == ("returned", "ratio", 2)
    assert (await office.clerk.post(f"{at}:accept", version=2)).json()["code"] == "reserve-not-to-decide"
    again = await office.clerk.done(path, filing("100000.05", "10000.01"))
    assert (again["id"], again["state"], again["version"], again["reason"]) == (low["id"], "filed", 3, None)
    assert await office.clerk.done(path, filing("100000.05", "10000.01")) == again
    no_right = office.clerk.as_(rights="buyers:read buyers:write")
    assert (await no_right.post(f"{at}:accept", version=3)).json()["code"] == "missing-right"
    accepted = await office.clerk.done(f"{at}:accept", version=3)
    assert accepted["state"] == "accepted"
    assert (await office.clerk.post(path, filing("1.00", "1.00"))).json()["code"] == "reserve-accepted"
    told = [(r, d["state"], d["reserve"]) for _, r, _, d in await world.published(unit["id"], "ReserveFiled")]
    assert told == [
        (1, "filed", "9000.00"), (2, "returned", "9000.00"), (3, "filed", "10000.01"), (4, "accepted", "10000.01"),
    ]  # fmt: skip
    for wrong, code in (
        (filing("1.00", "2.00"), "reserve-too-large"),
        (filing("100.00", "10.00", 2026), "year-out-of-reach"),
    ):
        assert (await office.clerk.post(path, wrong)).json()["code"] == code


async def test_the_ratio_is_policy_and_no_value_is_no_ratio(office: Office, world: World) -> None:
    unit = await office.buyer()
    path = f"/v1/buyers/{unit['id']}/reserves"
    await world.start("2020-12-31")
    assert (await office.clerk.post(path, filing("100.00", "10.00", 2021))).json()["code"] == "no-ratio"
    await world.start("2024-05-25")
    [row] = await world.rows("SELECT count(*) AS n FROM policy_values WHERE name = 'reserve.ratio'")
    assert row.n == 2
    filed = await office.clerk.done(path, filing("100.00", "10.00"))
    [value] = await world.rows("SELECT document, clause FROM policy_values WHERE id = :id", id=filed["policy_id"])
    assert value.document.startswith("昆明市脱贫人口持续增收三年行动方案")
    assert "10%" in value.clause


async def test_a_county_asks_for_more_when_two_persons_set_its_ratio(office: Office, world: World) -> None:
    unit = await office.buyer(region_code="530127000000")
    path = f"/v1/buyers/{unit['id']}/reserves"
    assert (await office.clerk.done(path, filing("10000.00", "1000.00")))["required"] == "1000.00"
    ratio = await office.clerk.sets(
        {
            "name": "reserve.ratio", "path": "5301/530127/", "valid_from": "2024-01-01", "value": "0.15",
            "document": "某县财政局〔2024〕3号", "clause": "第一条", "confidence": "official",
        }
    )  # fmt: skip
    low = await office.clerk.done(path, filing("10000.00", "1200.00"))
    assert (low["required"], low["policy_id"]) == ("1500.00", ratio["id"])
    refused = await office.clerk.post(f"/v1/reserves/{low['id']}:accept", version=low["version"])
    assert refused.json()["code"] == "reserve-below-ratio"
    shown = (await office.clerk.get("/v1/policies?name=reserve.&on=2024-05-25")).json()
    assert {value["path"]: value["value"] for value in shown} == {"5301/": "0.100000", "5301/530127/": "0.150000"}


async def test_what_a_unit_its_union_and_its_partners_buy_counts_toward_its_quota(office: Office, world: World) -> None:
    unit = await office.buyer(canteen="shared")
    partner = await office.buyer(canteen="shared", counts_for=unit["id"])
    union = await office.buyer(kind="union", canteen="none", counts_for=unit["id"], members=10)
    bare = await office.buyer(canteen="none")
    person = await world.registers(somebody())

    async def state(buyer: dict[str, object], year: int = 2024) -> tuple[object, ...]:
        answer = (await office.clerk.get(f"/v1/buyers/{buyer['id']}/progress?year={year}")).json()
        return answer["state"], answer["counted"], answer["done"]

    assert (await state(bare), await state(unit)) == (("no_canteen", "0.00", None), ("not_filed", "0.00", None))
    filed = await office.clerk.done(f"/v1/buyers/{unit['id']}/reserves", filing("10000.00", "1000.00"))
    assert await state(unit) == ("filed", "0.00", None)
    await office.clerk.done(f"/v1/reserves/{filed['id']}:return", {"reason": "total"}, version=1)
    assert (await state(unit))[0] == "returned"
    await office.clerk.done(f"/v1/buyers/{unit['id']}/reserves", filing("10000.00", "1000.00"))
    await office.clerk.done(f"/v1/reserves/{filed['id']}:accept", version=3)
    assert await state(unit) == ("behind", "0.00", "0.0000")

    paid = []
    for buyer, purpose, amount in (
        (unit, "canteen", "400.00"), (partner, "canteen", "299.99"), (union, "union", "300.00"),
        (unit, "tourism", "999.00"),
    ):  # fmt: skip
        order = await office.place(buyer, {"person": person.named, "amount": amount}, purpose=purpose)
        await office.delivers(order, accepted=amount)
        paid.append(await office.pays(order, amount=amount))
    assert await state(unit) == await state(partner) == ("behind", "999.99", "0.9999")
    order = await office.place(unit, {"person": person.named, "amount": "0.01"}, purpose="staff")
    await office.delivers(order, accepted="0.01")
    await office.pays(order, amount="0.01")
    assert await state(unit) == ("met", "1000.00", "1.0000")
    await office.clerk.done(f"/v1/settlements/{paid[0]['id']}:refund", {"amount": "100.00"}, version=1)
    assert await state(unit) == ("behind", "900.00", "0.9000")
    assert (await state(unit, 2023))[1] == "0.00"

    guide = (await office.clerk.get(f"/v1/buyers/{union['id']}/progress?year=2024")).json()
    assert (guide["state"], guide["own"], guide["guide"]["guide"]) == (None, "300.00", "6000.00")
    listed = (await office.clerk.get(f"/v1/progress?year=2024&path={COUNTY}&page_size=500")).json()["items"]
    assert {item["buyer_id"]: item["state"] for item in listed}[bare["id"]] == "no_canteen"
    stranger = office.clerk.as_(paths=["5301/530129/"])
    assert (await stranger.get(f"/v1/buyers/{unit['id']}/progress?year=2024")).status_code == 404
    assert (await stranger.get("/v1/progress?year=2024")).json()["items"] == []


async def test_buyers_follow_their_region_to_whoever_manages_it(office: Office, world: World) -> None:
    await world.region("532823105000", "5301/530128/")
    buyer = await office.buyer(region_code="532823105000")
    moved = office.clerk.as_(paths=["5301/532823105/"])
    assert (await moved.get(f"/v1/buyers/{buyer['id']}")).status_code == 404
    await world.region("532823105000", "5301/532823105/", revision=2)
    assert (await moved.get(f"/v1/buyers/{buyer['id']}")).status_code == 200


def filed(state: str, food: str = "10000.00", ratio: str = "0.10") -> Filed:
    from uuid import UUID

    return Filed(
        food_budget=Decimal(food), reserve=Decimal(food), ratio=Decimal(ratio), state=state, policy_id=UUID(int=1)
    )


@pytest.mark.parametrize(
    ("canteen", "what", "counted", "state"),
    [
        (False, filed("accepted"), "5000", ReserveProgress.NO_CANTEEN),
        (True, None, "5000", ReserveProgress.NOT_FILED),
        (True, filed("filed"), "5000", ReserveProgress.FILED),
        (True, filed("returned"), "5000", ReserveProgress.RETURNED),
        (True, filed("accepted"), "999.99", ReserveProgress.BEHIND),
        (True, filed("accepted"), "1000", ReserveProgress.MET),
        (True, filed("accepted", ratio="0.30"), "1000", ReserveProgress.BEHIND),
    ],
)
def test_a_unit_has_one_of_six_states(canteen: bool, what: Filed | None, counted: str, state: ReserveProgress) -> None:
    assert progress(canteen=canteen, filed=what, counted=Decimal(counted)) is state


def test_done_never_reads_as_reached_before_it_is() -> None:
    assert done(filed("accepted", food="300000.00"), Decimal("29999.99")) == Decimal("0.9999")
    assert done(filed("accepted", food="300000.00"), Decimal("30000.00")) == 1
    assert done(filed("accepted", ratio="0"), Decimal(0)) == 1
