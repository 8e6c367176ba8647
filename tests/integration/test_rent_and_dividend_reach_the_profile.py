"""A year's rent and a dividend: in the statement and in monitoring's profile, once each."""

from typing import Any

import httpx2

from kit.testing import credit_code

VILLAGE = "530128001001"
YEAR = {"first_month": "2022-10", "last_month": "2023-09"}


async def test_a_years_rent_and_dividend_are_seen_in_both_pictures(
    http: httpx2.AsyncClient, post: Any, household: Any, eventually: Any
) -> None:
    home = await household(451)
    figure = {
        "window_from": "2022-10-01", "window_to": "2023-09-30", "purpose": "official_year", "source": "survey",
        "wage": "5000.00", "business": "0.00", "property": "600.00", "transfer": "0.00", "business_cost": "0.00",
        "persons": 1,
    }  # fmt: skip
    await post(f"/households/v1/households/{home['id']}/income-figures", figure)
    entity = await post(
        "/households/v1/entities",
        {"kind": "cooperative", "name": "屏山合作社", "credit_code": credit_code(451), "region_code": VILLAGE},
    )
    link = {
        "household_id": home["id"], "mode": "land_transfer", "contract": "HT-451", "signed_on": "2022-09-20",
        "starts_on": "2022-10-01",
    }  # fmt: skip
    signed = await http.post(f"/households/v1/entities/{entity['id']}/interest-links", json={"links": [link]})
    assert signed.status_code == 201, signed.text
    paid = {
        "reference": "FK-451", "paid_on": "2023-09-25",
        "lines": [{"link_id": signed.json()[0]["id"], "benefit": "rent", "amount": "600.00", **YEAR}],
    }  # fmt: skip
    rent = await http.post(f"/households/v1/entities/{entity['id']}/benefits", json=paid)
    assert rent.status_code == 201, rent.text

    async def statement() -> dict[str, Any]:
        answer = await http.get(f"/households/v1/households/{home['id']}/income-statement", params={"on": "2023-10-15"})
        return dict(answer.json())

    async def risk() -> dict[str, Any]:
        answer = await http.get(f"/monitoring/v1/households/{home['id']}/risk")
        return dict(answer.json()) if answer.status_code == 200 else {}

    async def evidence() -> set[str]:
        rules = (await risk()).get("outcomes", [])
        return {fact["kind"] for rule in rules if rule["rule"] == "income.below_line" for fact in rule["evidence"]}

    assert (await statement())["rolling"]["per_head"] == "5600.00"

    async def rent_arrived() -> bool:
        return "BenefitPaid" in await evidence()

    await eventually(rent_arrived)
    assert (await risk())["figures"]["projected"] == "5600.00", "the rent is what the survey knew of already"

    village = await post(
        "/households/v1/collectives", {"region_code": VILLAGE, "name": "屏山社区合作社", "total_shares": "10.00"}
    )
    path = f"/households/v1/collectives/{village['id']}"
    shares = {"since": "2022-10-01", "lines": [{"household_id": home["id"], "shares": "5.00"}]}
    held = await http.post(f"{path}/shares:quantify", json=shares)
    assert held.status_code == 200, held.text
    await post(f"{path}/distributions", {"reference": "FH-451", "amount": "2400.00", "paid_on": "2023-10-10", **YEAR})

    async def both_arrived() -> bool:
        """600 of rent and 1,200 of dividend beside the 600 of the survey."""
        told = (await risk()).get("figures", {})
        return (await statement())["rolling"]["per_head"] == "6800.00" == told.get("projected")

    await eventually(both_arrived)
    assert "DividendPaid" in await evidence()
