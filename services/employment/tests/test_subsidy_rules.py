"""Who is entitled to a subsidy: each condition met, not met or unknown, with what it rests on."""

from datetime import date, timedelta
from pathlib import Path
from random import Random
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

import employment
from employment.subsidies.rules import Ask, Claim, Eligibility, Proof, State, Verdict, Work, assess
from kit.policy import read_seeds
from kit.policy_book import PolicyBook

SEEDS = read_seeds(Path(employment.__file__).with_name("policy.toml"))
BOOK = PolicyBook(SEEDS)
PATH = "5301/530128/530128104/530128104201/"
ON = date(2023, 10, 15)
ROOT = UUID("00000000-0000-4000-8000-000000000001")
AWAY, NEAR = "440300", "530100"


def job(first: str, ended: str | None = None, place: str | None = AWAY) -> Work:
    return Work(
        id=uuid5(ROOT, f"{first}{ended}{place}"),
        started_on=date.fromisoformat(first),
        ended_on=None if ended is None else date.fromisoformat(ended),
        place_code=place,
    )


def judged(
    *jobs: Work,
    on: date = ON,
    groups: frozenset[str] = frozenset({"lifted"}),
    proof: Proof | None = Proof.CONTRACT,
    standing: UUID | None = None,
    book: PolicyBook = BOOK,
    kind: str = "traffic",
) -> Eligibility:
    ask = Ask(kind=kind, year=2023, on=on, proof=proof)
    return assess(ask, Claim(path=PATH, groups=groups, jobs=jobs, standing=standing), book)


def state(found: Eligibility, check: str) -> State:
    [reason] = [reason for reason in found.reasons if reason.check == check]
    return reason.state


def test_three_months_out_of_the_province_entitle_to_a_thousand_yuan() -> None:
    spell = job("2023-02-01", "2023-05-01")
    found = judged(spell)
    assert (found.verdict, str(found.amount)) == (Verdict.ELIGIBLE, "1000.00")
    [work] = [reason for reason in found.reasons if reason.check == "work"]
    assert work.evidence == (spell.id,)
    assert {value.name for value in work.policy} == {"subsidy.traffic.months", "subsidy.traffic.out_of_province"}
    assert all(value.document and value.clause for reason in found.reasons for value in reason.policy)


@pytest.mark.parametrize(
    ("jobs", "expected"),
    [
        ((job("2023-02-01", "2023-04-30"),), State.NOT_MET),
        ((job("2022-11-01", "2023-03-01"),), State.NOT_MET),
        ((job("2023-02-01", None, NEAR),), State.NOT_MET),
        ((job("2023-02-01", None, None),), State.UNKNOWN),
        ((), State.UNKNOWN),
        ((job("2022-02-01", "2022-12-01"),), State.UNKNOWN),
        ((job("2023-02-01", "2023-03-15"), job("2023-03-16", "2023-05-01")), State.MET),
        ((job("2023-02-01", "2023-03-15"), job("2023-04-15", "2023-05-30")), State.NOT_MET),
        ((job("2023-07-15"),), State.MET),
        ((job("2023-07-17"),), State.NOT_MET),
    ],
    ids=["a day short", "mostly the year before", "in the province", "nobody told where", "no job known",
         "another year's", "one after the other", "with a break", "still going on", "not yet three months"],
)  # fmt: skip
def test_work_counts_within_the_year_and_without_a_break(jobs: tuple[Work, ...], expected: State) -> None:
    assert state(judged(*jobs), "work") is expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2023, 3, 31), State.NOT_MET),
        (date(2023, 4, 1), State.MET),
        (date(2023, 12, 31), State.MET),
        (date(2024, 2, 29), State.MET),
        (date(2024, 3, 1), State.NOT_MET),
    ],
)
def test_one_applies_from_april_to_december_and_late_until_february(on: date, expected: State) -> None:
    assert state(judged(on=on), "window") is expected


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ({"lifted"}, State.MET),
        ({"general", "monitored"}, State.MET),
        ({"general"}, State.NOT_MET),
        ({"lifted_no_policy"}, State.UNKNOWN),
    ],
)
def test_it_is_for_lifted_and_monitored_households(groups: set[str], expected: State) -> None:
    assert state(judged(groups=frozenset(groups)), "group") is expected


def test_once_a_year_and_with_a_proof() -> None:
    assert state(judged(standing=ROOT), "once") is State.NOT_MET
    assert judged(job("2023-02-01"), proof=None).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("term", ["amount", "months", "out_of_province", "window.first", "window.last", "for.lifted"])
def test_what_no_policy_sets_is_unknown_and_named(term: str) -> None:
    name = f"subsidy.traffic.{term}"
    found = judged(job("2023-02-01"), book=PolicyBook(value for value in SEEDS if value.name != name))
    assert found.verdict is Verdict.UNKNOWN
    assert [reason.missing for reason in found.reasons if reason.state is State.UNKNOWN] == [name]


def test_nothing_is_known_of_the_other_kind_of_subsidy_until_a_department_sets_it() -> None:
    found = judged(job("2023-01-01"), kind="stability")
    assert (found.verdict, found.amount) == (Verdict.UNKNOWN, None)


_DAYS = st.integers(-60, 400).map(lambda days: date(2023, 1, 1) + timedelta(days=days))


@st.composite
def _jobs(draw: st.DrawFn) -> list[Work]:
    result = []
    for number in range(draw(st.integers(0, 5))):
        first = draw(_DAYS)
        ended = draw(st.none() | st.integers(1, 200).map(lambda days, first=first: first + timedelta(days=days)))
        place = draw(st.sampled_from([AWAY, NEAR, None]))
        result.append(Work(id=uuid5(ROOT, str(number)), started_on=first, ended_on=ended, place_code=place))
    return result


_RANK = {State.NOT_MET: 0, State.UNKNOWN: 1, State.MET: 2}


@given(_jobs(), st.randoms(use_true_random=False))
def test_the_order_of_jobs_does_not_matter(jobs: list[Work], random: Random) -> None:
    shuffled = list(jobs)
    random.shuffle(shuffled)
    assert judged(*jobs) == judged(*shuffled)


@given(_jobs(), _DAYS)
def test_another_job_out_of_the_province_never_takes_the_subsidy_away(jobs: list[Work], first: date) -> None:
    more = Work(id=uuid5(ROOT, "more"), started_on=first, ended_on=None, place_code=AWAY)
    if state(judged(*jobs), "work") is State.MET:
        assert state(judged(*jobs, more), "work") is State.MET


@given(_jobs())
def test_being_told_where_the_work_was_only_settles_what_was_unknown(jobs: list[Work]) -> None:
    before = state(judged(*jobs), "work")
    for place in (AWAY, NEAR):
        told = [
            Work(id=j.id, started_on=j.started_on, ended_on=j.ended_on, place_code=j.place_code or place) for j in jobs
        ]
        after = state(judged(*told), "work")
        if before is not State.UNKNOWN:
            assert after is before
