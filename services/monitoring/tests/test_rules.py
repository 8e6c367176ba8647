"""Each rule raises, clears, and says when it does not know."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from monitoring_facts import (
    CHILD,
    EARNER,
    PATH,
    SPOUSE,
    TODAY,
    fact,
    family,
    helped,
    id_of,
    joined,
    registered,
    seeds,
    surveyed,
)
from msgspec.structs import replace

from kit.policy import Confidence, PolicyBook, PolicyValue
from monitoring.profile.rules import Household
from monitoring.risk.rules import Fact, Level, Outcome, State, evaluate, with_causes, without_causes

HOUSEHOLD = registered().household_id
assert HOUSEHOLD is not None


def judge(*facts: Fact, on: date = TODAY, policy: PolicyBook | None = None) -> dict[str, Outcome]:
    profile = Household(HOUSEHOLD, facts).at(on)
    assert profile is not None
    return {outcome.rule: outcome for outcome in evaluate(profile, policy or seeds(), on)}


def test_golden_household_is_under_the_one_to_one_line_but_not_under_the_monitoring_line() -> None:
    outcomes = judge(*family(), surveyed())
    assert outcomes["income.below_line"].state is State.CLEAR
    assert outcomes["income.below_line"].values["projected"] == "10450.00"
    helper = outcomes["income.below_one_to_one"]
    assert (helper.state, helper.level) == (State.HOLDS, Level.YELLOW)
    assert helper.zh == "家庭收入预计 10,450 元/人，低于 11,000 元，且无一对一帮扶责任人"
    assert helper.policy[0].document.startswith("昆明市脱贫人口持续增收三年行动方案")


def test_a_helper_clears_the_one_to_one_rule_only_while_active() -> None:
    released = fact("HelperReleased", date(2023, 10, 1), assignment_id=str(id_of("helper")))
    assert judge(*family(), surveyed(), helped())["income.below_one_to_one"].state is State.CLEAR
    assert judge(*family(), surveyed(), helped(), released)["income.below_one_to_one"].state is State.HOLDS


def test_a_helper_who_was_assigned_again_helps_again() -> None:
    released = replace(fact("HelperReleased", date(2023, 9, 1), assignment_id=str(id_of("helper"))), revision=2)
    again = replace(helped(date(2023, 9, 20)), revision=3)
    assert judge(*family(), surveyed(), again, released)["income.below_one_to_one"].state is State.CLEAR


def test_under_the_line_is_orange_and_red_beside_another_cause() -> None:
    poor = surveyed(wage="9000")
    alone = judge(*family(), poor)["income.below_line"]
    assert (alone.state, alone.level) == (State.HOLDS, Level.ORANGE)
    assert alone.zh == "家庭收入预计 6,700 元/人，低于监测线 8,050 元"
    unsafe = fact("ConditionReported", date(2023, 10, 1), guarantee="housing")
    beside = judge(*family(), poor, unsafe)["income.below_line"]
    assert beside.level is Level.RED
    assert beside.values["causes"] == "guarantee.housing"


def test_what_a_rule_says_by_itself_is_found_in_what_it_says_beside_the_others() -> None:
    """A what-if begins with what a row says, and judges only some rules again."""
    poor, unsafe = surveyed(wage="9000"), fact("ConditionReported", date(2023, 10, 1), guarantee="housing")
    beside = judge(*family(), poor, unsafe)
    by_itself = {rule: without_causes(outcome) for rule, outcome in beside.items()}
    alone = judge(*family(), poor)["income.below_line"]
    below = by_itself["income.below_line"]
    assert (below.state, below.level, below.values) == (alone.state, Level.ORANGE, alone.values)
    assert without_causes(alone) is alone
    assert all(by_itself[rule] is outcome for rule, outcome in beside.items() if rule != "income.below_line")
    again = {outcome.rule: outcome for outcome in with_causes(list(by_itself.values()))}["income.below_line"]
    assert (again.level, again.values) == (Level.RED, beside["income.below_line"].values)
    others = [outcome for outcome in beside.values() if outcome.rule != "income.below_line"]
    assert with_causes(others) == tuple(others)


def test_no_line_for_the_date_is_unknown_never_clear() -> None:
    outcome = judge(*family(), surveyed(), on=date(2024, 1, 1))["income.below_line"]
    assert (outcome.state, outcome.missing) == (State.UNKNOWN, "line.monitoring")
    assert judge(*family())["income.below_line"].missing == "income"


def test_income_drop_compares_with_the_last_verified_year() -> None:
    before = surveyed(wage="60000", first=date(2022, 1, 1), last=date(2022, 12, 31), name="2022")
    assert judge(*family(), surveyed())["income.drop"].state is State.CLEAR
    assert judge(*family())["income.drop"].state is State.UNKNOWN
    later = judge(*family(), before, on=TODAY, policy=seeds(without="income.drop.share"))["income.drop"]
    assert later.missing == "income.drop.share"


def test_transfer_share_must_be_high_and_rising() -> None:
    this_year = surveyed(wage="1000", business="7000", transfer="20000")
    last_year = {"first": date(2021, 10, 1), "last": date(2022, 9, 30)}
    rising = judge(*family(), this_year, surveyed(**last_year))["income.transfer_dependent"]
    assert (rising.state, rising.level) == (State.HOLDS, Level.YELLOW)
    falling = judge(*family(), this_year, surveyed(wage="0", business="0", transfer="20000", **last_year))
    assert falling["income.transfer_dependent"].state is State.CLEAR
    assert judge(*family(), this_year)["income.transfer_dependent"].missing == "verified_year"
    assert judge(*family(), surveyed())["income.transfer_dependent"].state is State.CLEAR


def started(on: date = date(2023, 3, 1), name: str = "a") -> Fact:
    return fact("EmploymentStarted", on, name=name, person=EARNER, channel="migrant", monthly_wage="4000.00")


def ended(spell: Fact, on: date) -> Fact:
    return fact("EmploymentEnded", on, name=spell.id, person=EARNER, spell_id=str(spell.id), reason="laid_off")


def test_a_lost_job_is_yellow_at_once_and_orange_after_thirty_days() -> None:
    job = started()
    facts = [*family(), job, ended(job, TODAY)]
    at_once = judge(*facts)["work.job_lost"]
    assert (at_once.state, at_once.level, at_once.until) == (State.HOLDS, Level.YELLOW, TODAY + timedelta(days=30))
    assert judge(*facts, on=TODAY + timedelta(days=29))["work.job_lost"].level is Level.YELLOW
    assert judge(*facts, on=TODAY + timedelta(days=30))["work.job_lost"].level is Level.ORANGE


def test_a_new_job_or_a_voided_end_clears_the_lost_job() -> None:
    job = started()
    end = ended(job, TODAY)
    new = started(TODAY + timedelta(days=3), "b")
    after = TODAY + timedelta(days=5)
    assert judge(*family(), job, end, new, on=after)["work.job_lost"].state is State.CLEAR
    assert judge(*family(), job, replace(end, void=True), on=after)["work.job_lost"].state is State.CLEAR
    assert judge(*family(), job, end, on=TODAY - timedelta(days=1))["work.job_lost"].state is State.CLEAR


def test_two_missing_months_of_one_person_count_two_persons_with_one_each_do_not() -> None:
    def missed(month: date, person: object = EARNER) -> Fact:
        return fact("WageMissed", month, person=person, spell_id=str(id_of("spell")))  # type: ignore[arg-type]

    july, august = date(2023, 7, 1), date(2023, 8, 1)
    held = judge(*family(), missed(july), missed(august))["work.wage_missing"]
    assert (held.state, held.level, held.values["months"]) == (State.HOLDS, Level.YELLOW, "2023-07,2023-08")
    assert judge(*family(), missed(july), missed(august, SPOUSE))["work.wage_missing"].state is State.CLEAR
    late = fact("WagePaid", august, person=EARNER, amount="4000")
    assert judge(*family(), missed(july), missed(august), late)["work.wage_missing"].state is State.CLEAR
    without = seeds(without="work.wage_missing.months")
    assert judge(*family(), missed(july), policy=without)["work.wage_missing"].state is State.UNKNOWN


@pytest.mark.parametrize(
    ("household", "amount", "state"),
    [
        ({}, "10000", State.CLEAR),
        ({}, "10000.01", State.HOLDS),
        ({"household_type": "general"}, "26000", State.CLEAR),
        ({"household_type": "general"}, "26000.01", State.HOLDS),
        ({"household_type": "general", "category": "borderline"}, "10000.01", State.HOLDS),
    ],
)
def test_medical_expense_has_its_limit_per_group(household: dict[str, object], amount: str, state: State) -> None:
    spent = fact("ExpenseReported", date(2023, 9, 30), kind="medical", amount=amount)
    assert judge(*family(**household), spent)["expense.medical"].state is state


def test_expenses_leave_the_window_after_twelve_months() -> None:
    spent = fact("ExpenseReported", date(2022, 9, 30), kind="medical", amount="50000")
    assert judge(*family(), spent, on=date(2023, 9, 30))["expense.medical"].state is State.HOLDS
    assert judge(*family(), spent, on=date(2023, 10, 1))["expense.medical"].state is State.CLEAR


@pytest.mark.parametrize(
    ("guarantee", "level"),
    [("housing", Level.ORANGE), ("water", Level.ORANGE), ("schooling", Level.RED), ("insurance", Level.YELLOW)],
)
def test_an_unsolved_guarantee_has_its_level_until_it_is_solved(guarantee: str, level: Level) -> None:
    rule = f"guarantee.{guarantee}"
    reported = fact("ConditionReported", date(2023, 9, 1), guarantee=guarantee)
    held = judge(*family(), reported)[rule]
    assert (held.state, held.level) == (State.HOLDS, level)
    solved = replace(reported, kind="ConditionResolved", on=date(2023, 10, 1), revision=2)
    assert judge(*family(), solved)[rule].state is State.CLEAR
    assert judge(*family(), solved, on=date(2023, 9, 15))[rule].state is State.HOLDS


@pytest.mark.parametrize(
    ("days", "level"),
    [(0, None), (1, Level.YELLOW), (29, Level.YELLOW), (30, Level.ORANGE), (89, Level.ORANGE), (90, Level.RED)],
)
def test_overdue_loans_by_bucket(days: int, level: Level | None) -> None:
    late = fact("LoanOverdue", TODAY - timedelta(days=days), person=EARNER, amount="3000", loan_number="x")
    outcome = judge(*family(), late)["debt.overdue"]
    assert (outcome.level if outcome.holds else None) is level
    cured = fact("LoanCured", TODAY, person=EARNER, overdue_fact_id=str(late.id))
    assert judge(*family(), late, cured)["debt.overdue"].state is State.CLEAR
    unknown = judge(*family(), late, policy=seeds(without="debt.overdue.red"))["debt.overdue"]
    assert unknown.state is State.UNKNOWN


def planned(*lines: tuple[date, str, list[tuple[date, str]]]) -> Fact:
    instalments = [
        {
            "number": number,
            "due_on": due.isoformat(),
            "amount": amount,
            "paid": [{"on": on.isoformat(), "amount": part} for on, part in paid],
        }
        for number, (due, amount, paid) in enumerate(lines, 1)
    ]
    return fact("LoanScheduled", date(2022, 9, 20), person=EARNER, product="petty_loan", instalments=instalments)


MEANS = Decimal("3483.33")


def test_an_instalment_that_the_month_s_means_do_not_cover_is_yellow() -> None:
    heavy = planned((TODAY + timedelta(days=30), "3483.34", []))
    outcome = judge(*family(), surveyed(), heavy)["debt.due_soon"]
    assert (outcome.state, outcome.level) == (State.HOLDS, Level.YELLOW)
    assert (outcome.values["due"], outcome.values["monthly_means"]) == ("3483.34", str(MEANS))
    assert outcome.zh == "30 天内应还贷款 3,483.34 元（最早 2023-11-14），预计月收入 3,483.33 元"
    assert outcome.until == TODAY + timedelta(days=31)
    light = planned((TODAY + timedelta(days=30), "3483.33", []))
    assert judge(*family(), surveyed(), light)["debt.due_soon"].state is State.CLEAR
    far = judge(*family(), surveyed(), planned((TODAY + timedelta(days=31), "9000.00", [])))["debt.due_soon"]
    assert (far.state, far.until) == (State.CLEAR, TODAY + timedelta(days=1))
    two = planned((TODAY, "2000.00", []), (TODAY + timedelta(days=30), "2000.00", []))
    assert judge(*family(), surveyed(), two)["debt.due_soon"].values["due"] == "4000.00"


def test_an_instalment_is_judged_again_when_the_next_payment_of_it_comes() -> None:
    """Looking back at a day, the payments after it are known: not what was paid on the day, the first one after it."""
    due = TODAY + timedelta(days=5)
    parts = [(TODAY, "1.00"), (TODAY + timedelta(days=2), "2.00"), (TODAY + timedelta(days=3), "3.00")]
    outcome = judge(*family(), surveyed(), planned((due, "9000.00", parts)))["debt.due_soon"]
    assert (outcome.state, outcome.values["due"]) == (State.HOLDS, "8999.00")
    assert outcome.until == TODAY + timedelta(days=2)


def test_an_instalment_that_is_past_hides_none_that_is_due() -> None:
    past, due = TODAY - timedelta(days=1), TODAY + timedelta(days=5)
    plan = planned((past, "1000.00", []), (due, "9000.00", []))
    outcome = judge(*family(), surveyed(), plan)["debt.due_soon"]
    assert (outcome.state, outcome.values["due"]) == (State.HOLDS, "9000.00")


def test_what_is_paid_ahead_or_overdue_already_is_not_due_soon() -> None:
    due = TODAY + timedelta(days=5)
    paid = planned((due, "9000.00", [(TODAY, "9000.00")]))
    assert judge(*family(), surveyed(), paid)["debt.due_soon"].state is State.CLEAR
    before = judge(*family(), surveyed(), paid, on=TODAY - timedelta(days=1))["debt.due_soon"]
    assert before.state is State.HOLDS, "on the day before it was not paid yet"
    part = planned((due, "9000.00", [(TODAY, "6000.00")]))
    assert judge(*family(), surveyed(), part)["debt.due_soon"].state is State.CLEAR
    late = planned((TODAY - timedelta(days=1), "9000.00", []))
    assert judge(*family(), surveyed(), late)["debt.due_soon"].state is State.CLEAR


def test_due_soon_is_unknown_without_income_or_days() -> None:
    plan = planned((TODAY + timedelta(days=5), "1468.43", []))
    assert judge(*family(), plan)["debt.due_soon"].missing == "income"
    assert judge(*family(), plan)["debt.due_soon"].until == TODAY + timedelta(days=6)
    unset = judge(*family(), surveyed(), plan, policy=seeds(without="debt.due_soon.days"))["debt.due_soon"]
    assert (unset.state, unset.missing) == (State.UNKNOWN, "debt.due_soon.days")
    assert judge(*family())["debt.due_soon"].state is State.CLEAR


def test_a_loan_is_never_income() -> None:
    lent = planned((TODAY + timedelta(days=5), "1468.43", [(TODAY, "1468.43")]))
    alone, beside = (Household(HOUSEHOLD, [*family(), surveyed(), *more]).at(TODAY) for more in ([], [lent]))
    assert alone is not None
    assert beside is not None
    assert alone.income == beside.income


def test_a_silent_source_marks_the_status_and_gives_no_level() -> None:
    outcome = judge(*family(), surveyed(), started(), on=TODAY)["data.stale"]
    assert (outcome.state, outcome.level) == (State.HOLDS, Level.GREEN)
    assert outcome.values == {"wages": "2023-03-01"}
    paid = fact("WagePaid", date(2023, 9, 1), person=EARNER, amount="4000")
    assert judge(*family(), surveyed(), started(), paid)["data.stale"].state is State.CLEAR


def test_a_line_of_a_county_goes_before_the_one_of_all() -> None:
    county = PolicyValue(
        id=id_of("county"),
        name="line.monitoring",
        path="5301/530128/",
        valid_from=date(2023, 1, 1),
        valid_to=None,
        value=Decimal(11000),
        document="d",
        clause="c",
        confidence=Confidence.DEMO,
    )
    outcome = judge(*family(), surveyed(), policy=seeds(county))["income.below_line"]
    assert outcome.state is State.HOLDS
    assert PATH.startswith(outcome.policy[0].path)


def test_facts_of_a_member_count_where_the_member_lives() -> None:
    moved = joined(CHILD, date(2023, 6, 1), household=id_of("other household"), revision=2)
    order = [fact("LoanOverdue", day, person=CHILD, amount="10", name=day) for day in (date(2023, 5, 1), TODAY)]
    household = Household(HOUSEHOLD, [*family(), moved, *order])
    profile = household.at(TODAY)
    assert profile is not None
    assert [item.on for item in profile.overdue] == [date(2023, 5, 1)]
    assert CHILD not in profile.members
