"""Disasters and accidents that strike a household, and the help that reaches it."""

from typing import Any
from uuid import uuid4

import pytest

from .conftest import DONGCHUAN, Clerk, Database, People

FLOOD = {"kind": "disaster", "disaster": "flood", "happened_on": "2023-09-01", "means_lost": True, "loss": "42000.00"}
FEED = {"category": "industry", "causes": ["labour_shortage", "business_failure"], "started_on": "2023-09-10"}


async def _told(db: Database, home: dict[str, Any], *names: str) -> list[tuple[str, int, bool]]:
    told = await db.events(home["id"])
    return [(event["name"], event["revision"], event["void"]) for event in told if event["name"] in names]


def _pointers(problem: dict[str, Any]) -> set[str]:
    return {error["pointer"] for error in problem["errors"]}


async def test_a_shock_is_reported_corrected_resolved_and_its_kind_strikes_once_a_day(
    clerk: Clerk, people: People, db: Database
) -> None:
    home = await clerk.made("/v1/households", people.household())
    path = f"/v1/households/{home['id']}/shocks"
    made = await clerk.made(path, FLOOD)
    assert (made["revision"], made["means_lost"], made["loss"], made["resolved_on"]) == (1, True, "42000.00", None)
    twice = await clerk.post(path, FLOOD | {"loss": "1.00"})
    assert (twice.status_code, twice.json()["code"]) == (409, "shock-stands")
    await clerk.made(path, {"kind": "accident", "happened_on": "2023-09-01", "means_lost": False})
    one = f"/v1/shocks/{made['fact_id']}"
    better = {"means_lost": False, "loss": "3000.00", "disaster": "flood"}
    stale = await clerk.send("PUT", one, json=better, version=9)
    assert stale.status_code == 412
    corrected = (await clerk.send("PUT", one, json=better, version=1)).json()
    assert (corrected["revision"], corrected["means_lost"]) == (2, False)
    same = (await clerk.send("PUT", one, json=better, version=2)).json()
    assert same["revision"] == 2, "nothing changed, nothing is told"
    early = await clerk.post(f"{one}:resolve", {"resolved_on": "2023-08-31"}, version=2)
    assert (early.status_code, early.json()["code"]) == (409, "shock-closed")
    solved = await clerk.made(f"{one}:resolve", {"resolved_on": "2023-10-01"}, version=2)
    assert (solved["revision"], solved["resolved_on"]) == (3, "2023-10-01")
    assert (await clerk.post(f"{one}:resolve", {"resolved_on": "2023-10-02"}, version=3)).status_code == 409
    listed = (await clerk.get(path)).json()
    assert [(row["kind"], row["resolved_on"]) for row in listed] == [("accident", None), ("disaster", "2023-10-01")]
    [*_, last] = await db.events(home["id"], "ShockResolved")
    assert (last["data"]["happened_on"], last["data"]["resolved_on"]) == ("2023-09-01", "2023-10-01")
    assert last["fact_id"] == (await db.events(home["id"], "ShockReported"))[0]["fact_id"]


async def test_a_shock_that_never_was_is_taken_back_and_may_be_reported_again(
    clerk: Clerk, people: People, db: Database
) -> None:
    home = await clerk.made("/v1/households", people.household())
    path = f"/v1/households/{home['id']}/shocks"
    made = await clerk.made(path, FLOOD)
    gone = await clerk.made(f"/v1/shocks/{made['fact_id']}:void", None, version=1)
    assert gone["void"] is True
    again = await clerk.post(f"/v1/shocks/{made['fact_id']}:void", version=2)
    assert (again.status_code, again.json()["code"]) == (409, "shock-closed")
    assert (await clerk.made(path, FLOOD))["revision"] == 3
    told = await _told(db, home, "ShockReported", "ShockResolved")
    assert told == [("ShockReported", 1, False), ("ShockReported", 2, True), ("ShockReported", 3, False)]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"disaster": None}, "/disaster"),
        ({"kind": "accident"}, "/disaster"),
        ({"loss": "-1.00"}, "/loss"),
        ({"happened_on": "2999-01-01"}, "/happened_on"),
        ({"kind": "fire"}, "/kind"),
        ({"note": "x"}, "/note"),
    ],
)
async def test_what_is_wrong_with_a_shock_is_named_and_leaves_nothing(
    clerk: Clerk, people: People, db: Database, change: dict[str, Any], pointer: str
) -> None:
    home = await clerk.made("/v1/households", people.household())
    answer = await clerk.post(f"/v1/households/{home['id']}/shocks", FLOOD | change)
    assert answer.status_code == 422, answer.text
    assert pointer in _pointers(answer.json())
    assert await _told(db, home, "ShockReported") == []


async def test_a_measure_is_recorded_completed_and_taken_back(clerk: Clerk, people: People, db: Database) -> None:
    home = await clerk.made("/v1/households", people.household())
    path = f"/v1/households/{home['id']}/measures"
    made = await clerk.made(path, FEED)
    assert (made["development"], made["causes"]) == (True, ["business_failure", "labour_shortage"])
    twice = await clerk.post(path, FEED)
    assert (twice.status_code, twice.json()["code"]) == (409, "measure-stands")
    health = await clerk.made(path, {"category": "health", "causes": ["illness"], "started_on": "2023-09-10"})
    assert health["development"] is False
    one = f"/v1/measures/{made['id']}"
    early = await clerk.post(f"{one}:complete", {"completed_on": "2023-09-09"}, version=1)
    assert (early.status_code, early.json()["code"]) == (409, "measure-over")
    done = await clerk.made(f"{one}:complete", {"completed_on": "2023-10-10"}, version=1)
    assert (done["revision"], done["completed_on"]) == (2, "2023-10-10")
    gone = await clerk.made(f"{one}:void", None, version=2)
    assert gone["void"] is True
    assert (await clerk.post(f"{one}:complete", {"completed_on": "2023-10-11"}, version=3)).status_code == 409
    assert (await clerk.made(path, FEED))["revision"] == 4
    told = await _told(db, home, "MeasureStarted", "MeasureCompleted")
    assert told == [
        ("MeasureStarted", 1, False),
        ("MeasureStarted", 1, False),
        ("MeasureCompleted", 2, False),
        ("MeasureCompleted", 3, True),
        ("MeasureStarted", 4, False),
    ]
    [*_, last] = await db.events(home["id"], "MeasureCompleted")
    assert (last["data"]["category"], last["data"]["development"]) == ("industry", True)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"category": "water", "causes": ["illness"]}, "/causes/0"),
        ({"category": "health", "causes": ["illness", "water"]}, "/causes/1"),
        ({"causes": []}, "/causes"),
        ({"category": "money"}, "/category"),
        ({"started_on": "2999-01-01"}, "/started_on"),
    ],
)
async def test_a_measure_that_cannot_answer_its_cause_is_refused(
    clerk: Clerk, people: People, db: Database, change: dict[str, Any], pointer: str
) -> None:
    home = await clerk.made("/v1/households", people.household())
    answer = await clerk.post(f"/v1/households/{home['id']}/measures", FEED | change)
    assert answer.status_code == 422, answer.text
    assert pointer in _pointers(answer.json())
    assert await _told(db, home, "MeasureStarted") == []


async def test_areas_and_rights_hold_for_shocks_and_measures(clerk: Clerk, people: People) -> None:
    home = await clerk.made("/v1/households", people.household())
    shock = await clerk.made(f"/v1/households/{home['id']}/shocks", FLOOD)
    measure = await clerk.made(f"/v1/households/{home['id']}/measures", FEED)
    elsewhere = clerk.of(DONGCHUAN)
    for path, body in (
        (f"/v1/households/{home['id']}/shocks", FLOOD),
        (f"/v1/households/{home['id']}/measures", FEED),
        (f"/v1/shocks/{shock['fact_id']}:void", None),
        (f"/v1/measures/{measure['id']}:void", None),
        (f"/v1/shocks/{uuid4()}:void", None),
    ):
        assert (await elsewhere.post(path, body, version=1)).status_code == 404
    reader = clerk.of("5301/", rights="conditions:read support:read")
    assert len((await reader.get(f"/v1/households/{home['id']}/shocks")).json()) == 1
    refused = await reader.post(f"/v1/households/{home['id']}/shocks", FLOOD)
    assert (refused.status_code, refused.json()["code"]) == (403, "missing-right")


async def test_a_merged_household_brings_its_shocks_and_help_along(clerk: Clerk, people: People) -> None:
    one, other = [await clerk.made("/v1/households", people.household()) for _ in range(2)]
    await clerk.made(f"/v1/households/{one['id']}/shocks", FLOOD)
    await clerk.made(f"/v1/households/{one['id']}/measures", FEED)
    places = [{"person_id": member["id"], "relation": "其他"} for member in one["members"]]
    body = {"into_household_id": other["id"], "on": "2023-10-15", "members": places}
    await clerk.made(f"/v1/households/{one['id']}:merge", body, version=1)
    for what, entry in (("shocks", FLOOD), ("measures", FEED)):
        assert len((await clerk.get(f"/v1/households/{other['id']}/{what}")).json()) == 1
        late = await clerk.post(f"/v1/households/{one['id']}/{what}", entry)
        assert (late.status_code, late.json()["code"]) == (409, "household-merged")
