"""The fold is a function of the set of facts; time alone changes nothing before the day it says."""

from datetime import date, timedelta
from random import Random
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from monitoring_facts import (
    CHILD,
    EARNER,
    ELDER,
    HOUSEHOLD,
    OTHER,
    SPOUSE,
    TODAY,
    fact,
    family,
    helped,
    id_of,
    jobless,
    joined,
    listed,
    measured,
    seeds,
    struck,
    surveyed,
    world,
)
from msgspec.structs import replace

from monitoring.profile.rules import Cause, Household, Status, assess
from monitoring.risk.rules import Fact, evaluate

START = date(2023, 9, 1)
_DAYS = st.integers(0, 400).map(lambda days: START + timedelta(days=days))
_MONTHS = st.integers(0, 13).map(lambda n: date(2023 + (6 + n) // 12, (6 + n) % 12 + 1, 1))
_PERSONS = st.sampled_from([EARNER, SPOUSE, CHILD, ELDER])
_SPELLS = st.integers(0, 2)


@st.composite
def _spell(draw: st.DrawFn) -> Fact:
    name = draw(_SPELLS)
    person = (EARNER, SPOUSE, EARNER)[name]
    spell = id_of("spell", name)
    data = {"channel": "migrant", "monthly_wage": "3000.00"}
    if draw(st.booleans()):
        return replace(fact("EmploymentStarted", draw(_DAYS), person=person, **data), id=spell)
    ended = fact("EmploymentEnded", draw(_DAYS), person=person, spell_id=str(spell), reason="laid_off")
    return replace(ended, id=id_of("end of", name))


@st.composite
def _single(draw: st.DrawFn) -> Fact:
    on, amount, person = draw(_DAYS), draw(st.integers(1, 40_000)), draw(_PERSONS)
    kind = draw(
        st.sampled_from(["WagePaid", "WageMissed", "ExpenseReported", "LoanOverdue", "LoanCured", "LoanScheduled",
                         "OrderCancelled", "DeliveryRejected", "HouseholdSalePaid", "BenefitPaid", "TransferPaid",
                         "ConditionReported", "HelperAssigned", "HelperReleased", "IncomeRecorded", "ShockReported",
                         "ZeroEmploymentFound", "MeasureStarted", "PublicPostTaken", "CaseListed", "ClaimPaid"])
    )  # fmt: skip
    loan = id_of("loan", draw(st.integers(0, 1)))
    match kind:
        case "WagePaid" | "WageMissed":
            return fact(kind, draw(_MONTHS), person=person, amount=amount, spell_id=str(id_of("spell", 0)))
        case "ExpenseReported":
            begun = (on - timedelta(days=draw(st.integers(0, 200)))).isoformat()
            return fact(kind, on, kind="medical", amount=amount, window_from=begun)
        case "ClaimPaid":
            return fact(kind, on, person=person, kind="medical", amount=amount)
        case "LoanOverdue":
            return replace(fact(kind, on, person=person, amount=amount), id=loan)
        case "LoanScheduled":
            paid = [{"on": draw(_DAYS).isoformat(), "amount": "100.00"}] * draw(st.integers(0, 2))
            line = {"number": 1, "due_on": draw(_DAYS).isoformat(), "amount": str(amount), "paid": paid}
            return replace(fact(kind, on, person=person, instalments=[line]), id=loan)
        case "LoanCured":
            return fact(kind, on, person=person, overdue_fact_id=str(loan))
        case "ConditionReported":
            solved = draw(st.sampled_from(["ConditionReported", "ConditionResolved"]))
            return replace(fact(kind, on, guarantee="water"), kind=solved)
        case "ShockReported":
            ending = {"resolved_on": draw(_DAYS).isoformat()} if draw(st.booleans()) else {}
            return struck(on, disaster="flood", means_lost=draw(st.booleans()), **ending)
        case "ZeroEmploymentFound":
            return jobless(on, cleared_on=draw(st.none() | _DAYS))
        case "MeasureStarted":
            given = measured(draw(st.sampled_from(["health", "industry"])), on, "illness")
            done = {**given.data, "completed_on": draw(_DAYS).isoformat()}
            return replace(given, kind="MeasureCompleted", data=done) if draw(st.booleans()) else given
        case "PublicPostTaken":
            held = fact(kind, on, person=person, category="public_post", causes=["labour_shortage"], development=False)
            left = {**held.data, "ended_on": draw(_DAYS).isoformat()}
            return replace(held, kind="PublicPostEnded", data=left) if draw(st.booleans()) else held
        case "CaseListed":
            step = listed(on, *draw(st.sets(st.sampled_from(["illness", "water"]))), version=draw(st.integers(2, 6)))
            kind = draw(st.sampled_from(["CaseListed", "CaseReentered", "CaseEliminated"]))
            return replace(step, kind=kind, id=id_of("step", step.revision))
        case "IncomeRecorded":
            return surveyed(wage=amount, transfer=draw(st.integers(0, 20_000)), last=date(2023, 9, 30), name=amount)
        case "OrderCancelled" | "DeliveryRejected":
            return fact(kind, on, amount=amount)
        case "HouseholdSalePaid":
            return fact(kind, on, amount=amount, buyer_id=str(id_of("buyer", draw(st.integers(0, 1)))))
        case "TransferPaid":
            return _transfer(draw, on, amount)
        case "BenefitPaid":
            first, months = draw(_MONTHS), draw(st.integers(0, 14))
            last = date(first.year + (first.month - 1 + months) // 12, (first.month - 1 + months) % 12 + 1, 1)
            return fact(kind, on, amount=amount, first_month=f"{first:%Y-%m}", last_month=f"{last:%Y-%m}")
        case _:
            return fact(kind, on, assignment_id=str(id_of("helper")))


def _transfer(draw: st.DrawFn, on: date, amount: int) -> Fact:
    """Paid to the household or somebody of it, or sent back: revisions of one fact."""
    first = draw(_MONTHS)
    counts, person = draw(st.booleans()), draw(st.none() | _PERSONS)
    told = {"first_month": f"{first:%Y-%m}", "last_month": f"{first.year}-12", "counts_as_income": counts}
    paid = fact("TransferPaid", on, person=person, amount=amount, **told)
    one = replace(paid, id=id_of("transfer", draw(st.integers(0, 1))), revision=draw(st.integers(1, 4)))
    # Which revision was what is a property of the fact, not of the draw: even ones came back.
    return one if one.revision % 2 else replace(one, kind="TransferReturned", void=True)


@st.composite
def _move(draw: st.DrawFn) -> Fact:
    person = draw(_PERSONS)
    revision = draw(st.integers(2, 3))
    if draw(st.booleans()):
        return joined(person, draw(_DAYS), household=OTHER, revision=revision)
    left = fact("PersonLeft", draw(_DAYS), person=person, revision=revision)
    return replace(left, id=id_of("left", HOUSEHOLD, person))


_FACTS = st.lists(st.one_of(_spell(), _single(), _move()), max_size=14)


@st.composite
def revised(draw: st.DrawFn) -> list[Fact]:
    """Facts with corrections: each fact id once per revision."""
    versions: list[Fact] = [*family(), surveyed(), *draw(_FACTS)]
    corrected = draw(st.lists(st.sampled_from(versions[5:]), max_size=4)) if len(versions) > 5 else []
    versions += [replace(item, revision=item.revision + 1, void=draw(st.booleans())) for item in corrected]
    return list({(item.id, item.revision): item for item in versions}.values())


def highest(facts: list[Fact]) -> list[Fact]:
    """What the facts table keeps."""
    kept: dict[UUID, Fact] = {}
    for item in facts:
        known = kept.get(item.id)
        if known is None or item.revision > known.revision:
            kept[item.id] = item
    return list(kept.values())


@given(revised(), st.randoms(use_true_random=False), st.lists(_DAYS, min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_facts_taken_in_one_by_one_give_what_folding_them_anew_gives(
    facts: list[Fact], random: Random, days: list[date]
) -> None:
    random.shuffle(facts)
    known: dict[UUID, Fact] = {}
    kept = Household(HOUSEHOLD, [])
    for item in facts:
        before = known.get(item.id)
        if before is not None and before.revision >= item.revision:
            continue
        known[item.id] = item
        if not kept.accept(item):
            kept = Household(HOUSEHOLD, known.values(), kept.earnings)
        # Looked at in between, so that what was computed of fewer facts, or for another day, is at hand.
        kept.at(random.choice(days))
    for day in days:
        assert kept.at(day) == Household(HOUSEHOLD, known.values()).at(day)
    assert sorted(fact.id for fact in kept.facts) == sorted(known)


@given(revised(), st.randoms(use_true_random=False), _DAYS)
@settings(max_examples=150, deadline=None)
def test_any_order_and_repetition_gives_the_same_outcomes(facts: list[Fact], random: object, on: date) -> None:
    shuffled = [*facts, *facts]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first = Household(HOUSEHOLD, highest(facts)).at(on)
    second = Household(HOUSEHOLD, highest(shuffled)).at(on)
    assert first == second
    assert first is not None
    assert second is not None
    assert evaluate(first, seeds(), on) == evaluate(second, seeds(), on)


@given(revised())
@settings(max_examples=25, deadline=None)
def test_skipping_days_before_the_due_day_is_the_same_as_looking_every_day(facts: list[Fact]) -> None:
    household = Household(HOUSEHOLD, highest(facts))
    daily = lazy = Status(HOUSEHOLD)
    for day in range(0, 240):
        here = world(START + timedelta(days=day), day + 1)
        cause = Cause(id_of("tick", day))
        daily, steps = assess(daily, household, here, cause)
        if here.on is not None and here.on >= lazy.due_on:
            lazy, lazy_steps = assess(lazy, household, here, cause)
            assert lazy_steps == steps
        else:
            assert steps == []
        assert (lazy.level, lazy.standings, lazy.outcomes) == (daily.level, daily.standings, daily.outcomes)


def test_nothing_is_said_before_the_household_is_registered() -> None:
    status, steps = assess(Status(HOUSEHOLD), Household(HOUSEHOLD, [surveyed()]), world(TODAY, 1), Cause(id_of("x")))
    assert (status.outcomes, steps) == ((), [])


def test_helper_counts_from_its_first_day() -> None:
    household = Household(HOUSEHOLD, [*family(), surveyed(), helped(TODAY)])
    before = household.at(TODAY - timedelta(days=1))
    today = household.at(TODAY)
    assert before is not None
    assert today is not None
    assert (len(before.helpers), len(today.helpers)) == (0, 1)
