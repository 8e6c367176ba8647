"""The list of regions is taken once, changes are dated, and every change is told."""

from typing import Any

from .conftest import COPPER, KEY_COUNTIES, PINGSHAN, REGIONS, Clerk, Database

CSV = {"content-type": "text/csv"}


async def test_first_import_takes_every_region_and_publishes_each(imported: dict[str, Any], db: Database) -> None:
    assert imported == {"rows": 1912, "changed": 1912, "households_moved": 0}
    [told] = await db.rows(
        "SELECT count(DISTINCT key) FROM event_log WHERE type LIKE '%households.RegionChanged.v1'"
        " AND revision = 1 AND data->>'name' NOT IN ('迁移村', '新桥村民委员会')"
    )
    assert told[0] == 1912


async def test_same_list_again_changes_nothing(clerk: Clerk, db: Database) -> None:
    before = await db.count()
    again = await clerk.made(
        "/v1/regions:import?valid_from=2024-01-01", None, content=REGIONS.read_bytes(), headers=CSV
    )
    assert again["changed"] == 0
    assert await db.count() == before


async def test_path_follows_who_manages_not_the_code(clerk: Clerk) -> None:
    mohan = (await clerk.get("/v1/regions/532823105000")).json()
    village = (await clerk.get("/v1/regions/532823105201")).json()
    assert mohan["path"] == "5301/532823105/"
    assert village["path"] == "5301/532823105/532823105201/"
    assert (await clerk.get(f"/v1/regions/{PINGSHAN}")).json()["path"] == "5301/530128/530128001/530128001001/"


async def test_key_counties_are_flagged(clerk: Clerk) -> None:
    counties = (await clerk.get("/v1/regions?level=county&page_size=100")).json()["items"]
    assert tuple(row["code"] for row in counties if row["key_county"]) == KEY_COUNTIES


async def test_renamed_village_keeps_its_history(clerk: Clerk, db: Database) -> None:
    row = (await clerk.get(f"/v1/regions/{COPPER}")).json()
    told = {name: row[name] for name in ("code", "level", "parent_code")} | {"name": "京铜新社区"}
    answer = await clerk.made("/v1/regions:import?valid_from=2023-06-01", [told])
    assert answer["changed"] == 1
    assert (await clerk.get(f"/v1/regions/{COPPER}")).json()["name"] == "京铜新社区"
    assert (await clerk.get(f"/v1/regions/{COPPER}?on=2023-05-31")).json()["name"] == row["name"]
    earlier = await clerk.post("/v1/regions:import?valid_from=2022-01-01", [told | {"name": "别名"}])
    assert earlier.status_code == 409
    assert earlier.json()["code"] == "region-history"
    back = await clerk.made("/v1/regions:import?valid_from=2023-06-01", [told | {"name": row["name"]}])
    assert back["changed"] == 1
    revisions = await db.rows(
        "SELECT revision FROM event_log WHERE type LIKE '%RegionChanged.v1' AND data->>'code' = :code ORDER BY seq",
        code=COPPER,
    )
    assert [revision for (revision,) in revisions] == [1, 2, 3]


async def test_bad_rows_are_all_named_and_none_is_taken(clerk: Clerk, db: Database) -> None:
    before = await db.count()
    rows = [
        {"code": "530128001999", "name": "好村", "level": "village", "parent_code": "530128001000"},
        {"code": "53012800199", "name": "短码", "level": "village", "parent_code": "530128001000"},
        {"code": "530128001998", "name": "", "level": "hamlet", "parent_code": "999999999999"},
    ]
    answer = await clerk.post("/v1/regions:import?valid_from=2024-01-01", rows)
    assert answer.status_code == 422
    named = {(fault["code"], fault["pointer"]) for fault in answer.json()["errors"]}
    assert ("region-code", "/1/code") in named
    assert {("region-name", "/2/name"), ("region-level", "/2/level"), ("parent-unknown", "/2/parent_code")} <= named
    assert await db.count() == before
    assert (await clerk.get("/v1/regions/530128001999")).status_code == 404


async def test_unreadable_list_is_refused(clerk: Clerk) -> None:
    for content, headers in ((b"\xff\xfe", CSV), (b"a,b\n1,2\n", CSV), (b"{", {"content-type": "application/json"})):
        answer = await clerk.post("/v1/regions:import?valid_from=2024-01-01", None, content=content, headers=headers)
        assert answer.status_code == 422, answer.text
        assert answer.headers["content-type"].startswith("application/problem+json")


async def test_regions_are_read_page_by_page(clerk: Clerk) -> None:
    seen: list[str] = []
    query = "/v1/regions?parent=530128001000&page_size=7"
    token = None
    while True:
        page = (await clerk.get(query + (f"&page_token={token}" if token else ""))).json()
        seen += [row["code"] for row in page["items"]]
        token = page["next_page_token"]
        if token is None:
            break
    assert len(seen) == len(set(seen)) > 7
    assert seen == sorted(seen)
