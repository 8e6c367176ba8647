"""Profiles kept from the last fold: the short way of a policy change and of a what-if ends where the long one does."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from monitoring_facts import HOUSEHOLD, VALUES, family, id_of, seeds, surveyed, world
from monitoring_feed import Feed, Home, Sent
from monitoring_officer import Officer
from sqlalchemy import text
from test_fold import highest, revised
from test_policy import rebuilt, released
from test_whatif import asked, done, flips

from events.catalog.households import HouseholdMerged
from kit.auth import Principal
from kit.policy import Confidence, PolicyValue
from kit.policy_book import Unit
from monitoring.alerts.rules import Verdict
from monitoring.care import service as care
from monitoring.cases import service as cases
from monitoring.cases.rules import Move, Step
from monitoring.policy.names import ASIDE, NAMES
from monitoring.profile import queries
from monitoring.profile.rendering import Showing, in_full, outcomes_of
from monitoring.profile.rules import Cause, Household, Kept, Status, assess
from monitoring.profile.written import as_kept, glimpse_of, profile_of
from monitoring.risk.rules import CANDIDATES, RULES, Fact
from monitoring.whatif.rules import Known, compare

START = date(2023, 9, 1)
_DAYS = st.integers(0, 400).map(lambda days: START + timedelta(days=days))
_READ = sorted({name for rule in RULES.values() for name in rule.reads})
_NAMES = st.sampled_from(_READ) | st.sampled_from(sorted(name for name in NAMES if not name.startswith(ASIDE)))


@st.composite
def _value(draw: st.DrawFn) -> PolicyValue:
    name = draw(_NAMES)
    begun = draw(_DAYS) - timedelta(days=draw(st.integers(0, 300)))
    most = {Unit.YUAN: 20_000, Unit.SHARE: 100, Unit.FLAG: 1}.get(NAMES[name], 40)
    number = Decimal(draw(st.integers(0, most))) / (100 if NAMES[name] is Unit.SHARE else 1)
    return PolicyValue(
        id=UUID(int=7 << 76 | 2 << 62 | draw(st.integers(0, 2**60))), name=name,
        path=draw(st.sampled_from(["5301/", "5301/530128/", "5301/530113/"])), valid_from=begun,
        valid_to=draw(st.none() | st.integers(0, 200).map(lambda days: begun + timedelta(days=days))),
        value=number, document="?", clause="?", confidence=Confidence.DEMO,
    )  # fmt: skip


_VALUES = st.lists(_value(), max_size=4)


@settings(max_examples=200, deadline=None)
@given(revised().map(highest), _DAYS, st.integers(0, 40), _VALUES, _VALUES)
def test_a_kept_profile_is_judged_under_another_policy_as_its_facts_are(
    facts: list[Fact], on: date, later: int, one: list[PolicyValue], other: list[PolicyValue]
) -> None:
    before, _ = assess(Status(HOUSEHOLD), Household(HOUSEHOLD, facts), world(on, 1, seeds(*one)), Cause(id_of("a")))
    assert before.profile is not None
    kept = Kept(profile_of(as_kept(before.profile)), on)
    assert kept.profile == before.profile
    day = min(on + timedelta(days=later), before.profile.next_change - timedelta(days=1))
    changed = world(day, 2, seeds(*one, *other))
    short, long = (assess(before, way, changed, Cause(id_of("b"))) for way in (kept, Household(HOUSEHOLD, facts)))
    assert short == long
    # To the letter: 0 and 0.00 are equal, and not the same.
    assert Showing().of(short[0]) == Showing().of(long[0])


def test_a_row_says_of_most_rules_that_they_are_clear_and_no_more() -> None:
    facts = [*family(), surveyed()]
    status, _ = assess(Status(HOUSEHOLD), Household(HOUSEHOLD, facts), world(START, 1, seeds()), Cause(id_of("a")))
    said = {item["rule"]: item for item in json.loads(Showing().of(status).outcomes)}
    assert list(said) == list(RULES)
    assert said["debt.overdue"] == {"rule": "debt.overdue", "state": "clear"}
    for outcome in status.outcomes:
        assert in_full(said[outcome.rule]) == {
            "rule": outcome.rule, "state": outcome.state, "level": outcome.level.wire, "values": outcome.values,
            "facts": [str(id_) for id_ in outcome.facts], "policy": [str(value.id) for value in outcome.policy],
            "zh": outcome.zh, "en": outcome.en, "missing": outcome.missing,
        }  # fmt: skip


def test_a_kept_profile_is_not_asked_about_days_it_is_not_good_for() -> None:
    profile = Household(HOUSEHOLD, [*family(), surveyed()]).at(START)
    assert profile is not None
    kept = Kept(profile, START)
    for day in (START - timedelta(days=1), profile.next_change):
        with pytest.raises(ValueError, match="kept from"):
            kept.at(day)


@settings(max_examples=200, deadline=None)
@given(revised().map(highest), _DAYS, _VALUES, _VALUES, st.sets(st.sampled_from(sorted(CANDIDATES))))
def test_a_what_if_about_a_day_says_of_a_kept_profile_what_it_says_of_the_facts(
    facts: list[Fact], on: date, one: list[PolicyValue], other: list[PolicyValue], candidates: set[str]
) -> None:
    profile = Household(HOUSEHOLD, facts).at(on)
    assert profile is not None
    question = ([*VALUES, *one], other, on, on, sorted(candidates))
    short = compare([Known(HOUSEHOLD, profile=profile_of(as_kept(profile)))], *question)
    assert short == compare([Known(HOUSEHOLD, facts)], *question)
    assert short.households == 1
    # What its row says, read as a row is read, spares it the judging.
    status, _ = assess(Status(HOUSEHOLD), Household(HOUSEHOLD, facts), world(on, 1, seeds(*one)), Cause(id_of("a")))
    row = [said for said in json.loads(Showing().of(status).outcomes) if said["state"] != "clear"]
    standing = outcomes_of(json.dumps(row))
    assert compare([Known(HOUSEHOLD, profile=glimpse_of(as_kept(profile)), standing=standing)], *question) == short


OFFICER = Principal(subject="village-1", department="village", rights=frozenset(), paths=("5301/",))


TODAY = date(2024, 3, 13)


@pytest.fixture(scope="module")
async def village(feed: Feed, officer: Officer) -> list[Home]:
    """Households between the lines and far from them, out of work, struck, listed, merged, with an alert judged."""
    today = TODAY
    await feed.day(today)
    await released(officer, value="8400.00")
    homes = [Home() for _ in range(14)]
    for n, home in enumerate(homes):
        await feed.send(*home.settled(wage=(1_000, 10_000, 90_000)[n % 3]))
    await feed.send(
        homes[0].loses(today), homes[1].struck(today), homes[2].misses("2024-01"), homes[2].misses("2024-02")
    )
    await feed.send(Sent(HouseholdMerged(aggregate_revision=2, into_id=homes[4].id, merged_on=today), homes[3].id))
    await feed.sweep()
    async with feed.engine.begin() as tx:
        listed: dict[str, Any] = {
            "category": "unstable",
            "causes": ("illness", "labour_shortage"),
            "identified_on": today,
        }
        await cases.open_case(tx, homes[5].id, Step(move=Move.LOAD, on=today, officer="", **listed), OFFICER)
        alert = await feed.alert(homes[0].id, "work.job_lost")
        await care.judge(
            tx, alert.id, care.Finding(verdict=Verdict.CONFIRMED, helped_on=None, duplicate_of=None), OFFICER
        )
    await feed.sweep()
    return homes


async def test_a_new_line_reads_no_facts_and_a_rebuild_that_reads_them_all_agrees(
    feed: Feed, officer: Officer, village: list[Home], dsns: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {home.id: await feed.level(home.id) for home in village}

    async def unread(*_: object) -> None:
        raise AssertionError("facts were read")

    with monkeypatch.context() as patch:
        patch.setattr(queries, "facts_of", unread)
        await released(officer, value="9700.00")
        await released(officer, name="dwell.income.below_line", valid_from="2024-03-20", value="3")
        await feed.sweep(5)
        await feed.day(TODAY + timedelta(days=1))
    changed = {home.id for home in village if await feed.level(home.id) != before[home.id]}
    assert changed
    assert changed < before.keys()
    # The month turns and facts come: what was kept is good no more, and nobody uses it.
    await feed.day(date(2024, 4, 1))
    await feed.send(village[1].earns(60_000, revision=2), village[7].loses(date(2024, 4, 1)))
    await released(officer, value="9900.00")
    await feed.sweep()
    report = await rebuilt(dsns.owner, feed.engine)
    assert report.identical, report


async def test_a_what_if_of_what_is_kept_answers_as_one_that_reads_the_facts(
    feed: Feed, officer: Officer, village: list[Home]
) -> None:
    question = {"values": [_line("9800.00"), _line("3", name="support.no_measure.days")]}
    short = await done(officer, feed, await asked(officer, **question))
    # The merged one is none any more.
    assert short["households"] == len(village) - 1
    async with feed.engine.begin() as tx:
        await tx.execute(text("DELETE FROM kept_profiles"))
    long = await done(officer, feed, await asked(officer, **question))
    own = {"id", "asked_at", "heartbeat_at", "ended_at"}
    assert {k: v for k, v in short.items() if k not in own} == {k: v for k, v in long.items() if k not in own}
    assert await flips(officer, short) == await flips(officer, long) != {}
    weeks = [(await officer.read(f"/v1/what-ifs/{found['id']}/weeks"))["items"] for found in (short, long)]
    assert weeks[0] == weeks[1]


async def test_a_swap_leaves_nothing_kept_of_what_it_replaced(feed: Feed) -> None:
    home = Home()
    await feed.send(*home.settled())
    await feed.sweep()
    async with feed.engine.begin() as tx:
        await tx.execute(text("UPDATE facts SET amount = 1 WHERE amount IS NOT NULL"))
        await tx.execute(text("UPDATE profiles SET figures = '{}' WHERE household_id = :id"), {"id": home.id})
    assert (await feed.rebuilt(swap=True)).swapped
    assert await feed.rows("SELECT 1 FROM kept_profiles") == []


def _line(value: str, *, name: str = "line.monitoring") -> dict[str, str]:
    return {"name": name, "path": "5301/", "valid_from": "2024-01-01", "value": value}
