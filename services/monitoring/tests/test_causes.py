"""Every cause of the national list (domain 1.7): alert, case, help asked of a department and given, elimination.

The families go through the year side by side: a business date is the platform's, not a family's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from monitoring_feed import Feed, Home, Sent
from monitoring_officer import LUQUAN, Officer
from test_cases import Clerk, clue
from test_help import answer, asks

from events.catalog.finance import LoanCured, LoanOverdue
from events.catalog.households import (
    ConditionReported,
    ConditionResolved,
    ExpenseReported,
    Guarantee,
    RiskCause,
    ShockReported,
    ShockResolved,
)
from events.ids import derived_id
from monitoring.help.rules import OFFERS

START = date(2023, 5, 8)
SOLVED = date(2023, 6, 20)
SIX_MONTHS_ON = date(2023, 11, 13)


def lacks(guarantee: Guarantee) -> tuple[Callable[[Home], Sent], Callable[[Home], Sent]]:
    def reported(home: Home) -> Sent:
        data = ConditionReported(guarantee=guarantee, since=START)
        return Sent(data, home.id, fact_id=derived_id("condition", home.id))

    def resolved(home: Home) -> Sent:
        data = ConditionResolved(guarantee=guarantee, resolved_on=SOLVED)
        return Sent(data, home.id, fact_id=derived_id("condition", home.id), revision=2)

    return reported, resolved


def fell_ill(home: Home) -> Sent:
    """Long ago enough that twelve months later it is over."""
    data = ExpenseReported(kind="medical", amount="12000.00", window_from=date(2022, 6, 1), window_to=date(2022, 6, 10))
    return Sent(data, home.id, fact_id=derived_id("expense", home.id))


def accident(home: Home) -> Sent:
    data = ShockReported(kind="accident", happened_on=START, means_lost=False)
    return Sent(data, home.id, fact_id=derived_id("shock", home.id))


def over_it(home: Home) -> Sent:
    data = ShockResolved(kind="accident", happened_on=START, means_lost=False, resolved_on=SOLVED)
    return Sent(data, home.id, fact_id=derived_id("shock", home.id), revision=2)


def in_arrears(home: Home) -> Sent:
    data = LoanOverdue(
        person_id=home.head, loan_number="YN-1", product="petty_loan", due_on=START - timedelta(days=1), amount="900.00"
    )
    return Sent(data, home.id, fact_id=derived_id("overdue", home.id))


def paid_up(home: Home) -> Sent:
    overdue = derived_id("overdue", home.id)
    data = LoanCured(person_id=home.head, loan_number="YN-1", overdue_fact_id=overdue, cured_on=SOLVED)
    return Sent(data, home.id, fact_id=derived_id("cured", home.id))


def earned_little(home: Home) -> Sent:
    last_year = home.earns(1_000, window_from=date(2021, 10, 1), window_to=date(2022, 9, 30))
    return replace(last_year, fact_id=derived_id("income", home.id, 2022))


@dataclass(frozen=True)
class Road:
    """One cause: what begins it, the rule that sees it, the help that is asked for, what ends it."""

    cause: RiskCause
    rule: str
    begins: Callable[[Home], Sent]
    offer: str
    ends: Callable[[Home], Sent] | None = None
    told: tuple[str, ...] = ()
    """causes that the alert itself tells; of what an income is short, the visit does"""

    @property
    def by_income(self) -> bool:
        return self.rule.startswith("income.")


INCOME = ("unstable_work", "business_failure")
ROADS: Sequence[Road] = (
    Road(RiskCause.ILLNESS, "expense.medical", fell_ill, "medical_claim", told=("illness",)),
    Road(RiskCause.DISABILITY, "income.below_line", earned_little, "illness_aid", told=INCOME),
    Road(RiskCause.SCHOOLING, "guarantee.schooling", lacks(Guarantee.SCHOOLING)[0], "schooling_aid",
         lacks(Guarantee.SCHOOLING)[1], ("schooling",)),
    Road(RiskCause.DISASTER, "shock.disaster", lambda home: home.struck(START), "crop_claim",
         lambda home: home.struck(START, resolved_on=SOLVED, revision=2), ("disaster",)),
    Road(RiskCause.ACCIDENT, "shock.accident", accident, "relief_aid", over_it, ("accident",)),
    Road(RiskCause.BUSINESS_FAILURE, "debt.overdue", in_arrears, "farming_aid", paid_up, ("business_failure",)),
    Road(RiskCause.UNSTABLE_WORK, "work.job_lost", lambda home: home.loses(START), "job",
         lambda home: home.starts(SOLVED, 2), ("unstable_work",)),
    Road(RiskCause.LABOUR_SHORTAGE, "income.below_line", earned_little, "public_post", told=INCOME),
    Road(RiskCause.HOUSING, "guarantee.housing", lacks(Guarantee.HOUSING)[0], "housing_aid",
         lacks(Guarantee.HOUSING)[1], ("housing",)),
    Road(RiskCause.WATER, "guarantee.water", lacks(Guarantee.WATER)[0], "water_aid",
         lacks(Guarantee.WATER)[1], ("water",)),
    Road(RiskCause.OTHER, "income.below_line", earned_little, "relief_aid", told=INCOME),
)  # fmt: skip


def test_every_cause_has_its_road() -> None:
    assert [road.cause for road in ROADS] == list(RiskCause)


async def test_from_the_first_fact_to_elimination(feed: Feed, officer: Officer) -> None:
    await feed.day(START)
    county = officer.of(LUQUAN).named("county")
    roads = [(Home(), road) for road in ROADS]
    clerks = {home.id: await alerted_and_opened(feed, officer, home, road) for home, road in roads}

    for clerk in clerks.values():
        await clerk.does("authorise")
        await clerk.does("compare", confirmed=True)
        await clerk.does("verify", officers=["li", "wang"], confirmed=True)
        await clerk.does("review", confirmed=True)
        await clerk.does("post")
    await feed.through(START + timedelta(days=1), START + timedelta(days=5))
    for home, road in roads:
        clerk = clerks[home.id]
        await clerk.does("close_notice")
        await clerk.does("pass_township", officer.of(f"{LUQUAN}530128104/").named("township"))
        listed = await clerk.does("approve", county, category="unstable")
        assert (listed["state"], listed["causes"], listed["clock"]) == ("listed", [road.cause], "in_time")
        early = await clerk.tries("propose_elimination", way="helped")
        assert early.status_code == 409
        for reason in ("too-soon", f"no-measure-{road.cause}", *reasons(road)):
            assert reason in early.text, road

    for home, road in roads:
        await helped(feed, officer, home, road, clerks[home.id])
        if road.ends is not None:
            await feed.send(road.ends(home))
    # Medical bills leave the twelve months on 1 July, the new year's income is known on 30 September; then dwell.
    await feed.day(SOLVED, date(2023, 7, 1), date(2023, 10, 1), SIX_MONTHS_ON)
    for home, road in roads:
        assert (await feed.alert(home.id, road.rule)).state == "closed", road
        clerk = clerks[home.id]
        await clerk.does("propose_elimination", way="helped")
        await clerk.does("verify", officers=["li", "wang"], confirmed=True)
        await clerk.does("review", confirmed=True)
        await clerk.does("post")
    await feed.through(SIX_MONTHS_ON + timedelta(days=1), SIX_MONTHS_ON + timedelta(days=5))
    for clerk in clerks.values():
        await clerk.does("close_notice")
        await clerk.does("pass_township", officer.of(f"{LUQUAN}530128104/").named("township"))
        gone = await clerk.does("approve", county)
        assert (gone["state"], gone["eliminated_on"]) == ("eliminated", "2023-11-18")
    await feed.sweep()
    for home, road in roads:
        assert await feed.level(home.id) == "green", road
        told = await feed.told(home.id)
        steps = ["AlertRaised", "CaseOpened", "CaseListed", "AlertClosed", "CaseEliminated"]
        assert [told.index(step) for step in steps] == sorted(told.index(step) for step in steps), road


async def alerted_and_opened(feed: Feed, officer: Officer, home: Home, road: Road) -> Clerk:
    await feed.send(*home.settled(), road.begins(home))
    alert = await feed.alert(home.id, road.rule)
    assert alert.state == "open", road
    offers = await officer.read(f"/v1/alerts/{alert.id}/offers")
    assert tuple(offers["causes"]) == road.told
    return await clue(officer, home, channel="alert", alert_id=str(alert.id), causes=[road.cause])


async def helped(feed: Feed, officer: Officer, home: Home, road: Road, clerk: Clerk) -> None:
    """One call asks the department; its answer is the measure and stops the clock of the alert that asked."""
    alert = f"/v1/alerts/{(await feed.alert(home.id, road.rule)).id}"
    case = f"/v1/cases/{clerk.case['id']}"
    # Of a low income the alert knows no more than that; the case does.
    at = alert if road.cause in road.told else case
    offers = {item["offer"]: item for item in (await officer.read(f"{at}/offers"))["offers"]}
    assert road.cause in offers[road.offer]["causes"], road
    assert (await officer.read(alert))["help"]["helped_on"] is None, road
    asked = await asks(officer, at, road.offer)
    on, kind = START + timedelta(days=5), OFFERS[road.offer].category
    assert (asked["service"], asked["causes"]) == (OFFERS[road.offer].service, [road.cause])
    given = {"category": kind, "development": kind.development, "reference": asked["id"], "provided_on": on}
    await feed.send(answer(asked, on, 2, **given))
    if at == alert:
        shown = await officer.read(alert)
        assert (shown["help"]["helped_on"], shown["help"]["state"]) == (str(on), "in_time"), road
    [told] = (await officer.read(at))["requests"]
    assert (told["state"], told["provided_on"]) == ("provided", str(on))


def reasons(road: Road) -> tuple[str, ...]:
    """What of the risk itself stands against it."""
    name = road.rule.replace(".", "-").replace("_", "-")
    return ("income-not-above",) if road.by_income else (f"risk-{name}",)
