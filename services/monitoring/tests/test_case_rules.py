"""The chain: no way onto the list without its steps, whatever is tried in whatever order; clocks; elimination."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from monitoring_facts import id_of

from kit.errors import Refusal
from monitoring.cases.rules import (
    Case,
    Channel,
    ClockState,
    Measure,
    Move,
    Situation,
    State,
    Step,
    Way,
    check_elimination,
    clock,
    due,
    moved,
    opened,
)
from monitoring.cases.rules.elimination import months_later
from monitoring.cases.rules.refusals import EliminationRefused, NoticeRunning, StepOutOfOrder

START = date(2023, 10, 15)
NOTICE = 5


def clue(*, green: bool = False) -> Case:
    step = Step(
        move=Move.OPEN, on=START, officer="a", channel=Channel.SCREENING, green_channel=green, causes=("illness",),
        due_on=due(START, 15),
    )  # fmt: skip
    return opened(id_of("case"), step)


def step(move: Move, day: int = 0, **given: object) -> Step:
    on = START + timedelta(days=day)
    until = on + timedelta(days=NOTICE) if move is Move.POST else None
    fields = {"confirmed": True, "until": until, "category": "unstable", "reason": "unfounded", "way": Way.HELPED}
    return Step(move=move, on=on, officer="b", **fields | given)  # type: ignore[arg-type]


attempts = st.lists(
    st.tuples(
        st.sampled_from([m for m in Move if m is not Move.OPEN and m is not Move.LOAD and not m.of_register]),
        st.booleans(),
        st.integers(0, 4),
    ),
    max_size=60,
)


@settings(max_examples=400)
@given(green=st.booleans(), tried=attempts)
def test_no_path_reaches_the_list_without_its_steps(green: bool, tried: list[tuple[Move, bool, int]]) -> None:
    case, done, day, posted = clue(green=green), [], 0, 0
    for move, confirmed, later in tried:
        day += later
        try:
            after = moved(case, step(move, day, confirmed=confirmed, cause="illness", measure=Measure.HEALTH))
        except Refusal:
            continue
        posted = day if move is Move.POST else posted
        if after.state is State.VERIFYING and (case.state is not State.VERIFYING):
            done = [m for m in done if m in ("authorise", "compare")]
        if move is Move.COMPARE and not confirmed and case.state is State.VERIFYING:
            done = [m for m in done if m not in ("compare", "verify")]
        elif confirmed or move not in (Move.VERIFY, Move.COMPARE, Move.REVIEW):
            done.append(move.value)
        if move is Move.CLOSE_NOTICE:
            assert day - posted >= NOTICE
        reached = after.state is State.LISTED and case.state is State.COUNTY and not case.eliminating
        if reached and move is Move.APPROVE:
            needed = ["verify", "review", "post", "close_notice", "pass_township", "approve"]
            order = [m for m in done if m in needed]
            assert [m for m in needed if m in order] == needed
            if not green:
                assert {"authorise", "compare"} <= set(done)
                assert after.compared
        assert after.state is not State.LISTED or case.state in (
            State.COUNTY, State.LISTED, State.ELIMINATED) or case.eliminating  # fmt: skip
        assert after.version == case.version + 1
        case = after


def listed(**changes: object) -> Case:
    case = clue()
    for move, day in (
        (Move.AUTHORISE, 0), (Move.COMPARE, 1), (Move.VERIFY, 2), (Move.REVIEW, 3), (Move.POST, 4),
        (Move.CLOSE_NOTICE, 9), (Move.PASS_TOWNSHIP, 10), (Move.APPROVE, 12),
    ):  # fmt: skip
        case = moved(case, step(move, day))
    return case


def test_the_straight_way_takes_its_fifteen_days() -> None:
    case = listed()
    assert (case.state, case.category, case.identified_on) == (State.LISTED, "unstable", START + timedelta(days=12))
    assert clock(case, START + timedelta(days=40)) is ClockState.IN_TIME


def test_a_pause_explains_and_stops_nothing() -> None:
    case = moved(clue(), step(Move.PAUSE, 3, reason="away"))
    assert case.due_on == START + timedelta(days=15)
    assert clock(case, START + timedelta(days=15)) is ClockState.RUNNING
    assert clock(case, START + timedelta(days=16)) is ClockState.OVERDUE


def test_an_upheld_objection_begins_anew_and_a_dismissed_one_does_not() -> None:
    case = clue()
    for move in (Move.AUTHORISE, Move.COMPARE, Move.VERIFY, Move.REVIEW, Move.POST, Move.OBJECT):
        case = moved(case, step(move))
    with pytest.raises(NoticeRunning):
        moved(case, step(Move.CLOSE_NOTICE, 9))
    dismissed = moved(case, step(Move.DISMISS, 2))
    assert moved(dismissed, step(Move.CLOSE_NOTICE, 5)).state is State.TOWNSHIP
    again = moved(case, step(Move.UPHOLD, 2))
    assert (again.state, again.verified, again.compared, again.rechecks) == (State.VERIFYING, False, True, 1)


def test_the_green_channel_owes_its_comparison_until_elimination() -> None:
    case = moved(clue(green=True), step(Move.VERIFY))
    assert case.state is State.REVIEWING
    with pytest.raises(StepOutOfOrder):
        moved(case, step(Move.COMPARE))


GOOD = Situation(
    outcomes={"income.below_line": "clear", "guarantee.housing": "clear", "work.job_lost": "clear"}, no_labour=False
)


def refusals(case: Case, now: Situation, way: Way, on: date, months: int | None = 6) -> set[str]:
    try:
        check_elimination(case, now, way=way, months=months, on=on)
    except EliminationRefused as refused:
        return {each.code for each in refused.several}
    return set()


def test_elimination_is_refused_with_every_reason() -> None:
    case = listed()
    half_a_year = months_later(case.identified_on or START, 6)
    bad = Situation(outcomes={"income.below_line": "unknown", "guarantee.housing": "holds"}, no_labour=False)
    early = half_a_year - timedelta(days=1)
    assert refusals(case, bad, Way.HELPED, early) == {
        "too-soon", "no-measure-illness", "income-not-above", "risk-guarantee-housing"}  # fmt: skip
    wrong = moved(case, step(Move.MEASURE, 20, cause="illness", measure=Measure.INDUSTRY))
    assert refusals(wrong, GOOD, Way.HELPED, half_a_year) == {"no-measure-illness"}
    helped = moved(case, step(Move.MEASURE, 20, cause="illness", measure=Measure.HEALTH))
    assert refusals(helped, GOOD, Way.HELPED, half_a_year) == set()
    assert refusals(helped, GOOD, Way.HELPED, half_a_year, months=None) == {"too-soon"}
    assert refusals(helped, GOOD, Way.NATURAL, early) == set()


@given(st.sampled_from(list(Way)), st.integers(0, 4000), st.booleans())
def test_a_household_without_labour_is_never_eliminated(way: Way, days: int, known: bool) -> None:
    helped = moved(listed(), step(Move.MEASURE, 20, cause="illness", measure=Measure.HEALTH))
    nobody = Situation(outcomes=GOOD.outcomes, no_labour=True if known else None)
    assert "no-labour" in refusals(helped, nobody, way, START + timedelta(days=days))
