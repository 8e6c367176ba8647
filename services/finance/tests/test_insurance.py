"""Insurance: a person's 惠民保 and a household's crops; claims filed, paid, corrected; who is not covered."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from directory.testing import LUQUAN, XUNDIAN, Person, World, somebody
from events.catalog.help import HelpOffer
from events.catalog.households import MonitoringCategory
from kit.testing import Clerk

YEAR = {"starts_on": "2023-01-01", "ends_on": "2023-12-31", "sum_insured": "100000.00"}


def medical(person: Person, **given: Any) -> dict[str, Any]:
    return {
        "insured": {"person": person.named},
        "kind": "medical",
        "policy_number": f"HMB-{person.number}",
        "paid_by_household": "69.00",
        **YEAR,
        **given,
    }


def crops(person: Person, **given: Any) -> dict[str, Any]:
    named = {"insured": {"household_number": person.number}, "kind": "crop", "policy_number": f"NX-{person.number}"}
    return {**medical(person), **named, "paid_by_household": "20.00", "paid_by_subsidy": "80.00", **given}


def claiming(policy: dict[str, Any], **given: Any) -> dict[str, Any]:
    told = {"claim_number": f"C-{uuid4()}", "cause": "illness", "happened_on": "2023-04-01", "filed_on": "2023-05-01"}
    return {"policy_id": policy["id"], **told, **given}


async def monitored(world: World, *, eliminated: bool = False, path: str = LUQUAN) -> Person:
    person = somebody(path)
    home = world.household(person)
    watched = home.data.model_copy(update={"category": MonitoringCategory.UNSTABLE, "risk_eliminated": eliminated})
    await world.hear(replace(home, data=watched), world.joined(person))
    return person


async def on_claim(clerk: Clerk, claim: dict[str, Any], verb: str, body: Any = None) -> dict[str, Any]:
    return await clerk.done(f"/v1/insurance-claims/{claim['id']}:{verb}", body, version=claim["version"])


async def test_a_claim_is_paid_answers_what_was_asked_for_and_is_taken_back(clerk: Clerk, world: World) -> None:
    await world.start("2023-05-10")
    person = await world.registers(somebody())
    asked = world.asks("finance", HelpOffer.MEDICAL_CLAIM, person, "2023-05-02", "2023-05-12")
    await world.hear(asked)
    policy = await clerk.done("/v1/insurance-policies", medical(person))
    assert (await clerk.done("/v1/insurance-policies", medical(person)))["id"] == policy["id"]
    other = await clerk.post("/v1/insurance-policies", medical(person, sum_insured="1.00"))
    assert (other.status_code, other.json()["code"]) == (409, "insurance-policy-known")
    body = claiming(policy)
    claim = await clerk.done("/v1/insurance-claims", body)
    assert (await clerk.done("/v1/insurance-claims", body))["id"] == claim["id"]
    at = f"/v1/help-requests/{asked.data.request_id}"
    assert (await clerk.get(at)).json()["state"] == "asked", "filing is no help yet"
    paid = await on_claim(clerk, claim, "pay", {"amount": "3200.00", "paid_on": "2023-05-09"})
    done = (await clerk.get(at)).json()
    assert (done["state"], done["reference"], done["provided_on"]) == ("provided", claim["id"], "2023-05-09")
    right = (
        await clerk.patch(f"/v1/insurance-claims/{claim['id']}", {"amount": "3100.00"}, version=paid["version"])
    ).json()
    assert (await clerk.get(at)).json()["version"] == done["version"], "a corrected amount is the same help"
    back = await on_claim(clerk, right, "take-back")
    assert (back["state"], back["amount"], (await clerk.get(at)).json()["state"]) == ("filed", None, "asked")
    again = await on_claim(clerk, back, "pay", {"amount": "500.00", "paid_on": "2023-05-10"})
    gone = await on_claim(clerk, again, "void")
    assert (gone["void"], (await clerk.get(at)).json()["state"]) == (True, "asked")
    told = await world.published(person.household_id, "ClaimPaid")
    assert [(revision, void, data["amount"]) for _, revision, void, data in told] == [
        (1, False, "3200.00"), (2, False, "3100.00"), (3, True, "3100.00"), (4, False, "500.00"), (5, True, "500.00"),
    ]  # fmt: skip
    assert {data["person_id"] for *_, data in told} == {str(person.id)}
    filed = await world.published(person.household_id, "ClaimFiled")
    assert [(revision, void) for _, revision, void, _ in filed] == [(1, False), (2, True)]
    [(_, _, _, issued)] = await world.published(person.household_id, "PolicyIssued")
    assert (issued["payers"], "sum_insured" in issued) == (["household"], False)


async def test_a_policy_never_pays_more_than_it_insures(clerk: Clerk, world: World) -> None:
    await world.start("2023-05-10")
    person = await world.registers(somebody())
    policy = await clerk.done("/v1/insurance-policies", crops(person, sum_insured="1000.00"))
    flood, hail = [await clerk.done("/v1/insurance-claims", claiming(policy, cause=c)) for c in ("disaster", "pest")]
    await on_claim(clerk, flood, "pay", {"amount": "700.00", "paid_on": "2023-05-10"})
    over = await clerk.post(
        f"/v1/insurance-claims/{hail['id']}:pay", {"amount": "300.01", "paid_on": "2023-05-10"}, version=1
    )
    assert (over.status_code, over.json()["code"], "300.00" in over.json()["detail"]) == (409, "over-sum-insured", True)
    await on_claim(clerk, hail, "pay", {"amount": "300.00", "paid_on": "2023-05-10"})
    [_, (_, _, _, data)] = await world.published(person.household_id, "ClaimPaid")
    assert (data["kind"], data["person_id"]) == ("crop", None)
    claimed = await clerk.post(f"/v1/insurance-policies/{policy['id']}:void", version=1)
    assert (claimed.status_code, claimed.json()["code"]) == (409, "insurance-policy-claimed")


async def test_a_denied_claim_says_why_and_is_over(clerk: Clerk, world: World) -> None:
    await world.start("2023-05-10")
    person = await world.registers(somebody())
    policy = await clerk.done("/v1/insurance-policies", medical(person))
    claim = await clerk.done("/v1/insurance-claims", claiming(policy))
    denied = await on_claim(clerk, claim, "deny", {"denial": "below_deductible", "denied_on": "2023-05-10"})
    [_, (_, revision, void, data)] = await world.published(person.household_id, "ClaimFiled")
    assert (revision, void, data["denial"], data["denied_on"]) == (2, False, "below_deductible", "2023-05-10")
    late = await clerk.post(
        f"/v1/insurance-claims/{claim['id']}:pay", {"amount": "1.00", "paid_on": "2023-05-10"},
        version=denied["version"],
    )  # fmt: skip
    assert (late.status_code, late.json()["code"]) == (409, "wrong-claim-state")
    mine = f"/v1/insurance-claims?household_id={person.household_id}"
    assert (await clerk.get(f"{mine}&state=filed")).json()["items"] == []
    assert [item["id"] for item in (await clerk.get(f"{mine}&state=denied")).json()["items"]] == [claim["id"]]


async def test_donated_cover_is_for_the_not_yet_safe_as_policy_says(clerk: Clerk, world: World) -> None:
    await world.start("2023-05-10")
    watched, safe = await monitored(world), await monitored(world, eliminated=True)
    lifted, stranger = await world.registers(somebody()), somebody()
    gift = {"paid_by_household": "0.00", "paid_by_donation": "69.00"}
    for person in (safe, lifted, stranger):
        refused = await clerk.post("/v1/insurance-policies", medical(person, **gift))
        assert (refused.status_code, refused.json()["code"]) == (409, "not-for-donated-cover")
    issued = await clerk.done("/v1/insurance-policies", medical(watched, **gift))
    assert issued["paid_by_donation"] == "69.00"
    [(_, _, _, data)] = await world.published(watched.household_id, "PolicyIssued")
    assert data["payers"] == ["donated"]
    await clerk.sets(
        {"name": "insurance.donated.for.lifted", "path": "5301/", "valid_from": "2023-05-01", "value": "1",
         "document": "某文", "clause": "第一条", "confidence": "official"},
    )  # fmt: skip
    assert (await clerk.done("/v1/insurance-policies", medical(lifted, **gift)))["matched"]


async def test_who_is_monitored_and_not_insured_stands_on_the_list_of_the_village(clerk: Clerk, world: World) -> None:
    await world.start("2023-05-10")
    village = "5301/530181/530181101/530181101299/"
    mine = f"?path={village}"
    first, second, third = [await monitored(world, path=village) for _ in range(3)]
    safe = await monitored(world, eliminated=True, path=village)
    await clerk.done("/v1/insurance-policies", medical(first, paid_by_household="0.00", paid_by_donation="69.00"))
    await clerk.done("/v1/insurance-policies", medical(second))
    await clerk.done("/v1/insurance-policies", medical(third, starts_on="2022-01-01", ends_on="2022-12-31"))
    await clerk.done("/v1/insurance-policies", crops(third))
    assert (await clerk.get(f"/v1/insurance-coverage{mine}")).json()["items"] == [
        {"region": "530181101299", "persons": 3, "insured": 2, "donated": 1}
    ]
    [bare] = (await clerk.get(f"/v1/uninsured-persons{mine}")).json()["items"]
    assert (bare["person_id"], bare["household_number"], bare["masked_name"]) == (str(third.id), third.number, "张*三")
    assert str(safe.id) not in str(bare)
    far = clerk.as_(paths=["5301/530129/"])
    assert (await far.get(f"/v1/uninsured-persons{mine}")).json()["items"] == []
    years = (await clerk.get(f"/v1/insurance-years{mine}")).json()
    assert [(year["year"], year["kind"], year["policies"], year["paid_by_donation"]) for year in years] == [
        (2022, "medical", 1, "0.00"), (2023, "crop", 1, "0.00"), (2023, "medical", 2, "69.00"),
    ]  # fmt: skip
    await world.day("2024-01-01")
    [row] = (await clerk.get(f"/v1/insurance-coverage{mine}")).json()["items"]
    assert (row["persons"], row["insured"]) == (3, 0), "the year is over"


async def test_somebody_who_registers_later_finds_policy_claim_and_payment(clerk: Clerk, world: World) -> None:
    await world.start("2023-05-10")
    person = somebody()
    asked = world.asks("finance", HelpOffer.MEDICAL_CLAIM, person, "2023-05-02", "2023-05-12")
    await world.hear(asked)
    policy = await clerk.done("/v1/insurance-policies", medical(person))
    claim = await clerk.done("/v1/insurance-claims", claiming(policy))
    await on_claim(clerk, claim, "pay", {"amount": "900.00", "paid_on": "2023-05-09"})
    assert not policy["matched"]
    assert [name for name, *_ in await world.published(claim["id"])] == ["ClaimFiled", "ClaimPaid"]
    await world.registers(person)
    told = await world.published(person.household_id)
    assert [(name, revision) for name, revision, *_ in told] == [
        ("PolicyIssued", 2), ("ClaimFiled", 2), ("ClaimPaid", 2), ("HelpProvided", 2),
    ]  # fmt: skip
    assert told[2][3]["person_id"] == str(person.id)
    assert (await clerk.get(f"/v1/help-requests/{asked.data.request_id}")).json()["reference"] == claim["id"]


async def test_what_cannot_be_is_refused_in_words_and_areas_hold(clerk: Clerk, world: World) -> None:
    await world.start("2023-05-10")
    person = await world.registers(somebody())
    named = {"insured": {"household_number": person.number}}
    for change, code in (
        (named, "person-insured"),
        ({"ends_on": "2022-12-31"}, "insurance-period"),
        ({"paid_by_household": "0.00"}, "nobody-pays"),
    ):
        answer = await clerk.post("/v1/insurance-policies", {**medical(person), **change})
        assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
        assert person.certificate not in answer.text
    assert (await clerk.post("/v1/insurance-policies", {**medical(person), "colour": "red"})).status_code == 422
    policy = await clerk.done("/v1/insurance-policies", medical(person))
    for change, code in (
        ({"cause": "pest"}, "claim-cause"),
        ({"happened_on": "2024-01-01", "filed_on": "2024-01-02"}, "claim-out-of-time"),
        ({"filed_on": "2023-03-31"}, "claim-out-of-time"),
        ({"filed_on": "2023-05-11"}, "claim-out-of-time"),
    ):
        answer = await clerk.post("/v1/insurance-claims", claiming(policy, **change))
        assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    far = clerk.as_(paths=["5301/530129/"])
    assert (await far.get(f"/v1/insurance-policies/{policy['id']}")).json()["code"] == "insurance-policy-unknown"
    assert (await far.post("/v1/insurance-claims", claiming(policy))).status_code == 404
    assert (await clerk.get(f"/v1/insurance-claims/{uuid4()}")).json()["code"] == "claim-unknown"
    await world.hear(world.household(person, 2, path=XUNDIAN))
    assert (await far.get(f"/v1/insurance-policies/{policy['id']}")).status_code == 200
    assert (await clerk.done(f"/v1/insurance-policies/{policy['id']}:void", version=1))["void"]
    ended = await clerk.post("/v1/insurance-claims", claiming(policy))
    assert (ended.status_code, ended.json()["code"]) == (409, "insurance-policy-voided")
