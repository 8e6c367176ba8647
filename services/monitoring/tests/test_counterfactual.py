"""What a job is worth on paper: the same household with it and without it, read only."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from monitoring_facts import EARNER, HOUSEHOLD, PATH, fact, family, helped, seeds, surveyed
from monitoring_feed import Feed, Home, Sent
from monitoring_officer import DONGCHUAN, Officer

from events.catalog.households import HouseholdMerged
from events.ids import uuid7
from monitoring.counterfactual.rules import FactsUnknown, compared
from monitoring.policy.rules import Remembering
from monitoring.risk.rules import Fact
from monitoring.whatif.rules import Known

TODAY = date(2023, 10, 15)
YEAR = [f"2022-{month}" for month in ("10", "11", "12")] + [f"2023-0{month}" for month in range(1, 10)]


async def path(officer: Officer, home: Home, without: UUID, **days: str) -> dict[str, Any]:
    answer = await officer.read(f"/v1/households/{home.id}/counterfactual", params={"without": str(without), **days})
    assert isinstance(answer, dict)
    return answer


async def test_without_the_job_the_household_lies_under_the_line(feed: Feed, officer: Officer) -> None:
    await feed.day(TODAY)
    home = Home()
    members = (home.joined(home.head), home.joined(home.spouse))
    await feed.send(home.registered(), *members, home.helped(), home.earns(1_000), home.starts(date(2022, 10, 1)))
    await feed.send(*(home.paid(month, 3_000) for month in YEAR))
    assert await feed.level(home.id) == "green"
    before = await feed.rows("SELECT to_jsonb(p) AS row FROM profiles AS p WHERE household_id = :id", id=home.id)

    found = await path(officer, home, home.spell())
    kinds = [item["kind"] for item in found["left_out"]]
    assert kinds.count("WagePaid") == 12
    assert set(kinds) == {"EmploymentStarted", "WagePaid"}
    actual, without = found["actual"], found["without"]
    assert (actual["levels"][-1]["level"], without["levels"][-1]["level"]) == ("green", "orange")
    assert "income.below_line" in set(without["holding"]) - set(actual["holding"])
    assert Decimal(actual["income_per_head"]) - Decimal(without["income_per_head"]) == Decimal("17500.00")
    assert Decimal(without["shortfall"]) > 0 == Decimal(actual["shortfall"])
    assert "不是因果" in found["accounting"]["zh"]
    assert before == await feed.rows(
        "SELECT to_jsonb(p) AS row FROM profiles AS p WHERE household_id = :id", id=home.id
    )


async def test_what_a_merged_household_brought_along_is_left_out_too(feed: Feed, officer: Officer) -> None:
    await feed.day(TODAY)
    home, gone = Home(), Home()
    await feed.send(*home.settled(1_000), gone.registered(), gone.joined(gone.head), gone.starts(date(2022, 10, 1)))
    await feed.send(*(gone.paid(month, 3_000) for month in YEAR))
    into = HouseholdMerged(aggregate_revision=2, into_id=home.id, merged_on=date(2023, 10, 1))
    joins = home.joined(gone.head, aggregate_revision=2, since=date(2023, 10, 1))
    await feed.send(Sent(into, gone.id), joins)
    found = await path(officer, home, gone.spell())
    assert [item["kind"] for item in found["left_out"]].count("WagePaid") == 12


async def test_strange_facts_days_and_areas_are_refused(feed: Feed, officer: Officer) -> None:
    home, other = Home(), Home()
    await feed.send(*home.settled(), *other.settled())
    where = f"/v1/households/{home.id}/counterfactual"
    mine = {"without": str(home.spell())}
    for params, status, code in (
        ({"without": str(other.spell())}, 422, "facts-not-of-household"),
        ({**mine, "last_on": "2030-01-01"}, 422, "period-ahead"),
        ({**mine, "first_on": "2023-10-14", "last_on": "2023-10-01"}, 422, "period-turned"),
        ({**mine, "first_on": "2021-10-14", "last_on": "2023-10-14"}, 422, "period-too-long"),
    ):
        refused = await officer.http.get(where, params=params, headers=officer.token)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert (await officer.http.get(where, headers=officer.token)).status_code == 422
    elsewhere = officer.of(DONGCHUAN)
    assert (await elsewhere.http.get(where, params=mine, headers=elsewhere.token)).status_code == 404


@given(st.lists(st.integers(0, 4_000), min_size=1, max_size=12))
def test_leaving_out_nothing_that_pays_changes_nothing_and_the_job_goes_with_its_wages(wages: list[int]) -> None:
    job = fact("EmploymentStarted", date(2022, 9, 1), name="job", person=EARNER)
    paid = [
        fact("WagePaid", date(2022 + (9 + n) // 12, (9 + n) % 12 + 1, 1), name=n, person=EARNER, amount=amount,
             spell_id=str(job.id))
        for n, amount in enumerate(wages)
    ]  # fmt: skip
    facts: list[Fact] = [*family(), surveyed(wage=0), helped(), job, *paid]
    book = seeds()

    def ask(*ids: UUID) -> Any:
        under = (Remembering(book), lambda on: book.changes(on) or date.max)
        return compared(Known(HOUSEHOLD, facts), ids, under, first=TODAY, last=TODAY)

    nothing = ask(next(f.id for f in facts if f.kind == "HelperAssigned"))
    assert nothing.actual.published == nothing.without.published
    found = ask(job.id)
    assert {f.id for f in found.left_out} == {job.id, *(f.id for f in paid)}
    assert found.without.published <= found.actual.published
    with pytest.raises(FactsUnknown):
        ask(uuid7())


def test_each_path_is_told_with_its_own_figures_and_what_is_not_known_is_none() -> None:
    # 18,000 + 800 + 5,000 - 6,000 for four are 4,450 a head; a job of 36,000 a year, just ended, is 9,000 more.
    job = fact("EmploymentStarted", date(2022, 9, 1), name="job", person=EARNER)
    ended = fact("EmploymentEnded", date(2023, 10, 10), person=EARNER, spell_id=str(job.id), reason="laid_off")
    months = [date(2022 + n // 12, n % 12 + 1, 1) for n in range(9, 21)]
    paid = [fact("WagePaid", month, person=EARNER, amount=3_000, spell_id=str(job.id)) for month in months]
    survey, told = surveyed(wage=0), family()
    book = seeds()

    def ask(*facts: Fact, out: Fact) -> Any:
        under = (Remembering(book), lambda on: book.changes(on) or date.max)
        return compared(Known(HOUSEHOLD, facts), [out.id], under, first=TODAY, last=TODAY)

    found = ask(*told, survey, helped(), job, *paid, ended, out=job)
    assert (found.actual.published, found.actual.projected) == (Decimal(13_450), Decimal(4_450))
    assert (found.without.published, found.without.projected) == (Decimal(4_450), Decimal(4_450))
    assert found.actual.course.holding - found.without.course.holding == {"work.job_lost"}
    poor = ask(*told, survey, helped(), out=survey)
    assert (poor.without.course.path, poor.without.published, poor.without.projected) == (PATH, None, None)
    nobody = ask(*told, survey, helped(), out=told[0])
    assert (nobody.without.course.path, nobody.without.published, nobody.without.projected) == ("", None, None)
