"""What was true and what was known on a day: corrections that came later do not rewrite what was known."""

from datetime import date

from monitoring_feed import Feed, Home
from monitoring_officer import DONGCHUAN, Officer

START = date(2023, 10, 15)


async def test_a_late_correction_changes_what_was_true_not_what_was_known(feed: Feed, officer: Officer) -> None:
    home, other = Home(), Home()
    await feed.day(START)
    await feed.send(*home.settled(wage=1000), *other.settled())
    await feed.day(date(2023, 10, 16), date(2023, 10, 17))
    await feed.send(home.earns(90_000, revision=2))
    await feed.day(date(2023, 10, 18))

    async def level(**days: str) -> str:
        return str((await officer.read(f"/v1/households/{home.id}/risk", params=days))["level"])

    assert await level(as_of="2023-10-16", known="2023-10-16") == "orange"
    assert await level(as_of="2023-10-16", known="2023-10-17") == "green"
    assert await level(as_of="2023-10-16") == "green"
    assert await level(known="2023-10-15") == "orange"
    then = await officer.read(f"/v1/households/{home.id}/risk", params={"known": "2023-10-16"})
    [rule] = [rule for rule in then["outcomes"] if rule["rule"] == "income.below_line"]
    assert [(fact["kind"], fact["revision"]) for fact in rule["evidence"]] == [("IncomeRecorded", 1)]
    assert (then["as_of"], then["known"], then["rules"]) == ("2023-10-18", "2023-10-16", ["income.below_line"])


async def test_a_member_who_moved_brings_the_facts_known_then(feed: Feed, officer: Officer) -> None:
    home, other = Home(), Home()
    await feed.send(*home.settled(), *other.settled())
    await feed.day(date(2023, 10, 19))
    await feed.send(other.joined(home.head, aggregate_revision=2, since=date(2023, 10, 19)))
    await feed.send(home.loses(date(2023, 10, 19)))
    await feed.day(date(2023, 10, 20))
    before = await officer.read(f"/v1/households/{other.id}/risk", params={"known": "2023-10-18"})
    after = await officer.read(f"/v1/households/{other.id}/risk", params={"known": "2023-10-19"})
    present = await officer.read(f"/v1/households/{other.id}/risk")
    assert (before["rules"], after["rules"]) == ([], present["rules"])
    assert "work.job_lost" in after["rules"]


async def test_days_ahead_unknown_days_and_strange_areas_are_refused(feed: Feed, officer: Officer) -> None:
    home = Home()
    await feed.send(*home.settled())
    where = f"/v1/households/{home.id}/risk"
    ahead = await officer.get(where, params={"as_of": "2024-06-01"})
    assert (ahead.status_code, ahead.json()["code"]) == (422, "day-ahead")
    early = await officer.get(where, params={"known": "2023-10-16"})
    assert (early.status_code, early.json()["code"]) == (404, "not-known-then")
    assert (await officer.of(DONGCHUAN).get(where, params={"as_of": "2023-10-20"})).status_code == 404
