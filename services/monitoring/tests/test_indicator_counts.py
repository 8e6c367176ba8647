"""What a household, an alert and a case count for, and how changes of it add up: whole counts by figures."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from monitoring_facts import (
    EARNER,
    HOUSEHOLD,
    OTHER,
    PATH,
    TODAY,
    fact,
    family,
    helped,
    id_of,
    listed,
    measured,
    seeds,
)
from monitoring_facts import surveyed as income

from monitoring.alerts.rules import Care, Standing, Verdict
from monitoring.cases.rules import Case, State
from monitoring.indicators.rules import (
    Change,
    Changes,
    Counted,
    MonthEnd,
    count,
)
from monitoring.profile.rules import Household
from monitoring.risk.rules import Fact, Level, evaluate

NEXT_VILLAGE = "5301/530128/530128104/530128104202/"
RICH = {"households": 1, "level.green": 1, "target": 1, "category.lifted": 1, "income.known": 1, "income.persons": 4}
EARNED = {"income.business": 18_000, "income.property": 800, "income.transfer": 5_000}
SURVEYED = {"source.survey.expected": 1, "source.survey.live": 1}
JUDGED = {"line.monitoring.judged": 1, "line.one_to_one.judged": 1}
HELPLESS = {"line.one_to_one.below": 1, "helper.needed": 1}


def counted(*facts: Fact, standings: Iterable[Standing] = (), without: str = "") -> Counted:
    profile, book = Household(HOUSEHOLD, facts).at(TODAY), seeds(without=without)
    assert profile is not None
    return count(profile, Level.GREEN, standings, evaluate(profile, book, TODAY), book, TODAY)


def test_a_household_counts_for_its_income_and_the_lines_above_it() -> None:
    # 23,800 without wages, less 6,000 of costs, for four
    near = {**RICH, **EARNED, **SURVEYED, **JUDGED}
    at = {"income.wage": 26_200, "income.gross": 50_000, "income.net": 44_000}
    assert counted(*family(), income(wage=26_200)).values == {**near, **at}, "11,000 a head is not below the line"
    below = {**near, **HELPLESS, "income.wage": 24_000, "income.gross": 47_800, "income.net": 41_800}
    assert counted(*family(), income()).values == below
    assert counted(*family(), income(), helped()).values == {**below, "helper.assigned": 1}
    unjudged = {name: value for name, value in below.items() if name != "line.monitoring.judged"}
    assert counted(*family(), income(), without="line.monitoring").values == unjudged
    at = {"income.wage": 14_400, "income.gross": 38_200, "income.net": 32_200}
    assert counted(*family(), income(wage=14_400)).values == {**near, **HELPLESS, **at}, "8,050 a head"
    poor = {**near, **HELPLESS, "line.monitoring.below": 1, "income.gross": 23_800, "income.net": 17_800}
    assert counted(*family(), income(wage=0)).values == poor, "what it has nothing of is not told"


def test_wages_that_are_lost_already_call_for_a_helper_before_the_year_shows_it() -> None:
    job = fact("EmploymentStarted", date(2022, 9, 1), name="job", person=EARNER)
    year = [date(2022 + n // 12, n % 12 + 1, 1) for n in range(9, 21)]
    paid = [fact("WagePaid", month, person=EARNER, amount="3000.005", spell_id=str(job.id)) for month in year]
    known = {**RICH, **EARNED, **SURVEYED, **JUDGED}
    wages = {"income.wage": Decimal("36000.06"), "income.gross": Decimal("59800.06"), "income.net": Decimal("53800.06")}
    working = {"source.wages.expected": 1, "source.wages.live": 1}
    assert counted(*family(), income(wage=0), job, *paid).values == {**known, **wages, **working}
    ended = fact("EmploymentEnded", date(2023, 10, 10), person=EARNER, spell_id=str(job.id), reason="laid_off")
    assert counted(*family(), income(wage=0), job, *paid, ended).values == {**known, **wages, "helper.needed": 1}
    # One wage of half a cent too many: half is rounded up.
    once = counted(*family(), income(wage=0), job, paid[-1]).values
    assert (once["income.wage"], once["income.net"]) == (Decimal("3000.01"), Decimal("20800.01"))
    # The last wage is of July, and two months are the rhythm of wages.
    silent = counted(*family(), income(wage=0), job, *paid[:-2]).values
    assert {name: value for name, value in silent.items() if name.startswith("source.")} == {
        **SURVEYED, "source.wages.expected": 1, "source.wages.silent": 1,
    }  # fmt: skip


def test_a_household_counts_by_what_it_is_registered_as_and_by_the_help_it_has() -> None:
    general = {"households": 1, "level.green": 1, **SURVEYED}
    assert counted(*family(household_type="general"), income()).values == general
    assert counted(*family(household_type="general")).values == {"households": 1, "level.green": 1}
    over = family(household_type="general", category="sudden", risk_eliminated=True)
    assert counted(*over).values == {"households": 1, "level.green": 1}
    watched = family(household_type="general", category="unstable")
    plain = {"households": 1, "level.green": 1, "target": 1, "category.unstable": 1}
    assert counted(*watched).values == plain
    ill = [*watched, listed(date(2023, 1, 1), "illness")]
    assert counted(*ill).values == {**plain, "measure.needed": 1}
    useless = measured("industry", date(2023, 2, 1), "illness")
    assert counted(*ill, useless).values == {**plain, "measure.needed": 1, "measure.taken": 1}
    cure = measured("health", date(2023, 2, 1), "illness")
    assert counted(*ill, cure).values == {**plain, "measure.needed": 1, "measure.taken": 1, "measure.matched": 1}
    assert counted(*ill).path == PATH


def alert(days: int, peak: Level = Level.YELLOW, **care: Any) -> Standing:
    return Standing("work.job_lost", Level.YELLOW, peak, TODAY - timedelta(days=days), id_of(days), care=Care(**care))


def test_open_alerts_count_by_their_peak_and_by_the_help_clock() -> None:
    told = [
        alert(1, verdict=Verdict.DUPLICATE), alert(15, Level.ORANGE), alert(5), alert(16, Level.RED),
        alert(40, verdict=Verdict.UNFOUNDED), alert(41, helped_on=TODAY),
    ]  # fmt: skip
    found = counted(*family(household_type="general"), standings=told)
    parts = {"alerts.open": 5, "alerts.orange": 1, "alerts.red": 1, "alerts.yellow": 3}
    seen = {"households": 1, "level.green": 1}
    assert found.values == {**seen, **parts, "alerts.timed": 5, "alerts.overdue": 1}
    assert found.until == TODAY + timedelta(days=1), "the first of them is late from tomorrow"
    later = counted(*family(household_type="general"), standings=[alert(5), alert(3)])
    assert later.until == TODAY + timedelta(days=11)
    unknown = counted(*family(household_type="general"), standings=told, without="help.days")
    assert (unknown.values, unknown.until) == ({**seen, **parts, "alerts.timed": 1}, date.max)


def test_changes_add_up_by_path_and_month_and_what_came_and_went_leaves_nothing() -> None:
    changes, other, home, october = Changes(), Changes(), id_of("first"), date(2023, 10, 1)
    changes.add(PATH, TODAY, {"a": Decimal(1), "b": Decimal(2)})
    changes.add(PATH, date(2023, 10, 31), {"a": Decimal(1)}, -1)
    changes.add("", TODAY, {"c": Decimal(1)})
    changes.add(NEXT_VILLAGE, TODAY, {"a": Decimal(0)})
    assert list(changes) == [Change(PATH, october, {"b": Decimal(2)})]
    other.case_moved("county", NEXT_VILLAGE, PATH, TODAY)
    left = Change(NEXT_VILLAGE, october, {"cases.county": Decimal(-1)})
    assert list(other) == [Change(PATH, october, {"cases.county": Decimal(1)}), left]
    here, there = Counted(PATH, {"a": Decimal(1)}), Counted(NEXT_VILLAGE, {"a": Decimal(3)})
    changes.move(home, here, there, TODAY)
    changes.move(home, there, here, TODAY)
    september = [
        MonthEnd(home, PATH, date(2023, 9, 1), here.values), MonthEnd(home, NEXT_VILLAGE, date(2023, 9, 1), {}),
    ]  # fmt: skip
    assert changes.ends == september, "the first change after a month tells how it ended"
    other.move(home, there, Counted(), TODAY)
    other.move(OTHER, Counted(), here, TODAY)
    changes.merge(other)
    came = MonthEnd(OTHER, PATH, date(2023, 9, 1), {})
    assert {(end.household_id, end.path): end for end in changes.ends} == {
        (end.household_id, end.path): end for end in (*september, came)
    }
    assert list(changes) == [
        Change(PATH, october, {"a": Decimal(1), "b": Decimal(2), "cases.county": Decimal(1)}),
        Change(NEXT_VILLAGE, october, {"a": Decimal(-3), "cases.county": Decimal(-1)}),
    ]


def test_a_case_counts_where_it_is_and_in_time_up_to_its_last_day() -> None:
    changes = Changes()
    clue = Case(id=id_of("case"), state=State.COUNTY, opened_on=TODAY, due_on=TODAY + timedelta(days=9))
    done = replace(clue, state=State.LISTED, decided_on=clue.due_on)
    changes.case(clue, done, PATH, TODAY, was=NEXT_VILLAGE)
    gone = replace(done, state=State.ELIMINATED)
    changes.case(done, gone, PATH, TODAY)
    assert list(changes) == [
        Change(PATH, date(2023, 10, 1), {"cases.days": Decimal(9), "cases.decided": Decimal(1),
               "cases.eliminated": Decimal(1), "cases.in_time": Decimal(1), "cases.timed": Decimal(1)}),
        Change(NEXT_VILLAGE, date(2023, 10, 1), {"cases.county": Decimal(-1)}),
    ]  # fmt: skip
    untimed, loaded = Changes(), replace(clue, due_on=None)
    untimed.case(loaded, replace(done, due_on=None), PATH, TODAY)
    untimed.case(None, replace(done, id=OTHER), PATH, TODAY)
    [change] = untimed
    assert change.values == {"cases.county": -1, "cases.listed": 2, "cases.days": 9, "cases.decided": 1}
