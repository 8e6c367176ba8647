"""The latest dated decision about the list wins, whatever the order in which statements and decisions come."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from monitoring_facts import id_of

from monitoring.cases.rules import Case, ClockState, Move, State, Statement, Step, Way, clock, moved, opened, taken_over

TODAY = date(2023, 11, 20)
IDENTIFIED = date(2022, 3, 1)

SAID = Statement(
    category="unstable", causes=("illness",), identified_on=IDENTIFIED, eliminated=False, eliminated_on=None, way=None,
    decided_on=date(2023, 10, 15),
)  # fmt: skip
GONE = replace(SAID, eliminated=True, eliminated_on=date(2023, 6, 1), way=Way.HELPED)


def after(case: Case | None, said: Statement, on: date = TODAY) -> Case | None:
    step = taken_over(case, said, on)
    if step is None:
        return case
    fresh = case is None or case.state is State.REFUSED
    return opened(id_of("case"), step) if fresh or case is None else moved(case, step)


def test_a_listed_household_comes_listed_and_an_eliminated_one_eliminated_without_a_clock() -> None:
    listed, gone = after(None, SAID), after(None, GONE)
    assert listed is not None
    assert gone is not None
    assert (listed.state, listed.identified_on, clock(listed, TODAY)) == (State.LISTED, IDENTIFIED, ClockState.UNKNOWN)
    assert (gone.state, gone.eliminated_on, gone.way) == (State.ELIMINATED, date(2023, 6, 1), Way.HELPED)
    assert after(None, replace(GONE, eliminated_on=None, way=None)).eliminated_on == SAID.decided_on  # type: ignore[union-attr]


def test_who_is_not_listed_or_has_no_date_of_identification_gets_no_case() -> None:
    assert after(None, replace(SAID, category=None)) is None
    assert after(None, replace(SAID, identified_on=None)) is None


def test_a_clue_ends_where_the_register_lists_the_household() -> None:
    clue = opened(id_of("case"), Step(move=Move.OPEN, on=TODAY, officer="a", causes=("water",), due_on=TODAY))
    case = after(clue, SAID)
    assert case is not None
    assert (case.state, case.causes, clock(case, TODAY)) == (State.LISTED, ("illness",), ClockState.IN_TIME)


def test_a_newer_decision_made_here_stands_and_an_older_one_gives_way() -> None:
    here = opened(
        id_of("case"),
        Step(move=Move.LOAD, on=TODAY, officer="a", category="sudden", causes=("water",), identified_on=IDENTIFIED),
    )
    assert after(here, replace(GONE, decided_on=TODAY)) is here
    later = after(here, replace(GONE, decided_on=TODAY + timedelta(days=1)))
    assert later is not None
    assert (later.state, later.category, later.causes) == (State.ELIMINATED, "unstable", ("illness",))


def test_elimination_under_way_is_not_disturbed_by_what_is_known() -> None:
    case = after(None, SAID)
    assert case is not None
    case = moved(case, Step(move=Move.PROPOSE_ELIMINATION, on=TODAY, officer="a", way=Way.HELPED))
    assert after(case, replace(SAID, decided_on=TODAY)) is case
    gone = after(case, GONE)
    assert gone is not None
    assert (gone.state, gone.eliminating) == (State.ELIMINATED, False)


def test_the_day_that_is_known_here_stays_where_the_register_knows_its_month() -> None:
    day = IDENTIFIED + timedelta(days=16)
    here = opened(
        id_of("case"), Step(move=Move.LOAD, on=SAID.decided_on, officer="a", category="unstable", identified_on=day)
    )
    case = after(here, replace(SAID, decided_on=TODAY))
    assert case is not None
    assert (case.identified_on, case.causes) == (day, ("illness",))


def test_what_is_not_stated_any_more_is_withdrawn_and_a_decision_made_here_by_a_later_one_only() -> None:
    taken = after(None, SAID)
    gone = after(taken, replace(SAID, category=None, decided_on=date(2023, 1, 1)))
    assert gone is not None
    assert (gone.state, gone.reason) == (State.REFUSED, "not_stated")
    again = after(gone, SAID)
    assert again is not None
    assert again.state is State.LISTED
    here = opened(
        id_of("case"),
        Step(move=Move.LOAD, on=IDENTIFIED, officer="a", category="sudden", identified_on=IDENTIFIED),
    )
    for day in (IDENTIFIED - timedelta(days=1), IDENTIFIED):
        assert after(here, replace(SAID, category=None, decided_on=day)) is here
    dropped = after(here, replace(SAID, category=None, decided_on=IDENTIFIED + timedelta(days=1)))
    assert dropped is not None
    assert (dropped.state, dropped.stated) == (State.REFUSED, True)
    clue = opened(id_of("case"), Step(move=Move.OPEN, on=IDENTIFIED, officer="a"))
    assert after(clue, replace(SAID, category=None)) is clue, "a clue under way is nobody's decision yet"


months = st.dates(date(2022, 1, 1), date(2023, 11, 1)).map(lambda day: day.replace(day=1))
statements = st.builds(
    Statement,
    category=st.sampled_from([None, "unstable", "sudden"]),
    causes=st.lists(st.sampled_from(["illness", "water", "other"]), unique=True, max_size=3).map(tuple),
    identified_on=st.none() | months,
    eliminated=st.booleans(),
    eliminated_on=st.none() | months,
    way=st.sampled_from([None, Way.HELPED, Way.NATURAL]),
    decided_on=st.dates(date(2023, 1, 1), date(2023, 11, 20)),
)


@given(said=st.lists(statements, min_size=1, max_size=5))
def test_said_again_it_changes_nothing(said: list[Statement]) -> None:
    case: Case | None = None
    for statement in said:
        case = after(case, statement)
        assert after(case, statement) is case
        if case is not None and case.state is not State.REFUSED and statement.category and statement.identified_on:
            assert case.state is (State.ELIMINATED if statement.eliminated else State.LISTED)
            assert case.ruled_on is not None
            assert not case.eliminating
