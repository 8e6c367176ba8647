"""The course of a household under two policies: the live step, day by day, and where the two part."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from monitoring_facts import CHILD, EARNER, HOUSEHOLD, OTHER, PATH, VALUES, fact, family, helped, id_of, seeds, surveyed
from msgspec.structs import replace
from test_fold import highest, revised

from kit.policy import Confidence, PolicyBook, PolicyValue
from monitoring.alerts.rules import Change
from monitoring.policy.rules import World
from monitoring.profile.rules import Cause, Household, Status, assess
from monitoring.risk.rules import Fact, Level, State, evaluate
from monitoring.whatif.rules import Chunk, Known, compare, course_of
from monitoring.whatif.rules.compare import township_of

FIRST, LAST = date(2023, 10, 1), date(2023, 12, 31)

NEAR = [*family(), surveyed(), helped()]
"""10,450 a head, between the line in force and one of 11,000"""
POOR = [*family(), surveyed(wage=0), helped()]
"""4,450 a head"""
SPENT = [
    fact("ExpenseReported", date(2023, 9, 1), person=CHILD, amount=amount, kind=kind)
    for kind, amount in (("medical", 30_000), ("schooling", 9_000))
]
JOB = fact("EmploymentStarted", date(2022, 9, 1), name="job", person=EARNER)
LOST = [JOB, fact("EmploymentEnded", date(2023, 10, 1), person=EARNER, spell_id=str(JOB.id), reason="laid_off")]
UNPAID = [
    replace(fact("WageMissed", date(2023, 3, 1), person=EARNER, spell_id="1", came_on="2023-08-25"), void=True),
    *(fact("WageMissed", date(2023, month, 1), person=EARNER, spell_id="1", came_on=None) for month in (8, 9)),
]


def line(
    value: int, *, name: str = "line.monitoring", since: date = date(2023, 1, 1), path: str = "5301/"
) -> PolicyValue:
    return PolicyValue(
        id=UUID("ffffffff-0000-7000-8000-000000000000"), name=name, path=path, valid_from=since,
        valid_to=None, value=Decimal(value), document="?", clause="?", confidence=Confidence.DEMO,
    )  # fmt: skip


def known(facts: Sequence[Fact]) -> list[Known]:
    return [Known(HOUSEHOLD, facts)]


def day_by_day(household: Household, book: PolicyBook) -> tuple[list[tuple[date, Level]], list[tuple[date, str]]]:
    status, levels, raised = Status(HOUSEHOLD), list[tuple[date, Level]](), list[tuple[date, str]]()
    for day in (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)):
        world = World(0, day, book, book.changes(day) or date.max)
        status, steps = assess(status, household, world, Cause(HOUSEHOLD))
        raised += [(day, step.standing.rule) for step in steps if step.change is Change.RAISED]
        if not levels or levels[-1][1] is not status.level:
            levels.append((day, status.level))
    return levels, raised


@settings(max_examples=60, deadline=None)
@given(revised().map(highest))
def test_leaping_from_due_day_to_due_day_is_walking_day_by_day(facts: list[Fact]) -> None:
    household, book = Household(HOUSEHOLD, facts), seeds()
    levels, raised = day_by_day(household, book)
    course = course_of(household, book, lambda on: book.changes(on) or date.max, first=FIRST, last=LAST)
    assert list(course.levels) == levels
    assert sorted(course.raised) == sorted(raised)


@settings(max_examples=60, deadline=None)
@given(revised().map(highest))
def test_the_policy_in_force_differs_from_itself_in_nothing(facts: list[Fact]) -> None:
    chunk = compare(known(facts), VALUES, (), FIRST, LAST)
    assert (chunk.flips, chunk.before, chunk.shortfall_before) == ([], chunk.after, chunk.shortfall_after)


@settings(max_examples=60, deadline=None)
@given(revised().map(highest), st.integers(1_000, 20_000))
def test_whoever_flips_on_a_day_is_whoever_the_two_policies_judge_otherwise(facts: list[Fact], value: int) -> None:
    chunk = compare(known(facts), VALUES, [line(value)], LAST, LAST)
    household = Household(HOUSEHOLD, facts)
    found = [
        course_of(household, PolicyBook(values), lambda _on: date.max, first=LAST, last=LAST)
        for values in (VALUES, (*VALUES, line(value)))
    ]
    parted = found[0].levels != found[1].levels or found[0].holding != found[1].holding
    assert bool(chunk.flips) is parted


def test_a_higher_line_from_a_day_on_flips_whoever_lies_between_from_that_day() -> None:
    # 41,800 a year for four: 10,450 a head, above the line of the year
    facts = [*family(), surveyed(), helped()]
    since = date(2023, 11, 15)
    chunk = compare(known(facts), VALUES, [line(11_000, since=since)], FIRST, LAST)
    [flip] = chunk.flips
    assert (flip.before, flip.after, flip.since) == (Level.GREEN, Level.ORANGE, since)
    assert (flip.more, flip.fewer) == (("income.below_line",), ())
    assert chunk.after - chunk.before == {("5301/530128/530128104/", date(2023, 11, 13), "income.below_line"): 1}
    assert (chunk.shortfall_before, chunk.shortfall_after) == (Decimal(0), Decimal("2200.00"))


def test_a_value_of_another_county_is_nothing_to_this_one() -> None:
    chunk = compare(known([*family(), surveyed()]), VALUES, [line(20_000, path="5301/530113/")], FIRST, LAST)
    assert chunk.flips == []


def test_a_household_nobody_registered_is_not_counted() -> None:
    chunk = compare(known([surveyed()]), VALUES, [line(20_000)], FIRST, LAST)
    assert (chunk.households, chunk.flips) == (0, [])


def test_a_township_right_below_the_city_is_one() -> None:
    assert township_of(PATH) == "5301/530128/530128104/"
    assert township_of("5301/532823105/532823105201/") == "5301/532823105/"
    assert township_of("5301/530128/530128104/") == "5301/530128/530128104/"
    assert township_of("5301/530128/") == "5301/530128/", "above the townships it is the place itself"


def test_what_becomes_of_several_households_adds_up() -> None:
    # Two with 10,450 a head lie only below the line asked about, one with 4,450 below either.
    given_ = [
        Known(id_of(n), [replace(item, household_id=id_of(n)) for item in facts])
        for n, facts in enumerate((NEAR, POOR, NEAR))
    ]
    question = (VALUES, [line(11_000)], LAST, LAST)
    whole = compare(given_, *question)
    assert whole.households == 3
    assert [(flip.household_id, flip.path) for flip in whole.flips] == [(id_of(0), PATH), (id_of(2), PATH)]
    assert whole.levels == {("orange", "orange"): 1, ("green", "orange"): 2}
    assert (whole.shortfall_before, whole.shortfall_after) == (Decimal(14_400), Decimal(30_600))
    parts = Chunk()
    for item in given_:
        parts.add(compare([item], *question))
    assert parts == whole


def test_another_rule_at_the_same_level_is_a_flip_too() -> None:
    [flip] = compare(known([*NEAR, *SPENT]), VALUES, [line(8_000, name="expense.schooling")], LAST, LAST).flips
    assert (flip.before, flip.after, flip.since) == (Level.ORANGE, Level.ORANGE, None)
    assert (flip.more, flip.fewer) == (("expense.schooling",), ())


def test_before_its_first_day_a_course_says_nothing() -> None:
    course = course_of(
        Household(HOUSEHOLD, [*family(), surveyed()]), seeds(), lambda _on: date.max, first=LAST, last=LAST
    )
    assert course.at(LAST) is not Level.UNKNOWN
    assert course.at(LAST - timedelta(days=1)) is Level.UNKNOWN


@pytest.mark.parametrize(
    ("facts", "asked", "candidates", "more", "fewer"),
    [
        (NEAR, [line(11_000)], [], ["income.below_line"], []),
        (POOR, [line(4_000)], [], [], ["income.below_line"]),
        (POOR, [line(9_000)], [], None, None),
        (POOR, [line(9_000, path="5301/530113/")], [], None, None),
        ([*NEAR, *SPENT], [line(8_000, name="expense.schooling")], [], ["expense.schooling"], []),
        (NEAR, [line(1, name="stale.survey.months")], [], ["data.stale"], []),
        ([*NEAR, *LOST], [line(90, name="work.job_lost.days")], [], [], []),
        ([*NEAR, *UNPAID], [], ["work.wage_missing.by_lag"], [], ["work.wage_missing"]),
    ],
)
def test_a_day_of_a_kept_profile_is_judged_as_its_facts_are(
    facts: list[Fact], asked: list[PolicyValue], candidates: list[str], more: list[str] | None, fewer: list[str] | None
) -> None:
    on = date(2023, 12, 1)
    profile = Household(HOUSEHOLD, facts).at(on)
    assert profile is not None
    question = (VALUES, asked, on, on, candidates)
    told = [said for said in evaluate(profile, seeds(), on) if said.state is not State.CLEAR]
    short, row, long = (
        compare([item], *question)
        for item in (
            Known(HOUSEHOLD, profile=profile),
            Known(HOUSEHOLD, profile=profile, standing=told),
            Known(HOUSEHOLD, facts),
        )
    )
    assert short == row == long
    flips = [] if more is None or fewer is None else [(tuple(more), tuple(fewer))]
    assert [(flip.more, flip.fewer) for flip in short.flips] == flips


def test_a_value_where_none_was_in_force_is_a_change_too() -> None:
    values, on = [value for value in VALUES if value.name != "line.monitoring"], date(2023, 12, 1)
    found = [
        compare([item], values, [line(9_000)], on, on)
        for item in (Known(HOUSEHOLD, profile=Household(HOUSEHOLD, POOR).at(on)), Known(HOUSEHOLD, POOR))
    ]
    assert found[0] == found[1]
    assert found[0].levels == {("unknown", "orange"): 1}


def test_a_household_registered_on_the_way_is_followed_from_that_day() -> None:
    since = date(2023, 11, 15)
    household = Household(HOUSEHOLD, [replace(NEAR[0], on=since), *NEAR[1:]])
    course = course_of(household, seeds(), lambda _on: date.max, first=FIRST, last=LAST)
    assert course.levels == ((FIRST, Level.UNKNOWN), (since, Level.GREEN))
    assert course.path == PATH


def test_a_household_that_was_merged_is_followed_in_the_other_one() -> None:
    merged = fact("HouseholdMerged", FIRST, into_id=str(OTHER))
    household = Household(HOUSEHOLD, [replace(NEAR[0], on=FIRST), *NEAR[1:], merged])
    course = course_of(household, seeds(), lambda _on: date.max, first=FIRST, last=LAST)
    assert (course.path, course.levels) == ("", ((FIRST, Level.UNKNOWN),))
