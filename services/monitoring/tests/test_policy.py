"""Policy with two persons: drafted by one, released by another, and everybody looked at again, once."""

import asyncio
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from monitoring_feed import Feed, Home
from monitoring_officer import DONGCHUAN, LUQUAN, Officer
from sqlalchemy.ext.asyncio import AsyncEngine

from kit.database import engine
from monitoring.policy import rules
from monitoring.policy.rules import Remembering
from monitoring.rebuild import rebuild

VALUE = {
    "name": "line.monitoring",
    "path": "5301/",
    "valid_from": "2024-01-01",
    "value": "8400.00",
    "document": "演示值（非官方）",
    "clause": "年人均纯收入监测线",
    "confidence": "demo",
}


async def drafted(officer: Officer, **change: Any) -> Any:
    answer = await officer.post("/v1/policy-drafts", VALUE | change, **{"idempotency-key": str(uuid4())})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def released(officer: Officer, **change: Any) -> Any:
    draft = await drafted(officer, **change)
    answer = await officer.named("reviewer").post(f"/v1/policy-drafts/{draft['id']}:release", None)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_draft_has_no_effect_until_a_second_person_releases_it(feed: Feed, officer: Officer) -> None:
    home, poor = Home(), Home()
    await feed.day(date(2024, 1, 1))
    await feed.send(*home.settled(), *poor.settled(wage=1000))
    draft = await drafted(officer)
    await feed.sweep()
    unknown = await officer.read(f"/v1/households/{home.id}/risk")
    assert unknown["level"] == "unknown"
    assert [rule["missing"] for rule in unknown["outcomes"] if rule["state"] == "unknown"] == ["line.monitoring"]
    alone = await officer.post(f"/v1/policy-drafts/{draft['id']}:release", None)
    assert (alone.status_code, alone.json()["code"]) == (403, "policy-needs-second-person")
    assert (await officer.read(f"/v1/policy-drafts/{draft['id']}"))["state"] == "draft"

    reviewer = officer.named("reviewer")
    done = (await reviewer.post(f"/v1/policy-drafts/{draft['id']}:release", None)).json()
    assert (done["state"], done["drafted_by"], done["decided_by"]) == ("released", "officer", "reviewer")
    again = await reviewer.post(f"/v1/policy-drafts/{draft['id']}:release", None)
    assert (again.status_code, again.json()["code"]) == (409, "policy-draft-decided")
    await feed.sweep()
    assert (await officer.read(f"/v1/households/{home.id}/risk"))["level"] == "green"
    held = await officer.read(f"/v1/households/{poor.id}/risk")
    [rule] = [rule for rule in held["outcomes"] if rule["rule"] == "income.below_line"]
    assert (rule["policy"][0]["confidence"], rule["policy"][0]["id"]) == ("demo", draft["id"])
    [told] = await feed.rows("SELECT data FROM event_log WHERE type LIKE '%LineChanged%'")
    assert (told.data["drafted_by"], told.data["released_by"]) == ("officer", "reviewer")
    in_force = await officer.read("/v1/policies", params={"name": "line.monitoring", "on": "2024-06-01"})
    assert [float(value["value"]) for value in in_force] == [8400.0]


async def test_a_line_in_mid_year_looks_at_everybody_once_beside_live_flow(
    feed: Feed, officer: Officer, dsns: Any
) -> None:
    homes = [Home() for _ in range(30)]
    await feed.day(date(2024, 3, 13))
    for home in homes:
        await feed.send(*home.settled(wage=10_000))
    before = {home.id: await feed.level(home.id) for home in homes}
    assert set(before.values()) == {"green"}
    await released(officer, valid_from="2024-03-14", value="9700.00")
    assert {await feed.level(home.id) for home in homes} == {"green"}
    await feed.day(date(2024, 3, 14), sweep=False)
    live = [feed.send(home.joined(home.spouse, aggregate_revision=2)) for home in homes[:15]]
    await asyncio.gather(_one_by_one(live), feed.sweep(4), feed.sweep(7))
    await feed.sweep()
    async with feed.engine.begin() as tx:
        assert await feed.profiles.catch_up(tx, 500) == 0
    for home in homes:
        told = await feed.told(home.id)
        assert (await feed.level(home.id), told.count("AlertRaised"), told.count("RiskChanged")) == ("orange", 1, 2)
    report = await rebuilt(dsns.owner, feed.engine)
    assert report.identical, report


async def test_a_correction_counts_in_place_of_a_seed_and_a_rebuild_agrees(
    feed: Feed, officer: Officer, dsns: Any
) -> None:
    home = Home()
    await feed.day(date(2024, 3, 15))
    await released(officer, valid_from="2024-03-15", value="8500.00")
    members = (home.joined(home.head), home.joined(home.spouse))
    await feed.send(home.registered(), *members, home.earns(90_000), home.starts())

    async def used() -> tuple[str, float]:
        risk = await officer.read(f"/v1/households/{home.id}/risk")
        [rule] = [rule for rule in risk["outcomes"] if rule["rule"] == "income.below_one_to_one"]
        return rule["policy"][0]["id"], float(rule["policy"][0]["value"])

    seed = await used()
    assert (seed[1], await feed.level(home.id)) == (11_000, "green")
    wrong = await released(officer, name="line.one_to_one", valid_from="2022-08-23", value="1200.00")
    right = await released(officer, name="line.one_to_one", valid_from="2022-08-23", value="60000.00")
    assert (wrong["corrects"], right["corrects"]) == (seed[0], wrong["id"])
    await feed.sweep()
    assert (await used(), await feed.level(home.id)) == ((right["id"], 60_000), "yellow")
    listed = await officer.read("/v1/policies", params={"name": "line.one_to_one"})
    assert [value["corrected_by"] for value in listed] == [right["id"], right["id"], None]
    report = await rebuilt(dsns.owner, feed.engine)
    assert report.identical, report


async def _one_by_one(calls: list[Any]) -> None:
    for call in calls:
        await call


async def rebuilt(owner_dsn: str, worker: AsyncEngine) -> Any:
    owner = engine(owner_dsn)
    try:
        return await rebuild(owner, worker)
    finally:
        await owner.dispose()


async def test_a_withdrawn_draft_cannot_be_released(officer: Officer) -> None:
    draft = await drafted(officer)
    withdrawn = await officer.post(f"/v1/policy-drafts/{draft['id']}:withdraw", None)
    assert withdrawn.json()["state"] == "withdrawn"
    late = await officer.named("reviewer").post(f"/v1/policy-drafts/{draft['id']}:release", None)
    assert late.status_code == 409
    listed = await officer.read("/v1/policy-drafts", params={"state": "withdrawn"})
    assert draft["id"] in {item["id"] for item in listed["items"]}


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"name": "line.nobody"}, 422, "unknown-policy"),
        ({"valid_to": "2023-01-01"}, 422, "ends-before-it-begins"),
        ({"path": "5301/5301"}, 422, "bad-management-path"),
        ({"value": "-1"}, 422, None),
        ({"value": "8050.005"}, 422, "not-of-its-unit"),
        ({"name": "income.drop.share", "value": "0.125"}, 422, "not-of-its-unit"),
        ({"colour": "red"}, 422, None),
    ],
)
async def test_bad_values_are_refused(officer: Officer, change: dict[str, Any], status: int, code: str | None) -> None:
    answer = await officer.post("/v1/policy-drafts", VALUE | change, **{"idempotency-key": str(uuid4())})
    assert answer.status_code == status
    if code:
        assert answer.json()["code"] == code


async def test_a_county_neither_drafts_nor_releases_the_city_line(officer: Officer) -> None:
    answer = await officer.of(LUQUAN).post("/v1/policy-drafts", VALUE, **{"idempotency-key": str(uuid4())})
    assert (answer.status_code, answer.json()["code"]) == (403, "policy-out-of-area")
    draft = await drafted(officer)
    county = officer.of(DONGCHUAN).named("county")
    assert (await county.post(f"/v1/policy-drafts/{draft['id']}:release", None)).status_code == 404
    reader = officer.of("5301/", rights="monitoring-policy:read monitoring-policy:write").named("clerk")
    assert (await reader.post(f"/v1/policy-drafts/{draft['id']}:release", None)).status_code == 403


def test_a_question_is_asked_once_whether_or_not_anything_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str, date]] = []

    class Book:
        def at(self, name: str, path: str, on: date) -> Any:
            asked.append((name, path, on))
            return None if name == "wage.pay_day" else f"{name} {path} {on}"

    day, later, known = date(2024, 1, 1), date(2024, 1, 2), Remembering(Book())
    questions = [
        ("line.monitoring", LUQUAN, day), ("line.monitoring", DONGCHUAN, day), ("line.monitoring", LUQUAN, later),
        ("wage.pay_day", LUQUAN, day),
    ]  # fmt: skip
    said = [known.at(*question) for question in questions * 2]
    assert said == [f"line.monitoring {LUQUAN} {day}", f"line.monitoring {DONGCHUAN} {day}",
                    f"line.monitoring {LUQUAN} {later}", None] * 2  # fmt: skip
    assert asked == questions

    # No more is remembered than has room: what is one too many makes it forget.
    monkeypatch.setattr(rules, "_MOST_REMEMBERED", 2)
    asked.clear()
    small, (first, second, third, _) = Remembering(Book()), questions
    for question in (first, second, first, third, first):
        small.at(*question)
    assert asked == [first, second, third, first]
