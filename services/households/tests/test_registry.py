"""Households and persons: whole or not at all, one person once, nobody's beyond the own area."""

import asyncio
from datetime import date
from typing import Any

from .conftest import COPPER, DONGCHUAN, LUQUAN, Clerk, Database, People

Told = dict[str, Any]


async def _registered(clerk: Clerk, people: People, *members: Told, **told: Any) -> Told:
    return await clerk.made("/v1/households", people.household(*members, **told))


async def test_registered_household_is_told_with_its_members(clerk: Clerk, people: People, db: Database) -> None:
    child = people.person("之子", born=_day(2015), school_stage="小学", labour_skill="none")
    home = await _registered(clerk, people, people.person(phone="13812345678"), people.person("配偶"), child)
    assert (home["size"], home["version"], home["path"]) == (3, 1, "5301/530128/530128001/530128001001/")
    assert [member["relation"] for member in home["members"]] == ["户主", "配偶", "之子"]
    assert home["members"][0]["masked_name"] == "张*三"
    assert home["members"][0]["masked_phone"] == "138****5678"

    told = await db.events(home["id"])
    assert [event["name"] for event in told] == ["HouseholdRegistered", *["PersonJoined"] * 3]
    assert {event["region"] for event in told} == {"530128001001"}
    assert told[0]["data"]["size"] == 3
    joined = {event["data"]["person_id"]: event["data"] for event in told[1:]}
    son = joined[home["members"][2]["id"]]
    assert (son["in_school"], son["head"], son["since"]) == (True, False, "2015-01-02")
    assert son["blind_index"].startswith("k1:")


async def test_refused_household_leaves_nothing(clerk: Clerk, people: People, db: Database) -> None:
    before = await db.count()
    good, bad = people.person(), people.person("配偶")
    broken = bad["certificate"][:17] + ("0" if bad["certificate"][17] != "0" else "1")
    answer = await clerk.post(
        "/v1/households", people.household(good, bad | {"certificate": broken, "relation": "户主"})
    )
    assert answer.status_code == 422
    assert "/members/1/certificate" in answer.text
    assert broken not in answer.text
    two_heads = await clerk.post("/v1/households", people.household(good, people.person()))
    assert two_heads.json()["code"] == "two-heads"
    nowhere = await clerk.post("/v1/households", people.household(good, region="530128001000"))
    assert nowhere.json()["code"] == "village-unknown"
    assert await db.count() == before
    assert (await clerk.post("/v1/households", people.household(good))).status_code == 201


async def test_number_and_person_stand_once(clerk: Clerk, people: People) -> None:
    home = await _registered(clerk, people)
    number = await clerk.post("/v1/households", people.household(number=home["number"]))
    assert (number.status_code, number.json()["code"]) == (409, "number-taken")

    person = people.person()
    first = await _registered(clerk, people, person)
    card = {**person, "certificate": person["certificate"] + "43", "name": "张 三"}
    second = await clerk.post("/v1/households", people.household(card))
    assert (second.status_code, second.json()["code"]) == (409, "registered-elsewhere")
    assert first["number"] in second.json()["detail"]


async def test_person_of_another_area_is_registered_elsewhere_without_a_candidate(clerk: Clerk, people: People) -> None:
    person = people.person()
    home = await _registered(clerk, people, person, region=COPPER)
    neighbour = clerk.of(LUQUAN)
    answer = await neighbour.post("/v1/households", people.household(person))
    assert (answer.status_code, answer.json()["code"]) == (409, "registered-elsewhere")
    assert home["number"] not in answer.text
    assert home["id"] not in answer.text
    taken = await neighbour.post("/v1/households", people.household(number=home["number"]))
    assert taken.json()["code"] == "number-taken"


async def test_area_bounds_what_is_seen_and_written(clerk: Clerk, people: People) -> None:
    home = await _registered(clerk, people)
    stranger = clerk.of(DONGCHUAN)
    assert (await stranger.get(f"/v1/households/{home['id']}")).status_code == 404
    assert (await stranger.get(f"/v1/persons/{home['members'][0]['id']}")).status_code == 404
    seen = (await stranger.get("/v1/households?page_size=200")).json()["items"]
    assert all(row["path"].startswith(DONGCHUAN) for row in seen)
    patched = await stranger.send("PATCH", f"/v1/households/{home['id']}", version=1, json={"no_labour": True})
    assert patched.status_code == 404
    assert (await stranger.post("/v1/households", people.household())).json()["code"] == "village-unknown"
    assert (await clerk.of().get(f"/v1/households/{home['id']}")).status_code == 404


async def test_every_right_is_asked_for(clerk: Clerk, people: People) -> None:
    reader = clerk.of(LUQUAN, rights="households:read")
    answer = await reader.post("/v1/households", people.household())
    assert (answer.status_code, answer.json()["code"]) == (403, "missing-right")
    home = await _registered(clerk, people)
    shown = await reader.post(f"/v1/persons/{home['members'][0]['id']}:reveal")
    assert shown.status_code == 403


async def test_search_finds_by_number_or_certificate_and_is_audited(clerk: Clerk, people: People, db: Database) -> None:
    person = people.person()
    home = await _registered(clerk, people, person)
    for asked in ({"number": home["number"]}, {"certificate": person["certificate"]}):
        [found] = (await clerk.post("/v1/households:search", asked)).json()
        assert found["id"] == home["id"]
    hidden = await clerk.of(DONGCHUAN).post("/v1/households:search", {"certificate": person["certificate"]})
    assert (hidden.status_code, hidden.json()["code"]) == (409, "registered-elsewhere")
    assert (await clerk.of(DONGCHUAN).post("/v1/households:search", {"number": home["number"]})).json() == []
    assert (await clerk.post("/v1/households:search", {"certificate": people.certificate()})).json() == []
    assert (await clerk.post("/v1/households:search", {})).status_code == 422
    [row] = await db.rows("SELECT count(*) FROM audit_log WHERE action = 'search_households'")
    assert row[0] >= 3


async def test_change_needs_the_version_that_was_read(clerk: Clerk, people: People, db: Database) -> None:
    home = await _registered(clerk, people)
    path = f"/v1/households/{home['id']}"
    assert (await clerk.get(path)).headers["etag"] == '"1"'
    assert (await clerk.send("PATCH", path, json={"no_labour": True})).status_code == 428
    changed = await clerk.send("PATCH", path, version=1, json={"category": "unstable", "causes": ["illness"]})
    assert (changed.status_code, changed.json()["category"], changed.headers["etag"]) == (200, "unstable", '"2"')
    assert (await clerk.send("PATCH", path, version=1, json={"no_labour": True})).status_code == 412
    same = await clerk.send("PATCH", path, version=2, json={"category": "unstable"})
    assert same.headers["etag"] == '"2"'
    [updated] = await db.events(home["id"], "HouseholdUpdated")
    assert (updated["data"]["aggregate_revision"], updated["data"]["causes"]) == (2, ["illness"])
    for wrong in ({"household_type": None}, {"size": 3}, {"region_code": "53"}, {"no_labour": None}):
        assert (await clerk.send("PATCH", path, version=2, json=wrong)).status_code == 422, wrong


async def test_moved_household_follows_its_new_village(clerk: Clerk, people: People) -> None:
    home = await _registered(clerk, people)
    moved = await clerk.send("PATCH", f"/v1/households/{home['id']}", version=1, json={"region_code": COPPER})
    assert moved.json()["path"].startswith(DONGCHUAN)
    beyond = await clerk.of(DONGCHUAN).send(
        "PATCH", f"/v1/households/{home['id']}", version=2, json={"region_code": "530128001001"}
    )
    assert (beyond.status_code, beyond.json()["code"]) == (422, "village-unknown")


async def test_person_moves_between_households(clerk: Clerk, people: People, db: Database) -> None:
    child = people.person("之女", male=False, born=_day(2001))
    old = await _registered(clerk, people, people.person(), child)
    new = await _registered(clerk, people, people.person())
    person = old["members"][1]
    body = {"on": "2023-11-01", "reason": "married", "to_household_id": new["id"], "relation": "之儿媳"}
    moved = await clerk.made(f"/v1/persons/{person['id']}:move", body, version=1)
    assert (moved["household_id"], moved["since"], moved["version"]) == (new["id"], "2023-11-01", 3)

    left = await db.events(old["id"])
    assert [event["name"] for event in left[3:]] == ["PersonLeft", "HouseholdUpdated"]
    assert left[3]["data"] == {
        "aggregate_revision": 2,
        "person_id": person["id"],
        "until": "2023-11-01",
        "reason": "married",
    }
    joined = await db.events(new["id"])
    assert [event["name"] for event in joined[2:]] == ["PersonJoined", "HouseholdUpdated"]
    assert (joined[2]["data"]["aggregate_revision"], joined[3]["data"]["size"]) == (3, 2)

    stays = (await clerk.get(f"/v1/households/{old['id']}/members")).json()
    assert [(stay["until"], stay["reason"]) for stay in stays if stay["person_id"] == person["id"]] == [
        ("2023-11-01", "married")
    ]
    again = await clerk.post(f"/v1/persons/{person['id']}:move", body, version=3)
    assert (again.status_code, again.json()["code"]) == (409, "already-member")


async def test_head_who_leaves_names_a_successor(clerk: Clerk, people: People) -> None:
    home = await _registered(clerk, people)
    head, spouse = home["members"]
    body = {"on": "2023-11-01", "reason": "died"}
    refused = await clerk.post(f"/v1/persons/{head['id']}:leave", body, version=1)
    assert (refused.status_code, refused.json()["code"]) == (409, "head-leaves")
    await clerk.made(f"/v1/persons/{head['id']}:leave", {**body, "successor_id": spouse["id"]}, version=1)
    after = (await clerk.get(f"/v1/households/{home['id']}")).json()
    assert [(member["id"], member["relation"]) for member in after["members"]] == [(spouse["id"], "户主")]
    gone = await clerk.post(f"/v1/persons/{head['id']}:leave", body, version=2)
    assert gone.status_code == 409


async def test_person_who_left_may_join_again_under_the_same_id(clerk: Clerk, people: People) -> None:
    child = people.person("之子", born=_day(1999))
    old = await _registered(clerk, people, people.person(), child)
    person = old["members"][1]
    await clerk.made(f"/v1/persons/{person['id']}:leave", {"on": "2023-03-01", "reason": "split"}, version=1)
    new = await _registered(clerk, people, {**child, "relation": "户主"})
    assert [(member["id"], member["since"], member["version"]) for member in new["members"]] == [
        (person["id"], "2023-03-01", 3)
    ]


async def test_newborn_joins(clerk: Clerk, people: People) -> None:
    home = await _registered(clerk, people)
    baby = people.person("之女", male=False, born=_day(2023), since="2023-01-02")
    path = f"/v1/households/{home['id']}/members"
    joined = await clerk.made(path, baby, version=1)
    assert joined["since"] == "2023-01-02"
    second_spouse = await clerk.post(path, people.person("配偶"), version=2)
    assert (second_spouse.status_code, second_spouse.json()["code"]) == (422, "two-spouses")
    assert (await clerk.get(f"/v1/households/{home['id']}")).json()["size"] == 3


async def test_person_is_corrected_and_revealed_only_on_request(clerk: Clerk, people: People, db: Database) -> None:
    person = people.person(phone="13812345678")
    home = await _registered(clerk, people, person)
    path = f"/v1/persons/{home['members'][0]['id']}"
    changed = await clerk.send("PATCH", path, version=1, json={"name": "王五六", "labour_skill": "skilled"})
    assert (changed.json()["masked_name"], changed.json()["masked_phone"]) == ("王*六", "138****5678")
    same = await clerk.send("PATCH", path, version=2, json={"name": "王五六"})
    assert same.headers["etag"] == '"2"'
    shown = (await clerk.post(f"{path}:reveal")).json()
    assert (shown["name"], shown["certificate"], shown["phone"]) == ("王五六", person["certificate"], "13812345678")
    assert len(await db.events(home["id"], "PersonUpdated")) == 1
    [row] = await db.rows(
        "SELECT count(*) FROM audit_log WHERE action = 'reveal_person' AND entity_id = :id", id=home["members"][0]["id"]
    )
    assert row[0] == 1


async def test_request_sent_twice_takes_effect_once(clerk: Clerk, people: People, db: Database) -> None:
    body, key = people.household(), {"idempotency-key": f"household-{people.number()}"}
    first = await clerk.post("/v1/households", body, headers=key)
    before = await db.count()
    second = await clerk.post("/v1/households", body, headers=key)
    assert (second.status_code, second.json()) == (201, first.json())
    assert await db.count() == before


async def test_race_for_a_person_or_a_version_has_one_winner(clerk: Clerk, people: People, db: Database) -> None:
    person = people.person()
    rivals = [clerk.post("/v1/households", people.household(person, people.person("配偶"))) for _ in range(6)]
    answers = await asyncio.gather(*rivals)
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 5]
    home = next(answer.json() for answer in answers if answer.status_code == 201)
    path = f"/v1/households/{home['id']}"
    changes = [
        clerk.send("PATCH", path, version=1, json={"causes": [cause]}) for cause in ("illness", "water", "other")
    ]
    assert sorted(answer.status_code for answer in await asyncio.gather(*changes)) == [200, 412, 412]
    assert len(await db.events(home["id"], "HouseholdUpdated")) == 1


async def test_what_has_not_happened_is_not_recorded(clerk: Clerk, people: People) -> None:
    home = await _registered(clerk, people)
    early = people.person("之子", born=_day(2010), since="2009-12-31")
    for path, body, version in (
        ("/v1/households", people.household(stated_on="2999-01-01"), None),
        (f"/v1/households/{home['id']}/members", people.person("之女", male=False, since="2999-01-01"), 1),
        (f"/v1/households/{home['id']}/members", early, 1),
        (f"/v1/persons/{home['members'][1]['id']}:leave", {"on": "2999-01-01", "reason": "moved"}, 1),
        (f"/v1/households/{home['id']}/conditions", {"guarantee": "water", "since": "2999-01-01"}, None),
    ):
        answer = await clerk.post(path, body, version=version)
        assert (answer.status_code, answer.json()["code"]) in ((422, "in-future"), (422, "since-before-birth")), path


async def test_list_is_paged_in_a_stable_order(clerk: Clerk, people: People) -> None:
    made = {(await _registered(clerk, people, region="532823105201"))["id"] for _ in range(5)}
    seen: list[str] = []
    token = ""
    while True:
        page = (await clerk.get(f"/v1/households?path=5301/532823105/&page_size=2{token}")).json()
        seen += [row["id"] for row in page["items"]]
        if page["next_page_token"] is None:
            break
        token = f"&page_token={page['next_page_token']}"
    assert set(seen) == made
    assert len(seen) == 5
    assert (await clerk.get("/v1/households?pth=5301/")).json()["code"] == "unknown-parameter"


def _day(year: int) -> date:
    return date(year, 1, 2)
