"""A lost job is an alert; its officer asks for a job, the bureau reports one, and the alert's clock shows the help."""

from typing import Any

import httpx2

TODAY = "2023-10-15"


async def test_a_job_that_was_asked_for_flows_back_to_the_alert(
    http: httpx2.AsyncClient, post: Any, household: Any, eventually: Any
) -> None:
    home = await household(471)
    person = {"person_id": home["members"][0]["id"]}
    lost = {"started_on": "2023-05-01", "channel": "migrant", "ended_on": "2023-10-14", "end_reason": "laid_off"}

    async def told() -> bool:
        answer = await http.post("/employment/v1/spells", json={"person": person, **lost})
        return answer.status_code in (200, 201)

    async def alert() -> dict[str, Any] | None:
        given = {"household_id": home["id"], "rule": "work.job_lost"}
        items = (await http.get("/monitoring/v1/alerts", params=given)).json()["items"]
        return dict(items[0]) if items else None

    async def raised() -> bool:
        return await alert() is not None

    await eventually(told)
    await eventually(raised)
    at = f"/monitoring/v1/alerts/{(await alert() or {})['id']}"
    offers = (await http.get(f"{at}/offers")).json()["offers"]
    assert [offer["offer"] for offer in offers] == ["job", "public_post", "traffic_subsidy"]
    asked = await post(f"{at}/help", {"offer": "job"})

    async def heard() -> bool:
        return (await http.get(f"/employment/v1/help-requests/{asked['id']}")).status_code == 200

    await eventually(heard)
    spell = await post("/employment/v1/spells", {"person": person, "started_on": TODAY, "channel": "local"})

    async def answered() -> bool:
        [request] = (await http.get(at)).json()["requests"]
        return bool(request["reference"] == spell["id"])

    await eventually(answered)
    shown = (await http.get(at)).json()
    assert (shown["requests"][0]["state"], shown["help"]["helped_on"], shown["help"]["state"]) == (
        "provided", TODAY, "in_time",
    )  # fmt: skip
