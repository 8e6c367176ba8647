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
