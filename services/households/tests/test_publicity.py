"""Publicity in villages, and households that are shown as examples because they agreed to it."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.publicity.rules import ConsentAfter, RoleModelDates, check_consent

from .conftest import COPPER, DONGCHUAN, LUQUAN, Clerk, Database, People

VILLAGE, OTHER, MODEL = "530128108202", "530128108203", "530128108201"
TOWN = "5301/530128/530128108/"


def held(region: str = VILLAGE, **told: Any) -> dict[str, Any]:
    return {
        "region_code": region, "kind": "policy", "title": "惠农政策院坝会", "held_on": "2023-10-15", "persons": 80,
        "households": 40, **told,
    }  # fmt: skip


async def numbers(clerk: Clerk, year: int) -> dict[str, tuple[int, ...]]:
    told = (await clerk.get("/v1/publicity-numbers", params={"path": TOWN, "year": year})).json()
    assert all(row["registered"] for row in told), "a village where nothing was held is told of for its households"
    return {
        row["region_code"]: (row["held"], row["persons"], row["households"], row["role_models"])
        for row in told
        if row["region_code"] in (VILLAGE, OTHER, MODEL)
    }


async def test_what_is_held_is_counted_per_village_also_where_nothing_is(
    clerk: Clerk, people: People, db: Database
) -> None:
    for region in (VILLAGE, OTHER):
        await clerk.made("/v1/households", people.household(region=region))
    first = await clerk.made("/v1/publicity", held())
    await clerk.made("/v1/publicity", held(kind="customs", persons=20, households=11, held_on="2023-11-01"))
    await clerk.made("/v1/publicity", held(held_on="2024-01-05"))
    counted = await numbers(clerk, 2023)
    assert (counted[VILLAGE], counted[OTHER]) == ((2, 100, 51, 0), (0, 0, 0, 0))
    path = f"/v1/publicity/{first['id']}"
    assert (await clerk.send("PUT", path, json={"persons": 70, "households": 35})).status_code == 428
    mended = await clerk.send("PUT", path, json={"persons": 70, "households": 35}, version=1)
    assert (mended.status_code, mended.headers["etag"]) == (200, '"2"')
    assert (await numbers(clerk, 2023))[VILLAGE][1:3] == (90, 46)
    gone = await clerk.post(f"{path}:void", version=2)
    assert gone.json()["void"] is True
    late = await clerk.send("PUT", path, json={"persons": 1, "households": 1}, version=3)
    assert (late.status_code, late.json()["code"]) == (409, "publicity-void")
    assert (await numbers(clerk, 2023))[VILLAGE][0] == 1
    listed = (await clerk.get("/v1/publicity", params={"path": TOWN, "year": 2023})).json()["items"]
    assert [row["kind"] for row in listed] == ["customs"]
    told = [(event["name"], event["revision"], event["void"]) for event in await db.events(first["id"])]
    assert told == [("PublicityHeld", 1, False), ("PublicityHeld", 2, False), ("PublicityHeld", 3, True)]


async def test_a_household_is_a_role_model_only_while_it_agrees(clerk: Clerk, people: People, db: Database) -> None:
    home = await clerk.made("/v1/households", people.household(region=MODEL))
    path, signer = f"/v1/households/{home['id']}/role-models", home["members"][0]["id"]
    body = {"field": "industry", "since": "2023-10-15", "consented_on": "2023-10-10", "person_id": signer}
    for told, code in (
        ({"consented_on": "2023-10-16"}, "role-model-consent"),
        ({"person_id": str(uuid4())}, "not-of-household"),
        ({"since": "2999-01-01"}, "in-future"),
    ):
        refused = await clerk.post(path, body | told)
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    unasked = {name: body[name] for name in body if name != "consented_on"}
    assert (await clerk.post(path, unasked)).status_code == 422
    named = await clerk.made(path, body)
    twice = await clerk.post(path, body)
    assert (twice.status_code, twice.json()["code"]) == (409, "role-model-stands")
    listed = (await clerk.get("/v1/role-models", params={"path": TOWN, "on": "2023-12-31"})).json()["items"]
    assert [row["household_id"] for row in listed] == [home["id"]]
    assert (await numbers(clerk, 2023))[MODEL][3] == 1

    ending = {"until": "2024-02-01", "reason": "household"}
    early = await clerk.post(f"/v1/role-models/{named['id']}:end", ending | {"until": "2023-10-01"}, version=1)
    assert (early.status_code, early.json()["code"]) == (422, "role-model-dates")
    ended = await clerk.post(f"/v1/role-models/{named['id']}:end", ending, version=1)
    assert (ended.status_code, ended.json()["reason"]) == (200, "household")
    over = await clerk.post(f"/v1/role-models/{named['id']}:end", ending, version=2)
    assert (over.status_code, over.json()["code"]) == (409, "role-model-over")
    assert (await clerk.get("/v1/role-models", params={"path": TOWN, "on": "2024-02-01"})).json()["items"] == []
    stale = await clerk.post(path, body | {"since": "2024-03-01"})
    assert (stale.status_code, stale.json()["code"]) == (422, "role-model-consent"), "it withdrew, so it is asked anew"
    again = await clerk.made(path, body | {"since": "2024-03-01", "consented_on": "2024-02-20"})
    assert (again["id"], again["revision"]) == (named["id"], 3)
    told = [(e["name"], e["revision"]) for e in await db.events(home["id"]) if e["name"].startswith("RoleModel")]
    assert told == [("RoleModelNamed", 1), ("RoleModelEnded", 2), ("RoleModelNamed", 3)]
    [shown] = (await clerk.get(path)).json()
    assert shown["until"] is None


async def test_another_area_sees_and_changes_nothing(clerk: Clerk, people: People) -> None:
    away = clerk.of(DONGCHUAN)
    refused = await away.post("/v1/publicity", held())
    assert (refused.status_code, refused.json()["code"]) == (422, "village-unknown")
    own = await away.made("/v1/publicity", held(COPPER))
    hidden = await clerk.of(LUQUAN).post(f"/v1/publicity/{own['id']}:void", version=1)
    assert (hidden.status_code, hidden.json()["code"]) == (404, "publicity-unknown")
    home = await clerk.made("/v1/households", people.household(region=MODEL))
    assert (await away.get(f"/v1/households/{home['id']}/role-models")).status_code == 404
    reader = clerk.of(LUQUAN, rights="support:read")
    assert (await reader.post("/v1/publicity", held())).status_code == 403
    for told in ({"persons": -1}, {"kind": "song"}, {"title": ""}, {"held_on": "2999-01-01"}, {"speaker": "x"}):
        assert (await clerk.post("/v1/publicity", held(**told))).status_code == 422


_DAY = st.integers(0, 60).map(lambda days: date(2024, 1, 1) + timedelta(days=days))


@given(_DAY, _DAY, st.none() | _DAY)
def test_nobody_is_shown_before_it_agreed_nor_again_on_an_old_word(
    consented: date, since: date, ended: date | None
) -> None:
    if consented <= since and (ended is None or ended <= consented):
        check_consent(consented_on=consented, since=since, ended=ended)
    else:
        with pytest.raises((ConsentAfter, RoleModelDates)):
            check_consent(consented_on=consented, since=since, ended=ended)
