"""What departments carry out is help to the rules on support: once, while it lasts, for the risks it is meant for."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from monitoring_facts import EARNER, HOUSEHOLD, TODAY, VALUES, family, id_of, joined, listed, registered
from monitoring_feed import Feed, Home, Sent
from monitoring_officer import Officer
from test_support_rules import judge

from events.catalog.base import Event
from events.catalog.employment import (
    EmploymentEnded,
    EmploymentStarted,
    EndReason,
    SubsidyApproved,
    SubsidyKind,
    WorkChannel,
)
from events.catalog.finance import AidGranted, LoanDisbursed, LoanSettled, PolicyIssued
from events.catalog.help import HelpProvidedV2
from events.catalog.households import MonitoringCategory, RiskCause
from events.catalog.measures import FACTS, Given, told_of_measure
from events.ids import derived_id
from events.testing import received
from monitoring.help.rules import OFFERS
from monitoring.profile.intake import FACTS as FOLDED
from monitoring.profile.intake import fact_of
from monitoring.risk.rules import Fact
from monitoring.risk.rules import State as Said

ON_LIST = TODAY - timedelta(days=40)


def told(data: Event, name: str, **more: Any) -> Fact:
    return fact_of(received(data, HOUSEHOLD, fact_id=id_of(name), **more))


def answered(data: HelpProvidedV2, service: str) -> Fact:
    """An answer has one shape and several publishers."""
    carrier = received(settled(TODAY), HOUSEHOLD, fact_id=data.request_id)
    return fact_of(replace(carrier, data=data, source=service, type=data.wire_type()))  # type: ignore[type-var]


def loan(on: date = date(2023, 9, 10), product: str = "petty_loan") -> LoanDisbursed:
    return LoanDisbursed(
        person_id=EARNER, loan_id=id_of("loan"), loan_number="L1", product=product, amount=Decimal(30000),
        annual_rate=Decimal("3.65"), method="interest_first", disbursed_on=on, matures_on=date(2026, 9, 10),
    )  # fmt: skip


def settled(on: date) -> LoanSettled:
    return LoanSettled(person_id=EARNER, loan_id=id_of("loan"), product="petty_loan", settled_on=on)


def job(channel: WorkChannel) -> EmploymentStarted:
    return EmploymentStarted(person_id=EARNER, started_on=date(2023, 3, 1), channel=channel)


def answer(offer: str, category: str, about: str, *causes: RiskCause) -> HelpProvidedV2:
    return HelpProvidedV2(
        request_id=id_of("request"), offer=offer, category=category, development=category == "employment",
        causes=causes, asked_on=ON_LIST, business_date=TODAY, officer="clerk", reference=id_of(about),
        provided_on=date(2023, 9, 10),
    )  # fmt: skip


def test_a_listed_household_with_a_loan_is_helped_until_it_is_settled() -> None:
    on_list = listed(ON_LIST, "business_failure")
    assert judge("support.no_measure", *family(), on_list).holds
    lent = told(loan(), "lent")
    for rule in ("support.no_measure", "support.mismatch"):
        assert judge(rule, *family(), on_list, lent).state is Said.CLEAR
    over = told(settled(TODAY - timedelta(days=1)), "settled")
    assert judge("support.no_measure", *family(), on_list, lent, over).state is Said.CLEAR, "it was help since"
    before = told(settled(ON_LIST - timedelta(days=1)), "settled")
    early = told(loan(date(2022, 9, 10)), "lent")
    for facts in permutations((on_list, early, before)):
        assert judge("support.no_measure", *family(), *facts).holds, "over before the listing"
    back = told(settled(ON_LIST - timedelta(days=1)), "settled", revision=2, void=True)
    assert judge("support.no_measure", *family(), on_list, early, back).state is Said.CLEAR
    assert judge("support.no_measure", *family(), on_list, told(loan(), "lent", revision=2, void=True)).holds


def test_help_that_answers_another_risk_is_named_as_such() -> None:
    wrong = judge("support.mismatch", *family(), listed(ON_LIST, "illness"), told(loan(), "lent"))
    assert (wrong.values["causes"], wrong.values["measures"]) == ("illness", "finance")


def test_help_that_was_asked_for_counts_once_and_answers_what_it_was_asked_for() -> None:
    on_list = listed(ON_LIST, "business_failure", "disability")
    asked = answered(answer("petty_loan", "finance", "loan", RiskCause.DISABILITY), "finance")
    for facts in permutations((told(loan(), "lent"), asked, on_list)):
        assert judge("support.no_measure", *family(), *facts).values == {"measures": "1"}
        assert judge("support.mismatch", *family(), *facts).values == {"measures": "1"}


def test_a_job_found_alone_is_no_help_and_one_of_a_workshop_is() -> None:
    people = [registered(), joined(EARNER, labour_skill="ordinary", in_school=False)]
    on_list = listed(date(2023, 4, 1), "unstable_work")
    own, workshop = (told(job(channel), "job") for channel in (WorkChannel.MIGRANT, WorkChannel.WORKSHOP))
    for rule in ("support.no_measure", "support.no_development"):
        assert judge(rule, *people, on_list, own).holds
        assert judge(rule, *people, on_list, workshop).state is Said.CLEAR
    asked = answered(answer("job", "employment", "job", RiskCause.UNSTABLE_WORK), "employment")
    assert judge("support.no_measure", *people, on_list, own, asked).state is Said.CLEAR
    left = EmploymentEnded(
        person_id=EARNER, spell_id=id_of("job"), ended_on=date(2023, 3, 20), reason=EndReason.RETURNED
    )
    for help_ in (workshop, asked):
        assert judge("support.no_measure", *people, on_list, help_, told(left, "left")).holds


@pytest.mark.parametrize(
    ("data", "cause", "helps"),
    [
        (AidGranted(application_id=id_of("aid"), fund_id=id_of("fund"), purpose="schooling", granted_on=TODAY),
         "schooling", False),
        (AidGranted(application_id=id_of("aid"), fund_id=id_of("fund"), purpose="schooling", granted_on=TODAY,
                    paid_on=TODAY), "schooling", True),
        (PolicyIssued(person_id=EARNER, policy_id=id_of("policy"), kind="medical", starts_on=ON_LIST,
                      ends_on=TODAY, payers=("household",)), "illness", False),
        (PolicyIssued(person_id=EARNER, policy_id=id_of("policy"), kind="medical", starts_on=ON_LIST,
                      ends_on=TODAY, payers=("donated",)), "illness", True),
        (PolicyIssued(person_id=None, policy_id=id_of("policy"), kind="crop", starts_on=date(2022, 9, 1),
                      ends_on=ON_LIST - timedelta(days=1), payers=("subsidy",)), "disaster", False),
        (SubsidyApproved(person_id=EARNER, purpose=SubsidyKind.TRAFFIC, year=2023, amount=Decimal(1000),
                         approved_on=TODAY), "unstable_work", True),
    ],
)  # fmt: skip
def test_aid_insurance_and_subsidies_help_where_they_reach_the_household(data: Event, cause: str, helps: bool) -> None:
    on_list = listed(ON_LIST, cause)
    assert judge("support.no_measure", *family(), on_list, told(data, "given")).holds is not helps
    if helps:
        assert judge("support.mismatch", *family(), on_list, told(data, "given")).state is Said.CLEAR


def test_every_fact_that_is_help_is_folded_and_meant_for_what_its_department_is_asked_for() -> None:
    assert set(FACTS) <= set(FOLDED)
    asked: dict[str, set[str]] = {}
    for value in VALUES:
        if value.name.startswith("offer.") and value.value == 1:
            _, cause, offer = value.name.split(".")
            asked.setdefault(offer, set()).add(cause)
    aid = {purpose: AidGranted(application_id=id_of("aid"), fund_id=id_of("fund"), purpose=purpose, granted_on=TODAY,
                               paid_on=TODAY)
           for purpose in ("illness", "schooling", "relief", "housing", "water", "farming")}  # fmt: skip
    facts = {
        "job": job(WorkChannel.WORKSHOP), "petty_loan": loan(), "fumin_loan": loan(product="fumin"),
        **{f"{purpose}_aid": event for purpose, event in aid.items()},
    }  # fmt: skip
    for offer, event in facts.items():
        given = told_of_measure(event, id_of("fact"))
        assert isinstance(given, Given)
        assert (given.category.value, given.development) == (OFFERS[offer].category, OFFERS[offer].category.development)
        assert {cause.value for cause in given.causes} == asked[offer]


async def test_a_loan_keeps_the_alert_away_and_taken_back_brings_it(feed: Feed, officer: Officer) -> None:
    on = date(2023, 3, 1)
    await feed.day(on)
    home, other = Home(), Home()
    await feed.send(*home.settled(), *other.settled())
    await officer.post("/v1/cases:load", {"items": [
        {"household_id": str(house.id), "category": MonitoringCategory.UNSTABLE, "identified_on": str(on),
         "causes": ["business_failure"]}
        for house in (home, other)
    ]})  # fmt: skip

    def lent(revision: int, *, void: bool = False) -> Sent:
        data = loan(on).model_copy(update={"person_id": home.head})
        return Sent(data, home.id, fact_id=derived_id("lent", home.id), revision=revision, void=void)

    async def alerts(house: Home) -> list[str]:
        rows = await feed.rows("SELECT rule, state FROM alerts WHERE household_id = :id", id=house.id)
        return sorted(row.rule for row in rows if row.rule.startswith("support.") and row.state == "open")

    await feed.send(lent(1))
    await feed.through(on + timedelta(days=1), on + timedelta(days=31))
    assert await alerts(other) == ["support.no_measure"]
    assert await alerts(home) == []
    await feed.send(lent(2, void=True), lent(1))
    assert await alerts(home) == ["support.no_measure"]
    report = await feed.rebuilt()
    assert not [table for table in report.tables if table.different]
