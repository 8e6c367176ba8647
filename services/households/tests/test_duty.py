"""Who answers for a household on a date: grid, village, township, county; deputies, leave and hand-over."""

from typing import Any

from .conftest import CITY, LUQUAN, PINGSHAN, Clerk, Database, People

TOWNSHIP = f"{LUQUAN}530128001/"
VILLAGE = f"{TOWNSHIP}{PINGSHAN}/"


async def _assigned(clerk: Clerk, officer: str, path: str, **told: Any) -> dict[str, Any]:
    body = {"officer": officer, "path": path, "since": "2024-01-01", **told}
    return await clerk.made("/v1/staff-assignments", body)


async def _answering(clerk: Clerk, home: str, on: str) -> list[str]:
    found = (await clerk.get(f"/v1/households/{home}/responsible?on={on}")).json()
    return [duty["officer"] for duty in found["answering"]]


async def test_the_nearest_who_is_there_answers(clerk: Clerk, people: People, db: Database) -> None:
    home = await clerk.made("/v1/households", people.household())
    await _assigned(clerk, "county.1", LUQUAN)
    await _assigned(clerk, "township.1", TOWNSHIP)
    await _assigned(clerk, "village.1", VILLAGE)
    await _assigned(clerk, "village.2", VILLAGE, role="deputy")
    assert await _answering(clerk, home["id"], "2023-12-31") == []
    assert await _answering(clerk, home["id"], "2024-02-01") == ["village.1"]

    leave = await clerk.made("/v1/staff-leaves", {"officer": "village.1", "since": "2024-02-01", "until": "2024-02-08"})
    assert await _answering(clerk, home["id"], "2024-02-01") == ["village.2"]
    assert await _answering(clerk, home["id"], "2024-02-08") == ["village.1"]
    await clerk.made("/v1/staff-leaves", {"officer": "village.2", "since": "2024-02-03", "until": "2024-02-05"})
    assert await _answering(clerk, home["id"], "2024-02-04") == ["township.1"]
    chain = (await clerk.get(f"/v1/households/{home['id']}/responsible?on=2024-02-04")).json()["chain"]
    assert [(duty["officer"], duty["level"], duty["present"]) for duty in chain] == [
        ("village.1", "village", False),
        ("village.2", "village", False),
        ("township.1", "township", True),
        ("county.1", "county", True),
    ]
    gaps = (await clerk.get(f"/v1/duty-gaps?path={VILLAGE}&on=2024-02-04")).json()
    assert [gap["path"] for gap in gaps] == [VILLAGE]
    assert (await clerk.get(f"/v1/duty-gaps?path={VILLAGE}&on=2024-02-05")).json() == []

    overlap = await clerk.post(
        "/v1/staff-leaves", {"officer": "village.1", "since": "2024-02-07", "until": "2024-02-09"}
    )
    assert overlap.json()["code"] == "leave-overlaps"
    back = await clerk.made(f"/v1/staff-leaves/{leave['id']}:change", {"until": "2024-02-01"}, version=1)
    assert back["version"] == 2
    assert await _answering(clerk, home["id"], "2024-02-01") == ["village.1"]
    told = await db.events(leave["id"])
    assert [(event["name"], event["revision"], event["data"]["until"]) for event in told] == [
        ("StaffOnLeave", 1, "2024-02-08"),
        ("StaffOnLeave", 2, "2024-02-01"),
    ]
    stranger = await clerk.post("/v1/staff-leaves", {"officer": "no.one", "since": "2024-02-07", "until": "2024-02-09"})
    assert (stranger.status_code, stranger.json()["code"]) == (404, "officer-unknown")


async def test_hand_over_leaves_no_day_without_somebody(clerk: Clerk, people: People, db: Database) -> None:
    region = "530128001002"
    village = f"{TOWNSHIP}{region}/"
    home = await clerk.made("/v1/households", people.household(region=region))
    first = await _assigned(clerk, "old.hand", village)
    path = f"/v1/staff-assignments/{first['id']}:hand-over"
    itself = await clerk.post(path, {"officer": "old.hand", "on": "2024-04-01"}, version=1)
    assert itself.json()["code"] == "hand-over-to-self"
    second = await clerk.made(path, {"officer": "new.hand", "on": "2024-04-01"}, version=1)
    assert second["succeeds_id"] == first["id"]
    assert await _answering(clerk, home["id"], "2024-03-31") == ["old.hand"]
    assert await _answering(clerk, home["id"], "2024-04-01") == ["new.hand"]
    assert [event["name"] for event in await db.events(first["id"])] == ["StaffAssigned", "StaffReleased"]
    [told] = await db.events(second["id"])
    assert (told["data"]["role"], told["data"]["succeeds_id"]) == ("lead", first["id"])


async def test_grid_officers_answer_before_the_village(clerk: Clerk, people: People, db: Database) -> None:
    region = "530128001005"
    village = f"{TOWNSHIP}{region}/"
    homes = [await clerk.made("/v1/households", people.household(region=region)) for _ in range(2)]
    grid = await clerk.made("/v1/grids", {"village_code": region, "name": "第一网格"})
    assert (grid["code"], grid["path"], grid["over"]) == (f"{region}01", f"{village}{region}01/", False)
    placed = await clerk.made(f"/v1/grids/{grid['code']}:place", {"household_ids": [homes[0]["id"]]})
    assert placed["households"] == 1
    elsewhere = await clerk.made("/v1/households", people.household())
    refused = await clerk.post(f"/v1/grids/{grid['code']}:place", {"household_ids": [elsewhere["id"]]})
    assert (refused.status_code, refused.json()["code"]) == (409, "other-village")
    await _assigned(clerk, "of.village", village)
    await _assigned(clerk, "of.grid", grid["path"])
    assert await _answering(clerk, homes[0]["id"], "2024-07-01") == ["of.grid"]
    assert await _answering(clerk, homes[1]["id"], "2024-07-01") == ["of.village"]
    [updated] = await db.events(homes[0]["id"], "HouseholdUpdated")
    assert updated["data"]["grid"] == grid["path"]


async def test_a_village_knows_who_answers_above_it_but_does_not_release_them(clerk: Clerk, people: People) -> None:
    region = "530128001006"
    village = f"{TOWNSHIP}{region}/"
    home = await clerk.made("/v1/households", people.household(region=region))
    city = await _assigned(clerk, "city.1", CITY)
    here = clerk.of(village)
    chain = (await here.get(f"/v1/households/{home['id']}/responsible?on=2024-05-01")).json()["chain"]
    assert "city.1" in {duty["officer"] for duty in chain}
    refused = await here.post(f"/v1/staff-assignments/{city['id']}:release", {"until": "2024-06-01"}, version=1)
    assert (refused.status_code, refused.json()["code"]) == (404, "assignment-unknown")
    await clerk.made(f"/v1/staff-assignments/{city['id']}:release", {"until": "2024-06-01"}, version=1)
