"""Households that were on the national list at go-live: their cases stand as stated, without clocks and alerts."""

from datetime import date
from typing import Any

from monitoring_feed import Feed, Home, Sent
from monitoring_officer import Officer

from events.catalog.households import MeasureStarted
from events.ids import derived_id
from kit.database import begin
from monitoring.cases.taking_over import follow

GO_LIVE = date(2023, 10, 16)
EXPORTED = date(2023, 10, 15)
LISTED: dict[str, Any] = {
    "category": "unstable",
    "causes": ("illness", "unstable_work"),
    "identified_on": date(2022, 3, 1),
    "decided_on": EXPORTED,
}
GONE: dict[str, Any] = {
    **LISTED,
    "risk_eliminated": True,
    "eliminated_on": date(2023, 6, 1),
    "elimination_way": "helped",
}


async def followed(feed: Feed) -> None:
    """What the worker's task does, until nothing waits."""
    while True:
        async with begin(feed.engine) as tx:
            more = await follow(tx, most=2)
        await feed.sweep()
        if not more:
            return


def stated(home: Home, revision: int, **told: Any) -> Sent:
    return home.registered(aggregate_revision=revision, **told)


async def the_case(officer: Officer, home: Home) -> Any:
    page = await officer.read("/v1/cases", params={"household_id": str(home.id)})
    return page["items"][-1] if page["items"] else None


def earning(home: Home, revision: int = 1, **told: Any) -> list[Sent]:
    return [stated(home, revision, **told), home.joined(home.head, labour_skill="ordinary"), *home.settled()[2:]]


async def test_the_load_of_who_is_listed_already(feed: Feed, officer: Officer) -> None:
    await feed.day(GO_LIVE)
    listed, gone, free, dateless = (Home() for _ in range(4))
    given = MeasureStarted(
        measure_id=derived_id("m", listed.id), category="health", causes=("illness",), started_on=EXPORTED,
        development=False, source="national_export",
    )  # fmt: skip
    await feed.send(
        *earning(listed, **LISTED),
        Sent(given, listed.id, fact_id=given.measure_id),
        *earning(gone, **GONE),
        *earning(free, decided_on=EXPORTED),
        *earning(dateless, **{**LISTED, "identified_on": None}),
    )
    await followed(feed)

    case = await the_case(officer, listed)
    assert (case["state"], case["category"], case["identified_on"]) == ("listed", "unstable", "2022-03-01")
    assert (case["due_on"], case["clock"]) == (None, "unknown")
    case_gone = await the_case(officer, gone)
    assert (case_gone["state"], case_gone["eliminated_on"], case_gone["way"]) == ("eliminated", "2023-06-01", "helped")
    assert await the_case(officer, free) is None
    assert await the_case(officer, dateless) is None
    for home in (listed, gone):
        assert [rule for rule, _, _ in await feed.alerts(home.id) if rule != "support.mismatch"] == []
        assert "CaseOpened" not in await feed.told(home.id)
    told = await feed.told(listed.id)
    await feed.send(*earning(listed, **LISTED))
    await followed(feed)
    assert await feed.told(listed.id) == told

    # The six months count from the month that the national system names.
    tried = await officer.post(
        f"/v1/cases/{case['id']}/steps", {"move": "propose_elimination", "way": "helped"},
        **{"if-match": f'"{case["version"]}"'},
    )  # fmt: skip
    assert "too-soon" not in tried.text
    assert "no-measure-unstable-work" in tried.text or "no-measure-unstable_work" in tried.text
    unstated = await officer.post(
        f"/v1/cases/{case['id']}/steps", {"move": "propose_elimination", "way": "unstated"},
        **{"if-match": f'"{case["version"]}"'},
    )  # fmt: skip
    assert unstated.status_code == 422

    # Help is asked for from the day the case is taken over, not from a past that nobody here knows.
    await feed.day(date(2024, 4, 15))
    assert "support.no_development" not in [rule for rule, _, _ in await feed.alerts(listed.id)]
    await feed.day(date(2024, 4, 16))
    assert ("support.no_development", "yellow", "open") in await feed.alerts(listed.id)
    await is_replayed(feed)


async def test_the_latest_decision_wins_over_exports_of_before_it(feed: Feed, officer: Officer) -> None:
    home = Home()
    await feed.send(*earning(home, **GONE))
    await followed(feed)
    case = await the_case(officer, home)
    back = await officer.post(
        f"/v1/cases/{case['id']}/steps", {"move": "reenter", "causes": ["water"]},
        **{"if-match": f'"{case["version"]}"'},
    )  # fmt: skip
    assert back.status_code == 200, back.text
    # An export of the same days as before says what it said; one of after the decision says something newer.
    await feed.send(stated(home, 2, **{**GONE, "decided_on": date(2023, 12, 1), "size": 3}))
    await followed(feed)
    assert (await the_case(officer, home))["state"] == "listed"
    newer = {**GONE, "eliminated_on": date(2024, 6, 1), "decided_on": date(2024, 7, 1)}
    await feed.send(stated(home, 3, **newer))
    await followed(feed)
    case = await the_case(officer, home)
    assert (case["state"], case["eliminated_on"]) == ("eliminated", "2024-06-01")
    # The import is undone: the register says again what it said, and then nothing.
    await feed.send(stated(home, 4, **LISTED))
    await followed(feed)
    assert (await the_case(officer, home))["state"] == "listed"
    await feed.send(stated(home, 5, decided_on=date(2023, 1, 1)))
    await followed(feed)
    case = await the_case(officer, home)
    assert (case["state"], case["reason"]) == ("refused", "not_stated")
    assert (await feed.told(home.id))[-1] == "CaseWithdrawn"
    await is_replayed(feed)


async def test_a_listing_of_the_county_gives_way_to_a_later_word_of_the_register_only(
    feed: Feed, officer: Officer
) -> None:
    home = Home()
    await feed.send(*earning(home, decided_on=EXPORTED))
    listing = {
        "household_id": str(home.id),
        "category": "unstable",
        "identified_on": "2024-04-01",
        "causes": ["illness"],
    }
    [case] = (await officer.post("/v1/cases:load", {"items": [listing]})).json()
    today = date.fromisoformat((await officer.read(f"/v1/cases/{case}/steps"))[0]["on"])
    heard = {"category": "unstable", "causes": ("illness",), "identified_on": date(2024, 4, 1), "decided_on": today}
    await feed.send(stated(home, 2, **heard), stated(home, 3, **heard, size=3))
    await followed(feed)
    assert (await the_case(officer, home))["state"] == "listed"
    await feed.send(stated(home, 4, decided_on=today))
    await followed(feed)
    assert (await the_case(officer, home))["state"] == "listed", "of one day the case decides"
    await feed.send(stated(home, 5, decided_on=date.fromordinal(today.toordinal() + 1)))
    await followed(feed)
    gone = await the_case(officer, home)
    assert (gone["state"], gone["reason"]) == ("refused", "not_stated")
    assert (await feed.told(home.id))[-1] == "CaseWithdrawn"
    await is_replayed(feed)


async def is_replayed(feed: Feed) -> None:
    report = await feed.rebuilt()
    assert report.identical, report
