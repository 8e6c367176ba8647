"""A fact told to the service that owns it becomes an alert of its rule; what mends it ends the alert."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest

LONG = 120.0
"""seconds; the machine of the tests does other things too"""

Alerts = Callable[[dict[str, Any], str, str], Awaitable[dict[str, Any]]]


@pytest.fixture
def alert(http: httpx2.AsyncClient, eventually: Any) -> Alerts:
    """Waits until an alert of a rule is in a state; gives it."""

    async def found(home: dict[str, Any], rule: str, state: str) -> dict[str, Any]:
        seen: list[dict[str, Any]] = []

        async def there() -> bool:
            asked = {"household_id": home["id"], "rule": rule, "state": state}
            seen[:] = (await http.get("/monitoring/v1/alerts", params=asked)).json().get("items", [])
            return bool(seen)

        await eventually(there, within=LONG)
        return seen[0]

    return found


async def test_a_disaster_is_red_and_goes_when_it_never_was(
    http: httpx2.AsyncClient, post: Any, household: Any, alert: Alerts
) -> None:
    home = await household(711)
    flood = {
        "kind": "disaster",
        "disaster": "flood",
        "happened_on": "2023-10-10",
        "means_lost": True,
        "loss": "42000.00",
    }
    shock = await post(f"/households/v1/households/{home['id']}/shocks", flood)
    raised = await alert(home, "shock.disaster", "open")
    assert raised["level"] == "red"
    assert raised["reason"]["zh"] == "遭受自然灾害（2023-10-10），生产生活资料受损，损失 42,000 元"
    risk = (await http.get(f"/monitoring/v1/households/{home['id']}/risk")).json()
    [rule] = [item for item in risk["outcomes"] if item["rule"] == "shock.disaster"]
    [evidence] = rule["evidence"]
    assert (evidence["fact_id"], evidence["source"], evidence["occurred_on"]) == (
        shock["fact_id"],
        "households",
        "2023-10-10",
    )
    await post(f"/households/v1/shocks/{shock['fact_id']}:void", headers={"if-match": '"1"'})
    await alert(home, "shock.disaster", "retracted")


async def test_a_family_without_work_is_orange_until_somebody_works(
    http: httpx2.AsyncClient, post: Any, household: Any, alert: Alerts, eventually: Any
) -> None:
    home = await household(712)
    person = {"person_id": home["members"][0]["id"]}

    async def registered() -> bool:
        told = {"person": person, "registered_on": "2023-10-12"}
        answer = await http.post("/employment/v1/unemployment-registrations", json=told)
        return bool(answer.status_code == 201)

    await eventually(registered, within=LONG)
    raised = await alert(home, "work.zero_employment", "open")
    assert raised["level"] == "orange"
    found = (await http.get("/employment/v1/zero-employment-households", params={"household_id": home["id"]})).json()
    [family] = found["items"]
    assert (family["state"], family["persons"]) == ("waiting", 1)
    day = family["found_on"]
    at = f"/employment/v1/zero-employment-households/{family['id']}"
    offered = await post(f"{at}:offer", {"offered_on": day}, headers={"if-match": '"1"'})
    assert (offered["state"], offered["offered_late"]) == ("offered", False)
    await post("/employment/v1/spells", {"person": person, "started_on": day, "channel": "local"})
    assert (await http.get(at)).json()["state"] == "cleared"
    # It was without work and has some on one and the same day, so of that day nothing is left to say.
    await alert(home, "work.zero_employment", "retracted")


async def test_a_listed_family_without_help_is_yellow_and_so_is_help_that_misses_its_risk(
    http: httpx2.AsyncClient, post: Any, household: Any, alert: Alerts, eventually: Any
) -> None:
    home = await household(713)
    listing = {
        "household_id": home["id"],
        "category": "unstable",
        "causes": ["illness", "water"],
        "identified_on": "2023-08-01",
    }

    async def loaded() -> bool:
        return bool((await http.post("/monitoring/v1/cases:load", json={"items": [listing]})).status_code == 201)

    await eventually(loaded, within=LONG)
    await alert(home, "support.no_measure", "open")
    health = {"category": "health", "causes": ["illness"], "started_on": "2023-09-01"}
    await post(f"/households/v1/households/{home['id']}/measures", health)
    await alert(home, "support.no_measure", "retracted")
    missed = await alert(home, "support.mismatch", "open")
    assert missed["reason"]["zh"] == "风险（因安全饮水）没有对应的帮扶措施"
    water = {"category": "water", "causes": ["water"], "started_on": "2023-09-20"}
    await post(f"/households/v1/households/{home['id']}/measures", water)
    await alert(home, "support.mismatch", "retracted")
