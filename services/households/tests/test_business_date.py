"""The platform's date moves forward day by day, and so do those who answer for a region."""

from .conftest import CITY, LUQUAN, Clerk, Database

DAYS = (
    "SELECT data->>'business_date' AS day, key FROM event_log WHERE type LIKE '%BusinessDateAdvanced.v1' ORDER BY seq"
)


async def test_date_moves_day_by_day_under_one_key(clerk: Clerk, db: Database) -> None:
    assert (await clerk.get("/v1/business-date")).json() == {"business_date": "2024-06-30"}
    told = await clerk.made("/v1/business-date:advance", {"to": "2024-07-03"})
    assert told == {"business_date": "2024-07-03", "days": 3}
    rows = await db.rows(DAYS)
    assert [row.day for row in rows] == ["2024-06-30", "2024-07-01", "2024-07-02", "2024-07-03"]
    assert len({row.key for row in rows}) == 1

    back = await clerk.post("/v1/business-date:advance", {"to": "2024-07-03"})
    assert (back.status_code, back.json()["code"]) == (409, "business-date-passed")
    leap = await clerk.post("/v1/business-date:advance", {"to": "2025-11-02"})
    assert (leap.status_code, leap.json()["code"]) == (422, "business-date-leap")
    assert (await clerk.get("/v1/business-date")).json() == {"business_date": "2024-07-03"}


async def test_officer_answers_for_a_region_until_released(clerk: Clerk, db: Database) -> None:
    made = await clerk.made("/v1/staff-assignments", {"officer": "luquan.01", "path": LUQUAN, "since": "2023-10-01"})
    twice = await clerk.post("/v1/staff-assignments", {"officer": "luquan.01", "path": LUQUAN, "since": "2023-10-02"})
    assert twice.json()["code"] == "duty-held"
    village = f"{LUQUAN}530128001/530128001001/"
    assert [
        row["officer"] for row in (await clerk.get(f"/v1/staff-assignments?path={village}&on=2023-10-05")).json()
    ] == ["luquan.01"]
    ended = await clerk.post(f"/v1/staff-assignments/{made['id']}:release", {"until": "2023-12-01"}, version=1)
    assert ended.json()["until"] == "2023-12-01"
    assert (await clerk.get(f"/v1/staff-assignments?path={village}&on=2023-12-01")).json() == []
    assert [event["name"] for event in await db.events(made["id"])] == ["StaffAssigned", "StaffReleased"]


async def test_nobody_assigns_beyond_the_own_area(clerk: Clerk) -> None:
    answer = await clerk.of(LUQUAN).post("/v1/staff-assignments", {"officer": "a", "path": CITY, "since": "2023-10-01"})
    assert (answer.status_code, answer.json()["code"]) == (422, "path-unknown")
    nowhere = await clerk.post("/v1/staff-assignments", {"officer": "a", "path": "5399/", "since": "2023-10-01"})
    assert nowhere.status_code == 422
