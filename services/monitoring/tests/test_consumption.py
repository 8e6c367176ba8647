"""Facts that arrive move a household's level and alerts, on a real database."""

from dataclasses import replace
from datetime import date

import pytest
from monitoring_feed import Feed, Home

from events.ids import uuid7

TODAY = date(2023, 10, 15)


@pytest.fixture(scope="module", autouse=True)
async def _day(feed: Feed) -> None:
    await feed.day(TODAY)


async def test_a_lost_job_raises_an_alert_that_a_correction_retracts(feed: Feed) -> None:
    home = Home()
    await feed.send(*home.settled())
    assert await feed.level(home.id) == "green"
    await feed.send(home.loses(TODAY))
    assert await feed.level(home.id) == "yellow"
    assert ("work.job_lost", "yellow", "open") in await feed.alerts(home.id)
    await feed.send(home.loses(TODAY, revision=2, void=True))
    assert await feed.level(home.id) == "green"
    assert ("work.job_lost", "yellow", "retracted") in await feed.alerts(home.id)
    assert (await feed.told(home.id))[-2:] == ["RiskChanged", "AlertRetracted"]


async def test_the_alert_names_its_reason_and_follows_from_the_fact(feed: Feed) -> None:
    home = Home()
    await feed.send(*home.settled(wage=1000))
    [row] = await feed.rows(
        "SELECT e.correlation_id, r.correlation_id AS origin, e.data, e.region FROM event_log AS e "
        "JOIN received_log AS r ON r.id = e.causation_id WHERE e.key = :id AND e.type LIKE '%AlertRaised%' "
        "AND e.data->>'rule' = 'income.below_line'",
        id=home.id,
    )
    assert row.correlation_id == row.origin
    assert row.data["reason_zh"] == "家庭收入预计 5,000 元/人，低于监测线 8,050 元"
    assert row.data["policy_version"].startswith("line.monitoring@2023-01-01")
    assert row.region == "530128104201"


async def test_the_same_event_twice_and_an_older_revision_change_nothing(feed: Feed) -> None:
    home = Home()
    await feed.send(*home.settled(wage=1000))
    before = await feed.told(home.id)
    await feed.send(home.earns(1000), home.earns(90_000, revision=0))
    assert await feed.told(home.id) == before


async def test_facts_may_arrive_before_the_household(feed: Feed) -> None:
    home = Home()
    events = home.settled(wage=1000)
    await feed.send(*reversed(events), each=True)
    assert await feed.level(home.id) == "orange"
    [row] = await feed.rows("SELECT number, path FROM profiles WHERE household_id = :id", id=home.id)
    assert row.path == home.path


async def test_a_wage_keyed_by_the_old_household_counts_where_the_person_lives(feed: Feed) -> None:
    old, new = Home(), Home()
    await feed.send(*old.settled())
    await feed.send(*new.settled(wage=1000))
    assert await feed.level(new.id) == "orange"
    moved = new.joined(old.head, aggregate_revision=2, since=date(2023, 1, 1))
    await feed.send(moved)
    wages = [old.paid(f"{2022 + (9 + n) // 12}-{(9 + n) % 12 + 1:02d}", 6000) for n in range(12)]
    await feed.send(*wages)
    figures = await feed.rows("SELECT figures FROM profiles WHERE household_id = :id", id=new.id)
    assert float(figures[0].figures["projected"]) > 8050
    assert await feed.level(new.id) == "green"
    assert await feed.alerts(new.id) == [
        ("income.below_line", "orange", "retracted"),
        ("income.drop", "yellow", "retracted"),
    ] or await feed.alerts(new.id) == [("income.below_line", "orange", "retracted")]


async def test_levels_are_counted_as_they_change(feed: Feed) -> None:
    async def counted() -> dict[str, int]:
        rows = await feed.rows("SELECT level, sum(households) AS n FROM level_counts GROUP BY level")
        return {row.level: int(row.n) for row in rows}

    async def real() -> dict[str, int]:
        rows = await feed.rows("SELECT level, count(*) AS n FROM profiles WHERE path <> '' GROUP BY level")
        return {row.level: int(row.n) for row in rows}

    home = Home()
    await feed.send(*home.settled())
    await feed.send(home.loses(TODAY))
    assert {level: n for level, n in (await counted()).items() if n} == await real()


async def test_an_unmatched_fact_waits_for_its_person(feed: Feed) -> None:
    home = Home()
    lost = home.loses(TODAY)
    nobody = lost.data.model_copy(update={"person_id": None})
    unmatched = replace(lost, data=nobody, key=lost.fact_id, household=False)
    await feed.send(unmatched)
    await feed.send(*home.settled())
    assert await feed.level(home.id) == "green"
    await feed.send(home.loses(TODAY, revision=2))
    assert await feed.level(home.id) == "yellow"


async def test_sales_carry_the_income_and_depend_on_a_buyer_until_they_are_refunded(feed: Feed) -> None:
    home, canteen = Home(), uuid7()
    await feed.send(*home.settled(wage=1000))
    assert ("income.below_line", "orange", "open") in await feed.alerts(home.id)
    await feed.send(home.sells("40000.00", date(2023, 9, 5), buyer=canteen))
    alerts = await feed.alerts(home.id)
    assert ("income.below_line", "orange", "retracted") in alerts, "a sale of September says it never was so"
    assert ("market.one_buyer", "yellow", "open") in alerts
    assert await feed.level(home.id) == "yellow"
    await feed.send(home.sells("100.00", date(2023, 9, 5), buyer=canteen, revision=2))
    alerts = await feed.alerts(home.id)
    assert ("market.one_buyer", "yellow", "retracted") in alerts
    assert ("income.below_line", "orange", "open") in alerts, "the refund leaves the family where it was"


async def test_a_rejected_delivery_counts_with_cancelled_orders(feed: Feed) -> None:
    home = Home()
    await feed.send(*home.settled())
    await feed.send(home.rejects("1600.00", TODAY))
    assert await feed.level(home.id) == "green", "20 % of 8000 is not more than 20 %"
    await feed.send(home.rejects("1600.01", TODAY, revision=2))
    assert await feed.level(home.id) == "yellow"
    assert ("market.order_lost", "yellow", "open") in await feed.alerts(home.id)
    await feed.send(home.rejects("1600.01", TODAY, revision=3, void=True))
    assert ("market.order_lost", "yellow", "retracted") in await feed.alerts(home.id)
