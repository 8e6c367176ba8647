"""A canteen buys from somebody not registered; when households registers them, it is the family's business income."""

from pathlib import Path
from typing import Any

import httpx2

from kit.testing import certificate, credit_code

REGIONS = Path(__file__).parents[2] / "data" / "kunming_regions.csv"


async def done(http: httpx2.AsyncClient, path: str, json: Any = None, **options: Any) -> dict[str, Any]:
    answer = await http.post(path, json=json, **options)
    assert answer.status_code in (200, 201, 202), answer.text
    return dict(answer.json())


async def test_a_sale_to_a_canteen_is_business_income_of_the_family(platform: Any, eventually: Any) -> None:
    number = certificate(321)
    async with platform.client() as http:
        await done(
            http,
            "/households/v1/regions:import?valid_from=2020-01-01",
            content=REGIONS.read_bytes(),
            headers={"content-type": "text/csv"},
        )
        unit = {
            "kind": "budget_unit", "name": "某县直机关", "credit_code": credit_code(1), "region_code": "530128000000",
            "canteen": "own",
        }  # fmt: skip

        async def known() -> bool:
            return bool((await http.post("/procurement/v1/buyers", json=unit)).status_code in (200, 201))

        await eventually(known)
        buyer = await done(http, "/procurement/v1/buyers", unit)
        order = await done(
            http,
            "/procurement/v1/orders",
            {
                "order_number": "CG-1", "buyer_id": buyer["id"], "channel": "direct", "purpose": "canteen",
                "placed_on": "2023-09-01", "shares": [{"person": {"certificate": number}, "amount": "800.00"}],
            },
        )  # fmt: skip
        path = f"/procurement/v1/orders/{order['id']}"
        await done(http, f"{path}:accept", {"accepted_on": "2023-09-02"}, headers={"if-match": '"1"'})
        await done(
            http, f"{path}/deliveries",
            {"reference": "SH-1", "delivered_on": "2023-09-05", "accepted": "750.00", "rejected": "50.00",
             "cause": "damaged"},
        )  # fmt: skip
        paid = await done(
            http, f"{path}/settlements", {"reference": "FK-1", "paid_on": "2023-09-20", "amount": "750.00"}
        )
        household = await done(
            http,
            "/households/v1/households",
            {
                "number": "53012800002",
                "region_code": "530128001001",
                "household_type": "lifted",
                "members": [{"certificate": number, "name": "李小四", "relation": "户主"}],
                "stated_on": "2023-10-15",
            },
        )
        statement = f"/households/v1/households/{household['id']}/income-statement?on=2023-10-15"

        async def sales() -> list[tuple[str, str, str]]:
            payments = (await http.get(statement)).json()["payments"]
            return [(payment["kind"], payment["month"], payment["amount"]) for payment in payments]

        async def arrived() -> bool:
            return await sales() == [("business", "2023-09", "750.00")]

        await eventually(arrived)
        await done(
            http, f"/procurement/v1/settlements/{paid['id']}:refund", {"amount": "0.50"}, headers={"if-match": '"1"'}
        )

        async def refunded() -> bool:
            return await sales() == [("business", "2023-09", "749.50")]

        await eventually(refunded)
