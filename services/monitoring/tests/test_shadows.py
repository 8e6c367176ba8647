"""Shadows: values watched every day beside those in force; who would flip, came and went; nothing real changes."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from monitoring_feed import Feed, Home
from monitoring_officer import DONGCHUAN, LUQUAN, Officer

from monitoring.shadows.rules import MOST
from monitoring.whatif.runner import WhatIfRunner

BY_LAG = "work.wage_missing.by_lag"
LINE = {"name": "line.monitoring", "path": "5301/", "valid_from": "2023-01-01", "value": "9700.00"}


@pytest.fixture
async def runner(feed: Feed) -> AsyncIterator[WhatIfRunner]:
    runner = WhatIfRunner(feed.engine)
    yield runner
    runner.close()


async def started(officer: Officer, **change: Any) -> Any:
    body = {"title": "监测线 9700 元", "path": LUQUAN, "values": [LINE]} | change
    answer = await officer.post("/v1/shadows", body, **{"idempotency-key": str(uuid4())})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def days(officer: Officer, shadow: Any, runner: WhatIfRunner) -> list[dict[str, Any]]:
    while await runner.step():
        pass
    found = (await officer.read(f"/v1/shadows/{shadow['id']}/days"))["items"]
    assert {day["state"] for day in found} == {"done"}
    return list(found)


async def test_each_day_says_who_would_flip_who_came_and_who_went(
    feed: Feed, officer: Officer, runner: WhatIfRunner
) -> None:
    await feed.day(date(2023, 10, 15))
    between, far = Home(), Home()
    await feed.send(*between.settled(wage=10_000), *far.settled(wage=90_000))
    shadow = await started(officer)
    [first] = await days(officer, shadow, runner)
    assert (first["day"], first["flips"], first["came"], first["went"]) == ("2023-10-15", 1, 1, 0)
    assert first["alerts_after"] == first["alerts_before"] + 1
    assert await days(officer, shadow, runner) == [first], "a day is asked once"

    late = Home()
    await feed.send(*late.settled(wage=10_000), between.earns(90_000, revision=2))
    await feed.day(date(2023, 10, 16))
    second, _ = await days(officer, shadow, runner)
    assert (second["flips"], second["came"], second["went"]) == (1, 1, 1)
    [flip] = (await officer.read(f"/v1/what-ifs/{second['id']}/flips"))["items"]
    assert (flip["household_id"], flip["level_after"]) == (str(late.id), "orange")
    assert await feed.level(late.id) == "green", "nothing real has changed"
    assert second["id"] not in {item["id"] for item in (await officer.read("/v1/what-ifs"))["items"]}

    stopped = await officer.post(f"/v1/shadows/{shadow['id']}:stop", None)
    assert stopped.json()["stopped_at"] is not None
    await feed.day(date(2023, 10, 17))
    assert len(await days(officer, shadow, runner)) == 2
    again = await officer.post(f"/v1/shadows/{shadow['id']}:stop", None)
    assert (again.status_code, again.json()["code"]) == (409, "shadow-over")


async def test_a_candidate_rule_is_watched_by_township_and_alerts_nobody(
    feed: Feed, officer: Officer, runner: WhatIfRunner
) -> None:
    [by_lag] = [item for item in await officer.read("/v1/candidate-rules") if item["name"] == BY_LAG]
    assert (by_lag["id"], by_lag["replaces"], by_lag["levels"]) == ("work.wage_missing", True, ["yellow"])
    await feed.day(date(2023, 11, 2))
    slow, unpaid = Home(), Home()
    for home in (slow, unpaid):
        await feed.send(*home.settled(), home.misses("2023-08"), home.misses("2023-09"))
    await feed.send(slow.misses("2023-05"), slow.misses("2023-05", came_on=date(2023, 9, 20)))
    assert {await feed.level(home.id) for home in (slow, unpaid)} == {"yellow"}

    shadow = await started(officer, title="工资未到，扣除上报时滞", values=[], candidates=[BY_LAG])
    assert (shadow["values"], shadow["candidates"]) == ([], [BY_LAG])
    [first] = await days(officer, shadow, runner)
    [flip] = (await officer.read(f"/v1/what-ifs/{first['id']}/flips"))["items"]
    assert (flip["household_id"], flip["fewer"], flip["level_after"]) == (str(slow.id), ["work.wage_missing"], "green")
    [township] = await officer.read(f"/v1/shadows/{shadow['id']}/days/2023-11-02/townships")
    assert township == {
        "path": "5301/530128/530128104/", "flips": 1, "came": 1, "went": 0,
        "more": {}, "fewer": {"work.wage_missing": 1},
    }  # fmt: skip

    later = date(2024, 1, 25)
    await feed.day(later)
    second, _ = await days(officer, shadow, runner)
    assert (second["flips"], second["came"], second["went"]) == (0, 0, 1), "by now even this employer has told"
    [township] = await officer.read(f"/v1/shadows/{shadow['id']}/days/{later}/townships")
    assert (township["flips"], township["went"], township["fewer"]) == (0, 1, {})
    assert await feed.alerts(slow.id) == [("work.wage_missing", "yellow", "open")], "nothing real has changed"
    await officer.post(f"/v1/shadows/{shadow['id']}:stop", None)


async def test_nothing_and_no_such_rule_are_refused(officer: Officer) -> None:
    for change, code in (({}, "nothing-asked"), ({"candidates": ["work.nothing"]}, "candidate-unknown")):
        for route in ("/v1/shadows", "/v1/what-ifs"):
            refused = await officer.post(route, {"title": "x", **change}, **{"idempotency-key": str(uuid4())})
            assert (refused.status_code, refused.json()["code"]) == (422, code)


async def test_a_shadow_is_of_its_area_and_only_so_many_run(officer: Officer) -> None:
    shadow = await started(officer)
    stranger = officer.of(DONGCHUAN)
    assert shadow["id"] not in {item["id"] for item in (await stranger.read("/v1/shadows"))["items"]}
    beyond = await stranger.post(
        "/v1/shadows", {"title": "x", "path": LUQUAN, "values": [LINE]}, **{"idempotency-key": str(uuid4())}
    )
    assert (beyond.status_code, beyond.json()["code"]) == (403, "policy-out-of-area")
    unknown = {**LINE, "name": "line.nobody"}
    refused = await officer.post(
        "/v1/shadows", {"title": "x", "values": [unknown]}, **{"idempotency-key": str(uuid4())}
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown-policy")
    for _ in range(MOST - 1):
        await started(officer)
    full = await officer.post("/v1/shadows", {"title": "x", "values": [LINE]}, **{"idempotency-key": str(uuid4())})
    assert (full.status_code, full.json()["code"]) == (409, "too-many-shadows")
