"""The life of an alert: raised, escalated, held for its dwell, closed, retracted where a fact disproves it."""

from collections.abc import Iterable
from datetime import date

from monitoring_facts import EARNER, TODAY, fact, family, helped, surveyed
from monitoring_story import Story
from msgspec.structs import replace

from monitoring.alerts.rules import Change
from monitoring.alerts.texts import FACT_NAMES, RULE_NAMES, reason
from monitoring.risk.rules import RULES, Fact, Level


def job(on: date = date(2023, 1, 5), name: str = "first") -> Fact:
    return fact("EmploymentStarted", on, name=name, person=EARNER, channel="migrant", monthly_wage="3000.00")


def end(spell: Fact, on: date) -> Fact:
    return fact("EmploymentEnded", on, name=spell.id, person=EARNER, spell_id=str(spell.id), reason="laid_off")


def settled() -> list[Fact]:
    return [*family(), surveyed(wage="60000"), helped(), job()]


def test_a_lost_job_is_raised_once_escalated_once_and_closed_by_a_new_job() -> None:
    story = Story(*settled()).arrive(end(job(), TODAY))
    assert story.told("work.job_lost") == [(Change.RAISED, Level.YELLOW)]
    story.days(40)
    assert story.told("work.job_lost")[1:] == [(Change.ESCALATED, Level.ORANGE)]
    story.arrive(job(story.on, "second"))
    assert story.told("work.job_lost")[2:] == [(Change.CLOSED, Level.ORANGE)]
    versions = [step.standing.version for step in story.steps if step.standing.rule == "work.job_lost"]
    assert versions == list(range(1, len(versions) + 1))


def test_the_level_falls_only_after_the_dwell() -> None:
    lost = fact("OrderCancelled", TODAY, amount="9000", order_id="x")
    story = Story(*settled()).arrive(lost)
    assert story.status.level is Level.YELLOW
    story.wait_until(date(2024, 10, 31))
    assert story.status.level is Level.YELLOW
    story.wait_until(date(2024, 11, 1))
    assert story.status.standings["market.order_lost"].lower is Level.GREEN
    story.days(29)
    assert "market.order_lost" in story.status.standings
    story.days(1)
    assert story.told("market.order_lost")[-1] == (Change.CLOSED, Level.YELLOW)


def test_a_voided_end_retracts_at_once_and_the_reason_names_the_fact() -> None:
    lost = end(job(), TODAY)
    story = Story(*settled()).arrive(lost).days(5).arrive(replace(lost, revision=2, void=True))
    assert story.told("work.job_lost") == [(Change.RAISED, Level.YELLOW), (Change.RETRACTED, Level.YELLOW)]
    zh, en = reason(Change.RETRACTED, story.steps[-1].outcome, "EmploymentEnded")
    assert zh == "务工人员失业：收到迟报或更正的离岗记录，预警撤回"
    assert en == "Job lost: a late or corrected record of a job's end disproves it, the alert is retracted"


def test_a_wage_that_arrives_late_retracts_the_missing_wages() -> None:
    months = [date(2023, 8, 1), date(2023, 9, 1)]
    missed = [fact("WageMissed", month, person=EARNER, spell_id=str(job().id)) for month in months]
    story = Story(*settled()).arrive(*missed)
    assert story.told("work.wage_missing") == [(Change.RAISED, Level.YELLOW)]
    story.days(12).arrive(fact("WagePaid", date(2023, 9, 1), person=EARNER, amount="3000"))
    assert story.told("work.wage_missing")[-1] == (Change.RETRACTED, Level.YELLOW)


def test_a_job_that_began_before_the_alert_but_was_reported_late_retracts_it() -> None:
    story = Story(*settled()).arrive(end(job(), TODAY)).days(3)
    story.arrive(job(TODAY, "second"))
    assert story.told("work.job_lost")[-1] == (Change.RETRACTED, Level.YELLOW)


def test_a_corrected_income_retracts_without_waiting_for_the_dwell() -> None:
    poor = surveyed(wage="9000")
    story = Story(*family(), helped(), poor)
    assert story.told("income.below_line") == [(Change.RAISED, Level.ORANGE)]
    right = surveyed(wage="60000")
    story.days(2).arrive(replace(right, revision=2))
    assert story.told("income.below_line")[-1] == (Change.RETRACTED, Level.ORANGE)


def test_unknown_keeps_what_stands_and_never_shows_green() -> None:
    poor = Story(*family(), helped(), surveyed(wage="9000")).wait_until(date(2024, 1, 2))
    assert poor.status.level is Level.ORANGE
    assert poor.told("income.below_line") == [(Change.RAISED, Level.ORANGE)]
    well = Story(*settled())
    assert well.status.level is Level.GREEN
    assert well.wait_until(date(2024, 1, 1)).status.level is Level.UNKNOWN


def test_overdue_escalates_through_its_buckets_and_closes_when_paid() -> None:
    late = fact("LoanOverdue", TODAY, person=EARNER, amount="3000", loan_number="x")
    story = Story(*settled()).arrive(late).days(91)
    assert story.told("debt.overdue") == [
        (Change.RAISED, Level.YELLOW),
        (Change.ESCALATED, Level.ORANGE),
        (Change.ESCALATED, Level.RED),
    ]
    story.arrive(fact("LoanCured", story.on, person=EARNER, overdue_fact_id=str(late.id)))
    assert story.told("debt.overdue")[-1][0] is Change.CLOSED


def test_a_red_line_alert_falls_back_to_orange_after_its_dwell() -> None:
    unsafe = fact("ConditionReported", TODAY, guarantee="water")
    story = Story(*family(), helped(), surveyed(wage="9000"), unsafe)
    assert story.status.standings["income.below_line"].level is Level.RED
    story.days(1).arrive(replace(unsafe, kind="ConditionResolved", on=story.on, revision=2))
    assert story.status.standings["income.below_line"].level is Level.RED
    story.days(30)
    assert story.status.standings["income.below_line"].level is Level.ORANGE


def test_every_rule_and_fact_kind_has_its_words() -> None:
    assert set(RULES) == set(RULE_NAMES)
    assert all(zh and en for zh, en in _texts())


def _texts() -> Iterable[tuple[str, str]]:
    yield from RULE_NAMES.values()
    yield from FACT_NAMES.values()
