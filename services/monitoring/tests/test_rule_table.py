"""Rules by raises, clears, retracts and stale: a rule without a row fails here, and so does a row that is not so."""

from datetime import date, timedelta

import pytest
from monitoring_facts import TODAY, VALUES, seeds
from monitoring_rows import NO_RHYTHM, ONLY_MARKS, SILENT_EARNER, TABLE, NotApplicable, Row
from monitoring_story import Story

from kit.policy import PolicyValue
from monitoring.alerts.rules import Change
from monitoring.risk.rules import MARKS, RULES, Fact, Level, State

ALERTING = [rule for rule in RULES if rule not in MARKS]


class Noting:
    """Policy that notes which names are asked for."""

    def __init__(self) -> None:
        self.book, self.asked = seeds(), set[str]()

    def at(self, name: str, path: str, on: date) -> PolicyValue | None:
        self.asked.add(name)
        return self.book.at(name, path, on)


def raising(row: Row) -> list[tuple[Level, tuple[Fact, ...]]]:
    return [] if isinstance(row.raises, NotApplicable) else list(row.raises)


def raised(rule: str) -> Story:
    """The household after the last story that raises the rule."""
    row = TABLE[rule]
    return Story(*row.base).arrive(*raising(row)[-1][1])


def dwell(rule: str) -> int:
    [value] = {value.value for value in VALUES if value.name == f"dwell.{rule}"}
    return int(value)


def test_every_rule_has_its_row_and_every_row_its_rule() -> None:
    assert list(TABLE) == list(RULES)


@pytest.mark.parametrize("rule", ALERTING)
def test_it_raises_each_of_its_levels_with_evidence_and_words(rule: str) -> None:
    row, noted = TABLE[rule], Noting()
    for level, facts in raising(row):
        story = Story(*row.base)
        assert story.told(rule) == []
        story.arrive(*facts)
        assert story.told(rule) == [(Change.RAISED, level)]
        outcome = story.said(rule)
        assert outcome.values
        assert outcome.facts
        assert outcome.zh
        assert outcome.en
        assert {value.name for value in outcome.policy} <= set(RULES[rule].reads)
        profile = story.status.profile
        assert profile is not None
        RULES[rule].judge(profile, noted, TODAY)
    assert tuple(sorted({level for level, _ in raising(row)})) == RULES[rule].levels
    assert noted.asked == set(RULES[rule].reads)


@pytest.mark.parametrize(("rule", "name"), [(rule, name) for rule in ALERTING for name in RULES[rule].reads])
def test_without_the_policy_it_reads_it_is_unknown_and_never_clear(rule: str, name: str) -> None:
    row = TABLE[rule]
    states = set()
    for _, facts in raising(row):
        noted, profile = Noting(), Story(*row.base).arrive(*facts).status.profile
        assert profile is not None
        RULES[rule].judge(profile, noted, TODAY)
        if name in noted.asked:
            states.add(RULES[rule].judge(profile, seeds(without=name), TODAY).state)
    assert states == {State.UNKNOWN}


@pytest.mark.parametrize("rule", ALERTING)
def test_it_clears_after_its_dwell_and_not_before(rule: str) -> None:
    row, story = TABLE[rule], raised(rule)
    level = story.told(rule)[0][1]
    story.wait_until(row.clears.on - timedelta(days=1))
    assert rule in story.status.standings
    story.wait_until(row.clears.on)
    if row.clears.facts:
        story.arrive(*row.clears.facts)
    if dwell(rule):
        story.wait_until(row.clears.on + timedelta(days=dwell(rule) - 1))
        assert rule in story.status.standings
        story.days(1)
    assert rule not in story.status.standings
    assert story.told(rule)[-1][0] is Change.CLOSED
    assert story.told(rule)[-1][1] >= level


@pytest.mark.parametrize("rule", ALERTING)
def test_a_fact_that_proves_it_wrong_takes_it_back_at_once(rule: str) -> None:
    row, story = TABLE[rule], raised(rule)
    assert not isinstance(row.retracts, NotApplicable)
    story.days(3).arrive(*row.retracts)
    assert story.told(rule)[-1][0] is Change.RETRACTED
    assert rule not in story.status.standings


@pytest.mark.parametrize("rule", ALERTING)
def test_a_silent_source_is_named_and_makes_nothing_green(rule: str) -> None:
    """Where no source feeds the rule by a rhythm, the row says so, and the silence changes nothing of it."""
    row = TABLE[rule]
    story = Story(*row.base, SILENT_EARNER).arrive(*raising(row)[-1][1]).days(19)
    before = story.said(rule).state
    survey = row.silent == "survey"
    story.days(480 if survey else 60)
    stale = story.said("data.stale")
    assert stale.holds
    assert set(stale.values) >= ({"survey", "wages"} if survey else {"wages"})
    fed = not set(stale.values).isdisjoint(RULES[rule].fed_by)
    assert fed == (row.silent != NO_RHYTHM) == bool(RULES[rule].fed_by)
    if row.silent == NO_RHYTHM:
        assert story.said(rule).state is before is State.HOLDS
    assert "data.stale" not in story.status.standings
    assert story.status.level is not Level.GREEN


@pytest.mark.parametrize("rule", sorted(MARKS))
def test_a_mark_is_set_and_taken_away_and_raises_nothing(rule: str) -> None:
    row = TABLE[rule]
    assert row.raises is row.retracts is ONLY_MARKS
    assert RULES[rule].levels == ()
    story, noted = Story(*row.base), Noting()
    assert story.said(rule).holds
    assert row.silent in story.said(rule).values
    profile = story.status.profile
    assert profile is not None
    RULES[rule].judge(profile, noted, TODAY)
    assert noted.asked == set(RULES[rule].reads)
    story.wait_until(row.clears.on).arrive(*row.clears.facts)
    assert story.said(rule).state is State.CLEAR
    assert story.told(rule) == []
    assert rule not in story.status.standings
