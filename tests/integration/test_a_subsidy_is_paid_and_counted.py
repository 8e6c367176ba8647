"""A traffic subsidy from the job to the bank: approved, paid, counted once in both pictures, and taken back.

Asked for at an alert, it flows back to it.
"""

from datetime import date
from typing import Any

import httpx2

from kit.testing import certificate

ON = "2023-10-15"


async def _released(platform: Any, path: str, batch: dict[str, Any]) -> dict[str, Any]:
    """A second person, of another office of the city, says yes."""
    async with platform.client("city-policy") as second:
        answer = await second.post(path, headers={"if-match": f'"{batch["version"]}"'})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


async def _paid(
    http: httpx2.AsyncClient, post: Any, eventually: Any, platform: Any, mine: dict[str, Any]
) -> dict[str, Any]:
    """Approved in employment, released in finance, and the bank's answer: the batch of finance."""
    batch = await post("/employment/v1/subsidy-batches", {"kind": "traffic", "year": 2023})
    await _released(platform, f"/employment/v1/subsidy-batches/{batch['id']}:approve", batch)

    async def owed() -> list[dict[str, Any]]:
        answer = await http.get("/finance/v1/transfers", params={"approval_id": mine["id"], "state": "waiting"})
        return list(answer.json()["items"])

    await eventually(owed)
    batch = await post("/finance/v1/payment-batches", {"purpose": "traffic"})
    at = f"/finance/v1/payment-batches/{batch['id']}"
    batch = await _released(platform, f"{at}:release", batch)
    lines = (await http.get(f"{at}/lines")).json()
    paid = {
        "lines": [{"number": line["number"], "amount": line["amount"], "paid_on": ON} for line in lines],
        "paid": batch["amount"], "returned": "0.00",
    }  # fmt: skip
    return dict(await post(f"{at}:reconcile", paid, headers={"if-match": f'"{batch["version"]}"'}))


async def test_a_subsidy_goes_all_the_way_and_comes_back(
    http: httpx2.AsyncClient, post: Any, household: Any, eventually: Any, platform: Any
) -> None:
    home = await household(771)
    figure = {
        "window_from": "2022-10-01", "window_to": "2023-09-30", "purpose": "official_year", "source": "survey",
        "wage": "5000.00", "business": "0.00", "property": "0.00", "transfer": "0.00", "business_cost": "0.00",
        "persons": 1,
    }  # fmt: skip
    await post(f"/households/v1/households/{home['id']}/income-figures", figure)
    person = {"certificate": certificate(771, date(1984, 3, 7))}
    question = {"person": person, "kind": "traffic", "year": 2023}

    async def known() -> bool:
        answer = await http.post("/employment/v1/subsidy-eligibility", json=question)
        return answer.status_code == 200

    await eventually(known)
    job = {"person": person, "started_on": "2023-03-01", "channel": "migrant", "place_code": "440300"}
    await post("/employment/v1/spells", job)
    mine = await post("/employment/v1/subsidies", {**question, "proof": "contract", "applied_on": ON})
    batch = await _paid(http, post, eventually, platform, mine)
    at = f"/finance/v1/payment-batches/{batch['id']}"
    assert (batch["state"], batch["open"]) == ("settled", "0.00")

    async def statement() -> dict[str, Any]:
        answer = await http.get(f"/households/v1/households/{home['id']}/income-statement", params={"on": ON})
        return dict(answer.json())

    async def figures() -> dict[str, Any]:
        answer = await http.get(f"/monitoring/v1/households/{home['id']}/risk")
        return dict(answer.json().get("figures") or {}) if answer.status_code == 200 else {}

    async def state() -> str:
        return str((await http.get(f"/employment/v1/subsidies/{mine['id']}")).json()["state"])

    async def everywhere() -> bool:
        """1,000 yuan for the year, nine months of which lie in the window: 750."""
        told = await statement()
        return (
            told["rolling"]["by_kind"]["transfer"] == "750.00"
            and told["rolling"]["per_head"] == "5750.00" == (await figures()).get("projected")
            and await state() == "paid"
        )

    await eventually(everywhere)
    [line] = (await http.get(f"{at}/lines")).json()
    back = {
        "lines": [{"number": line["number"], "amount": "1000.00", "returned_on": ON, "reason": "account_closed"}],
        "paid": "0.00", "returned": "1000.00",
    }  # fmt: skip
    await post(f"{at}:reconcile", back, headers={"if-match": f'"{batch["version"]}"'})

    async def gone() -> bool:
        told = await statement()
        return (
            told["payments"] == []
            and told["rolling"]["per_head"] == "5000.00" == (await figures()).get("projected")
            and await state() == "returned"
        )

    await eventually(gone)


async def test_a_subsidy_that_was_asked_for_flows_back_to_the_alert(
    http: httpx2.AsyncClient, post: Any, household: Any, eventually: Any, platform: Any
) -> None:
    home = await household(772)
    person = {"certificate": certificate(772, date(1984, 3, 7))}
    job = {"person": person, "started_on": "2023-03-01", "channel": "migrant", "place_code": "440300",
           "ended_on": "2023-10-14", "end_reason": "laid_off"}  # fmt: skip
    seen: list[dict[str, Any]] = []

    async def told() -> bool:
        return (await http.post("/employment/v1/spells", json=job)).status_code in (200, 201)

    async def raised() -> bool:
        given = {"household_id": home["id"], "rule": "work.job_lost"}
        seen[:] = (await http.get("/monitoring/v1/alerts", params=given)).json()["items"]
        return bool(seen)

    await eventually(told)
    await eventually(raised)
    at = f"/monitoring/v1/alerts/{seen[0]['id']}"
    asked = await post(f"{at}/help", {"offer": "traffic_subsidy"})

    async def heard() -> bool:
        return (await http.get(f"/employment/v1/help-requests/{asked['id']}")).status_code == 200

    async def stands() -> tuple[str, str | None]:
        [request] = (await http.get(at)).json()["requests"]
        return request["state"], request["reference"]

    async def taken() -> bool:
        return await stands() == ("taken", None)

    async def provided() -> bool:
        return await stands() == ("provided", mine["id"])

    await eventually(heard)
    form = {"person": person, "kind": "traffic", "year": 2023, "proof": "wage_slips", "applied_on": ON}
    mine = await post("/employment/v1/subsidies", form)
    await eventually(taken)
    await _paid(http, post, eventually, platform, mine)
    await eventually(provided)
    shown = (await http.get(at)).json()
    assert (shown["help"]["helped_on"], shown["help"]["state"]) == (ON, "in_time")
