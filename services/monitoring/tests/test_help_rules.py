"""Which help fits which cause: the rules are pure, the table is policy."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from monitoring_facts import seeds

import monitoring.policy
from events.catalog.help import HelpOffer
from events.catalog.households import MeasureCategory, RiskCause
from kit.policy import PolicyBook, read_seeds
from monitoring.cases.rules import answers
from monitoring.help.rules import FLAGS, OFFERS, RequestState, causes_of, fitting, overdue
from monitoring.help.rules.causes import CAUSES as BY_RULE
from monitoring.help.rules.offers import CAUSES, flag
from monitoring.risk.rules import MARKS, RULES

ON = date(2023, 10, 15)
LUQUAN, ANNING = "5301/530128/530128104/", "5301/530181/530181101/"
SEEDS = [seed for seed in read_seeds(Path(monitoring.policy.__file__).with_name("seeds.toml"))
         if seed.name.startswith("offer.")]  # fmt: skip


def test_offers_and_causes_are_those_of_the_catalog() -> None:
    assert set(OFFERS) == set(HelpOffer)
    assert {offer.category.value for offer in OFFERS.values()} <= set(MeasureCategory)
    assert set(CAUSES) == set(RiskCause)
    assert {cause for causes in BY_RULE.values() for cause in causes} <= set(RiskCause)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule not in MARKS])
def test_every_rule_tells_its_causes_or_leaves_them_to_the_case(rule: str) -> None:
    assert any(rule.startswith(begin) for begin in BY_RULE)
    own = causes_of(rule, ())
    assert causes_of(rule, ("water",)) == (own or ("water",))
    assert bool(own) != rule.startswith("support.")


def test_a_rule_of_a_group_that_nobody_has_named_leaves_its_causes_to_the_case() -> None:
    assert causes_of("weather.new", ("water",)) == ("water",)
    assert causes_of("weather.new", ()) == ()


def test_the_plan_offers_work_for_lost_work_and_fumin_only_where_it_is_tried() -> None:
    book = seeds()
    offers = {fit.offer: fit.causes for fit in fitting(("unstable_work",), book, LUQUAN, ON)}
    assert offers == dict.fromkeys(("job", "public_post", "traffic_subsidy"), ("unstable_work",))
    assert "fumin_loan" in {fit.offer for fit in fitting(("business_failure",), book, LUQUAN, ON)}
    assert "fumin_loan" not in {fit.offer for fit in fitting(("business_failure",), book, ANNING, ON)}
    assert fitting(CAUSES, book, LUQUAN, date(2022, 8, 22)) == [], "before the plan nothing is known, so nothing fits"
    assert fitting(CAUSES, PolicyBook(()), LUQUAN, ON) == []


def test_every_cause_has_an_offer_that_counts_as_its_measure() -> None:
    """The seeds alone, in every county."""
    for cause in CAUSES:
        offers = {fit.offer for fit in fitting((cause,), seeds(), ANNING, ON)}
        assert offers, cause
        assert all(answers(cause, OFFERS[offer].category) for offer in offers)
    found = {cause: [fit.offer for fit in fitting((cause,), seeds(), ANNING, ON)] for cause in CAUSES}
    assert found["illness"] == ["illness_aid", "medical_claim"]
    assert (found["schooling"], found["housing"], found["water"]) == (["schooling_aid"], ["housing_aid"], ["water_aid"])
    assert {"relief_aid", "crop_claim"} <= set(found["disaster"])
    assert {"relief_aid", "medical_claim"} <= set(found["accident"])


@given(st.lists(st.sampled_from(CAUSES)), st.sampled_from([LUQUAN, ANNING]))
def test_what_fits_answers_a_cause_that_was_told_and_says_by_which_policy(causes: list[str], path: str) -> None:
    fits = fitting(causes, PolicyBook(SEEDS), path, ON)
    assert len({fit.offer for fit in fits}) == len(fits)
    for fit in fits:
        assert set(fit.causes) <= set(causes)
        assert [value.name for value in fit.values] == [flag(cause, fit.offer) for cause in fit.causes]
        assert all(value.document in fit.policy_version for value in fit.values)
        assert all(answers(cause, OFFERS[fit.offer].category) for cause in fit.causes)


def test_what_would_not_count_as_an_answer_has_no_name_in_the_policy() -> None:
    for cause, offer in product(CAUSES, OFFERS):
        assert (flag(cause, offer) in FLAGS) == answers(cause, OFFERS[offer].category)
    assert {seed.name for seed in SEEDS} <= set(FLAGS)


@given(st.sampled_from(RequestState), st.none() | st.dates(), st.none() | st.dates())
def test_only_what_is_open_can_be_overdue_and_only_behind_its_last_day(
    state: RequestState, due: date | None, on: date | None
) -> None:
    assert overdue(state, due, on) == (state.open and due is not None and on is not None and on > due)


def test_what_fits_says_by_which_values_in_words() -> None:
    plan = "昆明市脱贫人口持续增收三年行动方案（2022—2024年）"
    [job] = [
        fit for fit in fitting(("unstable_work", "disaster", "disaster"), seeds(), LUQUAN, ON) if fit.offer == "job"
    ]
    assert job.causes == ("unstable_work", "disaster"), "each cause once, in the order told"
    assert job.policy_version == (f"offer.unstable_work.job@2022-08-23 {plan}; offer.disaster.job@2022-08-23 {plan}")
    ended = [replace(value, value=Decimal(0)) if value.name == "offer.disaster.job" else value for value in SEEDS]
    offers = {fit.offer: fit.causes for fit in fitting(("disaster", "unstable_work"), PolicyBook(ended), LUQUAN, ON)}
    assert offers["job"] == ("unstable_work",), "what policy has ended is offered no more"
    assert fitting((), seeds(), LUQUAN, ON) == []


def test_nothing_is_owed_of_what_was_withdrawn() -> None:
    due, after = ON, date(2023, 10, 16)
    assert overdue(RequestState.ASKED, due, after)
    assert not overdue(RequestState.ASKED, due, after, withdrawn=True)
    assert not overdue(RequestState.ASKED, due, due)
    assert [state for state in RequestState if state.open] == [RequestState.ASKED, RequestState.TAKEN]
