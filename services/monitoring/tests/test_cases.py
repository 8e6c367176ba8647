"""A case from the clue to the list, off it and back: on the real database, replayed to the same rows."""

from datetime import date, timedelta
from typing import Any

import pytest
from monitoring_feed import Feed, Home, Sent
from monitoring_officer import DONGCHUAN, LUQUAN, Officer
from sqlalchemy import text

from events.catalog.households import ConsentGiven, ConsentWithdrawn, RegionChanged
from events.ids import derived_id
from monitoring.indicators.service import sum_up_all

START = date(2023, 5, 1)
TOWNSHIP = "5301/530128/530128104/"


class Clerk:
    """Goes through the steps of one case."""

    def __init__(self, officer: Officer, case: Any):
        self.officer, self.case = officer, case

    async def tries(self, move: str, by: Officer | None = None, **given: Any) -> Any:
        headers = {"if-match": f'"{self.case["version"]}"'}
        return await (by or self.officer).post(f"/v1/cases/{self.case['id']}/steps", {"move": move, **given}, **headers)

    async def does(self, move: str, by: Officer | None = None, **given: Any) -> Any:
        answer = await self.tries(move, by, **given)
        assert answer.status_code == 200, answer.text
        self.case = answer.json()
        return self.case


async def clue(officer: Officer, home: Home, **given: Any) -> Clerk:
    body = {"household_id": str(home.id), "channel": "screening", "causes": ["illness"], **given}
    answer = await officer.post("/v1/cases", body)
    assert answer.status_code == 201, answer.text
    return Clerk(officer, answer.json())


async def until_the_county(clerk: Clerk, feed: Feed, on: date) -> None:
    await clerk.does("authorise")
    await clerk.does("compare", confirmed=True)
    await clerk.does("verify", officers=["li", "wang"], confirmed=True)
    await on_to_the_county(clerk, feed, on)


async def on_to_the_county(clerk: Clerk, feed: Feed, on: date) -> None:
    await clerk.does("review", confirmed=True)
    await clerk.does("post")
    await feed.through(on + timedelta(days=1), on + timedelta(days=5))
    await clerk.does("close_notice")
    await clerk.does("pass_township", clerk.officer.of(TOWNSHIP).named("township"))


async def test_a_case_onto_the_list_off_it_and_back(feed: Feed, officer: Officer) -> None:
    await feed.day(START)
    home = Home()
    await feed.send(*home.settled())
    village, county = (
        officer.of("5301/530128/530128104/530128104201/").named("village"),
        officer.of(LUQUAN).named("county"),
    )
    clerk = await clue(village, home)
    assert (clerk.case["state"], clerk.case["due_on"], clerk.case["clock"]) == ("verifying", "2023-05-16", "running")
    again = await village.post("/v1/cases", {"household_id": str(home.id), "channel": "social", "causes": ["water"]})
    assert (again.status_code, again.json()["code"]) == (409, "case-known")
    for move, given, status, code in (
        ("verify", {"officers": ["li"], "confirmed": True}, 422, "too-few-verifiers"),
        ("verify", {"officers": ["li", "li"], "confirmed": True}, 422, "too-few-verifiers"),
        ("compare", {"confirmed": True}, 409, "step-out-of-order"),
        ("approve", {"category": "unstable"}, 403, "level-too-low"),
        ("post", {}, 409, "step-out-of-order"),
    ):
        refused = await clerk.tries(move, **given)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    await until_the_county(clerk, feed, START)
    both = await clerk.tries("approve", county.named("township"), category="unstable")
    assert (both.status_code, both.json()["code"]) == (403, "same-approver")
    missing = await clerk.tries("approve", county)
    assert (missing.status_code, missing.json()["code"]) == (422, "category-missing")
    listed = await clerk.does("approve", county, category="unstable")
    assert (listed["state"], listed["identified_on"], listed["clock"]) == ("listed", "2023-05-06", "in_time")

    refused = await clerk.tries("propose_elimination", way="helped")
    assert (refused.status_code, refused.json()["code"]) == (409, "elimination-refused")
    assert "too-soon" in refused.text
    assert "no-measure-illness" in refused.text
    await clerk.does("measure", cause="illness", measure="health")
    await feed.day(date(2023, 11, 6))
    await feed.send(home.earns(90_000, revision=2, window_to=date(2023, 9, 30)))
    await clerk.does("propose_elimination", way="helped")
    await clerk.does("verify", officers=["li", "wang"], confirmed=True)
    await on_to_the_county(clerk, feed, date(2023, 11, 6))
    await feed.send(home.loses(date(2023, 11, 10)))
    risk = await clerk.tries("approve", county)
    assert (risk.status_code, "risk-work-job-lost" in risk.text) == (409, True)
    await feed.send(home.starts(date(2023, 11, 10), 2))
    gone = await clerk.does("approve", county)
    assert (gone["state"], gone["eliminated_on"]) == ("eliminated", "2023-11-11")
    back = await clerk.does("reenter", causes=["unstable_work"])
    assert (back["state"], back["causes"]) == ("listed", ["unstable_work"])

    told = [name for name in await feed.told(home.id) if name.startswith("Case")]
    assert (told[0], told[-2], told[-1]) == ("CaseOpened", "CaseEliminated", "CaseReentered")
    assert told.count("CaseListed") == 1
    steps = await county.read(f"/v1/cases/{clerk.case['id']}/steps")
    assert len(steps) == clerk.case["version"]
    assert (await officer.of(DONGCHUAN).get(f"/v1/cases/{clerk.case['id']}")).status_code == 404
    await feed.sweep()
    report = await feed.rebuilt()
    assert report.identical, report
    assert {table.table: table.rows for table in report.tables}["case_steps"] == len(steps)


async def test_a_case_follows_its_household_to_another_area(feed: Feed, officer: Officer) -> None:
    await feed.day(date(2023, 11, 14))
    home = Home()
    await feed.send(*home.settled())
    clerk = await clue(officer, home)
    at, there = f"/v1/cases/{clerk.case['id']}", officer.of(DONGCHUAN)
    assert (await there.get(at)).status_code == 404

    async def verifying(area: str) -> int:
        async with feed.engine.begin() as tx:
            await sum_up_all(tx)
        total = "SELECT coalesce(sum(value), 0) AS value FROM indicator_values WHERE part = :part AND path = :area"
        [row] = await feed.rows(total, part="cases.verifying", area=area)
        return int(row.value)

    before = [await verifying(area) for area in (LUQUAN, DONGCHUAN)]
    village = f"{DONGCHUAN}530113101/530113101201/"
    await feed.send(home.registered(aggregate_revision=2, path=village, region_code="530113101201"))
    assert (await there.read(at))["path"] == village
    assert (await officer.of(LUQUAN).get(at)).status_code == 404
    assert {step["move"] for step in await there.read(f"{at}/steps")} == {"open"}
    assert [await verifying(area) for area in (LUQUAN, DONGCHUAN)] == [before[0] - 1, before[1] + 1]
    clerk.officer = there
    gone = await clerk.does("refuse", reason="unfounded")
    assert (gone["path"], gone["state"]) == (village, "refused")
    assert [await verifying(area) for area in (LUQUAN, DONGCHUAN)] == [before[0] - 1, before[1]]
    await feed.sweep()
    report = await feed.rebuilt()
    assert report.identical, report


async def test_a_refused_clue_may_come_again(feed: Feed, officer: Officer) -> None:
    home = Home()
    await feed.send(*home.settled())
    clerk = await clue(officer, home)
    stale = await officer.post(
        f"/v1/cases/{clerk.case['id']}/steps", {"move": "refuse", "reason": "unfounded"}, **{"if-match": '"9"'}
    )
    assert stale.status_code == 412
    refused = await clerk.does("refuse", reason="unfounded")
    assert (refused["state"], refused["reason"]) == ("refused", "unfounded")
    second = await clue(officer, home, green_channel=True)
    assert second.case["id"] != clerk.case["id"]


async def test_what_was_listed_before_is_loaded_whole_or_not_at_all(feed: Feed, officer: Officer) -> None:
    homes = [Home() for _ in range(3)]
    await feed.send(*(event for home in homes for event in home.settled()))
    items = [
        {"household_id": str(home.id), "category": "borderline", "causes": ["illness"], "identified_on": "2022-03-01"}
        for home in homes
    ]
    strange = {**items[0], "household_id": str(Home().id)}
    wrong = await officer.post("/v1/cases:load", {"items": [*items, strange]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "household-unknown")
    loaded = await officer.post("/v1/cases:load", {"items": items})
    assert loaded.status_code == 201, loaded.text
    page = await officer.read("/v1/cases", params={"state": "listed", "household_id": str(homes[0].id)})
    [case] = page["items"]
    assert (case["identified_on"], case["category"], case["clock"]) == ("2022-03-01", "borderline", "unknown")
    assert (await officer.post("/v1/cases:load", {"items": items})).status_code == 409


async def test_no_comparison_against_the_will_of_the_household_and_nothing_else_waits(
    feed: Feed, officer: Officer
) -> None:
    home = Home()
    await feed.send(*home.settled())
    clerk = await clue(officer, home)
    fact = derived_id("consent", home.id, "asset_comparison")
    no = ConsentWithdrawn(purpose="asset_comparison", decided_on=START, refused=True)
    await feed.send(Sent(no, home.id, fact_id=fact, revision=1))
    for move, given in (("authorise", {}), ("compare", {"confirmed": True})):
        refused = await clerk.tries(move, **given)
        assert (refused.status_code, refused.json()["code"]) == (409, "consent-withheld")
    await clerk.does("verify", officers=["li", "wang"], confirmed=True)
    await feed.sweep()
    async with feed.engine.begin() as tx:
        await tx.execute(text("DELETE FROM consents WHERE household_id = :id"), {"id": home.id})
    forgotten = {table.table: table.missing for table in (await feed.rebuilt(swap=True)).tables}
    assert forgotten["consents"] == (str(home.id),), "a family's no that was lost is found, and put back"
    assert (await clerk.tries("authorise")).status_code == 409
    await feed.send(Sent(ConsentGiven(purpose="asset_comparison", decided_on=START), home.id, fact_id=fact, revision=2))
    # What was said before arrives late, and other purposes are not this one.
    await feed.send(Sent(no, home.id, fact_id=fact, revision=1))
    other = ConsentWithdrawn(purpose="voluntary_measures", decided_on=START)
    await feed.send(Sent(other, home.id, fact_id=derived_id("consent", home.id, "other"), revision=3))
    await clerk.does("authorise")
    assert (await clerk.does("compare", confirmed=True))["state"] == "reviewing"


@pytest.mark.parametrize("body", [{"move": "fly"}, {"move": "post", "colour": "red"}, {"move": "verify"}])
async def test_steps_that_are_none_are_refused(feed: Feed, officer: Officer, body: Any) -> None:
    home = Home()
    await feed.send(*home.settled())
    clerk = await clue(officer, home)
    assert (await clerk.tries(**body)).status_code == 422


async def test_papers_say_masked_what_the_village_may_know(feed: Feed, officer: Officer) -> None:
    today = date(2023, 11, 20)
    await feed.day(today)
    home = Home()
    region = RegionChanged(
        code="530128104201", name="<某>村", level="village", parent_code=None, path=home.path, valid_from=today
    )
    await feed.send(Sent(region, derived_id("region", region.code), household=False))
    await feed.send(home.registered(size=2), home.joined(home.head, head=True, masked_name="张*三"))
    clerk = await clue(officer, home, causes=["illness", "unstable_work"])
    path = f"/v1/cases/{clerk.case['id']}/papers"
    for paper in ("notice", "card"):
        early = await officer.get(f"{path}/{paper}")
        assert (early.status_code, early.json()["code"]) == (409, "paper-too-early")
    await until_the_county(clerk, feed, today)
    notice = await officer.read(f"{path}/notice")
    for words in (
        "拟纳入防止返贫监测对象公示",
        "户主：张*三",
        "因病、因务工就业不稳",
        "2023-11-20至2023-11-25",
        "<某>村",
    ):
        assert words in notice["text"]
    assert "&lt;某&gt;村" in notice["html"]
    assert "<某>" not in notice["html"]
    await clerk.does("approve", officer.of(LUQUAN).named("county"), category="unstable")
    await clerk.does("measure", cause="illness", measure="health")
    card = await officer.read(f"{path}/card")
    for words in ("脱贫不稳定户", "识别日期：2023-11-25", "因病：健康帮扶（2023-11-25起）", "已纳入，帮扶中"):
        assert words in card["text"]
        assert words.rpartition("：")[2] in card["html"]
    [known] = await feed.rows("SELECT number FROM profiles WHERE household_id = :id", id=home.id)
    assert known.number not in notice["text"] + notice["html"] + card["text"] + card["html"]
    assert (await officer.of(DONGCHUAN).get(f"{path}/card")).status_code == 404
