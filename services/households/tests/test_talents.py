"""Talents: who was trained or certified for what, counted per county, named nowhere."""

from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.talents.rules import WhoIsTalented, check_who
from kit.testing import credit_code

from .conftest import DONGCHUAN, LUQUAN, Clerk, Database, People

_serials = count(42_000)
VILLAGE, TOWN = "530128106201", "5301/530128/530128106/"


def talent(**told: Any) -> dict[str, Any]:
    return {"kind": "skilled_farmer", "since": "2023-05-01", "document": "高素质农民证书", **told}


async def numbers(clerk: Clerk, year: int) -> dict[str, tuple[int, int, int]]:
    told = (await clerk.get("/v1/talent-numbers", params={"path": TOWN, "year": year})).json()
    assert all(row["county"] == LUQUAN for row in told)
    return {row["kind"]: (row["new"], row["there"], row["of_households"]) for row in told}


async def entity(clerk: Clerk) -> dict[str, Any]:
    body = {"kind": "workshop", "name": "刺绣车间", "region_code": VILLAGE, "credit_code": credit_code(next(_serials))}
    return await clerk.made("/v1/entities", body)


async def test_members_and_workers_become_talents_and_are_counted(clerk: Clerk, people: People, db: Database) -> None:
    home = await clerk.made("/v1/households", people.household(region=VILLAGE))
    farmer, craftsman = (member["id"] for member in home["members"])
    made = await clerk.made("/v1/talents", talent(person_id=farmer))
    assert (made["household_id"], made["revision"]) == (home["id"], 1)
    twice = await clerk.post("/v1/talents", talent(person_id=farmer))
    assert (twice.status_code, twice.json()["code"]) == (409, "talent-stands")
    await clerk.made("/v1/talents", talent(kind="certified_craftsman", person_id=craftsman, since="2022-03-01"))
    firm = await entity(clerk)
    named = talent(kind="certified_craftsman", name="钱绣娘", entity_id=firm["id"], since="2023-08-01")
    answer = await clerk.post("/v1/talents", named)
    assert (answer.status_code, answer.json()["masked_name"]) == (201, "钱*娘")
    assert "钱绣娘" not in answer.text
    assert (await clerk.post("/v1/talents", named)).json()["code"] == "talent-stands"

    assert await numbers(clerk, 2022) == {"certified_craftsman": (1, 1, 1)}
    assert await numbers(clerk, 2023) == {"certified_craftsman": (1, 2, 1), "skilled_farmer": (1, 1, 1)}
    path = f"/v1/talents/{made['id']}"
    early = await clerk.post(f"{path}:end", {"until": "2023-04-30"}, version=1)
    assert (early.status_code, early.json()["code"]) == (422, "talent-dates")
    ended = await clerk.post(f"{path}:end", {"until": "2024-02-01"}, version=1)
    assert (ended.status_code, ended.headers["etag"]) == (200, '"2"')
    assert (await clerk.post(f"{path}:end", {"until": "2024-02-01"}, version=2)).json()["code"] == "talent-over"
    assert await numbers(clerk, 2024) == {"certified_craftsman": (0, 2, 1)}
    soon = await clerk.post("/v1/talents", talent(person_id=farmer, since="2024-01-31"))
    assert (soon.status_code, soon.json()["code"]) == (422, "talent-dates")
    again = await clerk.made("/v1/talents", talent(person_id=farmer, since="2024-03-01"))
    assert (again["id"], again["revision"]) == (made["id"], 3)
    gone = await clerk.post(f"{path}:void", version=3)
    assert gone.json()["void"] is True

    of_home = [event for event in await db.events(home["id"]) if event["name"].startswith("Talent")]
    farmers = [event for event in of_home if str(event["fact_id"]) == made["id"]]
    assert [(event["name"], event["void"]) for event in farmers] == [
        ("TalentRegistered", False), ("TalentEnded", False), ("TalentRegistered", False), ("TalentRegistered", True),
    ]  # fmt: skip
    assert farmers[0]["data"]["person_id"] == farmer
    [told] = await db.events(answer.json()["id"])
    assert (told["data"]["person_id"], told["data"]["entity_id"]) == (None, firm["id"])
    assert "钱" not in str(told["data"])
    listed = (await clerk.get("/v1/talents", params={"path": TOWN, "on": "2024-06-01"})).json()["items"]
    assert {row["kind"] for row in listed} == {"certified_craftsman"}


async def test_a_whole_course_is_registered_at_once_and_a_bad_row_keeps_nobody_out(
    clerk: Clerk, people: People, db: Database
) -> None:
    home = await clerk.made("/v1/households", people.household(people.person(), people.person("之子"), region=VILLAGE))
    one, other = (member["id"] for member in home["members"])
    firm = await entity(clerk)
    earlier = await clerk.made("/v1/talents", talent(person_id=one, since="2022-01-01"))
    await clerk.made(f"/v1/talents/{earlier['id']}:end", {"until": "2023-01-01"}, version=1)
    items = [
        talent(person_id=one),
        talent(person_id=other),
        talent(person_id=other),
        talent(person_id=other, since="2023-06-01"),
        talent(name="钱绣娘", entity_id=firm["id"]),
        talent(person_id=str(uuid4())),
        talent(person_id=one, kind="never_heard_of"),
        talent(person_id=one, kind="certified_craftsman", since="2999-01-01"),
        talent(name="孙小五"),
        talent(person_id=one, kind="certified_craftsman", entity_id=str(uuid4())),
    ]
    answer = await clerk.post("/v1/talents:batch", {"items": items})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["recorded"], told["unchanged"], told["refused"]) == (3, 1, 6)
    assert [row["status"] for row in told["items"]] == [
        "recorded", "recorded", "unchanged", "refused", "recorded", *["refused"] * 5,
    ]  # fmt: skip
    assert (told["items"][0]["id"], told["items"][0]["revision"]) == (earlier["id"], 3), "who ended comes again"
    assert told["items"][2]["id"] == told["items"][1]["id"]
    assert [(row["problem"]["code"], row["problem"]["pointer"]) for row in told["items"] if row["problem"]] == [
        ("talent-stands", "/items/3/kind"),
        ("person-unknown", "/items/5"),
        ("talent-kind-not-offered", "/items/6/kind"),
        ("in-future", "/items/7/since"),
        ("talent-who", "/items/8/person_id"),
        ("talent-entity-unknown", "/items/9/entity_id"),
    ]
    assert "孙小五" not in answer.text
    assert "钱绣娘" not in answer.text
    events = [event for event in await db.events(home["id"]) if event["name"] == "TalentRegistered"]
    assert [event["revision"] for event in events] == [1, 3, 1]
    [named] = await db.events(told["items"][4]["id"], "TalentRegistered")
    assert named["data"]["entity_id"] == firm["id"]

    count = await db.count()
    again = (await clerk.post("/v1/talents:batch", {"items": items})).json()
    assert (again["recorded"], again["unchanged"], again["refused"]) == (0, 4, 6)
    assert (await clerk.of(DONGCHUAN).post("/v1/talents:batch", {"items": items})).json()["refused"] == len(items)
    assert (await clerk.post("/v1/talents:batch", {"items": []})).status_code == 422
    assert (await clerk.post("/v1/talents:batch", {"items": [items[0]] * 501})).status_code == 422
    wrong = await clerk.post("/v1/talents:batch", {"items": [items[0], items[1] | {"kind": "X"}]})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/items/1/kind")
    reader = clerk.of("5301/", rights="entities:read")
    assert (await reader.post("/v1/talents:batch", {"items": items})).status_code == 403
    assert await db.count() == count


async def test_who_moved_away_is_met_again_where_the_household_is_now(clerk: Clerk, people: People) -> None:
    home = await clerk.made("/v1/households", people.household(region="530128106202"))
    person = home["members"][0]["id"]
    made = await clerk.made("/v1/talents", talent(person_id=person))
    moved = await clerk.send("PATCH", f"/v1/households/{home['id']}", json={"region_code": "530113102201"}, version=1)
    assert moved.status_code == 200, moved.text
    there = clerk.of(DONGCHUAN)
    twice = await there.post("/v1/talents", talent(person_id=person))
    assert (twice.status_code, twice.json()["code"]) == (409, "talent-stands")
    ended = await there.post(f"/v1/talents/{made['id']}:end", {"until": "2024-01-01"}, version=1)
    assert ended.status_code == 200, ended.text


async def test_nobody_in_particular_or_of_another_area_is_refused(clerk: Clerk, people: People, db: Database) -> None:
    home = await clerk.made("/v1/households", people.household(region=VILLAGE))
    member, firm = home["members"][0]["id"], await entity(clerk)
    before = await db.count()
    for told, code in (
        ({}, "talent-who"),
        ({"person_id": member, "name": "孙小五"}, "talent-who"),
        ({"name": "孙小五"}, "talent-who"),
        ({"name": "孙小五", "entity_id": str(uuid4())}, "talent-entity-unknown"),
        ({"person_id": member, "kind": "never_heard_of"}, "talent-kind-not-offered"),
        ({"person_id": member, "since": "2999-01-01"}, "in-future"),
    ):
        answer = await clerk.post("/v1/talents", talent(**told))
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert "孙小五" not in answer.text
    away = clerk.of(DONGCHUAN)
    stranger = await away.post("/v1/talents", talent(person_id=member))
    assert (stranger.status_code, stranger.json()["code"]) == (404, "person-unknown")
    theirs = await away.post("/v1/talents", talent(name="孙小五", entity_id=firm["id"]))
    assert (theirs.status_code, theirs.json()["code"]) == (422, "talent-entity-unknown")
    assert await db.count() == before


async def test_the_plan_names_the_kinds_and_the_city_edits_them(clerk: Clerk) -> None:
    kinds = {kind["code"]: kind for kind in (await clerk.get("/v1/talent-kinds")).json()}
    assert kinds["certified_craftsman"]["confidence"] == "official"
    terms = {"name": "乡村建筑工匠", "document": "昆农通〔2024〕1号", "confidence": "reported"}
    theirs = await clerk.of(LUQUAN).post("/v1/talent-kinds", terms | {"code": "builder"})
    assert (theirs.status_code, theirs.json()["code"]) == (403, "talent-kinds-of-the-city")
    await clerk.made("/v1/talent-kinds", terms | {"code": "builder"})
    assert (await clerk.post("/v1/talent-kinds", terms | {"code": "builder"})).json()["code"] == "talent-kind-known"
    gone = await clerk.send("PUT", "/v1/talent-kinds/builder", json=terms | {"active": False}, version=1)
    assert (gone.status_code, gone.json()["version"]) == (200, 2)
    unknown = await clerk.send("PUT", "/v1/talent-kinds/nobody", json=terms, version=1)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "talent-kind-unknown")


_ID = st.none() | st.uuids()


@given(_ID, st.none() | st.text(min_size=1, max_size=4), _ID)
def test_a_talent_is_a_member_or_somebody_of_an_entity(person: Any, name: Any, entity: Any) -> None:
    member = person is not None and name is None
    worker = person is None and name is not None and entity is not None
    if member or worker:
        check_who(person, name, entity)
    else:
        with pytest.raises(WhoIsTalented):
            check_who(person, name, entity)
