"""Relocation sites: who lives there from when to when, in one site at a time."""

from typing import Any
from uuid import uuid4

from .conftest import DONGCHUAN, LUQUAN, Clerk, Database, People

VILLAGE, TOWN = "530128109203", "5301/530128/530128109/"


def site(**told: Any) -> dict[str, Any]:
    return {"name": "幸福家园安置区", "region_code": VILLAGE, "since": "2019-12-01", **told}


async def numbers(clerk: Clerk, on: str) -> dict[str, tuple[int, int]]:
    told = (await clerk.get("/v1/relocation-sites", params={"path": TOWN, "on": on})).json()
    return {row["name"]: (row["households"], row["persons"]) for row in told}


async def test_households_settle_move_on_and_are_counted_on_any_day(clerk: Clerk, people: People, db: Database) -> None:
    homes = [await clerk.made("/v1/households", people.household(region=VILLAGE)) for _ in range(2)]
    first, second = (
        await clerk.made("/v1/relocation-sites", site()),
        await clerk.made("/v1/relocation-sites", site(name="新生活安置区")),
    )
    path, other = (f"/v1/relocation-sites/{made['id']}" for made in (first, second))
    body = {"household_ids": [home["id"] for home in homes], "since": "2023-10-20"}
    moved = await clerk.post(f"{path}/households", body)
    assert (moved.status_code, len(moved.json())) == (201, 2)
    assert (await clerk.post(f"{path}/households", body)).json() == [], "who lives there stays as it is"
    elsewhere = await clerk.post(f"{other}/households", body)
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (409, "settled-elsewhere")
    assert await numbers(clerk, "2023-10-19") == {"幸福家园安置区": (0, 0), "新生活安置区": (0, 0)}
    assert await numbers(clerk, "2023-10-20") == {"幸福家园安置区": (2, 4), "新生活安置区": (0, 0)}

    leaving = f"{path}/households/{homes[0]['id']}:leave"
    early = await clerk.post(leaving, {"until": "2023-10-19"}, version=1)
    assert (early.status_code, early.json()["code"]) == (422, "site-dates")
    left = await clerk.post(leaving, {"until": "2024-03-01"}, version=1)
    assert (left.status_code, left.headers["etag"]) == (200, '"2"')
    assert (await clerk.post(leaving, {"until": "2024-03-01"}, version=2)).json()["code"] == "site-left"
    on = {"household_ids": [homes[0]["id"]], "since": "2024-03-01"}
    assert (await clerk.post(f"{other}/households", on)).status_code == 201
    assert await numbers(clerk, "2024-03-01") == {"幸福家园安置区": (1, 2), "新生活安置区": (1, 2)}
    told = [(e["name"], e["revision"]) for e in await db.events(homes[0]["id"]) if e["name"].startswith("Site")]
    assert told == [("SiteSettled", 1), ("SiteLeft", 2), ("SiteSettled", 1)]

    closed = await clerk.post(f"{path}:close", {"closed_on": "2024-05-01"}, version=1)
    assert closed.json()["closed_on"] == "2024-05-01"
    late = await clerk.post(f"{path}/households", on | {"since": "2024-05-02"})
    assert (late.status_code, late.json()["code"]) == (409, "relocation-site-closed")
    assert "幸福家园安置区" not in await numbers(clerk, "2024-05-01")
    assert [event["name"] for event in await db.events(first["id"])] == [
        "RelocationSiteRegistered", "RelocationSiteUpdated",
    ]  # fmt: skip


async def test_sites_and_households_of_another_area_are_not_there(clerk: Clerk, people: People) -> None:
    away = clerk.of(DONGCHUAN)
    refused = await away.post("/v1/relocation-sites", site())
    assert (refused.status_code, refused.json()["code"]) == (422, "village-unknown")
    own = await clerk.made("/v1/relocation-sites", site(region_code="530128109204"))
    path = f"/v1/relocation-sites/{own['id']}"
    hidden = await away.get(path)
    assert (hidden.status_code, hidden.json()["code"]) == (404, "relocation-site-unknown")
    home = await clerk.made("/v1/households", people.household(region="530128109204"))
    body = {"household_ids": [home["id"], str(uuid4())], "since": "2023-10-20"}
    nobody = await clerk.post(f"{path}/households", body)
    assert nobody.json()["code"] == "household-unknown"
    assert (await clerk.get(f"{path}/households")).json()["items"] == [], "all of them or none"
    absent = await clerk.post(f"{path}/households/{home['id']}:leave", {"until": "2024-01-01"}, version=1)
    assert (absent.status_code, absent.json()["code"]) == (404, "site-household-unknown")
    reader = clerk.of(LUQUAN, rights="regions:read")
    assert (await reader.post("/v1/relocation-sites", site())).status_code == 403
    assert (await clerk.post("/v1/relocation-sites", site(since="2999-01-01"))).json()["code"] == "in-future"
