"""A bill is an alert; its officer asks finance for aid of a fund; what is paid stops the clock and is no income."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx2

TODAY = "2023-10-15"


async def test_aid_that_was_asked_for_and_a_claim_flow_back_to_the_alert(
    http: httpx2.AsyncClient, platform: Any, post: Any, household: Any, eventually: Any
) -> None:
    home = await household(472)
    head = {"person_id": home["members"][0]["id"]}
    bill = {"kind": "medical", "amount": "12000.00", "window_from": "2023-09-01", "window_to": "2023-09-20"}
    await post(f"/households/v1/households/{home['id']}/expenses", bill)
    seen: list[dict[str, Any]] = []

    async def raised() -> bool:
        given = {"household_id": home["id"], "rule": "expense.medical"}
        seen[:] = (await http.get("/monitoring/v1/alerts", params=given)).json()["items"]
        return bool(seen)

    await eventually(raised)
    at = f"/monitoring/v1/alerts/{seen[0]['id']}"
    told = (await http.get(f"{at}/offers")).json()
    assert ([offer["offer"] for offer in told["offers"]], told["unanswered"]) == (["illness_aid", "medical_claim"], [])
    asked = await post(f"{at}/help", {"offer": "illness_aid"})

    fund = await post("/finance/v1/aid-funds", {"name": "某基金", "area": "5301/530128/", "opened_on": "2023-01-01"})
    gift = {
        "amount": "9000.00",
        "received_on": "2023-09-01",
        "receipt": "J-1",
        "kind": "online",
        "purposes": ["illness"],
    }
    await post(f"/finance/v1/aid-funds/{fund['id']}/donations", gift)
    wanted = {
        "household": {"household_id": home["id"]},
        "fund_id": fund["id"],
        "purpose": "illness",
        "amount": "3000.00",
    }
    aid: dict[str, Any] = {}

    async def applied() -> bool:
        answer = await http.post("/finance/v1/aid-applications", json=wanted)
        aid.update(answer.json())
        return answer.status_code == 201

    await eventually(applied)
    step = f"/finance/v1/aid-applications/{aid['id']}"
    alone = await http.post(f"{step}:approve", headers={"if-match": '"1"'})
    assert (alone.status_code, alone.json()["code"]) == (403, "aid-needs-second-person")
    async with platform.client("city-policy") as second:
        granted = await second.post(f"{step}:approve", headers={"if-match": '"1"'})
        assert granted.status_code == 200, granted.text
    await eventually(_heard(http, asked["id"]))
    await post(f"{step}:pay", {"paid_on": TODAY, "receipt": "B-1"}, headers={"if-match": '"2"'})

    async def answered() -> bool:
        [request] = (await http.get(at)).json()["requests"]
        return bool(request["reference"] == aid["id"])

    await eventually(answered)
    shown = (await http.get(at)).json()
    assert (shown["requests"][0]["state"], shown["help"]["helped_on"], shown["help"]["state"]) == (
        "provided", TODAY, "in_time",
    )  # fmt: skip

    claimed = await post(f"{at}/help", {"offer": "medical_claim"})
    insured = {"kind": "medical", "policy_number": "HMB-472", "starts_on": "2023-01-01", "ends_on": "2023-12-31",
               "sum_insured": "50000.00", "paid_by_household": "69.00"}  # fmt: skip
    policy = await post("/finance/v1/insurance-policies", {"insured": {"person": head}, **insured})
    filed = {"policy_id": policy["id"], "claim_number": "C-472", "cause": "illness", "happened_on": "2023-09-10",
             "filed_on": "2023-09-25"}  # fmt: skip
    claim = await post("/finance/v1/insurance-claims", filed)
    await eventually(_heard(http, claimed["id"]))
    pay = f"/finance/v1/insurance-claims/{claim['id']}:pay"
    await post(pay, {"amount": "4000.00", "paid_on": TODAY}, headers={"if-match": '"1"'})

    async def both() -> bool:
        requests = (await http.get(at)).json()["requests"]
        return {request["reference"] for request in requests} == {aid["id"], claim["id"]}

    await eventually(both)

    async def among_the_measures() -> bool:
        """The aid is told twice, by itself and as an answer, and is one measure."""
        rows = (await http.get(f"/households/v1/households/{home['id']}/measures")).json()
        told = sorted((row["service"], row["event"], row["category"], row["completed_on"]) for row in rows)
        return told == [("finance", "AidGranted", "social", TODAY), ("finance", "HelpProvided", "health", None)]

    await eventually(among_the_measures)


def _heard(http: httpx2.AsyncClient, request_id: str) -> Callable[[], Awaitable[bool]]:
    async def heard() -> bool:
        return (await http.get(f"/finance/v1/help-requests/{request_id}")).status_code == 200

    return heard
