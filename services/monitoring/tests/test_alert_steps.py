"""One step in the life of an alert at a time: every field of the standing, every change, and nothing else."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from monitoring_facts import id_of
from msgspec.structs import replace

from monitoring.alerts.rules import (
    Act,
    ActKind,
    Care,
    Change,
    Duties,
    Duty,
    HelpState,
    Holder,
    Precision,
    SnoozeReason,
    Standing,
    Step,
    Verdict,
    Waiting,
    acted,
    advance,
    falls_on,
    help_state,
    highest_first,
    household_level,
    ranked,
    tend,
    tended_on,
)
from monitoring.alerts.rules.care import check_snooze, check_verdict, goes_up_on, settled
from monitoring.alerts.rules.duty import places_of
from monitoring.alerts.rules.life import ended
from monitoring.alerts.rules.refusals import HelpOutOfTime, SnoozeOutOfRange, VerdictIncomplete
from monitoring.alerts.rules.worth import week_of
from monitoring.risk.rules import Level, Outcome, State

ON = date(2023, 10, 15)
BEGUN = ON - timedelta(days=20)
JOB, DEBT = "work.job_lost", "debt.overdue"
OPENING = id_of("opening")


def stands(level: Level = Level.ORANGE, **given: Any) -> Standing:
    told = {"peak": level, "since": BEGUN, "opening": id_of("first"), "version": 3} | given
    return Standing(JOB, level, **told)


def says(level: Level | None, state: State = State.HOLDS, rule: str = JOB) -> Outcome:
    return Outcome(rule, State.CLEAR if level is None else state, level or Level.GREEN)


def stepped(
    before: Standing | None, outcome: Outcome, *, dwell: int | None = 30, disproved: bool = False
) -> tuple[Standing | None, list[Step]]:
    standings = {} if before is None else {JOB: before}
    after, steps = advance(
        standings,
        [outcome],
        on=ON,
        opening=OPENING,
        dwell={JOB: dwell}.get,
        disproved=lambda standing: disproved and standing is before,
    )
    assert after.keys() <= {JOB}
    return after.get(JOB), steps


def test_a_rule_that_holds_for_the_first_time_opens_an_alert() -> None:
    opened = Standing(JOB, Level.YELLOW, Level.YELLOW, ON, OPENING, version=1)
    outcome = says(Level.YELLOW)
    assert stepped(None, outcome) == (opened, [Step(Change.RAISED, opened, outcome)])
    assert stepped(None, says(None)) == (None, [])
    assert stepped(None, says(Level.UNKNOWN, State.UNKNOWN)) == (None, [])
    mark = says(Level.GREEN, rule="data.stale")
    after, steps = advance(
        {}, [mark, says(Level.YELLOW)], on=ON, opening=OPENING, dwell=lambda rule: 0, disproved=lambda item: True
    )
    assert (list(after), [step.standing.rule for step in steps]) == ([JOB], [JOB]), "a mark gives no alert"


def test_a_higher_level_escalates_and_the_same_one_only_ends_the_fall() -> None:
    judged = Care(holder=Holder.TOWNSHIP, verdict=Verdict.UNFOUNDED, helped_on=BEGUN, acknowledged_on=BEGUN)
    falling = stands(lower=Level.GREEN, lower_since=BEGUN, care=judged)
    red = says(Level.RED)
    up = replace(
        falling, level=Level.RED, peak=Level.RED, version=4, lower=None, lower_since=None,
        care=Care(holder=Holder.TOWNSHIP, since=ON, helped_on=BEGUN),
    )  # fmt: skip
    assert stepped(falling, red) == (up, [Step(Change.ESCALATED, up, red)])
    assert stepped(falling, says(Level.ORANGE)) == (replace(falling, lower=None, lower_since=None), [])
    peaked = stands(Level.YELLOW, peak=Level.RED)
    again = replace(peaked, level=Level.ORANGE)
    assert stepped(peaked, says(Level.ORANGE)) == (again, []), "no higher than it ever was"
    assert stepped(peaked, red) == (replace(peaked, level=Level.RED), [])


def test_what_is_unknown_leaves_it_standing_and_ends_the_fall() -> None:
    falling = stands(lower=Level.GREEN, lower_since=BEGUN)
    still = replace(falling, lower=None, lower_since=None)
    assert stepped(falling, says(Level.UNKNOWN, State.UNKNOWN), disproved=True) == (still, [])


def test_a_disproved_rule_is_retracted_at_once() -> None:
    falling = stands(lower=Level.GREEN, lower_since=BEGUN)
    gone = replace(falling, version=4, lower=None, lower_since=None)
    assert stepped(falling, says(None), disproved=True) == (None, [Step(Change.RETRACTED, gone, says(None))])
    lower = stepped(stands(), says(Level.YELLOW), disproved=True)
    assert lower == (stands(lower=Level.YELLOW, lower_since=ON), []), "what still holds is not disproved"


@pytest.mark.parametrize(("target", "outcome"), [(Level.GREEN, says(None)), (Level.YELLOW, says(Level.YELLOW))])
def test_a_level_falls_after_its_dwell_and_not_before(target: Level, outcome: Outcome) -> None:
    assert stepped(stands(), outcome) == (stands(lower=target, lower_since=ON), [])
    almost = stands(lower=target, lower_since=ON - timedelta(days=29))
    assert stepped(almost, outcome) == (almost, [])
    assert stepped(almost, outcome, dwell=None) == (almost, []), "no dwell is known, so it stays"
    over = stands(lower=target, lower_since=ON - timedelta(days=30))
    fallen, steps = stepped(over, outcome)
    if target is Level.GREEN:
        end = replace(over, version=4, lower=None, lower_since=None)
        assert (fallen, steps) == (None, [Step(Change.CLOSED, end, outcome)])
    else:
        assert (fallen, steps) == (replace(over, level=target, lower=None, lower_since=None), [])
    other = Level.YELLOW if target is Level.GREEN else Level.GREEN
    anew = stands(lower=other, lower_since=BEGUN)
    assert stepped(anew, outcome) == (stands(lower=target, lower_since=ON), []), "another level, another wait"
    assert stepped(stands(), outcome, dwell=0) == (
        (None, [Step(Change.CLOSED, replace(stands(), version=4), outcome)])
        if target is Level.GREEN
        else (replace(stands(), level=target), [])
    )


def test_only_what_stood_can_end() -> None:
    with pytest.raises(ValueError, match=r"^only what stood can end$"):
        ended(None)


def test_the_level_of_a_household_is_its_highest_and_unknown_before_green() -> None:
    two = {JOB: stands(Level.YELLOW), DEBT: replace(stands(Level.RED), rule=DEBT)}
    assert household_level(two, []) is Level.RED
    assert household_level({}, [says(None), says(Level.UNKNOWN, State.UNKNOWN, DEBT)]) is Level.UNKNOWN
    assert household_level({}, [says(None), says(Level.UNKNOWN, State.UNKNOWN, "data.stale")]) is Level.GREEN
    assert household_level({}, [says(None)]) is Level.GREEN
    third = {**two, "a": replace(stands(Level.RED), rule="a")}
    assert highest_first(third) == ("a", DEBT, JOB)


def test_the_first_day_on_which_a_dwell_may_be_over() -> None:
    lengths: Mapping[str, int | None] = {JOB: 30, DEBT: 5, "a": None}
    fall = {"lower": Level.GREEN, "lower_since": BEGUN}
    standings = {
        JOB: stands(**fall), DEBT: replace(stands(), rule=DEBT), "a": replace(stands(**fall), rule="a"),
    }  # fmt: skip
    assert falls_on(standings, lengths.get) == BEGUN + timedelta(days=30)
    assert falls_on({DEBT: standings[DEBT]}, lengths.get) == falls_on({"a": standings["a"]}, lengths.get) == date.max


LIMIT = {Holder.VILLAGE: 3, Holder.TOWNSHIP: 5, Holder.COUNTY: 1}


def cared(rule: str = JOB, **care: Any) -> Standing:
    return Standing(rule, Level.YELLOW, Level.YELLOW, BEGUN, OPENING, care=Care(**care))


def test_what_nobody_acts_on_goes_up_one_level() -> None:
    above = {holder: holder.above for holder in Holder}
    assert above == {
        Holder.VILLAGE: Holder.TOWNSHIP, Holder.TOWNSHIP: Holder.COUNTY, Holder.COUNTY: None,
    }  # fmt: skip
    late, quiet, top = cared(since=ON - timedelta(days=3)), cared(DEBT, since=ON), cared("a", holder=Holder.COUNTY)
    standings = {JOB: late, DEBT: quiet, "a": top, "b": cared("b")}
    outcomes = [says(Level.YELLOW), says(Level.YELLOW, rule=DEBT), says(Level.YELLOW, rule="a")]
    after, steps = tend(standings, outcomes, on=ON, limit=LIMIT.get)
    up = replace(late, version=2, care=Care(holder=Holder.TOWNSHIP, since=ON))
    assert after == {**standings, JOB: up}, "what no rule speaks of and what the county holds stays"
    assert steps == [Step(Change.HANDED_UP, up, outcomes[0])]
    assert standings[JOB] is late
    both = {JOB: late, DEBT: replace(late, rule=DEBT)}
    assert len(tend(both, outcomes, on=ON, limit=LIMIT.get)[1]) == 2
    passed = {"b": cared("b"), JOB: late}
    assert [step.standing.rule for step in tend(passed, outcomes, on=ON, limit=LIMIT.get)[1]] == [JOB]
    assert tend({"a": top, JOB: late}, outcomes, on=ON, limit=LIMIT.get)[1] == steps


def test_the_day_on_which_an_alert_goes_up() -> None:
    def goes(limit: Mapping[Holder, int] = LIMIT, **care: Any) -> date:
        return goes_up_on(JOB, {JOB: cared(**care)}, limit.get)

    assert goes() == BEGUN + timedelta(days=3)
    assert goes(since=ON) == ON + timedelta(days=3)
    assert goes(holder=Holder.TOWNSHIP, since=ON) == ON + timedelta(days=5)
    assert goes(holder=Holder.COUNTY) == goes({}) == goes(verdict=Verdict.HELPED) == date.max
    assert goes(since=ON, snoozed_until=ON + timedelta(days=9)) == ON + timedelta(days=10)
    assert goes(since=ON, snoozed_until=ON + timedelta(days=1)) == ON + timedelta(days=3)
    standings = {JOB: cared(since=ON), DEBT: cared(DEBT)}
    assert tended_on(standings, LIMIT.get) == BEGUN + timedelta(days=3)
    assert tended_on({}, LIMIT.get) == date.max


def test_who_need_not_act() -> None:
    def quiet(original: Standing | None = None, **care: Any) -> bool:
        return settled(JOB, {JOB: cared(**care)} | ({} if original is None else {DEBT: original}))

    assert [verdict for verdict in Verdict if quiet(verdict=verdict)] == [Verdict.UNFOUNDED, Verdict.HELPED]
    assert not quiet()
    merged = {"verdict": Verdict.DUPLICATE, "merged_into": DEBT}
    assert quiet(cared(DEBT), **merged)
    assert not quiet(cared(DEBT, merged_into="other"), **merged)
    assert not quiet(None, **merged), "the original is over"
    assert not quiet(cared(DEBT), verdict=Verdict.CONFIRMED)


def test_what_an_officer_did_stands_in_the_care() -> None:
    before = Care(holder=Holder.TOWNSHIP, since=BEGUN, helped_on=BEGUN, verdict=Verdict.CONFIRMED)
    seen = Act(kind=ActKind.ACKNOWLEDGED, on=ON)
    assert before.after(seen) == replace(before, acknowledged_on=ON, since=ON)
    later = replace(seen, kind=ActKind.ASKED, on=ON + timedelta(days=1))
    again = before.after(seen).after(later)
    assert again == replace(before, acknowledged_on=ON, since=later.on), "the first one is when it was taken up"
    until = ON + timedelta(days=9)
    off = Act(kind=ActKind.SNOOZED, on=ON, until=until, reason=SnoozeReason.AWAY)
    assert before.after(off) == replace(
        before, acknowledged_on=ON, since=until, snoozed_until=until, snooze_reason=SnoozeReason.AWAY
    )
    helped = Act(kind=ActKind.JUDGED, on=ON, verdict=Verdict.HELPED, helped_on=ON)
    assert before.after(helped) == replace(
        before, acknowledged_on=ON, since=ON, verdict=Verdict.HELPED, helped_on=BEGUN
    ), "the first help counts"
    assert Care().after(helped).helped_on == ON
    merged = Act(kind=ActKind.JUDGED, on=ON, verdict=Verdict.DUPLICATE, merged_into=DEBT)
    assert Care().after(merged) == Care(since=ON, acknowledged_on=ON, verdict=Verdict.DUPLICATE, merged_into=DEBT)
    standing = stands(care=before)
    assert acted(standing, seen) == replace(standing, version=4, care=before.after(seen))


@pytest.mark.parametrize(
    ("verdict", "helped", "original", "refused"),
    [
        (Verdict.CONFIRMED, None, False, None),
        (Verdict.CONFIRMED, ON, False, VerdictIncomplete),
        (Verdict.CONFIRMED, None, True, VerdictIncomplete),
        (Verdict.DUPLICATE, None, True, None),
        (Verdict.DUPLICATE, None, False, VerdictIncomplete),
        (Verdict.HELPED, None, False, VerdictIncomplete),
        (Verdict.HELPED, ON, True, VerdictIncomplete),
        (Verdict.HELPED, BEGUN, False, None),
        (Verdict.HELPED, ON, False, None),
        (Verdict.HELPED, BEGUN - timedelta(days=1), False, HelpOutOfTime),
        (Verdict.HELPED, ON + timedelta(days=1), False, HelpOutOfTime),
    ],
)
def test_a_verdict_says_what_it_must(
    verdict: Verdict, helped: date | None, original: bool, refused: type[Exception] | None
) -> None:
    if refused is None:
        check_verdict(verdict, helped, original, opened_on=BEGUN, on=ON)
        return
    with pytest.raises(refused):
        check_verdict(verdict, helped, original, opened_on=BEGUN, on=ON)


def test_nothing_is_put_off_longer_than_policy_lets() -> None:
    for days in (1, 30):
        check_snooze(ON + timedelta(days=days), on=ON, most=30)
    for days in (0, 31):
        with pytest.raises(SnoozeOutOfRange):
            check_snooze(ON + timedelta(days=days), on=ON, most=30)


VILLAGE, TOWNSHIP = "5301/530128/530128104/530128104201/", "5301/530128/530128104/"


def test_a_level_answers_for_what_lies_under_it() -> None:
    ranks = {path: Duty("x", path).rank for path in ("5301/", "5301/530128/", TOWNSHIP, VILLAGE, f"{VILLAGE}01/")}
    assert list(ranks.values()) == [3, 2, 1, 0, 0]
    assert places_of(VILLAGE) == ["5301/", "5301/530128/", TOWNSHIP, VILLAGE]
    duties = Duties([Duty("v", VILLAGE), Duty("v2", VILLAGE), Duty("t", TOWNSHIP), Duty("t", "5301/530113/")])
    assert duties.officers(VILLAGE, Holder.VILLAGE) == {"v", "v2"}
    assert duties.officers(VILLAGE, Holder.COUNTY) == frozenset()
    assert duties.answers("t", VILLAGE, Holder.VILLAGE, Holder.TOWNSHIP)
    assert not duties.answers("t", VILLAGE, Holder.VILLAGE)
    assert duties.of("t") == ["5301/530113/", TOWNSHIP]
    city = Duties([Duty("c", "5301/")])
    assert city.officers(VILLAGE, Holder.COUNTY) == city.officers(VILLAGE, Holder.VILLAGE) == {"c"}


def test_how_often_alerts_were_right() -> None:
    counts = {"confirmed": 2, "helped": 1, "unfounded": 3, "duplicate": 7}
    known = Precision.of(counts)
    assert known == Precision(confirmed=2, helped=1, unfounded=3, duplicate=7)
    assert (known.judged, str(known.share), str(known.expected)) == (6, "0.5000", "0.5")
    assert Precision.of({}) == Precision()
    assert (str(Precision().expected), Precision().share) == ("0.5", None)
    assert str(Precision(confirmed=3).expected) == "0.8"
    assert (Precision(unfounded=1).share, Precision(helped=1).share) == (0, 1)


@pytest.mark.parametrize(
    ("due", "helped", "open_", "verdict", "on", "state"),
    [
        (ON, ON, False, "unfounded", None, HelpState.IN_TIME),
        (ON, ON + timedelta(days=1), True, None, ON, HelpState.LATE),
        (ON, None, True, None, ON, HelpState.RUNNING),
        (ON, None, True, "helped", ON + timedelta(days=1), HelpState.OVERDUE),
        (ON, None, True, "duplicate", ON, HelpState.NOT_NEEDED),
        (ON, None, True, "unfounded", ON, HelpState.NOT_NEEDED),
        (ON, None, False, None, ON, HelpState.NOT_NEEDED),
        (ON, None, True, None, None, HelpState.UNKNOWN),
        (None, ON, True, None, ON, HelpState.UNKNOWN),
        (None, None, True, None, ON, HelpState.UNKNOWN),
        (None, ON, False, None, ON, HelpState.NOT_NEEDED),
    ],
)
def test_where_the_help_clock_stands(
    due: date | None, helped: date | None, open_: bool, verdict: str | None, on: date | None, state: HelpState
) -> None:
    assert help_state(due=due, helped_on=helped, open_=open_, verdict=verdict, on=on) is state


def test_what_comes_first() -> None:
    def waits(n: int, level: str, rule: str = "a", held: date = ON) -> Waiting:
        return Waiting(id=id_of(n), rule=rule, level=level, holder=Holder.VILLAGE, held_since=held, helped=False)

    by_level = [waits(n, level) for n, level in enumerate(("red", "orange", "yellow", "green", "unknown"))]
    assert ranked(reversed(by_level), {}) == by_level
    right, untried, wrong = waits(1, "red", "right"), waits(2, "red", "untried"), waits(3, "red", "wrong")
    worth = {"right": Precision(confirmed=1), "wrong": Precision(unfounded=1)}
    assert ranked([wrong, untried, right], worth) == [right, untried, wrong]
    old, new = waits(1, "red", held=BEGUN), waits(2, "red")
    assert ranked([new, old], {}) == [old, new]
    same = sorted((waits(n, "red") for n in range(4)), key=lambda item: str(item.id))
    assert ranked(reversed(same), {}) == same
    assert week_of(ON) == (date(2023, 10, 9), date(2023, 10, 15))
    assert week_of(date(2023, 10, 16)) == (date(2023, 10, 16), date(2023, 10, 22))
