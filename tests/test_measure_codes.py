"""Households refuses what monitoring would not count: both know the same measures and what they answer."""

import pytest

from directory.requests import rules as at_the_desk
from events.catalog.households import MeasureCategory, RiskCause
from households.measures.rules import MeasureMisses, check_answers, is_development
from monitoring.cases.rules import Measure, answers
from monitoring.help.rules import RequestState


@pytest.mark.parametrize("category", MeasureCategory)
@pytest.mark.parametrize("cause", RiskCause)
def test_a_measure_answers_the_same_causes_in_both_services(category: MeasureCategory, cause: RiskCause) -> None:
    if answers(cause.value, Measure(category.value)):
        check_answers(category.value, (cause.value,))
    else:
        with pytest.raises(MeasureMisses):
            check_answers(category.value, (cause.value,))


def test_a_request_stands_alike_at_the_department_and_in_monitoring() -> None:
    assert {(s.value, s.open) for s in at_the_desk.RequestState} == {(s.value, s.open) for s in RequestState}


@pytest.mark.parametrize("category", MeasureCategory)
def test_what_lets_a_family_earn_is_the_same_in_both_services(category: MeasureCategory) -> None:
    assert is_development(category.value) == Measure(category.value).development
