"""Facts come in and values change; moves, corrections, scope, assessment, reports, and a rebuild gives the same."""

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from monitoring_feed import VILLAGE, Feed, Home, Sent
from monitoring_officer import CITY, DONGCHUAN, LUQUAN, Officer

import workbook
from events.catalog.households import (
    HelperAssigned,
    HelperReleased,
    HouseholdMerged,
    RegionChanged,
    TeamMemberAssigned,
    TeamMemberReleased,
    TeamRole,
)
from events.ids import derived_id
from kit.database import begin
from kit.worker import taking_turns
from monitoring.indicators.keeper import Keeper
from monitoring.indicators.service import sum_up

START = date(2023, 10, 12)
TOWNSHIP = "5301/530128/530128104/"
OTHER_VILLAGE = "5301/530128/530128104/530128104202/"
FAR = "5301/530113/530113102/530113102201/"
GRID = f"{VILLAGE}53012810420101/"


@dataclass
class Seen:
    """What the doors say of an area."""

    officer: Officer

    async def __call__(self, area: str, *wanted: str, month: str | None = None) -> list[Any]:
        """The values wanted, of the area."""
        answer = await self.whole(area, *wanted, month=month)
        return [number(item["value"]) for item in answer["area"]["values"]]

    async def whole(self, area: str, *wanted: str, month: str | None = None) -> Any:
        given = {"area": area, "indicator": list(wanted)} | ({"month": month} if month else {})
        return await self.officer.read("/v1/indicators/values", params=given)

    async def rows(self, name: str, area: str, **given: str) -> list[Any]:
        page = await self.officer.read(f"/v1/indicators/{name}/households", params={"area": area, **given})
        return list(page["items"])


def number(text: str | None) -> float | None:
    return None if text is None else float(text)


@pytest.fixture(scope="module")
async def regions(feed: Feed) -> None:
    await feed.day(START)
    places = (
        (CITY, "city"), (LUQUAN, "county"), (DONGCHUAN, "county"), (TOWNSHIP, "township"), (VILLAGE, "village"),
        (OTHER_VILLAGE, "village"), (FAR, "village"), (FAR[:-13], "township"),
    )  # fmt: skip
    for path, level in places:
        code = path.rstrip("/").rpartition("/")[2].ljust(12, "0")
        data = RegionChanged(
            code=code, name=f"={level}", level=level, parent_code=None, path=path, valid_from=date(2020, 1, 1)
        )
        await feed.send(Sent(data, derived_id("region", code), household=False))


async def keep(feed: Feed) -> None:
    """As the keeper does."""
    done = 1
    while done:
        async with begin(feed.engine) as tx:
            done = await sum_up(tx)


async def identical(feed: Feed) -> None:
    report = await feed.rebuilt()
    assert report.identical, repr(report)
    assert next(table.rows for table in report.tables if table.table == "indicator_values") > 100


async def test_from_facts_to_values_and_their_rows(feed: Feed, regions: None, officer: Officer) -> None:
    seen = Seen(officer)
    poor, rich, far = Home(path=GRID), Home(), Home(path=FAR)
    await feed.send(*poor.settled(1_000), *rich.settled(90_000), *far.settled(20_000))
    await keep(feed)

    # Net income 10,000 + 99,000 + 29,000 yuan of two persons each: what one farm earns and wages of the carried year.
    whole = await seen.whole(CITY, "households", "income.per_head", "income.transfer_share", "line.one_to_one")
    assert [item["path"] for item in whole["below"]] == [DONGCHUAN, LUQUAN]
    values = {item["id"]: item for item in whole["area"]["values"]}
    assert number(values["households"]["value"]) == 3
    assert values["income.per_head"]["of"] == "6.00"
    assert number(values["income.per_head"]["value"]) == pytest.approx(138_000 / 6)
    assert number(values["income.transfer_share"]["value"]) == pytest.approx(100 * 3_000 / 138_000, abs=0.01)
    assert (number(values["line.one_to_one"]["value"]), number(values["line.one_to_one"]["of"])) == (1, 3)
    assert values["income.per_head"]["year_before"] is None
    [row] = await seen.rows("line.one_to_one", LUQUAN)
    assert (row["household_id"], row["path"], row["state"]) == (
        str(poor.id),
        GRID,
        (await seen.officer.read(f"/v1/households/{poor.id}/risk"))["level"],
    )
    # Grids count in their village and stand in no tree of areas.
    assert await seen(VILLAGE, "households") == [2]
    assert (await seen.whole(VILLAGE, "households"))["below"] == []

    # A correction takes back what was counted; a move takes it elsewhere.
    await feed.send(poor.earns(90_000, revision=2))
    await keep(feed)
    assert await seen(LUQUAN, "line.one_to_one", "households") == [0, 2]
    await feed.send(poor.registered(aggregate_revision=2, path=OTHER_VILLAGE))
    await keep(feed)
    assert await seen(VILLAGE, "households", "target") == [1, 1]
    assert await seen(OTHER_VILLAGE, "households", "target") == [1, 1]
    assert await seen(TOWNSHIP, "households") == [2]
    await feed.send(poor.registered(aggregate_revision=3, path=FAR))
    await keep(feed)
    assert await seen(LUQUAN, "households") == [1]
    assert await seen(DONGCHUAN, "households") == [2]
    assert await seen(OTHER_VILLAGE, "households", "income.per_head") == [None, None]
    await identical(feed)


async def test_alerts_help_verdicts_and_cases(feed: Feed, regions: None, officer: Officer) -> None:
    seen, village = Seen(officer), "5301/530128/530128105/530128105201/"
    home, other = Home(path=village), Home(path=village)
    await feed.send(*home.settled(1_000), home.loses(START), *other.settled())
    listed = {"household_id": str(other.id), "category": "sudden", "causes": ["illness"], "identified_on": "2023-10-01"}
    assert (await officer.post("/v1/cases:load", {"items": [listed]})).status_code == 201
    clue = {"household_id": str(home.id), "channel": "screening", "causes": ["illness"]}
    case = (await officer.post("/v1/cases", clue)).json()
    await feed.sweep()
    await keep(feed)
    assert await seen(village, "help.helper", "help.measure", "cases.verifying", "cases.listed") == [100, 0, 1, 1]
    [opened, overdue] = await seen(village, "alerts.open", "alerts.overdue")
    assert opened >= 1
    assert overdue == 0
    [row] = await seen.rows("help.measure", village, which="rest")
    assert row["household_id"] == str(other.id)
    assert [row["id"] for row in await seen.rows("cases.verifying", village)] == [case["id"]]

    # Time alone makes an alert overdue; the day comes from policy.
    await feed.through(START + timedelta(days=1), START + timedelta(days=16))
    await keep(feed)
    assert (await seen(village, "alerts.overdue"))[0] >= 1
    alert = await feed.alert(home.id, "work.job_lost")
    judged = await officer.post(f"/v1/alerts/{alert.id}:judge", {"verdict": "confirmed"})
    assert judged.status_code == 200, judged.text
    await feed.sweep()
    await keep(feed)
    assert await seen(village, "verdicts.given", "verdicts.precision") == [1, 100]
    [row] = await seen.rows("verdicts.precision", village)
    assert (row["id"], row["state"]) == (str(alert.id), "confirmed")
    await feed.send(other.given("health", "illness", START))
    refused = await officer.post(
        f"/v1/cases/{case['id']}/steps",
        {"move": "refuse", "reason": "unfounded"},
        **{"if-match": f'"{case["version"]}"'},
    )
    assert refused.status_code in (200, 201), refused.text
    await feed.sweep()
    await keep(feed)
    assert await seen(village, "help.measure", "cases.verifying", "cases.decided", "cases.days") == [100, 0, 1, 16]
    [row] = await seen.rows("cases.decided", village)
    assert (row["state"], number(row["amount"])) == ("refused", 16)
    await identical(feed)


async def test_an_officer_sees_the_own_area_alone(feed: Feed, regions: None, officer: Officer) -> None:
    mine = officer.of(LUQUAN)
    given = {"area": LUQUAN, "indicator": "households"}
    answer = await mine.read("/v1/indicators/values", params=given)
    assert {item["path"][: len(LUQUAN)] for item in answer["below"]} == {LUQUAN}
    for path in ("values", "households/series", "households/households"):
        assert (await mine.get(f"/v1/indicators/{path}", params={"area": CITY})).status_code == 404
        assert (await mine.get(f"/v1/indicators/{path}", params={"area": DONGCHUAN})).status_code == 404
    for path in ("assessments", "indicator-reports/2023-Q3"):
        assert (await mine.get(f"/v1/{path}", params={"area": DONGCHUAN})).status_code == 404
    without = officer.of(CITY, rights="risk:read")
    assert (await without.get("/v1/indicators/values", params={"area": CITY})).status_code == 403
    for path, given, code in (
        ("values", {"area": "53/"}, "area-unknown"),
        ("values", {"area": CITY, "month": "2031-01"}, "period-ahead"),
        ("values", {"area": CITY, "indicator": "wealth"}, "indicator-unknown"),
        ("values", {"area": CITY, "mouth": "2023-10"}, "unknown-parameter"),
        ("values", {"area": CITY, "month": "0001-01"}, "period-unknown"),
        ("wealth/households", {"area": CITY}, "indicator-unknown"),
        ("income.growth/households", {"area": CITY}, "indicator-computed"),
    ):
        refused = await officer.get(f"/v1/indicators/{path}", params=given)
        assert (refused.status_code in (404, 422), refused.json()["code"]) == (True, code)


async def release(officer: Officer, name: str, value: str, path: str = CITY) -> None:
    body = {
        "name": name, "path": path, "valid_from": "2023-01-01", "value": value, "document": "昆乡振〔2023〕9号",
        "clause": "考核", "confidence": "official",
    }  # fmt: skip
    drafted = await officer.named("drafter").post("/v1/policy-drafts", body)
    assert drafted.status_code == 201, drafted.text
    released = await officer.named("approver").post(f"/v1/policy-drafts/{drafted.json()['id']}:release", {})
    assert released.status_code == 200, released.text


async def test_assessment_by_published_weights(feed: Feed, regions: None, officer: Officer) -> None:
    answer = await officer.read("/v1/assessments", params={"area": CITY})
    assert answer["weighted"] is False
    assert {score["score"] for score in answer["scores"]} == {None}
    looked_at = await feed.rows("SELECT max(version) AS v FROM profiles")
    for name, weight, none, full in (("income.per_head", "60", "0", "50000"), ("help.helper", "40", "0", "100")):
        for kind, number_ in (("weight", weight), ("none", none), ("full", full)):
            await release(officer, f"assessment.{kind}.{name}", number_)
    await feed.sweep()
    # No household was looked at again because of weights.
    assert await feed.rows("SELECT max(version) AS v FROM profiles") == looked_at
    seen = Seen(officer)
    answer = await officer.read("/v1/assessments", params={"area": LUQUAN})
    assert answer["weighted"] is True
    known = next(score for score in answer["scores"] if score["path"] == "5301/530128/530128105/")
    [per_head] = await seen("5301/530128/530128105/", "income.per_head")
    assert per_head is not None
    assert number(known["score"]) == pytest.approx(60 * min(per_head / 50_000, 1) + 40, abs=0.01)
    assert [part["id"] for part in known["parts"]] == ["income.per_head", "help.helper"]
    assert sum(float(part["points"]) for part in known["parts"]) == pytest.approx(float(known["score"]))
    assert number(known["out_of"]) == 100
    # Nobody in the other township needs a helper: that part is unknown, so there is no score and no rank.
    other = next(score for score in answer["scores"] if score["path"] == TOWNSHIP)
    assert (other["score"], other["rank"], other["unknown"]) == (None, None, ["help.helper"])
    townships = await officer.read("/v1/assessments", params={"area": CITY, "level": "township"})
    assert [score["path"] for score in townships["scores"]] == [FAR[:-13], TOWNSHIP]


async def test_a_period_that_ended_stays_as_it_was(feed: Feed, regions: None, officer: Officer) -> None:
    seen, village = Seen(officer), "5301/530128/530128106/530128106201/"
    home = Home(path=village)
    await feed.send(*home.settled(20_000))
    await feed.day(date(2023, 12, 31))
    await keep(feed)
    early = await officer.get("/v1/indicator-reports/2023-Q4", params={"area": CITY})
    assert (early.status_code, early.json()["code"]) == (422, "period-ahead")
    await feed.day(date(2024, 1, 1), sweep=False)
    pending = await officer.get("/v1/indicator-reports/2023-Q4", params={"area": CITY})
    assert (pending.status_code, pending.json()["code"]) == (409, "period-not-settled")
    await feed.sweep()
    await keep(feed)
    await release(officer, "compare.province.income.per_head", "14342.5")
    await feed.sweep()
    path, given = "/v1/indicator-reports/2023-Q4", {"area": CITY}
    first = await officer.get(path, params=given)
    assert first.status_code == 200, first.text
    income = await seen(village, "income.per_head", month="2023-12")

    # What arrives later, of whatever day, belongs to the month in which it became known.
    await feed.send(home.earns(200_000, revision=3), Home(path=village).registered())
    await keep(feed)
    assert await seen(village, "income.per_head", month="2023-12") == income
    assert await seen(village, "income.per_head") != income
    assert await seen(village, "households", month="2023-12") == [1]
    later = await officer.get(path, params=given)
    assert later.content == first.content

    with ZipFile(BytesIO(later.content)) as parts:
        written = "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))
    assert ("<f>" in written, "'=city 5301/" in written) == (False, True)
    [sheet] = workbook.read_sheets(later.content)
    _, _, headers, *rows = sheet.rows
    assert headers[:2] == ("编号 id", "指标 indicator")
    below = (await seen.whole(CITY, "households"))["below"]
    assert [cell.split()[-1] for cell in headers[11:]] == [item["path"] for item in below]
    lines = {row[0]: row for row in rows}
    assert float(lines["households"][5]) == (await seen(CITY, "households", month="2023-12"))[0]
    per_head = lines["income.per_head"]
    assert (per_head[8], per_head[10]) == ("14342.50", "昆乡振〔2023〕9号 考核")
    assert lines["verdicts.given"][5] == "1.00"

    points = await officer.read("/v1/indicators/households/series", params={"area": village})
    assert [(p["month"], number(p["value"])) for p in points] == [
        ("2023-10-01", 1), ("2023-11-01", 1), ("2023-12-01", 1), ("2024-01-01", 2),
    ]  # fmt: skip
    await identical(feed)


async def test_growth_on_the_year_before(feed: Feed, regions: None, officer: Officer) -> None:
    seen, village = Seen(officer), "5301/530128/530128107/530128107201/"
    home = Home(path=village)
    await feed.send(*home.settled(10_000))
    await feed.day(date(2025, 1, 2))
    year = {"window_from": date(2024, 1, 1), "window_to": date(2024, 12, 31), "purpose": "official_year"}
    again = home.earns(30_000, **year)
    again.fact_id = derived_id("income again", home.id)
    await feed.send(again)
    await keep(feed)
    [now, growth] = await seen(village, "income.per_head", "income.growth", month="2025-01")
    [before] = await seen(village, "income.per_head", month="2024-01")
    assert now is not None
    assert before is not None
    assert growth == pytest.approx(100 * (now - before) / before, abs=0.02)
    assert growth > 0


async def test_areas_are_summed_beside_live_flow(feed: Feed, regions: None, officer: Officer) -> None:
    """Batches, sweeps and two keepers at once: nothing is lost, nothing is counted twice."""
    village = "5301/530128/530128108/530128108201/"
    homes = [Home(path=village) for _ in range(20)]
    stop = asyncio.Event()
    keep = taking_turns("indicators", Keeper(feed.engine).turn, idle=0.1)
    keepers = [asyncio.ensure_future(keep(stop)) for _ in range(2)]
    for part in range(0, 20, 5):
        events = [event for home in homes[part : part + 5] for event in home.settled(20_000)]
        await asyncio.gather(feed.send(*events), feed.sweep(3))
    async with asyncio.timeout(60):
        while await feed.rows("SELECT number FROM indicator_changes"):  # noqa: ASYNC110 - another task empties it
            await asyncio.sleep(0.05)
    assert await Seen(officer)(village, "households", "income.known") == [20, 100]
    stop.set()
    await asyncio.gather(*keepers)
    await identical(feed)


async def test_designated_units_and_village_teams_are_assessed_by_weights_of_their_own(
    feed: Feed, regions: None, officer: Officer
) -> None:
    village = "5301/530125/530125101/530125101201/"
    here = {"area": village}
    region = RegionChanged(
        code="530125101201", name="某村", level="village", parent_code=None, path=village, valid_from=date(2020, 1, 1)
    )
    await feed.send(Sent(region, derived_id("region", region.code), household=False))
    first, second, both = (Home(path=village) for _ in range(3))
    for home, wage in ((first, 1_000), (second, 90_000), (both, 30_000)):
        await feed.send(home.registered(), home.joined(home.head), home.joined(home.spouse), home.earns(wage))
    await feed.send(helps(first, "某局"), helps(both, "某局"), helps(second, "某集团"), helps(both, "某集团"))
    await feed.send(helps(second, "某局"), released_by(second, "某局"))
    plain = await officer.read("/v1/assessments/units", params=here)
    assert (plain["weighted"], [item["score"] for item in plain["scores"]]) == (False, [None, None])
    assert {item["unit"]: item["households"] for item in plain["scores"]} == {"某局": 2, "某集团": 2}

    for kind, value in (("weight", "100"), ("none", "100"), ("full", "0")):
        await release(officer, f"assessment.unit.{kind}.line.one_to_one.share", value)
    scored = await officer.read("/v1/assessments/units", params=here)
    # Of two households each, one of the bureau's is under the line and none of the company's.
    assert [(item["unit"], number(item["score"]), item["rank"]) for item in scored["scores"]] == [
        ("某集团", 100, 1), ("某局", 50, 2),
    ]  # fmt: skip
    into = HouseholdMerged(aggregate_revision=2, into_id=second.id, merged_on=START)
    await feed.send(Sent(into, first.id))
    merged = await officer.read("/v1/assessments/units", params=here)
    assert {item["unit"]: item["households"] for item in merged["scores"]} == {"某局": 2, "某集团": 2}
    outside = await officer.of(LUQUAN).get("/v1/assessments/units", params=here)
    assert outside.status_code == 404

    member = derived_id("member", village)
    taken = TeamMemberAssigned(member_id=member, role=TeamRole.CADRE, path=village, since=date(2023, 1, 1))
    left = TeamMemberReleased(member_id=member, role=TeamRole.CADRE, path=village, until=START + timedelta(days=4_000))
    gone = derived_id("gone", village)
    never = TeamMemberReleased(member_id=gone, role=TeamRole.LEADER, path=village, until=date(2023, 6, 1))
    begun = TeamMemberAssigned(member_id=gone, role=TeamRole.LEADER, path=village, since=date(2023, 2, 1))
    await feed.send(
        Sent(left, member, household=False, fact_id=member, revision=2),
        Sent(taken, member, household=False, fact_id=member),
        Sent(never, gone, household=False, fact_id=gone, revision=2),
        Sent(begun, gone, household=False, fact_id=gone),
    )
    for kind, value in (("weight", "60"), ("none", "0"), ("full", "100")):
        await release(officer, f"assessment.team.{kind}.team.filled", value)
    await keep(feed)
    [team] = (await officer.read("/v1/assessments/teams", params=here))["scores"]
    assert (team["path"], number(team["score"]), number(team["out_of"])) == (village, 10, 60), "one place of six"
    assert "cadre" not in team["missing"]
    assert {"leader", "household"} <= set(team["missing"])


def helps(home: Home, unit: str) -> Sent:
    assignment = derived_id("assignment", home.id, unit)
    data = HelperAssigned(assignment_id=assignment, since=date(2022, 9, 1), organisation=unit)
    return Sent(data, home.id, fact_id=assignment)


def released_by(home: Home, unit: str) -> Sent:
    assignment = derived_id("assignment", home.id, unit)
    return Sent(HelperReleased(assignment_id=assignment, until=START), home.id, fact_id=assignment, revision=2)
