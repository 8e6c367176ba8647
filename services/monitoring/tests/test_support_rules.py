"""Rules on support: which stay on the list, which help and which hands count."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from monitoring_facts import (
    CHILD,
    EARNER,
    ELDER,
    HOUSEHOLD,
    SPOUSE,
    TODAY,
    fact,
    family,
    id_of,
    joined,
    listed,
    measured,
    registered,
    seeds,
)
from msgspec.structs import replace

from events.catalog.employment import EndReason, PublicPostEnded, PublicPostTaken
from events.catalog.households import MeasureCategory, RiskCause
from events.testing import received
from monitoring.cases.rules import Case, Measure, Move, Situation, State, Way, check_elimination
from monitoring.cases.rules.refusals import EliminationRefused
from monitoring.profile.intake import fact_of
from monitoring.profile.rules import Household
from monitoring.risk.rules import Fact, Outcome, evaluate
from monitoring.risk.rules import State as Said
from monitoring.risk.rules.support import CAUSE_NAMES

HALF_A_YEAR_AGO = date(2023, 4, 15)


def judge(rule: str, *facts: Fact, on: date = TODAY) -> Outcome:
    profile = Household(HOUSEHOLD, facts).at(on)
    assert profile is not None
    return next(outcome for outcome in evaluate(profile, seeds(), on) if outcome.rule == rule)


def step(kind: str, on: date, version: int, **data: object) -> Fact:
    return replace(fact(kind, on, revision=version, **data), id=id_of("case", version))


def people(**skills: str | None) -> list[Fact]:
    who = {"earner": EARNER, "spouse": SPOUSE, "child": CHILD, "elder": ELDER}
    return [registered(), *(joined(who[name], labour_skill=skill, in_school=False) for name, skill in skills.items())]


def test_the_codes_are_those_of_the_catalog() -> None:
    assert {measure.value for measure in Measure} == {category.value for category in MeasureCategory}
    assert set(CAUSE_NAMES) == {cause.value for cause in RiskCause}


def test_days_on_the_list_count_from_the_identification_and_anew_from_a_return() -> None:
    on_list = listed(TODAY - timedelta(days=30), "illness")
    assert judge("support.no_measure", *family()).values == {"listed": "no"}
    held = judge("support.no_measure", *family(), on_list)
    assert (held.state, held.values["since"], held.values["days"]) == (Said.HOLDS, "2023-09-15", "30")
    before = judge("support.no_measure", *family(), on_list, on=TODAY - timedelta(days=1))
    assert (before.state, before.until) == (Said.CLEAR, TODAY)
    gone = step("CaseEliminated", TODAY - timedelta(days=3), 8)
    assert judge("support.no_measure", *family(), on_list, gone).values == {"listed": "no"}
    back = step("CaseReentered", TODAY - timedelta(days=1), 9, causes=[])
    again = judge("support.no_measure", *family(), on_list, gone, back)
    assert (again.state, again.values["since"]) == (Said.CLEAR, "2023-10-14")
    later = judge("support.mismatch", *family(), on_list, gone, back, measured("water", TODAY, "water"))
    assert later.values["causes"] == "illness", "the return names no cause of its own, so those of before stand"


def test_help_that_was_over_before_the_listing_does_not_count_and_a_case_s_own_measure_does() -> None:
    on_list = listed(TODAY - timedelta(days=40), "illness")
    over = measured("health", date(2023, 1, 1), "illness")
    done = {**over.data, "completed_on": "2023-09-04"}
    ended = replace(over, kind="MeasureCompleted", data=done, revision=2)
    assert judge("support.no_measure", *family(), on_list, ended).holds
    reaching = replace(ended, data={**done, "completed_on": "2023-09-05"})
    assert judge("support.no_measure", *family(), on_list, reaching).state is Said.CLEAR
    of_case = step("CaseAdvanced", TODAY, 6, cause="illness", measure="health")
    assert judge("support.no_measure", *family(), on_list, of_case).state is Said.CLEAR
    assert judge("support.mismatch", *family(), on_list, of_case).state is Said.CLEAR
    assert judge("support.no_measure", *family(), on_list, replace(over, void=True)).holds


def test_help_that_a_department_provided_counts_until_its_fact_is_taken_back() -> None:
    on_list = listed(TODAY - timedelta(days=200), "unstable_work")
    given = {"category": "employment", "causes": ["unstable_work"], "development": True}
    job = fact("HelpProvided", TODAY - timedelta(days=1), **given)
    for rule in ("support.no_measure", "support.no_development", "support.mismatch"):
        assert judge(rule, *people(earner="ordinary"), on_list, job).state is Said.CLEAR
    for rule in ("support.no_measure", "support.no_development"):
        assert judge(rule, *people(earner="ordinary"), on_list, replace(job, void=True, revision=2)).holds


def test_a_measure_answers_the_causes_it_names_and_only_those_its_kind_can() -> None:
    on_list = listed(TODAY, "illness", "schooling")
    both = judge("support.mismatch", *family(), on_list, measured("social", TODAY, "illness", "schooling"))
    assert both.state is Said.CLEAR
    one = judge("support.mismatch", *family(), on_list, measured("social", TODAY, "illness"))
    assert (one.values["causes"], one.zh) == ("schooling", "风险（因学）没有对应的帮扶措施")
    strange = judge("support.mismatch", *family(), on_list, measured("water", TODAY, "illness", "schooling"))
    assert strange.values["causes"] == "illness,schooling"
    assert judge("support.mismatch", *family(), on_list).state is Said.CLEAR, "no help at all is another rule"


@pytest.mark.parametrize(
    ("skills", "state"),
    [
        ({"earner": "ordinary", "spouse": None}, Said.HOLDS),
        ({"earner": "skilled", "elder": "none"}, Said.HOLDS),
        ({"earner": "weak", "elder": "lost"}, Said.CLEAR),
        ({"earner": "lost", "spouse": None}, Said.UNKNOWN),
    ],
)
def test_who_can_work_needs_help_to_earn_after_half_a_year(skills: dict[str, str | None], state: Said) -> None:
    on_list = listed(HALF_A_YEAR_AGO, "labour_shortage")
    outcome = judge("support.no_development", *people(**skills), on_list)
    assert outcome.state is state
    assert outcome.missing == ("labour_skill" if state is Said.UNKNOWN else None)
    early = judge("support.no_development", *people(**skills), on_list, on=TODAY - timedelta(days=1))
    assert early.state is Said.CLEAR
    helped = measured("employment", TODAY, "labour_shortage")
    assert judge("support.no_development", *people(**skills), on_list, helped).state is Said.CLEAR


def test_a_pupil_and_a_household_registered_as_unable_are_no_labour() -> None:
    on_list = listed(HALF_A_YEAR_AGO, "labour_shortage")
    pupil = joined(CHILD, labour_skill=None, in_school=True)
    alone = [registered(), joined(ELDER, labour_skill="none"), pupil, on_list]
    assert judge("support.no_development", *alone).values == {"labour": "no"}
    unable = [registered(no_labour=True), joined(EARNER, labour_skill="ordinary"), on_list]
    assert judge("support.no_development", *unable).values == {"labour": "no"}


def test_measures_of_departments_count_for_elimination() -> None:
    case = Case(
        id=id_of("case"), state=State.LISTED, opened_on=HALF_A_YEAR_AGO, compared=True, causes=("illness",),
        identified_on=HALF_A_YEAR_AGO,
    )  # fmt: skip
    clear = {"income.below_line": "clear"}
    without, wrong, right = (
        Situation(outcomes=clear, no_labour=False, measures=given)
        for given in ((), (("illness", "water"),), (("illness", "health"),))
    )
    for bad in (without, wrong):
        with pytest.raises(EliminationRefused) as refused:
            check_elimination(case, bad, way=Way.HELPED, months=6, on=TODAY)
        assert [item.code for item in refused.value.several] == ["no-measure-illness"]
    check_elimination(case, right, way=Way.HELPED, months=6, on=TODAY)


def test_only_steps_that_change_the_list_or_help_are_told_to_rules() -> None:
    assert {move for move in Move if move.told_to_rules} == {
        Move.LOAD,
        Move.TAKE_OVER,
        Move.WITHDRAW,
        Move.APPROVE,
        Move.REENTER,
        Move.MEASURE,
    }


def post(*causes: RiskCause, ended_on: date | None = None) -> Fact:
    """What employment says of a member on a public-welfare post."""
    told = {
        "person_id": EARNER, "post_id": id_of("post"), "spell_id": id_of("spell"), "contract_from": date(2023, 5, 1),
        "contract_to": date(2024, 4, 30), "monthly_pay": Decimal("800.00"), "causes": causes,
    }  # fmt: skip
    data = PublicPostTaken(**told)
    if ended_on is not None:
        data = PublicPostEnded(**told, ended_on=ended_on, reason=EndReason.OTHER)
    return fact_of(received(data, HOUSEHOLD, fact_id=id_of("holding"), revision=1 if ended_on is None else 2))


def test_a_public_welfare_post_is_help_for_the_risks_it_names_while_it_lasts() -> None:
    on_list = listed(TODAY - timedelta(days=40), "labour_shortage")
    assert judge("support.no_measure", *family(), on_list).state is Said.HOLDS
    held = post(RiskCause.LABOUR_SHORTAGE)
    for rule in ("support.no_measure", "support.mismatch"):
        assert judge(rule, *family(), on_list, held).state is Said.CLEAR
    named = judge("support.mismatch", *family(), on_list, post())
    assert (named.state, named.values["measures"]) == (Said.HOLDS, "public_post")
    over = post(RiskCause.LABOUR_SHORTAGE, ended_on=date(2023, 8, 1))
    assert judge("support.no_measure", *family(), on_list, over).state is Said.HOLDS
    assert judge("support.no_measure", *family(), on_list, held, on=date(2023, 9, 10)).values["measures"] == "1"
