"""Demonstration bases: who owns them, how they are recognised, and whom they pull along."""

from itertools import count
from typing import Any
from uuid import uuid4

import pytest

from households.bases.rules import LEVELS, BaseOwner, check_owner, highest
from kit.testing import credit_code

from .conftest import DONGCHUAN, LUQUAN, Clerk, Database, People

_serials = count(41_000)
VILLAGE, TOWN = "530128104205", "5301/530128/530128104/"


async def owned(clerk: Clerk, region: str = VILLAGE, **told: Any) -> dict[str, Any]:
    entity = {
        "kind": "cooperative",
        "name": "核桃合作社",
        "region_code": region,
        "credit_code": credit_code(next(_serials)),
    }
    owner = await clerk.made("/v1/entities", entity)
    return {
        "kind": "industry", "name": "核桃示范基地", "trade": "walnut", "region_code": region, "area": "320.50",
        "since": "2023-03-01", "entity_id": owner["id"], **told,
    }  # fmt: skip


async def numbers(clerk: Clerk, on: str, path: str = TOWN) -> list[tuple[Any, ...]]:
    told = (await clerk.get("/v1/base-numbers", params={"path": path, "on": on})).json()
    return [(row["county"], row["level"], row["bases"], row["area"], row["households"]) for row in told]


async def test_a_base_rises_through_the_levels_and_pulls_households_along(
    clerk: Clerk, people: People, db: Database
) -> None:
    base = await clerk.made("/v1/bases", await owned(clerk))
    path = f"/v1/bases/{base['id']}"
    homes = [await clerk.made("/v1/households", people.household(region=VILLAGE)) for _ in range(3)]
    body = {"household_ids": [home["id"] for home in homes], "since": "2023-04-01"}
    joined = (await clerk.post(f"{path}/households", body)).json()
    assert {row["household_id"] for row in joined} == {home["id"] for home in homes}
    assert (await clerk.post(f"{path}/households", body)).json() == [], "who is in it stays as it is"
    assert await numbers(clerk, "2023-05-01") == [(LUQUAN, None, 1, "320.50", 3)]

    county = {"level": "county", "recognised_on": "2023-06-01", "document": "禄农发〔2023〕3号"}
    recognised = await clerk.made(f"{path}/recognitions", county)
    twice = await clerk.post(f"{path}/recognitions", county)
    assert (twice.status_code, twice.json()["code"]) == (409, "base-recognition-stands")
    await clerk.made(f"{path}/recognitions", county | {"level": "city", "recognised_on": "2024-01-01"})
    assert await numbers(clerk, "2023-12-31") == [(LUQUAN, "county", 1, "320.50", 3)]
    assert await numbers(clerk, "2024-01-01") == [(LUQUAN, "city", 1, "320.50", 3)]
    withdrawing = f"/v1/base-recognitions/{recognised['id']}:withdraw"
    early = await clerk.post(withdrawing, {"withdrawn_on": "2023-05-31"}, version=1)
    assert (early.status_code, early.json()["code"]) == (422, "base-dates")
    gone = await clerk.post(withdrawing, {"withdrawn_on": "2024-02-01"}, version=1)
    assert (gone.status_code, gone.json()["revision"]) == (200, 2)
    again = await clerk.made(f"{path}/recognitions", county | {"recognised_on": "2024-03-01"})
    assert (again["id"], again["revision"]) == (recognised["id"], 3)

    leaving = f"{path}/households/{homes[0]['id']}:leave"
    left = await clerk.post(leaving, {"until": "2024-04-01"}, version=1)
    assert (left.status_code, left.json()["until"]) == (200, "2024-04-01")
    assert (await clerk.post(leaving, {"until": "2024-05-01"}, version=2)).json()["code"] == "base-left"
    assert await numbers(clerk, "2024-04-01") == [(LUQUAN, "city", 1, "320.50", 2)]
    larger = await clerk.send("PUT", path, json={"name": "核桃示范园", "trade": "walnut", "area": "400"}, version=1)
    assert (larger.status_code, larger.headers["etag"]) == (200, '"2"')
    assert (await clerk.post(f"{path}:close", {"closed_on": "2024-05-01"}, version=1)).status_code == 412
    closed = await clerk.post(f"{path}:close", {"closed_on": "2024-05-01"}, version=2)
    assert closed.json()["closed_on"] == "2024-05-01"
    assert await numbers(clerk, "2024-05-01") == []
    late = await clerk.post(f"{path}/households", body | {"since": "2024-05-02"})
    assert (late.status_code, late.json()["code"]) == (409, "base-closed")
    listed = (await clerk.get("/v1/bases", params={"path": TOWN, "on": "2024-04-30"})).json()["items"]
    assert [row["id"] for row in listed] == [base["id"]]

    told = [event["name"] for event in await db.events(base["id"])]
    assert told == [
        "BaseRegistered", "BaseRecognised", "BaseRecognised", "BaseRecognitionWithdrawn", "BaseRecognised",
        "BaseUpdated", "BaseUpdated",
    ]  # fmt: skip
    of_home = [(e["name"], e["revision"]) for e in await db.events(homes[0]["id"]) if e["name"].startswith("Base")]
    assert of_home == [("BaseJoined", 1), ("BaseLeft", 2)]


async def test_bases_without_owner_or_of_another_area_are_refused(clerk: Clerk, people: People, db: Database) -> None:
    sound = await owned(clerk, "530128105201")
    before = await db.count()
    for told, code in (
        ({"entity_id": None}, "base-owner"),
        ({"collective_id": str(uuid4())}, "base-owner"),
        ({"entity_id": str(uuid4())}, "base-owner-unknown"),
        ({"entity_id": None, "collective_id": str(uuid4())}, "base-owner-unknown"),
        ({"region_code": "530128105000"}, "village-unknown"),
        ({"since": "2999-01-01"}, "in-future"),
        ({"area": "-1"}, None),
    ):
        answer = await clerk.post("/v1/bases", sound | told)
        assert answer.status_code == 422, answer.text
        assert code is None or answer.json()["code"] == code
    away = clerk.of(DONGCHUAN)
    assert (await away.post("/v1/bases", sound)).json()["code"] == "village-unknown"
    assert await db.count() == before
    village = await clerk.made(
        "/v1/bases", sound | {"kind": "village", "entity_id": None, "name": "示范村", "area": "0"}
    )
    assert village["entity_id"] is None
    hidden = await away.get(f"/v1/bases/{village['id']}")
    assert (hidden.status_code, hidden.json()["code"]) == (404, "base-unknown")
    home = await clerk.made("/v1/households", people.household(region="530128105201"))
    body = {"household_ids": [home["id"], str(uuid4())], "since": "2023-04-01"}
    nobody = await clerk.post(f"/v1/bases/{village['id']}/households", body)
    assert nobody.json()["code"] == "household-unknown"
    assert (await clerk.get(f"/v1/bases/{village['id']}/households")).json()["items"] == [], "all of them or none"
    absent = await clerk.post(
        f"/v1/bases/{village['id']}/households/{home['id']}:leave", {"until": "2024-01-01"}, version=1
    )
    assert (absent.status_code, absent.json()["code"]) == (404, "base-household-unknown")


def test_the_highest_level_counts_and_a_base_has_one_owner() -> None:
    assert [highest(LEVELS[:place]) for place in range(5)] == [None, *LEVELS]
    owner = uuid4()
    check_owner("village", None, None)
    check_owner("trial", None, owner)
    for kind, entity, collective in (("industry", None, None), ("village", owner, owner)):
        with pytest.raises(BaseOwner):
            check_owner(kind, entity, collective)
