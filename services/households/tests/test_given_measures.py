"""Help that departments carry out stands among a household's measures: once, with its end, as of any day."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

import workbook
from events.catalog.base import Event
from events.catalog.employment import (
    EmploymentEnded,
    EmploymentStarted,
    EndReason,
    PublicPostEnded,
    PublicPostTaken,
    SubsidyApproved,
    SubsidyKind,
    WorkChannel,
)
from events.catalog.finance import AidGranted, LoanDisbursed, LoanSettled, PolicyIssued
from events.catalog.help import HelpProvidedV2
from events.catalog.households import MeasureCategory, RiskCause
from events.catalog.measures import FACTS
from events.ids import derived_id, uuid7
from events.locks import locked
from events.received import Received
from events.testing import received
from households.measures.rules import ANSWER, GivenMeasure, Life, home_of_fact, put_together
from households.worker import HANDLERS
from kit.clock import now
from kit.database import begin

from .conftest import DONGCHUAN, Clerk, Database, People, Run
from .import_files import HEADERS, row, sheet
from .import_files import household as registered

Deliver = Callable[..., Awaitable[None]]


@pytest.fixture
def deliver(worker_engine: AsyncEngine) -> Deliver:
    """Events as the consumer hands them over, one batch for all."""

    async def deliver(*events: Received[Any]) -> None:
        async with begin(worker_engine) as tx:
            await locked(tx, {event.key for event in events})
            for cls in dict.fromkeys(type(event.data) for event in events):
                for handler in HANDLERS[cls]:
                    await handler(tx, [event for event in events if type(event.data) is cls])

    return deliver


def _of(home: dict[str, Any], data: Event, fact: str, *, source: str | None = None, **told: Any) -> Received[Any]:
    """An event of a fact that has one id for ever."""
    event = received(data, UUID(home["id"]), fact_id=derived_id(fact, home["id"]), **told) if source is None else None
    if event is not None:
        return event
    moment = now()
    return Received(
        source=source or "", seq=1, id=uuid7(), type=data.event_name(), key=UUID(home["id"]),
        household_id=UUID(home["id"]), region=None, fact_id=derived_id(fact, home["id"]), revision=told["revision"],
        void=told.get("void", False), occurred_at=moment, recorded_at=moment, correlation_id=uuid7(),
        causation_id=None, traceparent=None, data=data,
    )  # fmt: skip


def _loan(home: dict[str, Any], **told: Any) -> Received[Any]:
    data = LoanDisbursed(
        person_id=UUID(home["members"][0]["id"]), loan_id=derived_id("loan", home["id"]), loan_number="L1",
        product="petty_loan", amount=Decimal(30000), annual_rate=Decimal("3.65"), method="interest_first",
        disbursed_on=date(2023, 5, 4), matures_on=date(2024, 5, 4),
    )  # fmt: skip
    return _of(home, data, "disbursed", **told)


def _settled(home: dict[str, Any], on: date = date(2024, 3, 1), **told: Any) -> Received[Any]:
    data = LoanSettled(
        person_id=UUID(home["members"][0]["id"]), loan_id=derived_id("loan", home["id"]), product="petty_loan",
        settled_on=on,
    )  # fmt: skip
    return _of(home, data, "settled", **told)


def _job(home: dict[str, Any], channel: WorkChannel, **told: Any) -> Received[Any]:
    data = EmploymentStarted(person_id=UUID(home["members"][0]["id"]), started_on=date(2023, 4, 1), channel=channel)
    return _of(home, data, "job", **told)


def _left(home: dict[str, Any], **told: Any) -> Received[Any]:
    data = EmploymentEnded(
        person_id=UUID(home["members"][0]["id"]), spell_id=derived_id("job", home["id"]), ended_on=date(2023, 9, 1),
        reason=EndReason.RETURNED,
    )  # fmt: skip
    return _of(home, data, "left", **told)


def _answered(home: dict[str, Any], service: str, offer: str, about: str, category: MeasureCategory) -> Received[Any]:
    data = HelpProvidedV2(
        request_id=derived_id("request", home["id"], offer), offer=offer, category=category, development=False,
        causes=(RiskCause.DISABILITY,), asked_on=date(2023, 4, 1), business_date=date(2023, 5, 4), officer="clerk",
        reference=derived_id(about, home["id"]), provided_on=date(2023, 5, 4),
    )  # fmt: skip
    return _of(home, data, f"answer {offer}", source=service, revision=2)


async def _measures(clerk: Clerk, home: dict[str, Any], **query: Any) -> list[dict[str, Any]]:
    return list((await clerk.get(f"/v1/households/{home['id']}/measures", params=query)).json())


async def test_a_loan_is_a_measure_until_it_is_settled_whatever_is_told_first(
    clerk: Clerk, people: People, deliver: Deliver, db: Database
) -> None:
    loan = [_loan, _settled, lambda home: _settled(home, revision=2, void=True)]
    for order in permutations(range(3)):
        home = await clerk.made("/v1/households", people.household())
        events = [make(home) for make in loan]
        for place in (*order, *order):
            await deliver(events[place])
        [measure] = await _measures(clerk, home)
        assert (measure["category"], measure["service"], measure["event"]) == ("finance", "finance", "LoanDisbursed")
        assert (measure["event_id"], measure["id"]) == (str(events[0].id), str(events[0].fact_id))
        assert (measure["started_on"], measure["completed_on"]) == ("2023-05-04", None), "a repayment was taken back"
        assert (measure["causes"], measure["development"]) == (["business_failure", "disaster"], False)
        await deliver(_settled(home, date(2024, 4, 1), revision=3))
        [measure] = await _measures(clerk, home)
        assert measure["completed_on"] == "2024-04-01"
        await deliver(_loan(home, revision=2, void=True))
        [measure] = await _measures(clerk, home)
        assert (measure["void"], measure["revision"]) == (True, 2)
        names = {event["name"] for event in await db.events(home["id"])}
        assert "MeasureStarted" not in names, "monitoring hears the departments itself"


async def test_what_departments_do_comes_under_its_category_and_only_what_is_help(
    clerk: Clerk, people: People, deliver: Deliver
) -> None:
    home = await clerk.made("/v1/households", people.household())
    person = UUID(home["members"][0]["id"])
    post: dict[str, Any] = {
        "person_id": person, "post_id": uuid7(), "spell_id": derived_id("post job", home["id"]),
        "contract_from": date(2023, 1, 1), "contract_to": date(2023, 12, 31), "monthly_pay": Decimal(800),
        "causes": (RiskCause.LABOUR_SHORTAGE,),
    }  # fmt: skip
    aid = AidGranted(
        application_id=uuid7(), fund_id=uuid7(), purpose="illness", granted_on=date(2023, 6, 1), paid_on=None
    )
    policy = PolicyIssued(
        person_id=person, policy_id=uuid7(), kind="medical", starts_on=date(2023, 7, 1), ends_on=date(2024, 6, 30),
        payers=("household",),
    )  # fmt: skip
    subsidy = SubsidyApproved(
        person_id=person, purpose=SubsidyKind.TRAFFIC, year=2023, amount=Decimal(1000), approved_on=date(2023, 8, 1)
    )
    await deliver(
        _of(home, PublicPostTaken(**post), "post"), _of(home, aid, "aid"), _of(home, policy, "policy"),
        _of(home, subsidy, "subsidy"),
    )  # fmt: skip
    found = {measure["category"]: measure for measure in await _measures(clerk, home)}
    assert found.keys() == {"public_post", "employment"}, "aid that has not come, a premium they paid themselves"
    assert (found["public_post"]["causes"], found["employment"]["development"]) == (["labour_shortage"], True)

    over = PublicPostEnded(**post, ended_on=date(2023, 10, 1), reason=EndReason.OTHER)
    paid = aid.model_copy(update={"paid_on": date(2023, 6, 9)})
    donated = policy.model_copy(update={"payers": ("donated",)})
    await deliver(
        _of(home, over, "post", revision=2), _of(home, paid, "aid", revision=2),
        _of(home, donated, "policy", revision=2),
    )  # fmt: skip
    found = {measure["category"]: measure for measure in await _measures(clerk, home)}
    spans = {category: (told["started_on"], told["completed_on"]) for category, told in found.items()}
    assert spans == {
        "public_post": ("2023-01-01", "2023-10-01"), "social": ("2023-06-09", "2023-06-09"),
        "health": ("2023-07-01", "2024-06-30"), "employment": ("2023-08-01", "2023-08-01"),
    }  # fmt: skip
    assert (found["social"]["causes"], found["social"]["person_id"]) == (["disability", "illness"], None)
    assert (found["health"]["causes"], found["health"]["person_id"]) == (["accident", "illness"], str(person))
    await deliver(_of(home, policy, "policy", revision=3))
    assert "health" not in {measure["category"] for measure in await _measures(clerk, home)}


async def test_a_job_is_help_where_it_is_organised_or_was_asked_for_and_help_counts_once(
    clerk: Clerk, people: People, deliver: Deliver
) -> None:
    own, workshop, asked, lent = [await clerk.made("/v1/households", people.household()) for _ in range(4)]
    await deliver(_job(own, WorkChannel.MIGRANT), _job(workshop, WorkChannel.WORKSHOP), _left(workshop), _left(asked))
    assert await _measures(clerk, own) == []
    [measure] = await _measures(clerk, workshop)
    assert (measure["category"], measure["completed_on"]) == ("employment", "2023-09-01")
    await deliver(_job(workshop, WorkChannel.MIGRANT, revision=2))
    assert await _measures(clerk, workshop) == [], "it never was one of a workshop"

    answer = _answered(asked, "employment", "job", "job", MeasureCategory.EMPLOYMENT)
    await deliver(answer, _job(asked, WorkChannel.LOCAL))
    [measure] = await _measures(clerk, asked)
    assert (measure["event"], measure["causes"]) == ("HelpProvided", ["disability"])
    assert measure["completed_on"] == "2023-09-01", "the job is over"

    await deliver(_answered(lent, "finance", "petty_loan", "loan", MeasureCategory.FINANCE), _loan(lent))
    [measure] = await _measures(clerk, lent)
    assert (measure["event"], measure["causes"]) == ("LoanDisbursed", ["business_failure", "disability", "disaster"])


async def test_help_goes_with_who_lived_there_when_it_began_and_with_a_merged_household(
    clerk: Clerk, people: People, deliver: Deliver
) -> None:
    child = people.person("之子")
    home = await clerk.made("/v1/households", people.household(people.person(), child))
    other = await clerk.made("/v1/households", people.household())
    son = next(member for member in home["members"] if member["relation"] == "之子")
    await deliver(_loan({"id": home["id"], "members": [son]}))
    move = {"on": "2024-01-10", "reason": "split", "to_household_id": other["id"], "relation": "其他"}
    await clerk.made(f"/v1/persons/{son['id']}:move", move, version=1)
    assert len(await _measures(clerk, home)) == 1
    assert await _measures(clerk, other) == [], "the loan came to the family he lived in"
    later = EmploymentStarted(person_id=UUID(son["id"]), started_on=date(2024, 2, 1), channel=WorkChannel.WORKSHOP)
    await deliver(_of(home, later, "job"))
    assert [row["category"] for row in await _measures(clerk, other)] == ["employment"], "whatever key it came under"
    now_at = UUID(other["id"])
    await deliver(replace(_settled({"id": home["id"], "members": [son]}), key=now_at, household_id=now_at))
    assert (await _measures(clerk, home))[0]["completed_on"] == "2024-03-01"

    third = await clerk.made("/v1/households", people.household())
    places = [{"person_id": member["id"], "relation": "其他"} for member in third["members"]]
    await deliver(_loan(third))
    body = {"into_household_id": home["id"], "on": "2024-03-01", "members": places}
    await clerk.made(f"/v1/households/{third['id']}:merge", body, version=1)
    assert len(await _measures(clerk, home)) == 2
    await clerk.made(f"/v1/households/{third['id']}:unmerge", {}, version=2)
    assert len(await _measures(clerk, home)) == 1
    assert len(await _measures(clerk, third)) == 1
    assert (await clerk.of(DONGCHUAN).get(f"/v1/households/{home['id']}/measures")).status_code == 404


async def test_as_of_a_day_is_what_was_recorded_by_its_end(clerk: Clerk, people: People, deliver: Deliver) -> None:
    today = date.fromisoformat((await clerk.get("/v1/business-date")).json()["business_date"])
    tomorrow = today + timedelta(days=1)
    home = await clerk.made("/v1/households", people.household())
    await deliver(_loan(home))
    feed = {"category": "industry", "causes": ["labour_shortage"], "started_on": "2023-09-10"}
    made = await clerk.made(f"/v1/households/{home['id']}/measures", feed)
    await clerk.made("/v1/business-date:advance", {"to": str(tomorrow)})
    await deliver(_settled(home))
    await clerk.made(f"/v1/measures/{made['id']}:complete", {"completed_on": "2023-12-01"}, version=1)
    assert {row["completed_on"] for row in await _measures(clerk, home)} == {"2024-03-01", "2023-12-01"}
    assert {row["completed_on"] for row in await _measures(clerk, home, as_of=tomorrow)} == {"2024-03-01", "2023-12-01"}
    then = await _measures(clerk, home, as_of=today)
    assert [(row["category"], row["completed_on"]) for row in then] == [("industry", None), ("finance", None)]
    assert await _measures(clerk, home, as_of=today - timedelta(days=1)) == []


async def test_an_export_names_what_departments_do_and_comes_back_without_telling_it_again(
    importer: Clerk, take: Run, deliver: Deliver, db: Database, people: People
) -> None:
    number, person, headers = people.number(), people.person(), (*HEADERS, "金融帮扶")
    await take(sheet(row(person, 户编号=number), on=date(2023, 10, 15), headers=headers))
    home = await registered(importer, number)
    full = (await importer.get(f"/v1/households/{home['id']}")).json()
    await deliver(_loan(full))
    answer = await importer.post("/v1/households:export", {"path": home["path"], "on": "2023-10-15"})
    [record] = [found for found in workbook.read_households(answer.content).households if found.number == number]
    assert record.measures == ("finance",)
    count = await db.count()
    named = row(person, 户编号=number, 金融帮扶="扶贫小额信贷")
    await take(sheet(named, on=date(2023, 10, 16), headers=headers))
    assert await db.count() == count
    await deliver(_settled(full, date(2023, 10, 20)))
    await take(sheet(named | {"工资性收入": "25000"}, on=date(2023, 10, 25), headers=headers))
    told = await db.events(home["id"], "MeasureStarted")
    assert [event["data"]["started_on"] for event in told] == ["2023-10-25"], "the loan is over, so it is other help"


def test_the_worker_listens_to_every_fact_that_is_help() -> None:
    assert set(FACTS) <= HANDLERS.keys()


_FACTS = st.lists(
    st.builds(
        GivenMeasure,
        service=st.just("finance"),
        fact_id=st.uuids(),
        revision=st.just(1),
        void=st.booleans(),
        type=st.sampled_from(["LoanDisbursed", ANSWER]),
        event_id=st.uuids(),
        household_id=st.just(UUID(int=1)),
        person_id=st.none(),
        reference=st.sampled_from([UUID(int=7), UUID(int=8)]),
        category=st.sampled_from(["finance", None]),
        causes=st.sampled_from([(), ("illness",), ("disaster", "illness")]),
        started_on=st.just(date(2023, 5, 4)),
        completed_on=st.none(),
        recorded_at=st.just(now()),
    ),
    max_size=6,
)


@given(_FACTS, st.randoms(use_true_random=False))
def test_measures_are_a_function_of_the_set_of_facts(facts: list[GivenMeasure], random: Any) -> None:
    shuffled = [*facts]
    random.shuffle(shuffled)
    together = put_together(facts)
    assert _by_id(together) == _by_id(put_together(shuffled))
    for reference in {fact.reference for fact in together}:
        standing = [fact for fact in together if fact.reference == reference and not fact.void]
        assert not {ANSWER, "LoanDisbursed"} <= {fact.type for fact in standing}, "one help, told twice"


def _by_id(measures: list[GivenMeasure]) -> list[GivenMeasure]:
    return sorted(measures, key=lambda measure: measure.fact_id)


def test_who_left_on_the_day_they_came_never_lived_there() -> None:
    person, here, there = UUID(int=3), UUID(int=4), UUID(int=5)
    fact = GivenMeasure(
        service="finance", fact_id=UUID(int=6), revision=1, void=False, type="LoanDisbursed", event_id=UUID(int=6),
        household_id=here, person_id=person, reference=UUID(int=6), category="finance", causes=(),
        started_on=date(2023, 5, 4), completed_on=None, recorded_at=now(),
    )  # fmt: skip

    def lived(household: UUID, since: date, until: date | None) -> Life:
        return Life(person_id=person, household_id=household, since=since, until=until)

    undone = lived(there, date(2023, 1, 1), date(2023, 1, 1))
    assert home_of_fact(fact, {person: [lived(here, date(2020, 1, 1), None), undone]}) == here
    assert home_of_fact(fact, {person: [lived(there, date(2023, 6, 1), None)]}) == here, "told of before all stays"
    assert home_of_fact(fact, {person: [lived(there, date(2020, 1, 1), date(2023, 5, 4))]}) is None
