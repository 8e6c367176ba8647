"""Candidate rules: what they would say beside the rules in force, and that they decide nothing."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from monitoring_facts import EARNER, HOUSEHOLD, SPOUSE, VALUES, fact, family, helped, id_of, seeds, surveyed
from monitoring_story import Story
from msgspec.structs import replace
from test_fold import highest, revised

from monitoring.policy.names import NAMES
from monitoring.policy.rules import World
from monitoring.profile.rules import Cause, Household, Status, assess
from monitoring.risk.rules import CANDIDATES, MARKS, RULES, Candidate, Fact, Level, Outcome, evaluate, with_candidates
from monitoring.whatif.rules import Known, check_candidates, compare, course_of
from monitoring.whatif.rules.refusals import CandidatesClash, CandidateUnknown

BY_LAG = "work.wage_missing.by_lag"
TRIED = with_candidates([BY_LAG])


def missed(month: date, *, person: object = EARNER, job: str = "job", came_on: date | None = None) -> Fact:
    data = {"spell_id": str(id_of(job)), "came_on": None if came_on is None else came_on.isoformat()}
    told = fact("WageMissed", month, person=person, **data)  # type: ignore[arg-type]
    return told if came_on is None else replace(told, revision=2, void=True)


def said(on: date, *facts: Fact, tried: bool = True) -> Outcome:
    profile = Household(HOUSEHOLD, [*family(), *facts]).at(on)
    assert profile is not None
    outcomes = evaluate(profile, seeds(), on, TRIED) if tried else evaluate(profile, seeds(), on)
    return next(outcome for outcome in outcomes if outcome.rule == "work.wage_missing")


def test_every_candidate_says_what_a_rule_must() -> None:
    for name, candidate in CANDIDATES.items():
        rule = candidate.rule
        assert name not in RULES
        assert rule.when
        assert rule.levels
        assert {*rule.reads, f"dwell.{candidate.id}"} <= NAMES.keys(), "its policy can be drafted before it is in force"
        assert candidate.id not in MARKS
        profile = Household(HOUSEHOLD, family()).at(date(2023, 10, 15))
        assert profile is not None
        assert rule.judge(profile, seeds(), date(2023, 10, 15)).rule == candidate.id


def test_what_is_a_candidate_no_more_changes_nothing() -> None:
    assert with_candidates(["work.long_promoted"]) == RULES


def test_a_month_counts_only_when_the_employer_has_told_later_than_ever() -> None:
    # March came on 9 June: 100 days after its first.
    known = [missed(date(2023, 3, 1), came_on=date(2023, 6, 9))]
    july, august = missed(date(2023, 7, 1)), missed(date(2023, 8, 1))
    at_once = said(date(2023, 9, 20), *known, july, august, tried=False)
    assert (at_once.holds, at_once.until) == (True, date.max)
    waiting = said(date(2023, 9, 20), *known, july, august)
    assert (waiting.holds, waiting.until) == (False, date(2023, 10, 10)), "July counts from the 101st day"
    assert not said(date(2023, 11, 9), *known, july, august).holds
    over = said(date(2023, 11, 10), *known, july, august)
    assert (over.holds, over.level, over.values["months"]) == (True, Level.YELLOW, "2023-07,2023-08")
    assert over.zh == "应发工资 2 个月未到账（2023-07 至 2023-08）"


def test_the_longest_lag_of_the_same_employer_in_twelve_months_is_waited_for() -> None:
    months = [missed(date(2023, 7, 1)), missed(date(2023, 8, 1))]
    short, long = (
        missed(date(2023, 3, 1), came_on=date(2023, 4, 25)),
        missed(date(2023, 4, 1), came_on=date(2023, 8, 30)),
    )
    on = date(2023, 10, 20)
    assert said(on, *months, short).holds
    assert not said(on, *months, short, long).holds
    assert not said(on, *months, long, short).holds
    elsewhere = missed(date(2023, 4, 1), job="other job", came_on=date(2023, 8, 30))
    assert said(on, *months, short, elsewhere).holds, "what another employer does says nothing of this one"
    before = missed(date(2022, 9, 1), came_on=date(2023, 1, 20))
    assert said(on, *months, before).holds, "older than twelve months"
    taken_back = replace(missed(date(2023, 4, 1)), revision=2, void=True)
    assert said(on, *months, taken_back).holds, "never owed is not late"


def test_what_came_late_is_known_from_the_day_it_came() -> None:
    late = missed(date(2023, 6, 1), came_on=date(2023, 9, 25))
    months = [missed(date(2023, 7, 1)), missed(date(2023, 8, 1))]
    assert said(date(2023, 9, 24), late, *months).holds
    assert not said(date(2023, 9, 25), late, *months).holds


def test_two_persons_with_one_missing_month_each_are_not_two_months() -> None:
    assert not said(date(2023, 9, 20), missed(date(2023, 7, 1)), missed(date(2023, 8, 1), person=SPOUSE)).holds


def test_the_rules_in_force_hear_nothing_of_a_candidate() -> None:
    story = Story(*family(), surveyed(), helped(), missed(date(2023, 3, 1), came_on=date(2023, 6, 20)))
    story.arrive(missed(date(2023, 8, 1)), missed(date(2023, 9, 1)))
    assert "work.wage_missing" in story.status.standings, "it waits for nobody"


@st.composite
def _wages(draw: st.DrawFn) -> list[Fact]:
    months = draw(st.lists(st.integers(0, 12), unique=True, max_size=8))
    facts = []
    for n in months:
        month = date(2023 + (6 + n) // 12, (6 + n) % 12 + 1, 1)
        lag = draw(st.none() | st.integers(40, 130))
        facts.append(missed(month, came_on=None if lag is None else month + timedelta(days=lag)))
    return facts


@settings(max_examples=60, deadline=None)
@given(_wages(), st.integers(0, 300))
def test_it_only_ever_waits(facts: list[Fact], days: int) -> None:
    on = date(2023, 8, 1) + timedelta(days=days)
    tried, in_force = said(on, *facts), said(on, *facts, tried=False)
    assert in_force.holds or not tried.holds
    if not any(item.void for item in facts):
        assert tried == in_force


@settings(max_examples=40, deadline=None)
@given(revised().map(highest), _wages())
def test_no_day_is_leapt_over_on_which_it_would_change(facts: list[Fact], wages: Sequence[Fact]) -> None:
    household, book = Household(HOUSEHOLD, [*facts, *wages]), seeds()
    first, last = date(2023, 9, 1), date(2024, 2, 15)
    status, levels = Status(HOUSEHOLD), list[tuple[date, Level]]()
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        here = World(0, day, book, book.changes(day) or date.max)
        status, _ = assess(status, household, here, Cause(HOUSEHOLD), TRIED)
        if not levels or levels[-1][1] is not status.level:
            levels.append((day, status.level))
    course = course_of(household, book, lambda on: book.changes(on) or date.max, first=first, last=last, rules=TRIED)
    assert list(course.levels) == levels
    assert course.holding == {outcome.rule for outcome in status.outcomes if outcome.holds}


def test_a_comparison_names_whom_the_candidate_would_spare() -> None:
    late = missed(date(2023, 3, 1), came_on=date(2023, 6, 20))
    facts = [*family(), surveyed(), helped(), late, missed(date(2023, 7, 1)), missed(date(2023, 8, 1))]
    day = date(2023, 10, 1)
    [flip] = compare([Known(HOUSEHOLD, facts)], VALUES, (), day, day, [BY_LAG]).flips
    assert (flip.more, flip.fewer) == ((), ("work.wage_missing",))
    assert (flip.before, flip.after) == (Level.YELLOW, Level.GREEN)
    assert compare([Known(HOUSEHOLD, facts)], VALUES, (), day, day).flips == []


def test_names_that_are_none_and_two_in_one_place_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    check_candidates([BY_LAG])
    with pytest.raises(CandidateUnknown):
        check_candidates(["work.nothing"])
    monkeypatch.setitem(CANDIDATES, "another", Candidate("work.wage_missing", CANDIDATES[BY_LAG].rule))
    with pytest.raises(CandidatesClash):
        check_candidates([BY_LAG, "another"])
