"""Splits, merges and their undoing, births and deaths: one transaction, one event per household, history kept."""

import asyncio
from time import monotonic
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from households.registry.indexing import Indexing
from kit.cipher import FieldCipher

from .conftest import COPPER, LUQUAN, Clerk, Database, People

Told = dict[str, Any]


async def _family(clerk: Clerk, people: People, *extra: dict[str, Any], **told: Any) -> Told:
    return await clerk.made("/v1/households", people.household(people.person(), *extra, **told))


async def _state(clerk: Clerk, home: str) -> Told:
    """All that a merge and its undoing must leave alone."""
    shown = (await clerk.get(f"/v1/households/{home}")).json()
    stays = (await clerk.get(f"/v1/households/{home}/members")).json()
    for row in (shown, *shown["members"]):
        row.pop("version")
    stays = [stay for stay in stays if stay["until"] != stay["since"]]
    return shown | {"stays": stays}


async def test_merge_makes_an_alias_and_undoing_it_gives_everything_back(
    clerk: Clerk, people: People, db: Database
) -> None:
    father = await _family(clerk, people, people.person("配偶"))
    son = await _family(clerk, people, people.person("之女", male=False))
    before = [await _state(clerk, home["id"]) for home in (father, son)]
    head, girl = (member["id"] for member in son["members"])
    body = {
        "into_household_id": father["id"],
        "on": "2024-01-01",
        "members": [{"person_id": head, "relation": "之子"}, {"person_id": girl, "relation": "之孙女"}],
    }
    two_heads = await clerk.post(f"/v1/households/{son['id']}:merge", body | {"members": []}, version=1)
    assert two_heads.json()["code"] == "two-heads"
    merged = await clerk.made(f"/v1/households/{son['id']}:merge", body, version=1)
    assert (merged["id"], merged["size"], merged["merged_into"]) == (father["id"], 4, None)
    assert {member["relation"] for member in merged["members"]} == {"户主", "配偶", "之子", "之孙女"}
    alias = (await clerk.get(f"/v1/households/{son['id']}")).json()
    assert (alias["merged_into"], alias["size"], alias["members"]) == (father["id"], 0, [])
    gone = [event["name"] for event in await db.events(son["id"])][3:]
    assert gone == ["HouseholdMerged", "PersonLeft", "PersonLeft"]
    come = [event["name"] for event in await db.events(father["id"])][3:]
    assert come == ["PersonJoined", "PersonJoined", "HouseholdUpdated"]

    for path, refused in (
        (f"/v1/households/{son['id']}/conditions", {"guarantee": "water", "since": "2024-01-02"}),
        (f"/v1/households/{son['id']}/members", people.person()),
    ):
        answer = await clerk.post(path, refused, version=2)
        assert (answer.status_code, answer.json()["code"]) == (409, "household-merged"), path
    [found] = (await clerk.post("/v1/households:search", {"number": son["number"]})).json()
    assert found["id"] == father["id"]

    back = await clerk.made(f"/v1/households/{son['id']}:unmerge", {}, version=2)
    assert (back["id"], back["size"]) == (son["id"], 2)
    assert [await _state(clerk, home["id"]) for home in (father, son)] == before
    told = await db.events(son["id"])
    assert [event["name"] for event in told[6:]] == ["HouseholdUnmerged", "PersonJoined", "PersonJoined"]
    assert told[6]["revision"] > told[3]["revision"]
    again = await clerk.post(f"/v1/households/{son['id']}:unmerge", {}, version=3)
    assert (again.status_code, again.json()["code"]) == (409, "not-merged")


async def test_what_an_alias_was_owed_counts_for_the_household_that_stands(clerk: Clerk, people: People) -> None:
    home, other = await _family(clerk, people), await _family(clerk, people)
    trouble = {"guarantee": "water", "since": "2023-10-01"}
    await clerk.made(f"/v1/households/{other['id']}/conditions", trouble)
    body = {
        "into_household_id": home["id"],
        "on": "2024-01-01",
        "members": [{"person_id": other["members"][0]["id"], "relation": "之兄弟姐妹"}],
    }
    await clerk.made(f"/v1/households/{other['id']}:merge", body, version=1)
    [shown] = (await clerk.get(f"/v1/households/{home['id']}/conditions")).json()
    assert (shown["household_id"], shown["guarantee"]) == (other["id"], "water")
    moved = await clerk.send("PATCH", f"/v1/households/{home['id']}", version=2, json={"region_code": COPPER})
    assert moved.status_code == 200
    alias = (await clerk.get(f"/v1/households/{other['id']}")).json()
    assert alias["path"] == moved.json()["path"]
    chain = await _family(clerk, people)
    refused = await clerk.post(
        f"/v1/households/{home['id']}:merge", {"into_household_id": chain["id"], "on": "2024-01-01"}, version=3
    )
    assert refused.json()["code"] == "household-absorbed"


async def test_who_left_meanwhile_does_not_come_back(clerk: Clerk, people: People) -> None:
    home = await _family(clerk, people)
    other = await _family(clerk, people, people.person("之子"))
    head, child = (member["id"] for member in other["members"])
    places = [{"person_id": head, "relation": "之兄弟姐妹"}, {"person_id": child, "relation": "之侄儿"}]
    body = {"into_household_id": home["id"], "on": "2024-01-01", "members": places}
    await clerk.made(f"/v1/households/{other['id']}:merge", body, version=1)
    await clerk.made(f"/v1/persons/{head}:leave", {"on": "2024-02-01", "reason": "died"}, version=3)
    headless = await clerk.post(f"/v1/households/{other['id']}:unmerge", {}, version=2)
    assert (headless.status_code, headless.json()["code"]) == (422, "no-head")
    back = await clerk.made(f"/v1/households/{other['id']}:unmerge", {"successor_id": child}, version=2)
    assert [(member["id"], member["relation"]) for member in back["members"]] == [(child, "户主")]


async def test_split_founds_a_household_in_one_transaction(clerk: Clerk, people: People, db: Database) -> None:
    home = await _family(clerk, people, people.person("之子"), people.person("之儿媳", male=False))
    _, son, wife = sorted(home["members"], key=lambda member: ["户主", "之子", "之儿媳"].index(member["relation"]))
    body = {
        "number": people.number(),
        "region_code": home["region_code"],
        "household_type": "lifted",
        "on": "2024-03-01",
        "members": [{"person_id": son["id"], "relation": "户主"}, {"person_id": wife["id"], "relation": "配偶"}],
    }
    before = await db.count()
    taken = await clerk.post(f"/v1/households/{home['id']}:split", body | {"number": home["number"]}, version=1)
    assert taken.json()["code"] == "number-taken"
    everybody = [{"person_id": member["id"], "relation": "户主"} for member in home["members"][:1]]
    headless = await clerk.post(f"/v1/households/{home['id']}:split", body | {"members": everybody}, version=1)
    assert headless.status_code == 422
    assert await db.count() == before
    new = await clerk.made(f"/v1/households/{home['id']}:split", body, version=1)
    assert [member["relation"] for member in new["members"]] == ["户主", "配偶"]
    assert (await clerk.get(f"/v1/households/{home['id']}")).json()["size"] == 1
    assert [event["name"] for event in await db.events(new["id"])] == [
        "HouseholdRegistered",
        "PersonJoined",
        "PersonJoined",
    ]
    assert [event["name"] for event in await db.events(home["id"])][4:] == [
        "PersonLeft",
        "PersonLeft",
        "HouseholdUpdated",
    ]


async def test_the_dead_do_not_join_again(clerk: Clerk, people: People) -> None:
    elder = people.person("之母", male=False)
    home = await _family(clerk, people, elder)
    person = next(member for member in home["members"] if member["relation"] == "之母")
    await clerk.made(f"/v1/persons/{person['id']}:leave", {"on": "2023-11-01", "reason": "died"}, version=1)
    answer = await clerk.post(f"/v1/households/{home['id']}/members", elder, version=2)
    assert (answer.status_code, answer.json()["code"]) == (409, "person-died")


async def test_one_person_whatever_certificate_and_never_a_guess(clerk: Clerk, people: People) -> None:
    person = people.person(phone="13998761234") | {"name": "独特姓名甲"}
    home = await _family(clerk, people)
    await clerk.made(f"/v1/households/{home['id']}/members", person | {"relation": "之子"}, version=1)
    for longer in ("", "43", "43B1"):
        card = {"certificate": person["certificate"] + longer}
        [found] = (await clerk.post("/v1/households:search", card)).json()
        assert found["id"] == home["id"]
        answer = await clerk.post("/v1/households", people.household(person | card))
        assert (answer.status_code, answer.json()["code"]) == (409, "registered-elsewhere")
        assert "独***甲" in answer.json()["detail"]
    one = await clerk.made("/v1/persons:identify", {"name": "独特 姓名甲"})
    assert (one["household_id"], one["masked_name"]) == (home["id"], "独***甲")
    [by_phone] = (await clerk.post("/v1/households:search", {"phone": "13998761234", "path": LUQUAN})).json()
    assert by_phone["id"] == home["id"]
    assert (await clerk.post("/v1/households:search", {"name": "独特姓名甲", "path": "5301/530113/"})).json() == []

    twin = people.person("之子") | {"name": "独特姓名甲"}
    other = await _family(clerk, people, twin)
    several = await clerk.post("/v1/persons:identify", {"name": "独特姓名甲"})
    assert (several.status_code, several.json()["code"]) == (409, "person-ambiguous")
    told = several.text
    assert home["number"] in told
    assert other["number"] in told
    assert "独特姓名甲" not in told
    narrowed = {"name": "独特姓名甲", "phone": "13998761234"}
    assert (await clerk.made("/v1/persons:identify", narrowed))["household_id"] == home["id"]
    assert (await clerk.post("/v1/persons:identify", {"name": "没有此人"})).status_code == 404


async def test_a_search_names_what_was_found_in_the_audit_and_nothing_that_was_asked(
    clerk: Clerk, people: People, db: Database
) -> None:
    home = await _family(clerk, people)
    await clerk.of(LUQUAN, subject="curious").post("/v1/households:search", {"number": home["number"]})
    await clerk.of(LUQUAN, subject="curious").get(f"/v1/households/{home['id']}")
    rows = await db.rows(
        "SELECT action, detail FROM audit_log WHERE entity = 'households' AND entity_id = :id AND subject = 'curious'"
        " ORDER BY id",
        id=home["id"],
    )
    assert [row.action for row in rows] == ["find_household", "read_household"]
    assert home["number"] not in str([row.detail for row in rows])


async def test_who_was_registered_before_the_index_is_found_once_the_worker_has_run(
    clerk: Clerk, people: People, worker_engine: AsyncEngine, cipher: FieldCipher
) -> None:
    person = people.person(phone="13700002222") | {"name": "早先登记人"}
    home = await _family(clerk, people)
    await clerk.made(f"/v1/households/{home['id']}/members", person | {"relation": "之子"}, version=1)
    async with worker_engine.begin() as tx:
        await tx.execute(text("UPDATE persons SET name_index = NULL, phone_index = NULL"))
    assert (await clerk.post("/v1/persons:identify", {"name": "早先登记人"})).status_code == 404
    stop = asyncio.Event()
    task = asyncio.ensure_future(Indexing(worker_engine, cipher).run(stop))

    async def found() -> bool:
        return (await clerk.post("/v1/persons:identify", {"phone": "13700002222"})).status_code == 200

    try:
        deadline = monotonic() + 40
        while not await found():
            assert monotonic() < deadline
            await asyncio.sleep(0.05)
    finally:
        stop.set()
        await task
    assert (await clerk.made("/v1/persons:identify", {"name": "早先登记人"}))["household_id"] == home["id"]
