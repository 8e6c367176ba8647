"""Technical advisers: who advises which village, and which lifted villages have nobody."""

from typing import Any

from .conftest import COPPER, DONGCHUAN, LUQUAN, Clerk, Database, People

VILLAGE = "530128001014"
PATH = f"5301/530128/530128001/{VILLAGE}/"


def adviser(name: str = "赵科技", **told: Any) -> dict[str, Any]:
    return {
        "region_code": VILLAGE, "trade": "walnut", "name": name, "organisation": "昆明市农业科学研究院",
        "phone": "13800138000", "since": "2023-09-01", **told,
    }  # fmt: skip


async def covered(clerk: Clerk, on: str = "2023-10-15") -> tuple[int, int, list[str]]:
    told = (await clerk.get("/v1/adviser-coverage", params={"path": PATH, "on": on})).json()
    return told["villages"], told["covered"], [row["path"] for row in told["uncovered"]]


async def test_a_lifted_village_is_covered_while_somebody_advises_it(
    clerk: Clerk, people: People, db: Database
) -> None:
    home = await clerk.post("/v1/households", people.household(region=VILLAGE))
    assert home.status_code == 201, home.text
    assert await covered(clerk) == (1, 0, [PATH])
    made = await clerk.post("/v1/advisers", adviser())
    assert made.status_code == 201, made.text
    told = made.json()
    assert (told["masked_name"], told["path"], told["version"]) == ("赵*技", PATH, 1)
    assert "赵科技" not in made.text
    assert "13800138000" not in made.text
    assert await covered(clerk) == (1, 1, [])
    assert await covered(clerk, "2023-08-31") == (1, 0, [PATH])
    twice = await clerk.post("/v1/advisers", adviser())
    assert (twice.status_code, twice.json()["code"]) == (409, "adviser-stands")
    assert (await clerk.post("/v1/advisers", adviser(trade="pigs"))).status_code == 201
    listed = (await clerk.get("/v1/advisers", params={"path": PATH, "on": "2023-10-15"})).json()
    assert [row["trade"] for row in listed] == ["pigs", "walnut"]
    for row in listed:
        early = await clerk.post(f"/v1/advisers/{row['id']}:release", {"until": "2023-08-01"}, version=1)
        assert (early.status_code, early.json()["code"]) == (409, "adviser-released")
        gone = await clerk.post(f"/v1/advisers/{row['id']}:release", {"until": "2024-01-01"}, version=1)
        assert (gone.status_code, gone.json()["until"]) == (200, "2024-01-01")
    assert await covered(clerk, "2024-01-01") == (1, 0, [PATH])
    assert [event["name"] for event in await db.events(told["id"])] == ["AdviserAssigned", "AdviserReleased"]
    again = await clerk.post("/v1/advisers", adviser(since="2023-10-01"))
    assert again.status_code == 201, "who left may come again"


async def test_advisers_of_another_area_are_not_there(clerk: Clerk) -> None:
    away = clerk.of(DONGCHUAN)
    refused = await away.post("/v1/advisers", adviser("钱科技"))
    assert (refused.status_code, refused.json()["code"]) == (422, "village-unknown")
    township = await clerk.post("/v1/advisers", adviser(region_code="530128001000"))
    assert (township.status_code, township.json()["code"]) == (422, "village-unknown")
    own = await away.post("/v1/advisers", adviser("孙科技", region_code=COPPER))
    assert own.status_code == 201, own.text
    here = clerk.of(LUQUAN)
    gone = await here.post(f"/v1/advisers/{own.json()['id']}:release", {"until": "2023-12-01"}, version=1)
    assert (gone.status_code, gone.json()["code"]) == (404, "adviser-unknown")
    reader = clerk.of(LUQUAN, rights="support:read")
    assert (await reader.post("/v1/advisers", adviser("李科技"))).status_code == 403
