"""What-ifs on a real database: asked, computed through a crash, read, and borne out by the release."""

from contextlib import closing
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from monitoring_feed import Feed, Home
from monitoring_officer import DONGCHUAN, LUQUAN, Officer
from test_policy import released

from monitoring.whatif.runner import WhatIfRunner

ASKED = {"name": "line.monitoring", "path": "5301/", "valid_from": "2024-01-01", "value": "9700.00"}


async def asked(officer: Officer, **change: Any) -> Any:
    body = {"title": "监测线调整到 9700 元", "values": [ASKED]} | change
    answer = await officer.post("/v1/what-ifs", body, **{"idempotency-key": str(uuid4())})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def done(officer: Officer, feed: Feed, what_if: Any) -> Any:
    with closing(WhatIfRunner(feed.engine)) as runner:
        while await runner.step():
            pass
    found = await officer.read(f"/v1/what-ifs/{what_if['id']}")
    assert found["state"] == "done"
    return found


async def flips(officer: Officer, what_if: Any, **params: str) -> dict[str, Any]:
    page = await officer.read(f"/v1/what-ifs/{what_if['id']}/flips", params={"page_size": 200, **params})
    return {item["household_id"]: item for item in page["items"]}


async def test_what_was_foretold_comes_true_when_the_value_is_released(feed: Feed, officer: Officer) -> None:
    between, far, poor = [Home() for _ in range(5)], Home(), Home()
    await feed.day(date(2024, 3, 13))
    await released(officer, value="8400.00")
    for home in between:
        await feed.send(*home.settled(wage=10_000))
    await feed.send(*far.settled(wage=90_000), *poor.settled(wage=1_000))
    await feed.sweep()
    before = {home.id: await feed.level(home.id) for home in (*between, far, poor)}

    question = await asked(officer)
    assert (question["state"], question["first_on"], question["last_on"]) == ("waiting", "2024-03-13", "2024-03-13")
    # killed after five households: another worker goes on behind them
    with closing(WhatIfRunner(feed.engine, at_once=1)) as killed:
        assert await killed.step()
    assert (await officer.read(f"/v1/what-ifs/{question['id']}"))["state"] == "running"
    found = await done(officer, feed, question)
    assert {home.id: await feed.level(home.id) for home in (*between, far, poor)} == before, "nothing real has changed"

    foretold = await flips(officer, question)
    assert foretold.keys() == {str(home.id) for home in between}
    assert {flip["level_after"] for flip in foretold.values()} == {"orange"}
    assert {tuple(flip["more"]) for flip in foretold.values()} == {("income.below_line",)}
    assert found["alerts_after"] - found["alerts_before"] == len(between)
    assert float(found["shortfall_after"]) > float(found["shortfall_before"]) > 0
    weeks = (await officer.read(f"/v1/what-ifs/{question['id']}/weeks"))["items"]
    [line] = [week for week in weeks if week["rule"] == "income.below_line"]
    assert (line["path"], line["week"], line["after"] - line["before"]) == ("5301/530128/530128104/", "2024-03-11", 5)

    await released(officer, value="9700.00")
    await feed.sweep()
    after = {str(home.id): await feed.level(home.id) for home in (*between, far, poor)}
    for home in (*between, far, poor):
        expected = foretold[str(home.id)]["level_after"] if str(home.id) in foretold else before[home.id]
        assert after[str(home.id)] == expected


async def test_a_county_asks_about_itself_and_sees_no_other(feed: Feed, officer: Officer) -> None:
    county = officer.of(LUQUAN)
    own = await asked(county, path=LUQUAN, values=[ASKED | {"path": LUQUAN}])
    assert (await officer.of(DONGCHUAN).get(f"/v1/what-ifs/{own['id']}")).status_code == 404
    listed = await county.read("/v1/what-ifs")
    assert own["id"] in {item["id"] for item in listed["items"]}
    await done(county, feed, own)


async def test_a_cancelled_one_stays_where_it_is(feed: Feed, officer: Officer) -> None:
    what_if = await asked(officer)
    ended = (await officer.post(f"/v1/what-ifs/{what_if['id']}:cancel", None)).json()
    assert (ended["state"], ended["households"]) == ("cancelled", 0)
    again = await officer.post(f"/v1/what-ifs/{what_if['id']}:cancel", None)
    assert (again.status_code, again.json()["code"]) == (409, "what-if-over")
    assert not await WhatIfRunner(feed.engine).step()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"values": []}, None),
        ({"values": [ASKED | {"name": "line.nobody"}]}, "unknown-policy"),
        ({"values": [ASKED | {"valid_to": "2023-01-01"}]}, "ends-before-it-begins"),
        ({"path": "5301/5301"}, "bad-management-path"),
        ({"last_on": "2030-01-01"}, "period-ahead"),
        ({"first_on": "2024-03-01", "last_on": "2024-02-01"}, "period-turned"),
        ({"first_on": "2022-01-01", "last_on": "2024-01-01"}, "period-too-long"),
        ({"colour": "red"}, None),
    ],
)
async def test_bad_questions_are_refused(officer: Officer, change: dict[str, Any], code: str | None) -> None:
    body = {"title": "?", "values": [ASKED]} | change
    answer = await officer.post("/v1/what-ifs", body, **{"idempotency-key": str(uuid4())})
    assert answer.status_code == 422
    if code:
        assert answer.json()["code"] == code


async def test_a_county_does_not_ask_about_the_city(officer: Officer) -> None:
    body = {"title": "?", "values": [ASKED]}
    answer = await officer.of(LUQUAN).post("/v1/what-ifs", body, **{"idempotency-key": str(uuid4())})
    assert (answer.status_code, answer.json()["code"]) == (403, "policy-out-of-area")
