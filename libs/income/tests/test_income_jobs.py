"""Jobs: their first and last days, whose wage is which job's, when one is lost and what goes with it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from income_household import FATHER, MOTHER, household, job, paid, share, survey, yuan

from income.facts import Job, Kind, Payment
from income.ledger import Ledger
from income.months import Month
from income.precedence import cell
from income.windows import projected, rolling

SPELL = job(50, "2023-02-28", "2023-04-01")


@pytest.mark.parametrize(
    ("day", "runs"),
    [("2023-02-27", False), ("2023-02-28", True), ("2023-03-31", True), ("2023-04-01", False), ("2023-04-02", False)],
)
def test_a_job_runs_from_its_first_day_until_the_day_of_its_end(day: str, runs: bool) -> None:
    assert SPELL.runs_on(date.fromisoformat(day)) is runs


@pytest.mark.parametrize(
    ("month", "touches"),
    [("2023-01", False), ("2023-02", True), ("2023-03", True), ("2023-04", True), ("2023-05", False)],
)
def test_a_job_touches_the_months_of_its_first_and_of_its_last_day(month: str, touches: bool) -> None:
    assert SPELL.touches(Month.parse(month)) is touches
    assert job(50, "2023-02-28").touches(Month.parse(month)) is (month != "2023-01"), "one that runs on touches all"


@pytest.mark.parametrize(
    ("jobs", "month", "out"),
    [
        ([], "2023-05", False),
        ([SPELL], "2023-04", False),
        ([SPELL], "2023-05", True),
        ([SPELL, job(51, "2023-05-31")], "2023-04", False),
        ([SPELL, job(51, "2023-06-30")], "2023-05", True),
        ([SPELL, job(51, "2023-06-30")], "2023-06", False),
        ([job(50, "2022-01-01", "2022-10-01")], "2023-05", True),
        ([job(50, "2022-01-01", "2022-09-30")], "2023-05", False),
        ([job(51, "2022-01-01", "2022-09-30"), SPELL], "2023-05", True),
        ([job(50, "2023-02-28", "2023-04-01", kind=Kind.BUSINESS)], "2023-05", False),
        ([job(50, "2023-02-28", "2023-04-01", person_id=MOTHER)], "2023-05", False),
    ],
)
def test_out_of_work_is_who_had_work_since_the_figure_began_and_has_none_in_the_month(
    jobs: list[Job], month: str, out: bool
) -> None:
    """In a month that his work still touched silence is no fact: what is carried stays."""
    figure = survey(shares=(share(FATHER, "24000"),))
    ledger = Ledger.of(household(figures=[figure], jobs=jobs))
    assert ledger.out_of_work(FATHER, Month.parse(month), figure) is out
    assert cell(ledger, Kind.WAGE, Month.parse(month)).amount == (yuan("0") if out else yuan("2000"))


# Whose wage is which job's

OLD, NEW, SAME = job(52, "2023-01-01"), job(50, "2023-03-05"), job(51, "2023-03-05")


def job_of(payment: Payment, *jobs: Job) -> UUID | None:
    [known] = Ledger.of(household(payments=[payment], jobs=jobs)).payments[payment.kind, payment.month]
    assert (known.fact_id, known.amount) == (payment.fact_id, payment.amount)
    return known.job_id


def test_a_wage_without_its_job_is_the_newest_ones_that_touches_the_month() -> None:
    march, february = paid(1, FATHER, "2023-03", "900"), paid(1, FATHER, "2023-02", "900")
    assert job_of(march, OLD, NEW) == NEW.fact_id
    assert job_of(march, NEW, OLD, SAME) == SAME.fact_id, "of two of one day the higher id, whatever the order"
    assert job_of(february, OLD, NEW) == OLD.fact_id
    assert job_of(paid(1, FATHER, "2022-12", "900"), OLD, NEW) is None


def test_what_names_its_job_or_is_no_wage_of_a_person_stays_as_it_was_told() -> None:
    assert job_of(paid(1, FATHER, "2023-03", "900", job_id=OLD.fact_id), OLD, NEW) == OLD.fact_id
    assert job_of(paid(1, MOTHER, "2023-03", "900"), OLD, NEW) is None
    assert job_of(paid(1, FATHER, "2023-03", "900", kind=Kind.PROPERTY), OLD, NEW) is None
    assert job_of(paid(1, None, "2023-03", "900"), job(53, "2023-01-01", person_id=None)) is None


def test_a_contract_is_no_job_that_wages_could_be_of() -> None:
    contract, ours = job(53, "2023-04-01", kind=Kind.PROPERTY), job(54, "2023-01-01", person_id=None)
    assert Ledger.of(household(jobs=[contract, ours, OLD])).jobs_of == {FATHER: [OLD]}
    assert job_of(paid(1, FATHER, "2023-04", "900"), contract, OLD) == OLD.fact_id


# Lost or replaced

LOST = job(50, "2023-03-05", "2023-06-30")


@pytest.mark.parametrize(
    ("other", "lost"),
    [
        (job(51, "2023-06-30"), False),
        (job(51, "2023-07-02"), True),
        (job(51, "2023-03-06"), False),
        (job(51, "2023-03-05"), True),
        (job(51, "2023-03-04"), True),
        (job(51, "2023-04-01", "2023-07-02"), False),
        (job(51, "2023-04-01", person_id=MOTHER), True),
        (job(51, "2023-04-01", person_id=None), True),
        (job(51, "2023-04-01", kind=Kind.BUSINESS), True),
    ],
)
def test_a_job_is_replaced_by_a_newer_one_of_the_same_person_and_kind_that_runs(other: Job, lost: bool) -> None:
    assert (LOST in Ledger.of(household(jobs=[LOST, other])).lost_jobs(date(2023, 7, 1))) is lost


def test_a_job_is_lost_from_the_day_of_its_end_and_a_contract_of_the_household_is_never_replaced() -> None:
    ledger = Ledger.of(household(jobs=[LOST]))
    assert [len(ledger.lost_jobs(date(2023, 6, day))) for day in (29, 30)] == [0, 1]
    ours = [job(50, "2023-01-01", "2023-06-30", person_id=None), job(51, "2023-02-01", person_id=None)]
    assert Ledger.of(household(jobs=ours)).lost_jobs(date(2023, 7, 1)) == ours[:1]


# What goes with it


def january(paying: Sequence[Payment] = (), *jobs: Job, wage: str = "24000") -> Decimal | None:
    """The projected wage of a month in which nothing was paid, 2,000 carried."""
    figures = [survey(wage=yuan(wage))]
    ahead = projected(household(figures=figures, payments=paying, jobs=jobs), date(2024, 2, 15))
    return next(c.amount for c in ahead.cells if c.kind is Kind.WAGE and c.month == Month(2024, 1))


def test_the_mean_of_the_months_paid_goes_half_a_fen_up() -> None:
    """150.00 in two parts and 120.01: 135.005 in the mean, so 135.01 goes."""
    paying = [
        paid(number, FATHER, month, amount, job_id=UUID(int=50))
        for number, month, amount in ((1, "2023-10", "100"), (2, "2023-10", "50"), (3, "2023-11", "120.01"))
    ]
    assert january(paying, job(50, "2023-10-01", "2023-11-30", monthly=yuan("999"))) == Decimal("1864.99")


@pytest.mark.parametrize(("first", "second"), [("700", "900"), ("900", "700")])
def test_of_two_lost_jobs_that_never_paid_the_newer_says_what_was_agreed(first: str, second: str) -> None:
    older = job(50, "2023-01-01", "2023-10-31", monthly=yuan(first))
    newer = job(51, "2023-03-01", "2023-10-31", monthly=yuan(second))
    assert january((), older, newer) == 2000 - yuan(second)
    renumbered = (job(51, "2023-01-01", "2023-10-31", monthly=yuan(first)), job(50, "2023-03-01", "2023-10-31"))
    assert january((), *renumbered) == 2000, "the newer told no amount; the older one's is not taken for it"


def test_a_loss_on_the_first_day_of_the_figure_may_be_in_it_and_one_the_day_before_is_not() -> None:
    assert january((), job(50, "2022-01-01", "2022-10-01", monthly=yuan("500"))) == 1500
    assert january((), job(50, "2022-01-01", "2022-09-30", monthly=yuan("500"))) == 2000


def test_where_nothing_was_carried_nothing_is_left_of_a_lost_job_that_paid_unevenly() -> None:
    paying = [paid(n, FATHER, month, y) for n, month, y in ((1, "2023-10", "1000"), (2, "2023-11", "3000"))]
    facts = household(figures=[survey(wage=yuan("0"))], payments=paying, jobs=[job(50, "2023-10-01", "2023-11-30")])
    assert rolling(facts, date(2024, 2, 15)).by_kind[Kind.WAGE] == 4000
    assert projected(facts, date(2024, 2, 15)).by_kind[Kind.WAGE] == 0


days = st.dates(date(2023, 1, 1), date(2024, 2, 15))


@given(st.lists(st.tuples(days, days, st.sampled_from([FATHER, MOTHER, None]), st.integers(0, 3000)), max_size=4))
def test_a_projection_is_the_sum_of_its_months_and_shared_like_what_is_published(
    spells: list[tuple[date, date, UUID | None, int]],
) -> None:
    jobs = [
        job(50 + n, str(min(a, b)), str(max(a, b)), person_id=who, monthly=yuan(str(monthly)))
        for n, (a, b, who, monthly) in enumerate(spells)
    ]
    ahead = projected(household(persons=1, jobs=jobs), date(2024, 2, 15))
    for kind in Kind:
        assert ahead.by_kind[kind] == sum(c.amount or 0 for c in ahead.cells if c.kind is kind)
    assert ahead.business_cost is not None
    assert ahead.net == sum(amount or 0 for amount in ahead.by_kind.values()) - ahead.business_cost
    assert ahead.per_head == ahead.comparison == ahead.net
    assert ahead.lost_jobs == tuple(spell.fact_id for spell in jobs), "all have ended and none was replaced"
