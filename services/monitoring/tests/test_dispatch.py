"""Meetings whose work lists make themselves at the business date; decisions, minutes, what was missed; the trail."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from monitoring_feed import VILLAGE, Feed, Home, Sent
from monitoring_officer import CITY, DONGCHUAN, LUQUAN, Officer

from events.catalog.households import RegionChanged
from events.ids import derived_id, uuid7
from kit.database import begin
from monitoring.alerts.rules import Holder
from monitoring.decisions.service import lengthen
from monitoring.dispatch.maker import ListMaker
from monitoring.dispatch.rules import (
    AlertSeen,
    CaseSeen,
    HelpSeen,
    Kind,
    Level,
    Line,
    Period,
    SourceSeen,
    agenda,
    level_of,
    parent_of,
    period_of,
)
from stack.chaining import verify

START = date(2023, 10, 12)
TOWNSHIP = "5301/530128/530128104/"
SPECIAL = "5301/532823105/"


@pytest.fixture(scope="module")
async def regions(feed: Feed) -> None:
    places = (
        (CITY, "city"),
        (LUQUAN, "county"),
        (DONGCHUAN, "county"),
        (TOWNSHIP, "township"),
        (SPECIAL, "township"),
        (VILLAGE, "village"),
    )
    for path, level in places:
        code = path.rstrip("/").rpartition("/")[2].ljust(12, "0")
        data = RegionChanged(
            code=code, name="某地", level=level, parent_code=None, path=path, valid_from=date(2020, 1, 1)
        )
        await feed.send(Sent(data, derived_id("region", code), household=False))


async def of(officer: Officer, level: str, path: str) -> Any:
    page = await officer.read("/v1/dispatch-lists", params={"level": level})
    return next(item for item in page["items"] if item["path"] == path)


async def lines(officer: Officer, meeting: Any) -> list[Any]:
    found: list[Any] = await officer.read(f"/v1/dispatch-lists/{meeting['id']}/lines")
    return found


async def does(officer: Officer, path: str, body: Any) -> Any:
    answer = await officer.post(f"/v1/dispatch-lists/{path}", body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_meetings_from_list_to_minutes(feed: Feed, regions: None, officer: Officer, dsns: Any) -> None:
    maker, elsewhere = ListMaker(feed.engine), Home(path=f"{SPECIAL}532823105201/")
    home, other = Home(), Home()
    await feed.day(START)
    await maker.turn()
    assert (await officer.read("/v1/dispatch-lists"))["items"] == []
    for each in (home, other, elsewhere):
        await feed.send(*each.settled())
    await feed.send(home.loses(START))
    clue = {"household_id": str(other.id), "channel": "screening", "causes": ["illness"]}
    assert (await officer.post("/v1/cases", clue)).status_code == 201
    await feed.day(START + timedelta(days=1))
    await maker.turn()
    township, county, city = [
        await of(officer, level, path) for level, path in (("township", TOWNSHIP), ("county", LUQUAN), ("city", CITY))
    ]
    periods = [(m["period_from"], m["period_to"], m["due_on"]) for m in (township, county, city)]
    assert periods == [
        ("2023-10-01", "2023-10-15", "2023-10-18"),
        ("2023-10-01", "2023-10-31", "2023-10-18"),
        ("2023-10-01", "2023-12-31", "2023-10-23"),
    ]
    alert = await feed.alert(home.id, "work.job_lost")
    line, silent = await lines(officer, township)
    assert (line["place"], line["what"], line["subject_id"], line["overdue"]) == (1, alert.rule, str(alert.id), False)
    assert (silent["kind"], silent["what"], silent["households"]) == ("source", "wages", 1)
    assert [line["kind"] for line in await lines(officer, county)] == ["source"], "the village holds the alert"

    clerk = officer.of(TOWNSHIP).named("clerk")
    body = {"resolution": "visit", "responsible": "li", "do_by": "2023-10-20"}
    path = f"{township['id']}/lines/{line['id']}:decide"
    await does(clerk, path, body | {"resolution": "keep_watching"})
    decided = await does(clerk, path, body)
    assert (decided["resolution"], decided["decided_by"], decided["decided_on"]) == ("visit", "clerk", "2023-10-13")
    held = await does(clerk, f"{township['id']}:hold", {"attendees": 9})
    assert (held["state"], held["held_by"]) == ("held", "clerk")
    minutes = await officer.read(f"/v1/dispatch-lists/{township['id']}/minutes")
    assert (minutes["lines"], minutes["by_kind"], minutes["by_resolution"]) == (
        2, {"alert": 1, "source": 1}, {"visit": 1},
    )  # fmt: skip
    assert "乡镇半月研判（2023-10-01至2023-10-15）2023-10-13召开，9人参加。清单2件" in minutes["text"]

    for who, where, sent, code in (
        (clerk, path, body, "dispatch-held"),
        (clerk, f"{township['id']}:hold", {"attendees": 9}, "dispatch-held"),
        (clerk, f"{county['id']}:hold", {"attendees": 9}, "dispatch-list-unknown"),
        (officer, f"{county['id']}:hold", {"attendees": 9, "held_on": "2023-10-12"}, "dispatch-held-out-of-time"),
        (officer, f"{county['id']}/lines/{uuid7()}:decide", body, "dispatch-line-unknown"),
    ):
        refused = await who.post(f"/v1/dispatch-lists/{where}", sent)
        assert (refused.status_code in (404, 409, 422), refused.json()["code"]) == (True, code)

    # Two weeks on: a new list for the township, with the case that is late by then; what was missed shows one level up.
    await feed.through(START + timedelta(days=2), START + timedelta(days=20))
    await maker.turn()
    await maker.turn()
    again = await of(officer, "township", TOWNSHIP)
    assert (again["period_from"], again["made_on"], again["state"]) == ("2023-11-01", "2023-11-01", "open")
    late = [line for line in await lines(officer, again) if line["kind"] == "case"]
    assert [(line["household_id"], line["what"], line["overdue"]) for line in late] == [
        (str(other.id), "verifying", True)
    ]
    missed = {p: (await officer.of(p).read("/v1/dispatch-missed")) for p in (CITY, LUQUAN, TOWNSHIP, DONGCHUAN)}
    assert {p: sorted(i["path"] for i in m["items"]) for p, m in missed.items()} == {
        CITY: [LUQUAN, SPECIAL], LUQUAN: [], TOWNSHIP: [], DONGCHUAN: [],
    }  # fmt: skip
    await feed.through(START + timedelta(days=21), START + timedelta(days=26))
    assert (await officer.of(LUQUAN).read("/v1/dispatch-missed"))["count"] == 1
    held = await does(officer, f"{again['id']}:hold", {"attendees": 3})
    assert held["state"] == "held_late"
    assert (await officer.of(LUQUAN).read("/v1/dispatch-missed"))["count"] == 0

    async with begin(feed.engine) as tx:
        assert await lengthen(tx) == 5
    assert (await verify({"monitoring": {"worker": dsns.worker}})).holds
    await trail_tells_everything(officer, home, alert)
    assert (await feed.rebuilt()).identical


async def trail_tells_everything(officer: Officer, home: Home, alert: Any) -> None:
    """One view of a household, in time order, page by page."""
    path = f"/v1/households/{home.id}/trail"
    whole = (await officer.read(path, params={"page_size": 500}))["items"]
    kinds = [(entry["what"], entry["kind"]) for entry in reversed(whole)]
    order = [
        ("fact", "HouseholdRegistered"), ("level", "RiskChanged"), ("fact", "EmploymentEnded"),
        ("alert", "AlertRaised"),
        ("dispatch", "DispatchListed"), ("dispatch", "DispatchDecided"), ("alert", "AlertHandedUp"),
    ]  # fmt: skip
    places = [kinds.index(kind) for kind in order]
    assert places == sorted(places)
    decided = [entry for entry in whole if entry["what"] == "decision"]
    assert [(entry["kind"], entry["who"]) for entry in decided] == [("DispatchDecided", "clerk")] * 2
    assert {entry["subject_id"] for entry in whole if entry["kind"] == "AlertRaised"} == {str(alert.id)}
    paged, token = [], None
    while not paged or token:
        page = await officer.read(path, params={"page_size": 7} | ({"page_token": token} if token else {}))
        paged, token = [*paged, *page["items"]], page["next_page_token"]
    assert paged == whole
    assert (await officer.of(DONGCHUAN).get(path)).status_code == 404


@given(st.sampled_from(list(Level)), st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(1, 12))
def test_periods_follow_each_other_without_a_gap(level: Level, on: date, rhythm: int) -> None:
    period = period_of(level, on, rhythm)
    assert period is not None
    assert period.first <= on <= period.last
    following = period_of(level, period.last + timedelta(days=1), rhythm)
    assert following is not None
    assert following.first == period.last + timedelta(days=1)
    assert period_of(level, on, 0) is None


def test_half_months_and_quarters() -> None:
    township = [period_of(Level.TOWNSHIP, date(2024, 2, day), 2) for day in (1, 15, 16, 29)]
    assert [(p.first.day, p.last.day) for p in township if p] == [(1, 15), (1, 15), (16, 29), (16, 29)]
    quarter = period_of(Level.CITY, date(2023, 12, 31), 3)
    assert quarter is not None
    assert (quarter.first, quarter.last) == (date(2023, 10, 1), date(2023, 12, 31))


def test_each_level_sees_what_is_its_to_see() -> None:
    on = date(2023, 11, 1)

    def alert(level: str, holder: Holder, due: int) -> AlertSeen:
        return AlertSeen(
            id=uuid7(), household_id=uuid7(), path=VILLAGE, rule=f"{level} {holder.value} {due}", level=level,
            holder=holder, opened_on=on, help_due=on + timedelta(days=due),
        )  # fmt: skip

    alerts = [
        alert("red", Holder.VILLAGE, 1), alert("red", Holder.COUNTY, 1), alert("yellow", Holder.COUNTY, -1),
        alert("yellow", Holder.COUNTY, 0), alert("orange", Holder.TOWNSHIP, -1),
    ]  # fmt: skip
    cases = [
        CaseSeen(id=uuid7(), household_id=uuid7(), path=VILLAGE, state=state, since=on, due_on=on)
        for state in ("township", "county", "notice")
    ]
    sources = [
        SourceSeen(path=path, source="wages", households=3, last=on) for path in (VILLAGE, f"{DONGCHUAN}530113102/")
    ]
    helps = [
        HelpSeen(id=uuid7(), household_id=uuid7(), path=path, offer="job", asked_on=on, due_on=on)
        for path in (VILLAGE, f"{DONGCHUAN}530113102/530113102200/")
    ]
    given = {"alerts": alerts, "cases": cases, "helps": helps, "sources": sources}
    seen = {
        level: [line.what for line in agenda(level, path, on=on, **given)]
        for level, path in ((Level.TOWNSHIP, TOWNSHIP), (Level.COUNTY, LUQUAN), (Level.CITY, CITY))
    }
    rules = [found.rule for found in alerts]
    assert seen == {
        Level.TOWNSHIP: [*rules, "township", "job", "wages"],
        Level.COUNTY: [*rules[:4], "county", "job", "wages"],
        Level.CITY: [rules[1], rules[2], "job", "job", "wages"],
    }
    [*_, silent] = agenda(Level.CITY, CITY, on=on, alerts=[], cases=[], helps=[], sources=sources)
    assert silent.households == 6
    assert (parent_of(SPECIAL), parent_of(TOWNSHIP), parent_of(CITY)) == (CITY, LUQUAN, "")
    levels = [level_of(path) for path in (CITY, LUQUAN, TOWNSHIP, SPECIAL, VILLAGE)]
    assert levels == [Level.CITY, Level.COUNTY, Level.TOWNSHIP, Level.TOWNSHIP, None]


def test_many_meetings_a_month_lie_on_days_that_every_month_has() -> None:
    assert period_of(Level.TOWNSHIP, date(2023, 3, 28), 11) == Period(date(2023, 3, 28), date(2023, 3, 31))
    assert period_of(Level.TOWNSHIP, date(2023, 2, 28), 30) == Period(date(2023, 2, 28), date(2023, 2, 28))


def test_a_line_says_what_it_is_about_and_what_is_late() -> None:
    on, due, since, home = date(2023, 11, 1), date(2023, 10, 31), date(2023, 10, 3), uuid7()
    alert = AlertSeen(
        id=uuid7(), household_id=home, path=VILLAGE, rule="work.job_lost", level="red", holder=Holder.VILLAGE,
        opened_on=since, help_due=due,
    )  # fmt: skip
    case = CaseSeen(id=uuid7(), household_id=home, path=VILLAGE, state="verifying", since=since, due_on=due)
    asked = HelpSeen(id=uuid7(), household_id=home, path=VILLAGE, offer="job", asked_on=since, due_on=due)
    silent = [
        SourceSeen(path=path, source="wages", households=2, last=last)
        for path, last in ((VILLAGE, since), (f"{TOWNSHIP}530128104201/", due))
    ]
    assert agenda(Level.TOWNSHIP, TOWNSHIP, on=on, alerts=[alert], cases=[case], helps=[asked], sources=silent) == [
        Line(
            kind=Kind.ALERT, path=VILLAGE, what="work.job_lost", subject_id=alert.id, household_id=home, level="red",
            since=since, due_on=due, overdue=True,
        ),
        Line(
            kind=Kind.CASE, path=VILLAGE, what="verifying", subject_id=case.id, household_id=home, since=since,
            due_on=due, overdue=True,
        ),
        Line(
            kind=Kind.HELP, path=VILLAGE, what="job", subject_id=asked.id, household_id=home, since=since, due_on=due,
            overdue=True,
        ),
        Line(kind=Kind.SOURCE, path=TOWNSHIP, what="wages", since=since, households=4),
    ]  # fmt: skip


def test_late_cases_come_first_and_sources_by_how_many_they_leave_out() -> None:
    on, ids = date(2023, 11, 1), sorted(uuid7() for _ in range(5))

    def case(id_: UUID, state: str, due: int | None) -> CaseSeen:
        due_on = None if due is None else on + timedelta(days=due)
        return CaseSeen(id=id_, household_id=uuid7(), path=VILLAGE, state=state, since=on, due_on=due_on)

    cases = [
        case(ids[0], "township", None), case(ids[4], "township", 9), case(ids[3], "township", 9),
        case(ids[2], "verifying", -1), case(ids[1], "county", -2),
    ]  # fmt: skip
    sources = [
        SourceSeen(path=VILLAGE, source=name, households=households, last=on - timedelta(days=silent))
        for name, households, silent in (("orders", 3, 40), ("loans", 3, 20), ("wages", 5, 30))
    ]
    found = agenda(Level.TOWNSHIP, TOWNSHIP, on=on, alerts=[], cases=cases, helps=[], sources=sources)
    assert [line.subject_id for line in found if line.kind is Kind.CASE] == [ids[n] for n in (1, 2, 3, 4, 0)]
    assert [line.what for line in found if line.kind is Kind.SOURCE] == ["wages", "loans", "orders"]
