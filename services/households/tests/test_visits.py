"""Helpers: who has none, the teams of six, and visits uploaded after a day without a net."""

from typing import Any
from uuid import uuid4

from .conftest import DONGCHUAN, LUQUAN, Clerk, Database, People

REGION = "530128001007"
VILLAGE = f"{LUQUAN}530128001/{REGION}/"
NOTE = "金丝雀说屋顶漏雨"
PICTURE = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40


async def _helped(clerk: Clerk, home: dict[str, Any], since: str = "2024-01-01") -> dict[str, Any]:
    body = {"name": "普秀芬", "organisation": "县农业农村局", "since": since}
    return await clerk.made(f"/v1/households/{home['id']}/helpers", body)


async def _gaps(clerk: Clerk, asked: str) -> Any:
    return (await clerk.get(f"/v1/helper-gaps?{asked}")).json()["items"]


async def test_gaps_name_the_lifted_households_that_nobody_helps(clerk: Clerk, people: People) -> None:
    homes = [await clerk.made("/v1/households", people.household(region=REGION)) for _ in range(3)]
    await clerk.made("/v1/households", people.household(region=REGION, household_type="general"))
    helper = await _helped(clerk, homes[0])
    asked = f"path={VILLAGE}"
    assert await _gaps(clerk, asked) == [{"path": VILLAGE, "lifted": 3, "unhelped": 2}]
    listed = (await clerk.get(f"/v1/helper-gaps/households?{asked}")).json()["items"]
    assert {row["household_id"] for row in listed} == {homes[1]["id"], homes[2]["id"]}
    [before] = await _gaps(clerk, f"{asked}&on=2023-12-31")
    assert before["unhelped"] == 3
    await clerk.made(f"/v1/helpers/{helper['id']}:release", {"until": "2024-05-01"}, version=1)
    [after] = await _gaps(clerk, asked)
    assert after["unhelped"] == 3
    places = [{"person_id": member["id"], "relation": "其他"} for member in homes[1]["members"]]
    body = {"into_household_id": homes[2]["id"], "on": "2024-06-01", "members": places}
    await _helped(clerk, homes[1])
    await clerk.made(f"/v1/households/{homes[1]['id']}:merge", body, version=1)
    [merged] = await _gaps(clerk, asked)
    assert (merged["lifted"], merged["unhelped"]) == (2, 1)
    assert await _gaps(clerk.of(DONGCHUAN), asked) == []


async def test_gaps_come_village_by_village_and_page_by_page(clerk: Clerk, people: People) -> None:
    regions = ["530128001002", "530128001004", "530128001005"]
    for region in regions:
        await clerk.made("/v1/households", people.household(region=region))
    asked = f"path={LUQUAN}530128001/&page_size=1"
    page = (await clerk.get(f"/v1/helper-gaps?{asked}")).json()
    found = page["items"]
    while token := page["next_page_token"]:
        page = (await clerk.get(f"/v1/helper-gaps?{asked}&page_token={token}")).json()
        assert len(page["items"]) == 1
        found += page["items"]
    paths = [row["path"] for row in found]
    assert paths == sorted(set(paths))
    assert {f"{LUQUAN}530128001/{region}/" for region in regions} <= set(paths)


async def test_team_of_six_shows_the_places_nobody_has_taken(clerk: Clerk, people: People, db: Database) -> None:
    region = "530128001011"
    village = f"{LUQUAN}530128001/{region}/"
    home = await clerk.made("/v1/households", people.household(region=region))
    cadre = {"region_code": region, "role": "cadre", "since": "2024-01-01", "name": "杨金丝", "organisation": "旧县村"}
    made = await clerk.made("/v1/team-members", cadre)
    assert made["masked_name"] == "杨*丝"
    family = {"region_code": region, "role": "household", "since": "2024-01-01", "household_id": home["id"]}
    await clerk.made("/v1/team-members", family)
    nameless = await clerk.post("/v1/team-members", family | {"role": "leader"})
    assert (nameless.status_code, nameless.json()["code"]) == (422, "team-member-who")
    [team] = (await clerk.get(f"/v1/teams?path={village}")).json()
    assert set(team["missing"]) == {"work_team", "science", "enterprise", "leader"}
    await clerk.made(f"/v1/team-members/{made['id']}:release", {"until": "2024-03-01"}, version=1)
    [team] = (await clerk.get(f"/v1/teams?path={village}")).json()
    assert "cadre" in team["missing"]
    told = [(event["name"], event["revision"]) for event in await db.events(made["id"])]
    assert told == [("TeamMemberAssigned", 1), ("TeamMemberReleased", 2)]


async def test_a_days_visits_may_be_uploaded_again_and_count_once(clerk: Clerk, people: People, db: Database) -> None:
    home = await clerk.made("/v1/households", people.household())
    helper = await _helped(clerk, home)
    picture = await clerk.made("/v1/attachments", None, content=PICTURE, headers={"content-type": "image/jpeg"})
    again = await clerk.made("/v1/attachments", None, content=PICTURE, headers={"content-type": "image/jpeg"})
    assert picture == again
    form = {
        "client_id": str(uuid4()),
        "household_id": home["id"],
        "visited_on": "2024-03-01",
        "assignment_id": helper["id"],
        "needs": ["housing", "illness"],
        "note": NOTE,
        "attachments": [picture["id"]],
    }
    late = form | {"client_id": str(uuid4()), "visited_on": "2999-01-01"}
    nowhere = form | {"client_id": str(uuid4()), "household_id": str(uuid4())}
    stranger = form | {"client_id": str(uuid4()), "assignment_id": str(uuid4())}
    unsent = form | {"client_id": str(uuid4()), "attachments": [str(uuid4())]}
    batch = {"visits": [form, late, nowhere, stranger, unsent, form]}
    told = await clerk.post("/v1/visits:upload", batch)
    assert told.status_code == 200, told.text
    results = [(row["taken"], row["problem"] and row["problem"]["code"]) for row in told.json()]
    assert results == [
        ("recorded", None),
        ("refused", "in-future"),
        ("refused", "household-unknown"),
        ("refused", "not-their-helper"),
        ("refused", "attachment-unknown"),
        ("known", None),
    ]
    repeated = (await clerk.post("/v1/visits:upload", {"visits": [form]})).json()
    assert repeated[0]["taken"] == "known"
    changed = (await clerk.post("/v1/visits:upload", {"visits": [form | {"met": False}]})).json()
    assert changed[0]["problem"]["code"] == "visit-differs"

    [event] = await db.events(home["id"], "VisitRecorded")
    assert (event["data"]["needs"], event["data"]["attachments"]) == (["housing", "illness"], 1)
    assert NOTE not in str(event["data"])
    [visit] = (await clerk.get(f"/v1/households/{home['id']}/visits")).json()
    assert (visit["note"], visit["attachments"]) == (NOTE, [picture["id"]])
    voided = await clerk.made(f"/v1/visits/{visit['id']}:void", {}, version=1)
    assert voided["void"] is True
    assert [(e["revision"], e["void"]) for e in await db.events(home["id"], "VisitRecorded")] == [(1, False), (2, True)]
    [kept] = await db.rows("SELECT note, encode(note, 'hex') AS hex FROM visits WHERE id = :id", id=visit["id"])
    assert NOTE.encode().hex() not in kept.hex


async def test_an_attachment_is_what_it_says_and_seen_with_its_visit(clerk: Clerk, people: People) -> None:
    for content, kind in (
        (b"GIF89a", "image/gif"),
        (b"%PDF-1.7", "image/jpeg"),
        (b"", "image/png"),
        (PICTURE * 200, "image/jpeg"),
    ):
        refused = await clerk.post("/v1/attachments", content=content, headers={"content-type": kind})
        assert (refused.status_code, refused.json()["code"]) in ((422, "attachment-refused"), (413, "too-large"))
    photographer = clerk.of(LUQUAN, subject="photographer")
    picture = await photographer.made("/v1/attachments", None, content=PICTURE, headers={"content-type": "image/jpeg"})
    path = f"/v1/attachments/{picture['id']}"
    colleague = clerk.of(LUQUAN, subject="colleague")
    assert (await colleague.get(path)).status_code == 404
    home = await clerk.made("/v1/households", people.household())
    form = {
        "client_id": str(uuid4()),
        "household_id": home["id"],
        "visited_on": "2024-03-01",
        "attachments": [picture["id"]],
    }
    theirs = (await colleague.post("/v1/visits:upload", {"visits": [form]})).json()
    assert theirs[0]["problem"]["code"] == "attachment-unknown"
    sent = await photographer.post("/v1/visits:upload", {"visits": [form]})
    assert sent.json()[0]["taken"] == "recorded"
    shown = await colleague.get(path)
    assert (shown.status_code, shown.content, shown.headers["content-type"]) == (200, PICTURE, "image/jpeg")
    assert (await clerk.of(DONGCHUAN, subject="far").get(path)).status_code == 404
