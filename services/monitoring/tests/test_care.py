"""Alerts seen through: handed up, acknowledged, judged, put off, merged; whose they are and what they are worth."""

from datetime import date, timedelta
from typing import Any

import pytest
from monitoring_feed import VILLAGE, Feed, Home, Sent
from monitoring_officer import DONGCHUAN, LUQUAN, Officer
from sqlalchemy import text

from events.catalog.finance import LoanOverdue
from events.ids import uuid7

START = date(2023, 10, 15)
TOWNSHIP = "5301/530128/530128104/"
JOB = "work.job_lost"


def day(n: int) -> date:
    return START + timedelta(days=n)


async def alerted(feed: Feed, on: date) -> tuple[Home, Any]:
    home = Home()
    await feed.send(*home.settled())
    await feed.send(home.loses(on))
    return home, await feed.alert(home.id, JOB)


async def acts(officer: Officer, alert: Any, verb: str, body: Any = None) -> Any:
    answer = await officer.post(f"/v1/alerts/{alert.id}:{verb}", body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_what_nobody_acts_on_goes_to_the_township_and_to_the_county(feed: Feed, officer: Officer) -> None:
    await feed.day(START)
    silent, alert = await alerted(feed, START)
    taken, taken_alert = await alerted(feed, START)
    assert (alert.holder, alert.held_since, alert.source) == ("village", START, "employment")
    await feed.day(day(1), day(2))
    act = await acts(officer, taken_alert, "acknowledge")
    assert (act["kind"], act["applied"], act["officer"]) == ("acknowledged", False, "officer")
    await feed.day(day(3))
    assert [(await feed.alert(home.id, JOB)).holder for home in (silent, taken)] == ["township", "village"]
    await feed.through(day(4), day(8))
    assert [(await feed.alert(home.id, JOB)).holder for home in (silent, taken)] == ["county", "township"]
    assert (await feed.told(silent.id)).count("AlertHandedUp") == 2
    shown = await officer.read(f"/v1/alerts/{taken_alert.id}")
    assert (shown["acknowledged_on"], shown["holder"]) == ("2023-10-17", "township")
    assert shown["help"] == {"due": "2023-10-30", "helped_on": None, "state": "running"}
    [done] = await officer.read(f"/v1/alerts/{taken_alert.id}/acts")
    assert done["applied"]


async def test_help_ends_the_clock_and_a_rise_asks_again(feed: Feed, officer: Officer) -> None:
    today = day(10)
    await feed.day(today)
    home, alert = await alerted(feed, today)
    await acts(officer, alert, "judge", {"verdict": "helped", "helped_on": str(today)})
    await feed.through(day(11), day(39))
    shown = await officer.read(f"/v1/alerts/{alert.id}")
    assert (shown["holder"], shown["verdict"], shown["help"]["state"]) == ("village", "helped", "in_time")
    await feed.day(day(40))
    risen = await feed.alert(home.id, JOB)
    assert (risen.level, risen.verdict, risen.held_since, risen.helped_on) == ("orange", None, day(40), today)


async def test_a_snooze_keeps_it_quiet_until_its_day(feed: Feed, officer: Officer) -> None:
    today = day(50)
    await feed.day(today)
    home, alert = await alerted(feed, today)
    for until, code in ((today, "snooze-out-of-range"), (today + timedelta(days=31), "snooze-out-of-range")):
        refused = await officer.post(f"/v1/alerts/{alert.id}:snooze", {"until": str(until), "reason": "away"})
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    await acts(officer, alert, "snooze", {"until": str(day(56)), "reason": "away"})
    await feed.through(day(51), day(58))
    quiet = await feed.alert(home.id, JOB)
    assert (quiet.holder, quiet.snoozed_until, quiet.snooze_reason) == ("village", day(56), "away")
    await feed.day(day(59))
    assert (await feed.alert(home.id, JOB)).holder == "township"


async def test_a_duplicate_follows_its_original(feed: Feed, officer: Officer) -> None:
    today = day(60)
    await feed.day(today)
    home, job = await alerted(feed, today)
    loan = LoanOverdue(person_id=home.head, loan_number="YN-7", product="fumin", due_on=today, amount="900.00")
    await feed.send(Sent(loan, home.id, fact_id=uuid7()))
    await feed.day(day(61))
    debt = await feed.alert(home.id, "debt.overdue")
    _, other_job = await alerted(feed, day(61))
    for original in (debt.id, other_job.id, uuid7()):
        body = {"verdict": "duplicate", "duplicate_of": str(original)}
        refused = await officer.post(f"/v1/alerts/{debt.id}:judge", body)
        assert (refused.status_code, refused.json()["code"]) == (422, "not-an-original")
    await acts(officer, debt, "judge", {"verdict": "duplicate", "duplicate_of": str(job.id)})
    await feed.through(day(62), day(66))
    assert (await feed.alert(home.id, JOB)).holder == "township"
    merged = await feed.alert(home.id, "debt.overdue")
    assert (merged.holder, merged.merged_into, merged.state) == ("village", JOB, "open")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"verdict": "helped"}, "verdict-incomplete"),
        ({"verdict": "confirmed", "helped_on": "2023-12-20"}, "verdict-incomplete"),
        ({"verdict": "duplicate"}, "verdict-incomplete"),
        ({"verdict": "helped", "helped_on": "2020-01-01"}, "help-out-of-time"),
        ({"verdict": "true"}, None),
    ],
)
async def test_verdicts_say_what_they_must(feed: Feed, officer: Officer, body: Any, code: str | None) -> None:
    await feed.day(day(67))
    _, alert = await alerted(feed, day(67))
    answer = await officer.post(f"/v1/alerts/{alert.id}:judge", body)
    assert answer.status_code == 422
    if code:
        assert answer.json()["code"] == code


async def test_precision_counts_verdicts_also_of_closed_alerts(feed: Feed, officer: Officer) -> None:
    today = day(70)
    await feed.day(today)
    before = {part["part"]: part for part in await officer.read("/v1/precision")}.get(JOB, {})
    home, closed = await alerted(feed, today)
    _, wrong = await alerted(feed, today)
    await feed.day(day(71))
    await feed.send(home.starts(day(71), 2))
    assert (await feed.alert(home.id, JOB)).state == "closed"
    await acts(officer, closed, "judge", {"verdict": "confirmed"})
    refused = await officer.post(f"/v1/alerts/{closed.id}:acknowledge", None)
    assert (refused.status_code, refused.json()["code"]) == (409, "alert-ended")
    await acts(officer, wrong, "judge", {"verdict": "unfounded"})
    await feed.sweep()
    [rule] = [part for part in await officer.read("/v1/precision") if part["part"] == JOB]
    assert rule["confirmed"] == before.get("confirmed", 0) + 1
    assert rule["unfounded"] == before.get("unfounded", 0) + 1
    assert {part["part"] for part in await officer.read("/v1/precision", params={"by": "source"})} >= {"employment"}
    areas = await officer.read("/v1/precision", params={"by": "area"})
    assert {area["part"] for area in areas} == {LUQUAN}
    assert await officer.of(DONGCHUAN).read("/v1/precision") == []


async def test_an_officer_sees_what_waits_for_him_and_nothing_is_hidden(feed: Feed, officer: Officer) -> None:
    today = day(80)
    await feed.day(today)
    await feed.on_duty("village-1", VILLAGE)
    await feed.on_duty("township-1", TOWNSHIP)
    _, alert = await alerted(feed, today)
    village, township = (officer.of(LUQUAN).named(name) for name in ("village-1", "township-1"))
    assert (await village.read(f"/v1/alerts/{alert.id}"))["officers"] == ["village-1"]
    await feed.through(day(81), day(83))
    mine = {item["alert"]["id"] for item in (await village.read("/v1/alerts/mine"))["items"]}
    theirs = await township.read("/v1/alerts/mine")
    ids = [item["alert"]["id"] for item in theirs["items"]]
    assert str(alert.id) not in mine
    assert str(alert.id) in ids
    assert [item["rank"] for item in theirs["items"]] == list(range(1, len(ids) + 1))
    assert (theirs["budget"], theirs["week_from"], theirs["handled"]) == (20, "2024-01-01", 0)
    levels = ["red", "orange", "yellow"]
    order = [levels.index(item["alert"]["level"]) for item in theirs["items"]]
    assert order == sorted(order)
    await acts(township, alert, "acknowledge")
    assert (await township.read("/v1/alerts/mine"))["handled"] == 1
    assert (await officer.named("nobody").read("/v1/alerts/mine"))["items"] == []


async def test_a_stream_shows_an_officer_what_is_his_and_resumes(feed: Feed, officer: Officer) -> None:
    async with feed.engine.begin() as tx:
        await tx.execute(text("DELETE FROM relay_state"))
        await tx.execute(text("INSERT INTO relay_state SELECT 1, 'epoch', max(seq) FROM event_log"))
    today = day(90)
    await feed.day(today, sweep=False)
    await feed.sweep()
    start = (await feed.rows("SELECT max(seq) AS seq FROM event_log"))[0].seq
    home, alert = await alerted(feed, today)
    township = officer.of(LUQUAN).named("township-1")
    async with officer.of(LUQUAN).named("village-1").listening(**{"last-event-id": str(start)}) as stream:
        seen, kind, data = await stream.next()
        assert (kind, data["household_id"], data["holder"]) == ("AlertRaised", str(home.id), "village")
    async with township.listening(**{"last-event-id": str(start)}) as stream:
        await feed.through(day(91), day(93))
        first = await stream.next()
        assert first[1] == "AlertHandedUp"
        assert first[2]["holder"] == "township"
    filtered = {"rule": "debt.overdue", "last_event_id": "0"}
    async with township.http.stream("GET", "/v1/alerts/stream", params=filtered, headers=township.token) as answer:
        assert answer.status_code == 200
    async with officer.of(LUQUAN).named("village-1").listening(**{"last-event-id": str(seen)}) as stream:
        while (got := await stream.next())[2]["alert_id"] != str(alert.id):
            assert got[0] > seen
        assert got[1] == "AlertHandedUp"
