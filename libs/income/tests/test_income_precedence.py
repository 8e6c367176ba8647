"""The five golden cases of precedence and the properties that hold for every household."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from income_household import FATHER, MOTHER, survey

from income.facts import Facts, Job, Kind, Payment, Share, current
from income.months import Month
from income.precedence import Basis
from income.windows import official, projected, rolling

JOB = UUID(int=50)
YUAN = Decimal("0.01")


def by_person(**earned: str) -> tuple[Share, ...]:
    persons = {"father": FATHER, "mother": MOTHER}
    return tuple(Share(person_id=persons[who], kind=Kind.WAGE, amount=Decimal(yuan)) for who, yuan in earned.items())


def wages(person: UUID, first: str, months: int, yuan: str, job: UUID | None = JOB) -> list[Payment]:
    start = Month.parse(first)
    return [
        Payment(
            fact_id=UUID(int=person.int * 100_000 + start.plus(n).ordinal),
            person_id=person,
            kind=Kind.WAGE,
            month=start.plus(n),
            amount=Decimal(yuan),
            source="employment",
            job_id=job,
        )
        for n in range(months)
    ]


def wage_bases(income_cells: Sequence[object]) -> list[Basis]:
    return [c.basis for c in income_cells if c.kind is Kind.WAGE]  # type: ignore[attr-defined]


def test_all_survey_carries_the_verified_year() -> None:
    """Case 1: no feed at all; two months after the window the last verified year still speaks."""
    income = rolling(Facts(persons=4, figures=[survey()]), date(2023, 12, 5))
    assert income.per_head == Decimal("10450.00")
    assert set(wage_bases(income.cells)) == {Basis.CARRIED}
    assert income.sources == {"survey": date(2023, 9, 30)}
    assert str(income.window.first), str(income.window.last) == ("2022-12", "2023-11")


def test_a_feed_for_one_of_two_earners_leaves_the_other_carried() -> None:
    """Case 2, split by person: father's feed counts, mother's twelfth is carried."""
    shares = by_person(father="14000.00", mother="10000.00")
    facts = Facts(persons=4, figures=[survey(shares=shares)], payments=wages(FATHER, "2023-10", 12, "1500.00"))
    income = rolling(facts, date(2024, 10, 9))
    assert income.by_kind[Kind.WAGE] == Decimal("28000.00")
    assert set(wage_bases(income.cells)) == {Basis.COMBINED}
    assert income.per_head == Decimal("11450.00")


def test_a_feed_beside_a_figure_that_cannot_be_split_counts_where_it_is_larger() -> None:
    """Case 2, not split: the larger of feed and carried, marked mixed; a small feed never lowers the household."""
    small = Facts(persons=4, figures=[survey()], payments=wages(FATHER, "2023-10", 12, "1500.00"))
    large = Facts(persons=4, figures=[survey()], payments=wages(FATHER, "2023-10", 12, "2600.00"))
    day = date(2024, 10, 9)
    assert rolling(small, day).by_kind[Kind.WAGE] == Decimal("24000.00")
    assert rolling(large, day).by_kind[Kind.WAGE] == Decimal("31200.00")
    assert rolling(small, day).mixed
    assert rolling(large, day).mixed


def test_a_job_lost_in_the_year_counts_nothing_in_the_projection() -> None:
    """Case 3: in mixed months its mean goes, but never what still flows from the other earner."""
    job = Job(fact_id=JOB, person_id=FATHER, started_on=date(2023, 10, 1), ended_on=date(2024, 3, 31))
    father, mother = wages(FATHER, "2023-10", 6, "2500.00"), wages(MOTHER, "2023-10", 8, "300.00", None)
    facts = Facts(persons=4, figures=[survey()], payments=father + mother, jobs=[job])
    day = date(2024, 6, 15)
    now, ahead = rolling(facts, day), projected(facts, day)
    assert now.by_kind[Kind.WAGE] == 4 * 2000 + 6 * 2800 + 2 * 2000
    assert ahead.by_kind[Kind.WAGE] == 8 * 300
    assert ahead.lost_jobs == (JOB,)
    assert ahead.by_kind[Kind.BUSINESS] == now.by_kind[Kind.BUSINESS]
    assert ahead.per_head == Decimal("5050.00")


def test_a_lost_job_known_by_person_leaves_the_other_earner_alone() -> None:
    """After his job ended father is known to earn nothing; that is no silence, so nothing is carried for him."""
    job = Job(fact_id=JOB, person_id=FATHER, started_on=date(2023, 10, 1), ended_on=date(2024, 3, 31))
    shares = by_person(father="14400.00", mother="9600.00")
    paid = wages(FATHER, "2023-10", 6, "2500.00")
    facts = Facts(persons=4, figures=[survey(shares=shares)], payments=paid, jobs=[job])
    now, ahead = rolling(facts, date(2024, 6, 15)), projected(facts, date(2024, 6, 15))
    assert now.by_kind[Kind.WAGE] == 4 * (1200 + 800) + 6 * (2500 + 800) + 2 * (0 + 800)
    assert ahead.by_kind[Kind.WAGE] == 12 * 800


def test_a_job_that_was_replaced_is_not_lost_and_losing_the_new_one_is() -> None:
    first = Job(fact_id=JOB, person_id=FATHER, started_on=date(2023, 1, 1), ended_on=date(2024, 3, 31))
    second = Job(fact_id=UUID(int=51), person_id=FATHER, started_on=date(2024, 4, 10))
    facts = Facts(persons=4, figures=[survey()], payments=wages(FATHER, "2023-10", 6, "2500.00"), jobs=[first, second])
    assert projected(facts, date(2024, 6, 15)) == rolling(facts, date(2024, 6, 15))
    assert projected(facts, date(2024, 4, 5)).lost_jobs == (JOB,)


def test_a_lost_job_that_was_never_paid_takes_off_what_was_agreed() -> None:
    job = Job(
        fact_id=JOB,
        person_id=FATHER,
        started_on=date(2023, 10, 1),
        ended_on=date(2024, 3, 31),
        monthly=Decimal("1200.00"),
    )
    ahead = projected(Facts(persons=4, figures=[survey()], jobs=[job]), date(2024, 6, 15))
    assert ahead.by_kind[Kind.WAGE] == 12 * (2000 - 1200)


def test_a_lost_job_without_any_amount_is_named_rather_than_guessed() -> None:
    job = Job(fact_id=JOB, person_id=FATHER, started_on=date(2023, 10, 1), ended_on=date(2024, 3, 31))
    ahead = projected(Facts(persons=4, figures=[survey()], jobs=[job]), date(2024, 6, 15))
    assert ahead.unpriced_jobs == (JOB,)
    assert ahead.by_kind[Kind.WAGE] == Decimal("24000.00")


def test_a_figure_that_began_after_the_loss_has_the_last_word() -> None:
    job = Job(fact_id=JOB, person_id=FATHER, started_on=date(2022, 1, 1), ended_on=date(2022, 9, 30))
    facts = Facts(persons=4, figures=[survey()], payments=wages(FATHER, "2022-01", 9, "2500.00"), jobs=[job])
    assert projected(facts, date(2023, 12, 5)).by_kind[Kind.WAGE] == Decimal("24000.00")


def test_a_wage_for_a_past_month_counts_in_its_month_whenever_it_comes() -> None:
    """Case 4: the wage of November arrives in February; the month was carried and now counts what was paid."""
    shares = by_person(father="24000.00")
    paid = [p for p in wages(FATHER, "2023-10", 4, "3000.00") if p.month != Month(2023, 11)]
    late = [p for p in wages(FATHER, "2023-10", 4, "3000.00") if p.month == Month(2023, 11)]
    before = rolling(Facts(persons=4, figures=[survey(shares=shares)], payments=paid), date(2024, 2, 20))
    after = rolling(Facts(persons=4, figures=[survey(shares=shares)], payments=paid + late), date(2024, 2, 20))
    november = [c for c in before.cells if c.month == Month(2023, 11) and c.kind is Kind.WAGE]
    assert november[0].amount == Decimal("2000.00")
    assert (after.by_kind[Kind.WAGE] or 0) - (before.by_kind[Kind.WAGE] or 0) == 1000


def test_a_correction_after_the_year_closed_changes_the_year_and_what_is_carried() -> None:
    """Case 5: in February the verified figure of the closed year is corrected; the year and the carried months move."""
    wrong, right = survey(), survey(revision=2, wage=Decimal("12000.00"))
    assert official(Facts(persons=4, figures=[wrong]), 2023).per_head == Decimal("10450.00")
    corrected = Facts(persons=4, figures=[right, wrong])
    assert official(corrected, 2023).per_head == Decimal("7450.00")
    assert rolling(corrected, date(2024, 2, 20)).per_head == Decimal("7450.00")


def test_what_nobody_ever_told_is_unknown_and_not_zero() -> None:
    income = rolling(Facts(persons=4, payments=wages(FATHER, "2023-01", 12, "3000.00")), date(2024, 1, 3))
    assert income.by_kind[Kind.WAGE] == Decimal("36000.00")
    assert income.by_kind[Kind.BUSINESS] is None
    assert income.per_head is None
    assert (Kind.TRANSFER, Month(2023, 5)) in income.unknown
    unverified = Facts(persons=4, figures=[survey(verified=False)])
    assert rolling(unverified, date(2023, 12, 5)).per_head is None


def test_a_quarter_speaks_for_its_own_months_only() -> None:
    quarter = survey(
        fact_id=UUID(int=101),
        window_from=date(2023, 10, 1),
        window_to=date(2023, 12, 31),
        purpose="official_quarter",
        wage=Decimal("9000.00"),
    )
    income = rolling(Facts(persons=4, figures=[survey(), quarter]), date(2024, 2, 20))
    assert income.by_kind[Kind.WAGE] == 9 * 2000 + 9000


# Properties

amounts = st.decimals(min_value=0, max_value=9999, places=2)
people = st.sampled_from([FATHER, MOTHER, None])


@st.composite
def payments(draw: st.DrawFn) -> Payment:
    n = draw(st.integers(0, 30))
    return Payment(
        fact_id=UUID(int=1000 + n),
        revision=draw(st.integers(1, 3)),
        void=draw(st.booleans()),
        person_id=draw(people),
        kind=draw(st.sampled_from(Kind)),
        month=Month(2023, 1).plus(draw(st.integers(0, 17))),
        amount=draw(amounts),
        source="employment",
        job_id=draw(st.sampled_from([None, JOB])),
    )


@st.composite
def jobs(draw: st.DrawFn) -> Job:
    started = draw(st.dates(date(2022, 1, 1), date(2024, 5, 1)))
    return Job(
        fact_id=UUID(int=50 + draw(st.integers(0, 2))),
        person_id=draw(people),
        started_on=started,
        ended_on=draw(st.none() | st.dates(started, date(2024, 6, 30))),
        monthly=draw(st.none() | amounts),
    )


def one_per_revision(drawn: list[Payment]) -> list[Payment]:
    return list({(p.fact_id, p.revision): p for p in drawn}.values())


many = st.lists(payments(), max_size=25).map(one_per_revision)
some_jobs = st.lists(jobs(), max_size=3, unique_by=lambda job: job.fact_id)
DAY = date(2024, 6, 15)


@given(many, some_jobs, st.randoms())
def test_order_and_repetition_of_facts_make_no_difference(
    paid: list[Payment],
    spells: list[Job],
    random: "st.random.Random",  # type: ignore[name-defined]
) -> None:
    again = [*paid, *random.sample(paid, len(paid) // 2)]
    random.shuffle(again)
    turned = list(reversed(spells)) * 2
    one = Facts(persons=3, figures=[survey()], payments=paid, jobs=spells)
    other = Facts(persons=3, figures=[survey(), survey()], payments=again, jobs=turned)
    assert rolling(one, DAY) == rolling(other, DAY)
    assert projected(one, DAY).by_kind == projected(other, DAY).by_kind


@given(many, payments())
def test_a_further_payment_never_lowers_a_figure_that_cannot_be_split(paid: list[Payment], further: Payment) -> None:
    known = [p for p in paid if p.fact_id != further.fact_id]
    before = rolling(Facts(persons=3, figures=[survey()], payments=known), DAY)
    after = rolling(Facts(persons=3, figures=[survey()], payments=[*known, further]), DAY)
    assert (after.net or 0) >= (before.net or 0)


@given(many, some_jobs)
def test_a_projection_is_never_above_what_is_and_never_below_what_still_flows(
    paid: list[Payment], spells: list[Job]
) -> None:
    facts = Facts(persons=3, figures=[survey()], payments=paid, jobs=spells)
    now, ahead = rolling(facts, DAY), projected(facts, DAY)
    lost = set(ahead.lost_jobs)
    for kind in Kind:
        assert (ahead.by_kind[kind] or 0) <= (now.by_kind[kind] or 0)
    still_paid = [p for p in current(paid) if p.job_id is not None and p.job_id not in lost]
    flowing = Facts(persons=3, payments=still_paid)
    for cell, still in zip(ahead.cells, rolling(flowing, DAY).cells, strict=True):
        assert (cell.amount or 0) >= (still.amount or 0)


@given(many, some_jobs)
def test_every_amount_is_whole_fen(paid: list[Payment], spells: list[Job]) -> None:
    ahead = projected(Facts(persons=3, figures=[survey()], payments=paid, jobs=spells), DAY)
    for amount in (*(cell.amount for cell in ahead.cells), ahead.net, ahead.per_head, ahead.comparison):
        assert amount is not None
        assert amount == amount.quantize(YUAN)
