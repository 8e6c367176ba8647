"""Who holds the ball, for any order of acts and days; the help clock; what comes first."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from monitoring_facts import id_of

from monitoring.alerts.rules import (
    Act,
    ActKind,
    Change,
    Duties,
    Duty,
    HelpState,
    Holder,
    Precision,
    SnoozeReason,
    Standing,
    Verdict,
    Waiting,
    acted,
    help_due,
    help_state,
    ranked,
    tend,
    tended_on,
)
from monitoring.alerts.rules.care import check_snooze, settled
from monitoring.alerts.rules.refusals import SnoozeOutOfRange, SnoozeUnlimited
from monitoring.risk.rules import Level, Outcome, State

START = date(2023, 10, 15)
DAYS = {Holder.VILLAGE: 3, Holder.TOWNSHIP: 5}
RANK = list(Holder)


def opened(rule: str) -> Standing:
    return Standing(rule, Level.YELLOW, Level.YELLOW, START, id_of(rule))


def said(rule: str) -> Outcome:
    return Outcome(rule, State.HOLDS, Level.YELLOW)


acts = st.one_of(
    st.just(("ack", 0)),
    st.tuples(st.just("snooze"), st.integers(1, 10)),
    st.tuples(st.just("judge"), st.sampled_from([v for v in Verdict if v is not Verdict.DUPLICATE])),
    st.just(("merge", 0)),
    st.just(("nothing", 0)),
)


def act_of(what: str, value: object, on: date) -> Act | None:
    match what:
        case "ack":
            return Act(kind=ActKind.ACKNOWLEDGED, on=on)
        case "snooze":
            until = on + timedelta(days=int(str(value)))
            return Act(kind=ActKind.SNOOZED, on=on, until=until, reason=SnoozeReason.AWAY)
        case "judge":
            verdict = Verdict(str(value))
            return Act(kind=ActKind.JUDGED, on=on, verdict=verdict, helped_on=on if verdict is Verdict.HELPED else None)
        case "merge":
            return Act(kind=ActKind.JUDGED, on=on, verdict=Verdict.DUPLICATE, merged_into="debt.overdue")
    return None


@given(st.lists(acts, max_size=40))
def test_nothing_goes_up_early_twice_or_while_it_is_settled(days: list[tuple[str, object]]) -> None:
    rule = "work.job_lost"
    standings = {rule: opened(rule), "debt.overdue": opened("debt.overdue")}
    touched = START
    for n, (what, value) in enumerate(days):
        on = START + timedelta(days=n)
        before = standings[rule]
        due = tended_on(standings, DAYS.get)
        standings, steps = tend(standings, [said(rule), said("debt.overdue")], on=on, limit=DAYS.get)
        assert bool(steps) == (due <= on)
        mine = [step for step in steps if step.standing.rule == rule]
        if mine:
            assert mine[0].change is Change.HANDED_UP
            assert not settled(rule, {**standings, rule: before})
            assert RANK.index(standings[rule].care.holder) == RANK.index(before.care.holder) + 1
            assert (on - touched).days >= DAYS[before.care.holder]
            assert before.care.snoozed_until is None or on > before.care.snoozed_until
            touched = on
        else:
            assert standings[rule].care.holder is before.care.holder
        act = act_of(what, value, on)
        if act is not None:
            standings[rule], touched = acted(standings[rule], act), on
            assert standings[rule].version == before.version + len(mine) + 1


def test_two_alerts_merged_into_each_other_are_not_silent() -> None:
    a, b = opened("work.job_lost"), opened("debt.overdue")
    a = acted(a, Act(kind=ActKind.JUDGED, on=START, verdict=Verdict.DUPLICATE, merged_into=b.rule))
    b = acted(b, Act(kind=ActKind.JUDGED, on=START, verdict=Verdict.DUPLICATE, merged_into=a.rule))
    standings = {a.rule: a, b.rule: b}
    assert not settled(a.rule, standings)
    assert not settled(b.rule, standings)


def test_without_policy_nothing_goes_up_and_nothing_is_put_off() -> None:
    standings = {"work.job_lost": opened("work.job_lost")}
    assert tended_on(standings, lambda holder: None) == date.max
    with pytest.raises(SnoozeUnlimited):
        check_snooze(START + timedelta(days=1), on=START, most=None)
    with pytest.raises(SnoozeOutOfRange):
        check_snooze(START, on=START, most=30)


@pytest.mark.parametrize(
    ("helped", "verdict", "open_", "on", "state"),
    [
        (None, None, True, 15, HelpState.RUNNING),
        (None, "confirmed", True, 16, HelpState.OVERDUE),
        (15, "helped", True, 20, HelpState.IN_TIME),
        (16, "helped", False, 20, HelpState.LATE),
        (None, "unfounded", True, 20, HelpState.NOT_NEEDED),
        (None, None, False, 20, HelpState.NOT_NEEDED),
    ],
)
def test_the_help_clock(helped: int | None, verdict: str | None, open_: bool, on: int, state: HelpState) -> None:
    day = None if helped is None else START + timedelta(days=helped)
    found = help_state(
        due=help_due(START, 15), helped_on=day, open_=open_, verdict=verdict, on=START + timedelta(days=on)
    )
    assert found is state


def test_the_help_clock_is_unknown_without_policy() -> None:
    assert help_due(START, None) is None
    assert help_state(due=None, helped_on=None, open_=True, verdict=None, on=START) is HelpState.UNKNOWN


def test_an_alert_goes_to_the_level_that_holds_it_or_the_next_where_nobody_is() -> None:
    village, grid = "5301/530128/530128104/530128104201/", "5301/530128/530128104/530128104201/5301281042010001/"
    duties = Duties(
        [Duty("grid", grid), Duty("county", "5301/530128/"), Duty("city", "5301/"), Duty("other", "5301/530113/")]
    )
    assert duties.officers(grid, Holder.VILLAGE) == {"grid"}
    assert duties.officers(village, Holder.VILLAGE) == {"county"}
    assert duties.officers(grid, Holder.TOWNSHIP) == {"county"}
    assert duties.officers("5301/532823105/532823105201/", Holder.COUNTY) == {"city"}
    assert duties.of("grid") == [grid]


def test_what_is_worth_going_for_comes_first_and_nothing_is_hidden() -> None:
    def waiting(rule: str, level: str, day: int) -> Waiting:
        held = START + timedelta(days=day)
        return Waiting(id=uuid4(), rule=rule, level=level, holder=Holder.VILLAGE, held_since=held, helped=False)

    red, good, bad, old = (
        waiting("a", "red", 9),
        waiting("a", "yellow", 9),
        waiting("b", "yellow", 1),
        waiting("a", "yellow", 2),
    )
    worth = {"a": Precision(confirmed=8, unfounded=2), "b": Precision(unfounded=9)}
    assert ranked([bad, good, old, red], worth) == [red, old, good, bad]
    assert Precision(confirmed=1, helped=1, unfounded=1, duplicate=5).share == Decimal("0.6667")
    assert Precision(duplicate=5).share is None
