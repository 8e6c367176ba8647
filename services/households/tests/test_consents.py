"""A household's will: what it agrees to, refuses and takes back; voluntary help and the plan wait for it."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.consents.rules import VOLUNTARY, Decision, check_decision, check_voluntary
from kit.errors import Refusal

from .conftest import DONGCHUAN, Clerk, Database, People

Home = dict[str, Any]
PURPOSE = "voluntary_measures"


async def registered(clerk: Clerk, people: People) -> Home:
    answer = await clerk.post("/v1/households", people.household(people.person()))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def decides(clerk: Clerk, home: Home, decision: str, on: str, **given: Any) -> Any:
    told = {"purpose": PURPOSE, "decision": decision, "decided_on": on, **given}
    return await clerk.post(f"/v1/households/{home['id']}/consents", told)


async def test_every_decision_is_recorded_and_follows_on_the_last(clerk: Clerk, db: Database, people: People) -> None:
    home = await registered(clerk, people)
    [head] = home["members"]
    for decision, on, status, code in (
        ("withdrawn", "2023-10-01", 409, "consent-not-given"),
        ("refused", "2023-10-02", 201, None),
        ("refused", "2023-10-03", 409, "consent-stands"),
        ("given", "2023-10-01", 409, "decided-before"),
        ("given", "2023-10-05", 201, None),
        ("refused", "2023-10-06", 409, "consent-given"),
        ("withdrawn", "2023-10-07", 201, None),
        ("given", "2024-10-07", 422, "in-future"),
    ):
        answer = await decides(clerk, home, decision, on, person_id=head["id"])
        assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
    stranger = await registered(clerk, people)
    wrong = await decides(clerk, home, "given", "2023-10-08", person_id=stranger["members"][0]["id"])
    assert (wrong.status_code, wrong.json()["code"]) == (422, "not-of-household")
    [standing] = (await clerk.get(f"/v1/households/{home['id']}/consents")).json()
    assert (standing["decision"], standing["revision"], standing["person_id"]) == ("withdrawn", 3, head["id"])
    told = [
        (event["name"], event["revision"], event["data"].get("refused"))
        for event in await db.events(home["id"])
        if event["name"].startswith("Consent")
    ]
    assert told == [("ConsentWithdrawn", 1, True), ("ConsentGiven", 2, None), ("ConsentWithdrawn", 3, False)]
    away = clerk.of(DONGCHUAN)
    assert (await away.get(f"/v1/households/{home['id']}/consents")).status_code == 404
    assert (await decides(away, home, "given", "2023-10-09")).status_code == 404


async def test_voluntary_help_respects_a_refusal_and_what_secures_the_basics_does_not_wait(
    clerk: Clerk, people: People
) -> None:
    home = await registered(clerk, people)
    assert (await decides(clerk, home, "refused", "2023-10-02")).status_code == 201
    measures = f"/v1/households/{home['id']}/measures"
    industry = {"category": "industry", "causes": ["other"], "started_on": "2023-10-03"}
    refused = await clerk.post(measures, industry)
    assert (refused.status_code, refused.json()["code"]) == (409, "consent-withheld")
    assert refused.json()["remedy"]
    health = {"category": "health", "causes": ["illness"], "started_on": "2023-10-03"}
    assert (await clerk.post(measures, health)).status_code == 201
    assert (await decides(clerk, home, "given", "2023-10-04")).status_code == 201
    assert (await clerk.post(measures, industry)).status_code == 201


async def test_a_plan_is_agreed_with_consent_changed_and_told(clerk: Clerk, db: Database, people: People) -> None:
    home = await registered(clerk, people)
    plans = f"/v1/households/{home['id']}/plans"
    plan = {
        "agreed_on": "2023-10-05", "target_per_head": "16000.00", "expected_gain": "6000.00",
        "categories": ["industry", "employment"], "causes": ["unstable_work"],
    }  # fmt: skip
    early = await clerk.post(plans, {**plan, "year": 2024})
    assert (early.status_code, early.json()["code"]) == (409, "plan-needs-consent")
    assert (await decides(clerk, home, "given", "2023-10-04")).status_code == 201
    for wrong, code in (({"year": 2026}, "plan-year"), ({"year": 2024, "expected_gain": "-1.00"}, "amount")):
        answer = await clerk.post(plans, {**plan, **wrong})
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    made = await clerk.post(plans, {**plan, "year": 2024})
    assert (made.status_code, made.json()["revision"]) == (201, 1)
    assert (await clerk.post(plans, {**plan, "year": 2024})).json()["code"] == "plan-stands"
    changed = {**plan, "target_per_head": "17000.00"}
    stale = await clerk.send("PUT", f"{plans}/2024", json=changed, version=3)
    assert stale.status_code == 412
    answer = await clerk.send("PUT", f"{plans}/2024", json=changed, version=1)
    assert (answer.status_code, answer.json()["revision"]) == (200, 2)
    [told] = (await clerk.get(plans)).json()
    assert (told["target_per_head"], told["year"]) == ("17000.00", 2024)
    assert [event["data"]["target_per_head"] for event in await db.events(home["id"], "PlanAgreed")] == [
        "16000.00",
        "17000.00",
    ]


@given(tried=st.lists(st.tuples(st.sampled_from(Decision), st.integers(1, 28)), max_size=12))
def test_whatever_is_tried_a_withdrawal_has_something_to_withdraw_and_dates_never_go_back(
    tried: list[tuple[Decision, int]],
) -> None:
    standing: Decision | None = None
    since: date | None = None
    for decision, day in tried:
        on = date(2023, 10, day)
        try:
            check_decision(standing, since, decision, on)
        except Refusal:
            continue
        assert decision is not standing
        assert decision is not Decision.WITHDRAWN or standing is Decision.GIVEN
        assert since is None or on >= since
        standing, since = decision, on


@given(category=st.sampled_from(["health", "water", "housing", "support", *sorted(VOLUNTARY)]))
def test_who_was_never_asked_is_not_kept_from_help(category: str) -> None:
    check_voluntary(category, None)
    check_voluntary(category, Decision.GIVEN)
    if category in VOLUNTARY:
        with pytest.raises(Refusal):
            check_voluntary(category, Decision.WITHDRAWN)
    else:
        check_voluntary(category, Decision.WITHDRAWN)
