"""Designated units month by month: the households they answered for, as each month left them."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from monitoring_feed import Feed, Home, Sent
from monitoring_officer import CITY, DONGCHUAN, LUQUAN, Officer

from events.catalog.households import HelperAssigned, HelperReleased, HouseholdMerged
from events.ids import derived_id

FIRST, SECOND = "5301/530128/530128105/530128105201/", "5301/530128/530128105/530128105202/"
FAR = "5301/530113/530113102/530113102201/"
UNDER = "line.one_to_one.share"


def helps(home: Home, unit: str, since: date) -> Sent:
    assignment = derived_id("assignment", home.id, unit)
    return Sent(HelperAssigned(assignment_id=assignment, since=since, organisation=unit), home.id, fact_id=assignment)


def released(home: Home, unit: str, until: date) -> Sent:
    assignment = derived_id("assignment", home.id, unit)
    return Sent(HelperReleased(assignment_id=assignment, until=until), home.id, fact_id=assignment, revision=2)


def family(home: Home, wage: int) -> Sequence[Sent]:
    return [home.registered(), home.joined(home.head), home.joined(home.spouse), home.earns(wage)]


async def release(officer: Officer, name: str, value: str) -> None:
    draft = {"name": name, "path": CITY, "valid_from": "2023-01-01", "value": value, "document": "昆乡振〔2023〕1号",
             "clause": "第一条", "confidence": "official"}  # fmt: skip
    made = await officer.post("/v1/policy-drafts", draft)
    done = await officer.named("reviewer").post(f"/v1/policy-drafts/{made.json()['id']}:release", None)
    assert done.status_code == 200, done.text


async def assessed(officer: Officer, area: str = CITY, month: str | None = None) -> dict[str, tuple[int, str | None]]:
    """Unit → its households, and how many percent of them were under the line."""
    answer = await officer.read("/v1/assessments/units", params={"area": area} | ({"month": month} if month else {}))
    return {
        item["unit"]: (item["households"], next(p["value"] for p in item["parts"] if p["id"] == UNDER))
        for item in answer["scores"]
    }


async def test_a_month_stays_as_it_ended_whatever_comes_later(feed: Feed, officer: Officer) -> None:
    await feed.day(date(2023, 10, 12))
    for kind, value in (("weight", "100"), ("none", "100"), ("full", "0")):
        await release(officer, f"assessment.unit.{kind}.{UNDER}", value)
    poor, moves, goes = Home(path=FIRST), Home(path=SECOND), Home(path=FIRST)
    for home, wage in ((poor, 1_000), (moves, 90_000), (goes, 1_000)):
        await feed.send(*family(home, wage))
    since = date(2023, 10, 1)
    await feed.send(helps(poor, "某局", since), helps(moves, "某局", since), helps(goes, "某集团", since))
    october = {"某局": (2, "50.00"), "某集团": (1, "100.00")}
    assert await assessed(officer) == await assessed(officer, month="2023-10") == october
    assert await assessed(officer, month="2023-09") == {}, "nobody was there"

    # November: one earns more, one moves to another county, and the company sends somebody else's helper home.
    await feed.through(date(2023, 10, 13), date(2023, 11, 20))
    await feed.send(poor.earns(60_000, revision=2), moves.registered(aggregate_revision=2, path=FAR))
    await feed.send(released(goes, "某集团", date(2023, 11, 20)))
    assert await assessed(officer) == {"某局": (2, "0.00")}
    assert await assessed(officer, month="2023-10") == october
    assert await assessed(officer, LUQUAN, "2023-10") == october
    assert await assessed(officer, LUQUAN, "2023-11") == {"某局": (1, "0.00")}
    # Each county sees what stood there, though the household is elsewhere now.
    assert await assessed(officer.of(LUQUAN), LUQUAN, "2023-10") == october
    assert await assessed(officer.of(DONGCHUAN), DONGCHUAN, "2023-10") == {}
    assert await assessed(officer.of(DONGCHUAN), DONGCHUAN, "2023-11") == {"某局": (1, "0.00")}

    # December: a merger; what the one of two was helped with goes over to the other from then on.
    await feed.through(date(2023, 11, 21), date(2023, 12, 5))
    into = HouseholdMerged(aggregate_revision=2, into_id=poor.id, merged_on=date(2023, 12, 5))
    await feed.send(helps(goes, "某校", date(2023, 11, 25)), Sent(into, goes.id))
    assert await assessed(officer, LUQUAN) == {"某局": (1, "0.00"), "某校": (1, "0.00")}
    assert await assessed(officer, LUQUAN, "2023-11") == {"某局": (1, "0.00"), "某校": (1, "100.00")}
    assert await assessed(officer, month="2023-10") == october
    ahead = await officer.get("/v1/assessments/units", params={"area": CITY, "month": "2024-01"})
    assert (ahead.status_code, ahead.json()["code"]) == (422, "period-ahead")
    told = await officer.read("/v1/assessments/units", params={"area": CITY, "month": "2023-10"})
    assert (told["month"], told["since"], told["business_date"]) == ("2023-10", "2023-01-01", "2023-12-05")

    report = await feed.rebuilt()
    assert report.identical, repr(report)
    assert {table.table: table.rows for table in report.tables}["month_ends"] == await ends(feed)


async def ends(feed: Feed) -> int:
    """A row for each month after which a household changed, at each place it was at or came to."""
    rows: list[Any] = await feed.rows("SELECT household_id, path, month FROM month_ends")
    assert len({(row.household_id, row.path, row.month) for row in rows}) == len(rows)
    assert all(isinstance(row.household_id, UUID) and row.month.day == 1 for row in rows)
    return len(rows)
