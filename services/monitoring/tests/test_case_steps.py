"""One step of the chain at a time: every field of the case after it, and from which states it may be taken."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from monitoring_facts import id_of

from monitoring.cases.rules import (
    Case,
    Channel,
    ClockState,
    Measure,
    Move,
    Situation,
    State,
    Statement,
    Step,
    Way,
    answers,
    check_elimination,
    clock,
    due,
    moved,
    opened,
    taken_over,
)
from monitoring.cases.rules.elimination import months_later
from monitoring.cases.rules.refusals import EliminationRefused, NoticeRunning, StepOutOfOrder

ON = date(2023, 10, 15)
BEFORE = date(2023, 9, 1)


def case(state: State = State.VERIFYING, **given: Any) -> Case:
    told = {"opened_on": BEFORE, "causes": ("illness", "water"), "version": 4, "rechecks": 1} | given
    return Case(id=id_of("case"), state=state, **told)


def step(move: Move, **given: Any) -> Step:
    return Step(move=move, on=ON, officer="officer", **given)


def after(before: Case, move: Move, **given: Any) -> Case:
    return moved(before, step(move, **given))


def becomes(before: Case, **changed: Any) -> Case:
    return replace(before, version=5, **changed)


UNDER_WAY = {State.VERIFYING, State.REVIEWING, State.POSTING, State.NOTICE, State.TOWNSHIP, State.COUNTY}
STANDING = UNDER_WAY | {State.LISTED, State.ELIMINATED}
MAY = {
    Move.VERIFY: {State.VERIFYING}, Move.AUTHORISE: UNDER_WAY | {State.LISTED}, Move.REVIEW: {State.REVIEWING},
    Move.POST: {State.POSTING}, Move.OBJECT: {State.NOTICE}, Move.DISMISS: {State.NOTICE}, Move.UPHOLD: {State.NOTICE},
    Move.COMPARE: UNDER_WAY | {State.LISTED}, Move.CLOSE_NOTICE: {State.NOTICE}, Move.APPROVE: {State.COUNTY},
    Move.PASS_TOWNSHIP: {State.TOWNSHIP}, Move.RETURN: {State.TOWNSHIP, State.COUNTY}, Move.REFUSE: UNDER_WAY,
    Move.PAUSE: UNDER_WAY, Move.MEASURE: UNDER_WAY | {State.LISTED}, Move.PROPOSE_ELIMINATION: {State.LISTED},
    Move.REENTER: {State.ELIMINATED}, Move.TAKE_OVER: STANDING, Move.WITHDRAW: STANDING, Move.OPEN: set(),
    Move.LOAD: set(),
}  # fmt: skip


@pytest.mark.parametrize("move", Move)
def test_a_step_is_taken_from_its_states_only(move: Move) -> None:
    """With everything at hand that a step may need, only the state decides."""
    objected = move in (Move.DISMISS, Move.UPHOLD)
    may = set()
    for state in State:
        ready = case(state, authorised_on=ON, green_channel=True, notice_until=ON, objected=objected)
        try:
            after(ready, move, cause="water", measure=Measure.WATER)
        except StepOutOfOrder:
            continue
        may.add(state)
    assert may == MAY[move]


def test_a_case_begins_as_a_clue_a_load_or_what_the_register_states() -> None:
    given = {"channel": Channel.ALERT, "green_channel": True, "due_on": ON, "causes": ("water",), "category": "sudden",
             "identified_on": BEFORE, "ruled_on": date(2023, 10, 1)}  # fmt: skip
    begun = Case(
        id=id_of("case"), state=State.VERIFYING, opened_on=ON, channel=Channel.ALERT, green_channel=True, due_on=ON,
        causes=("water",),
    )  # fmt: skip
    assert opened(id_of("case"), step(Move.OPEN, **given)) == begun
    on_list = replace(
        begun, state=State.LISTED, compared=True, category="sudden", identified_on=BEFORE, decided_on=BEFORE,
        ruled_on=date(2023, 10, 1),
    )  # fmt: skip
    assert opened(id_of("case"), step(Move.LOAD, **given)) == on_list
    undated = step(Move.LOAD, **{**given, "ruled_on": None})
    assert opened(id_of("case"), undated).ruled_on == ON, "without a date of its own it is of the day"
    stated = opened(id_of("case"), step(Move.TAKE_OVER, **given))
    assert stated == replace(on_list, stated=True)


def test_verified_and_compared_it_goes_to_the_review() -> None:
    asked = case(authorised_on=BEFORE)
    assert after(asked, Move.VERIFY, confirmed=True) == becomes(asked, verified=True)
    assert after(asked, Move.VERIFY, confirmed=False) == becomes(asked)
    assert after(asked, Move.VERIFY) == becomes(asked), "nothing said is not confirmed"
    compared = replace(asked, compared=True)
    assert after(compared, Move.VERIFY, confirmed=True) == becomes(compared, verified=True, state=State.REVIEWING)
    green = replace(asked, green_channel=True)
    assert after(green, Move.VERIFY, confirmed=True) == becomes(green, verified=True, state=State.REVIEWING)
    leaving = replace(asked, eliminating=True)
    assert after(leaving, Move.VERIFY, confirmed=True) == becomes(leaving, verified=True, state=State.REVIEWING)
    seen = replace(asked, verified=True)
    assert after(seen, Move.COMPARE, confirmed=True) == becomes(seen, compared=True, state=State.REVIEWING)
    assert after(seen, Move.COMPARE, confirmed=False) == becomes(seen, verified=False), "looked at again on the spot"
    assert after(asked, Move.COMPARE, confirmed=True) == becomes(asked, compared=True)


def test_a_comparison_needs_its_authority_and_only_a_green_channel_may_owe_it() -> None:
    assert after(case(), Move.AUTHORISE) == becomes(case(), authorised_on=ON)
    with pytest.raises(StepOutOfOrder):
        after(case(), Move.COMPARE, confirmed=True)
    later = case(State.COUNTY, authorised_on=BEFORE, verified=True)
    with pytest.raises(StepOutOfOrder):
        after(later, Move.COMPARE, confirmed=True)
    green = replace(later, green_channel=True)
    assert after(green, Move.COMPARE, confirmed=True) == becomes(green, compared=True)
    assert after(green, Move.COMPARE, confirmed=False) == becomes(green), "what was verified stays so"
    listed = case(State.LISTED, authorised_on=BEFORE)
    assert after(listed, Move.COMPARE, confirmed=True) == becomes(listed, compared=True)


NOTICED = {"verified": True, "notice_until": ON, "township_officer": "somebody"}


def back(before: Case) -> Case:
    return becomes(
        before, state=State.VERIFYING, verified=False, notice_until=None, objected=False, township_officer=None,
        rechecks=2,
    )  # fmt: skip


def test_review_notice_objection_township() -> None:
    reviewed = case(State.REVIEWING, verified=True)
    assert after(reviewed, Move.REVIEW, confirmed=True) == becomes(reviewed, state=State.POSTING)
    assert after(reviewed, Move.REVIEW, confirmed=False) == back(reviewed)
    ready = case(State.POSTING)
    assert after(ready, Move.POST, until=ON) == becomes(ready, state=State.NOTICE, notice_until=ON)
    notice = case(State.NOTICE, **NOTICED)
    assert after(notice, Move.CLOSE_NOTICE) == becomes(notice, state=State.TOWNSHIP)
    assert after(notice, Move.OBJECT) == becomes(notice, objected=True)
    objected = replace(notice, objected=True)
    assert after(objected, Move.DISMISS) == becomes(notice)
    assert after(objected, Move.UPHOLD) == back(objected)
    for move in (Move.DISMISS, Move.UPHOLD):
        with pytest.raises(StepOutOfOrder):
            after(notice, move)
    for early in (objected, replace(notice, notice_until=None), replace(notice, notice_until=ON + timedelta(days=1))):
        with pytest.raises(NoticeRunning):
            after(early, Move.CLOSE_NOTICE)
    passed = case(State.TOWNSHIP)
    assert after(passed, Move.PASS_TOWNSHIP) == becomes(passed, state=State.COUNTY, township_officer="officer")
    decided = case(State.COUNTY, **NOTICED)
    assert after(decided, Move.RETURN) == back(decided)


def test_the_county_decides() -> None:
    county = case(State.COUNTY)
    listed = after(county, Move.APPROVE, category="sudden", causes=("other",))
    assert listed == becomes(
        county, state=State.LISTED, decided_on=ON, identified_on=ON, category="sudden", causes=("other",), ruled_on=ON
    )
    assert after(county, Move.APPROVE).causes == county.causes
    refused = after(county, Move.REFUSE, reason="unfounded")
    assert refused == becomes(county, state=State.REFUSED, decided_on=ON, reason="unfounded", ruled_on=ON)
    leaving = case(State.COUNTY, eliminating=True, way=Way.HELPED, decided_on=BEFORE, identified_on=BEFORE)
    assert after(leaving, Move.APPROVE) == becomes(
        leaving, state=State.ELIMINATED, eliminating=False, eliminated_on=ON, ruled_on=ON
    )
    stays = after(leaving, Move.REFUSE, reason="risk_remains")
    assert stays == replace(
        back(leaving), state=State.LISTED, eliminating=False, way=None, reason="risk_remains", ruled_on=ON
    )


def test_pauses_measures_elimination_and_return() -> None:
    assert after(case(), Move.PAUSE, reason="away") == becomes(case(), reason="away")
    given = case(State.LISTED, measures=(("illness", "health", BEFORE),))
    more = after(given, Move.MEASURE, cause="water", measure=Measure.WATER)
    assert more == becomes(given, measures=(*given.measures, ("water", "water", ON)))
    for bad in ({"cause": "water"}, {"measure": Measure.WATER}, {"cause": "other", "measure": Measure.WATER}):
        with pytest.raises(StepOutOfOrder) as refused:
            after(given, Move.MEASURE, **bad)
        assert refused.value.pointer == "/cause"
    listed = case(State.LISTED, **NOTICED)
    assert after(listed, Move.PROPOSE_ELIMINATION, way=Way.NATURAL) == replace(
        back(listed), eliminating=True, way=Way.NATURAL, rechecks=1
    )
    gone = case(State.ELIMINATED, way=Way.HELPED, eliminated_on=BEFORE)
    again = after(gone, Move.REENTER, causes=("other",))
    assert again == becomes(gone, state=State.LISTED, way=None, eliminated_on=None, causes=("other",), ruled_on=ON)
    assert after(gone, Move.REENTER).causes == gone.causes


def test_what_the_register_states_ends_whatever_was_under_way() -> None:
    told = {"category": "sudden", "causes": ("other",), "identified_on": BEFORE, "ruled_on": date(2023, 10, 1)}
    clue = case(State.NOTICE, eliminating=True, **NOTICED)
    listed = replace(
        back(clue), state=State.LISTED, eliminating=False, compared=True, decided_on=date(2023, 10, 1), rechecks=1,
        category="sudden", causes=("other",), identified_on=BEFORE, ruled_on=date(2023, 10, 1), stated=True,
    )  # fmt: skip
    assert after(clue, Move.TAKE_OVER, **told, way=Way.HELPED) == listed
    gone = after(clue, Move.TAKE_OVER, **told, way=Way.HELPED, eliminated_on=ON)
    assert gone == replace(listed, state=State.ELIMINATED, eliminated_on=ON, way=Way.HELPED)
    early = {**told, "ruled_on": date(2023, 8, 1)}
    assert after(clue, Move.TAKE_OVER, **early).decided_on == BEFORE, "a clue is not decided before it is there"
    assert after(clue, Move.TAKE_OVER, **{**told, "ruled_on": None}).decided_on == ON
    assert after(replace(clue, decided_on=BEFORE), Move.TAKE_OVER, **told).decided_on == BEFORE
    off = after(clue, Move.WITHDRAW, reason="not_stated", ruled_on=date(2023, 10, 1))
    assert off == becomes(
        clue, state=State.REFUSED, eliminating=False, reason="not_stated", ruled_on=date(2023, 10, 1), stated=True
    )


SAID = Statement(
    category="unstable", causes=("illness",), identified_on=BEFORE, eliminated=False, eliminated_on=None, way=None,
    decided_on=date(2023, 10, 1),
)  # fmt: skip


def test_the_step_that_follows_from_a_statement() -> None:
    assert taken_over(None, SAID, ON) == Step(
        move=Move.TAKE_OVER, on=ON, officer="national-register", category="unstable", causes=("illness",),
        identified_on=BEFORE, ruled_on=date(2023, 10, 1),
    )  # fmt: skip
    gone = replace(SAID, eliminated=True, eliminated_on=date(2023, 9, 20))
    said = taken_over(None, gone, ON)
    assert said is not None
    assert (said.eliminated_on, said.way) == (date(2023, 9, 20), Way.UNSTATED)
    assert (replace(gone, way=Way.HELPED).gone_on, SAID.gone_on) == (date(2023, 9, 20), None)
    assert replace(gone, eliminated_on=None).gone_on == date(2023, 10, 1)
    helped = taken_over(None, replace(gone, way=Way.HELPED), ON)
    assert helped is not None
    assert helped.way is Way.HELPED
    listed = opened(id_of("case"), step(Move.TAKE_OVER, category="unstable", causes=("illness",), identified_on=BEFORE))
    off = taken_over(listed, replace(SAID, category=None), ON)
    assert off == Step(
        move=Move.WITHDRAW, on=ON, officer="national-register", reason="not_stated", ruled_on=date(2023, 10, 1)
    )
    assert taken_over(replace(listed, state=State.REFUSED), replace(SAID, category=None), ON) is None
    assert taken_over(replace(listed, stated=False, ruled_on=None), replace(SAID, category=None), ON) is None
    assert taken_over(None, replace(SAID, category=None), ON) is None


def test_a_statement_that_says_nothing_new_changes_nothing() -> None:
    listed = case(
        State.LISTED, category="unstable", causes=("illness",), identified_on=BEFORE.replace(day=9), stated=True,
        ruled_on=date(2023, 10, 1),
    )  # fmt: skip
    assert taken_over(listed, SAID, ON) is None, "the register knows months"
    assert taken_over(replace(listed, state=State.COUNTY, eliminating=True), SAID, ON) is None
    for told in (
        replace(SAID, category="sudden"), replace(SAID, causes=("water",)), replace(SAID, identified_on=ON),
        replace(SAID, eliminated=True),
    ):  # fmt: skip
        assert taken_over(listed, told, ON) is not None
    assert taken_over(replace(listed, state=State.COUNTY), SAID, ON) is not None
    gone = replace(listed, state=State.ELIMINATED, eliminated_on=date(2023, 9, 20))
    over = replace(SAID, eliminated=True, eliminated_on=date(2023, 9, 1))
    assert taken_over(gone, over, ON) is None
    assert taken_over(gone, replace(over, eliminated_on=None), ON) is None
    assert taken_over(gone, SAID, ON) is not None
    moved_on = taken_over(gone, replace(over, eliminated_on=date(2023, 8, 1)), ON)
    assert moved_on is not None
    assert (moved_on.eliminated_on, moved_on.identified_on) == (date(2023, 8, 1), BEFORE.replace(day=9))
    renamed = taken_over(gone, replace(over, category="sudden"), ON)
    assert renamed is not None
    assert renamed.eliminated_on == date(2023, 9, 20), "of the same month, the day that is known stays"
    here = replace(listed, stated=False, ruled_on=date(2023, 10, 1))
    other = replace(SAID, category="sudden")
    assert taken_over(here, other, ON) is None, "of one day, what was decided here stands"
    assert taken_over(here, replace(other, decided_on=date(2023, 10, 2)), ON) is not None
    assert taken_over(replace(here, ruled_on=None), other, ON) is not None


CLEAR = Situation(outcomes={"income.below_line": "clear", "work.job_lost": "clear", "support.mismatch": "holds"},
                  no_labour=False)  # fmt: skip


def reasons(of: Case, now: Situation = CLEAR, way: Way = Way.HELPED, months: int | None = 6) -> list[tuple[str, str]]:
    try:
        check_elimination(of, now, way=way, months=months, on=ON)
    except EliminationRefused as refused:
        return [(item.code, item.en) for item in refused.several]
    return []


def test_every_reason_against_elimination() -> None:
    fit = case(
        State.LISTED, causes=("illness",), compared=True, identified_on=date(2023, 4, 15),
        measures=(("illness", "health", BEFORE),),
    )  # fmt: skip
    assert reasons(fit) == []
    assert reasons(replace(fit, identified_on=date(2023, 4, 16)), way=Way.NATURAL) == []
    too_soon = [("too-soon", "identified too short a time ago")]
    for early in (replace(fit, identified_on=date(2023, 4, 16)), replace(fit, identified_on=None)):
        assert reasons(early) == too_soon
        assert reasons(early, way=Way.UNSTATED) == too_soon
    assert reasons(fit, months=None) == too_soon
    for unable in (True, None):
        assert reasons(fit, replace(CLEAR, no_labour=unable)) == [
            ("no-labour", "nobody can work (or it is not known): never")
        ]
    assert reasons(replace(fit, compared=False)) == [
        ("comparison-owed", "the comparison of the green channel is still owed")
    ]
    bare = [("no-measure-illness", "no measure answers the cause illness")]
    for given in ((), (("illness", "water", BEFORE),), (("other", "health", BEFORE),)):
        assert reasons(replace(fit, measures=given)) == bare
    elsewhere = replace(CLEAR, measures=(("illness", "support"),))
    assert reasons(replace(fit, measures=()), elsewhere) == []
    poor = replace(
        CLEAR, outcomes={"income.below_line": "holds", "debt.due_soon": "unknown", "guarantee.water": "holds"}
    )
    assert reasons(fit, poor) == [
        ("income-not-above", "income is not above the line, or unknown"),
        ("risk-debt-due-soon", "debt.due_soon: unknown"), ("risk-guarantee-water", "guarantee.water: holds"),
    ]  # fmt: skip
    for group in ("work", "expense", "guarantee", "debt", "market", "shock"):
        held = replace(CLEAR, outcomes={**CLEAR.outcomes, f"{group}.x": "holds"})
        assert [code for code, _ in reasons(fit, held)] == [f"risk-{group}-x"]
    assert [code for code, _ in reasons(fit, replace(CLEAR, outcomes={}))] == ["income-not-above"]


def test_the_reasons_in_chinese() -> None:
    young = case(State.LISTED, causes=("illness",))
    nothing = Situation(outcomes={"debt.overdue": "holds"}, no_labour=None)
    with pytest.raises(EliminationRefused) as refused:
        check_elimination(young, nothing, way=Way.HELPED, months=6, on=ON)
    assert [item.zh for item in refused.value.several] == [
        "整户无劳动力（或未登记），不得标注消除",
        "识别未满规定月数",
        "绿色通道的信息比对尚未补齐",
        "有风险没有对应的帮扶措施",
        "收入未稳定高于当年监测线，或无法判定",
        "有风险存在或无法判定",
    ]


def test_which_measures_answer_which_cause() -> None:
    answered = {cause: {measure.value for measure in Measure if answers(cause, measure)} for cause in (
        "illness", "schooling", "housing", "water", "other",
    )}  # fmt: skip
    assert answered == {
        "illness": {"health", "social", "support"},
        "schooling": {"education", "compulsory_schooling", "social"},
        "housing": {"housing", "relocation"},
        "water": {"water"},
        "other": {measure.value for measure in Measure},
    }
    assert {measure for measure in Measure if measure.development} == {Measure.INDUSTRY, Measure.EMPLOYMENT}


def test_months_and_clocks() -> None:
    assert months_later(date(2023, 8, 31), 6) == date(2024, 2, 29)
    assert months_later(date(2023, 6, 30), 6) == date(2023, 12, 30)
    assert months_later(date(2023, 12, 1), 1) == date(2024, 1, 1)
    assert (due(ON, 15), due(ON, None)) == (date(2023, 10, 30), None)
    waiting = case(due_on=ON)
    days = {ON: ClockState.RUNNING, ON + timedelta(days=1): ClockState.OVERDUE, None: ClockState.UNKNOWN}
    assert {day: clock(waiting, day) for day in days} == days
    assert clock(replace(waiting, decided_on=ON), None) is ClockState.IN_TIME
    assert clock(replace(waiting, decided_on=ON + timedelta(days=1)), ON) is ClockState.LATE
    assert clock(case(), ON) is ClockState.UNKNOWN


def test_what_a_move_is_told_to() -> None:
    assert {move for move in Move if move.rules} == {
        Move.TAKE_OVER, Move.WITHDRAW, Move.LOAD, Move.APPROVE, Move.REFUSE, Move.REENTER,
    }  # fmt: skip
    assert {move for move in Move if move.of_register} == {Move.TAKE_OVER, Move.WITHDRAW}
