"""A wage goes from the API over the broker into every listener's database, and their receipts come home."""

from datetime import date
from pathlib import Path
from typing import Any

import httpx2

from kit.testing import certificate

REGIONS = Path(__file__).parents[2] / "data" / "kunming_regions.csv"
CONFIRMED = {"households": "applied", "finance": "ignored", "monitoring": "applied"}
"""finance has no handler for wages"""
NUMBER = certificate(457, date(1979, 11, 2))


async def send(http: httpx2.AsyncClient, path: str, **options: Any) -> dict[str, Any]:
    answer = await http.post(path, **options)
    assert answer.is_success, answer.text
    return dict(answer.json())


async def open_the_books(http: httpx2.AsyncClient) -> None:
    """Without a business date there is no picture of anybody; another story may have set one."""
    if (await http.get("/households/v1/business-date")).json()["business_date"] is None:
        await send(http, "/households/v1/business-date:advance", json={"to": "2023-12-01"})


async def register(http: httpx2.AsyncClient) -> str:
    csv = {"content": REGIONS.read_bytes(), "headers": {"content-type": "text/csv"}}
    await send(http, "/households/v1/regions:import?valid_from=2020-01-01", **csv)
    household = {
        "number": "53012800457",
        "region_code": "530128001001",
        "household_type": "lifted",
        "members": [{"certificate": NUMBER, "name": "李小四", "relation": "户主"}],
        "stated_on": "2023-08-15",
    }
    return str((await send(http, "/households/v1/households", json=household))["id"])


async def test_every_listener_confirms_a_wage_and_monitoring_shows_the_household(
    platform: Any, eventually: Any
) -> None:
    async with platform.client() as http:
        await open_the_books(http)
        household = await register(http)
        wage = {"person": {"certificate": NUMBER}, "month": "2023-08", "amount": "2950.00"}
        fact = (await send(http, "/employment/v1/wages", json=wage))["id"]
        found: dict[str, Any] = {}

        async def confirmed() -> bool:
            log = (await http.get("/employment/v1/events?limit=500")).json()
            mine = [event for event in log if event["fact_id"] == fact and event["household_id"] == household]
            if not mine:
                return False
            found["event"] = mine[-1]["id"]
            status = (await http.get(f"/employment/v1/events/{found['event']}")).json()
            taken = {listener["consumer"]: listener["outcome"] for listener in status["taken"]}
            return bool(status["sent"]) and taken == CONFIRMED

        await eventually(confirmed, within=60)
        received = (await http.get(f"/monitoring/v1/received/{found['event']}")).json()
        assert (received["state"], received["source"]) == ("applied", "employment")

        async def shown() -> bool:
            """The household itself comes on another topic, and nothing is promised between topics."""
            risk = await http.get(f"/monitoring/v1/households/{household}/risk")
            return risk.is_success and risk.json()["number"] == "53012800457"

        await eventually(shown, within=60)
