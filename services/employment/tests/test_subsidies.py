"""A migrant worker's traffic subsidy: explained, applied for once, approved by two persons, paid or sent back."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from directory.testing import LUQUAN, XUNDIAN, Person, World, somebody
from events.catalog.finance import TransferPaid, TransferReturned, TransferReturnReason
from events.catalog.help import HelpOffer
from events.ids import derived_id
from events.testing import received
from kit.testing import Clerk

ON = "2023-10-15"
SUBSIDIES, BATCHES = "/v1/subsidies", "/v1/subsidy-batches"


@pytest.fixture(autouse=True)
async def _begun(world: World, clerk: Clerk) -> None:
    """What earlier stories left waiting is no part of the next one."""
    await world.start(ON)
    for left in (await clerk.get(f"{SUBSIDIES}?state=applied&page_size=500")).json()["items"]:
        if left["batch_id"] is None:
            await clerk.done(f"{SUBSIDIES}/{left['id']}:close", {"reason": "mistake"}, version=left["version"])


async def away(world: World, clerk: Clerk, path: str = LUQUAN, **job: Any) -> Person:
    """Somebody of a lifted household who works in Guangdong since February."""
    person = await world.registers(somebody(path))
    told = {"started_on": "2023-02-01", "channel": "migrant", "place_code": "440300"} | job
    await clerk.done("/v1/spells", {"person": person.named, **told})
    return person


def form(person: Person, **told: Any) -> dict[str, Any]:
    return {"person": person.named, "kind": "traffic", "year": 2023, "proof": "contract", "applied_on": ON} | told


async def read(clerk: Clerk, subsidy: dict[str, Any]) -> dict[str, Any]:
    answer = await clerk.get(f"{SUBSIDIES}/{subsidy['id']}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def approved(clerk: Clerk, world: World, *persons: Person) -> list[dict[str, Any]]:
    told = [await clerk.done(SUBSIDIES, form(person)) for person in persons]
    batch = await clerk.done(BATCHES, {"kind": "traffic", "year": 2023})
    await clerk.as_(subject="reviewer").done(f"{BATCHES}/{batch['id']}:approve", version=batch["version"])
    return told


async def test_from_the_question_to_approval_by_a_second_person(clerk: Clerk, world: World) -> None:
    person, near, unplaced = [await away(world, clerk, place_code=code) for code in ("440300", "530112", None)]
    question = {"person": person.named, "kind": "traffic", "year": 2023}
    asked = await clerk.done("/v1/subsidy-eligibility", question)
    assert (asked["verdict"], asked["amount"]) == ("unknown", "1000.00")
    states = {reason["check"]: reason["state"] for reason in asked["reasons"]}
    assert states == {
        "group": "met",
        "work": "met",
        "window": "met",
        "proof": "unknown",
        "once": "met",
        "amount": "met",
    }
    [work] = [reason for reason in asked["reasons"] if reason["check"] == "work"]
    assert len(work["evidence"]) == 1
    assert {basis["confidence"] for basis in work["basis"]} == {"reported"}
    refused = await clerk.post(SUBSIDIES, form(near))
    assert (refused.status_code, refused.json()["code"]) == (409, "subsidy-not-eligible")
    mine, unsure = [await clerk.done(SUBSIDIES, form(one)) for one in (person, unplaced)]
    waiting = await read(clerk, unsure)
    assert waiting["eligibility"]["verdict"] == "unknown"
    assert [r["missing"] for r in waiting["eligibility"]["reasons"] if r["state"] == "unknown"] == ["place_code"]

    batch = await clerk.done(BATCHES, {"kind": "traffic", "year": 2023})
    assert (batch["persons"], batch["amount"], batch["left_out"], batch["state"]) == (1, "1000.00", 1, "prepared")
    at = f"{BATCHES}/{batch['id']}"
    alone = await clerk.post(f"{at}:approve", version=1)
    assert (alone.status_code, alone.json()["code"]) == (403, "batch-needs-second-person")
    assert await world.published(person.household_id, "SubsidyApproved") == []
    done = await clerk.as_(subject="reviewer").done(f"{at}:approve", version=1)
    assert (done["state"], done["decided_by"], done["decided_on"]) == ("approved", "reviewer", ON)
    [(_, revision, void, data)] = await world.published(person.household_id, "SubsidyApproved")
    assert (revision, void) == (1, False)
    assert data == {
        "person_id": str(person.id), "purpose": "traffic", "year": 2023, "amount": "1000.00", "approved_on": ON,
    }  # fmt: skip
    assert (await read(clerk, mine))["state"] == "approved"
    again = await clerk.as_(subject="reviewer").post(f"{at}:approve", version=2)
    assert (again.status_code, again.json()["code"]) == (409, "subsidy-batch-decided")
    tallies = (await clerk.get("/v1/subsidy-summary?year=2023")).json()
    assert {(t["county"], t["state"]) for t in tallies} >= {("530128", "approved"), ("530128", "applied")}


async def test_one_person_and_year_is_never_paid_twice(clerk: Clerk, world: World) -> None:
    person = await away(world, clerk)
    [mine] = await approved(clerk, world, person)
    again = await clerk.post(SUBSIDIES, form(person, proof="wage_slips"))
    assert (again.status_code, again.json()["code"]) == (409, "subsidy-stands")
    asked = await clerk.done("/v1/subsidy-eligibility", {"person": person.named, "kind": "traffic", "year": 2023})
    [once] = [reason for reason in asked["reasons"] if reason["check"] == "once"]
    assert (asked["verdict"], once["evidence"]) == ("not_eligible", [mine["id"]])
    copy = (
        "INSERT INTO subsidies SELECT (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid()))).*"
        " FROM subsidies AS s WHERE person_id = :person"
    )
    with pytest.raises(IntegrityError, match="uq_subsidies_once"):
        await world.rows(copy, person=person.id)


async def test_what_has_changed_by_the_time_of_approval_stops_it(clerk: Clerk, world: World) -> None:
    person = await away(world, clerk)
    mine = await clerk.done(SUBSIDIES, form(person))
    batch = await clerk.done(BATCHES, {"kind": "traffic", "year": 2023})
    closed = await clerk.post(f"{SUBSIDIES}/{mine['id']}:close", {"reason": "withdrawn"}, version=2)
    assert (closed.status_code, closed.json()["code"]) == (409, "subsidy-not-open")
    [spell] = (await clerk.get(f"/v1/spells?person_id={person.id}")).json()["items"]
    await clerk.done(f"/v1/spells/{spell['id']}:void", version=spell["version"])
    reviewer = clerk.as_(subject="reviewer")
    refused = await reviewer.post(f"{BATCHES}/{batch['id']}:approve", version=1)
    assert (refused.status_code, refused.json()["code"]) == (409, "subsidy-no-longer-eligible")
    assert await world.published(person.household_id, "SubsidyApproved") == []
    gone = await clerk.done(f"{BATCHES}/{batch['id']}:dissolve", version=1)
    assert gone["state"] == "dissolved"
    waiting = await read(clerk, mine)
    assert (waiting["state"], waiting["batch_id"]) == ("applied", None)
    nobody = await clerk.post(BATCHES, {"kind": "traffic", "year": 2023})
    assert (nobody.status_code, nobody.json()["code"]) == (409, "subsidy-batch-empty")
    over = await clerk.done(f"{SUBSIDIES}/{mine['id']}:close", {"reason": "not_eligible"}, version=waiting["version"])
    assert (over["state"], over["close_reason"], over["closed_on"]) == ("closed", "not_eligible", ON)
    await clerk.done(
        "/v1/spells", {"person": person.named, "started_on": "2023-03-01", "channel": "migrant", "place_code": "310100"}
    )
    assert (await clerk.done(SUBSIDIES, form(person)))["state"] == "applied", "a closed one blocks nothing"


def told(person: Person, subsidy: dict[str, Any], revision: int, *, back: bool = False) -> Any:
    common = {
        "person_id": person.id, "purpose": "traffic", "amount": Decimal("1000.00"), "first_month": "2023-01",
        "last_month": "2023-12", "due_on": date(2023, 11, 30), "approval_id": UUID(subsidy["id"]),
    }  # fmt: skip
    if back:
        data: Any = TransferReturned(
            **common, returned_on=date(2023, 11, 22), reason=TransferReturnReason.ACCOUNT_CLOSED
        )
    else:
        data = TransferPaid(**common, paid_on=date(2023, 11, 20 + revision))
    fact = derived_id("transfer", UUID(subsidy["id"]))
    return received(data, person.household_id, fact_id=fact, revision=revision, void=back)


async def test_what_became_of_the_money_in_whatever_order_it_is_heard(clerk: Clerk, world: World) -> None:
    person, other = await away(world, clerk), await away(world, clerk)
    mine, theirs = await approved(clerk, world, person, other)
    paid, back, again = told(person, mine, 1), told(person, mine, 2, back=True), told(person, mine, 3)
    await world.hear(back, paid)
    seen = await read(clerk, mine)
    assert (seen["state"], seen["returned_on"], seen["return_reason"]) == ("returned", "2023-11-22", "account_closed")
    await world.hear(again)
    await world.hear(paid, back)
    seen = await read(clerk, mine)
    assert (seen["state"], seen["paid_on"], seen["return_reason"]) == ("paid", "2023-11-23", None)
    assert (await read(clerk, theirs))["state"] == "approved"
    refused = await clerk.post(SUBSIDIES, form(person))
    assert refused.json()["code"] == "subsidy-stands"


async def test_a_county_sees_and_approves_its_own_only(clerk: Clerk, world: World) -> None:
    person = await away(world, clerk, XUNDIAN)
    mine = await clerk.done(SUBSIDIES, form(person))
    elsewhere = clerk.as_(paths=("5301/530128/",), subject="luquan")
    assert (await elsewhere.get(f"{SUBSIDIES}/{mine['id']}")).status_code == 404
    refused = await elsewhere.post(SUBSIDIES, form(person))
    assert (refused.status_code, refused.json()["code"]) == (409, "registered-elsewhere")
    empty = await elsewhere.post(BATCHES, {"kind": "traffic", "year": 2023})
    assert empty.json()["code"] == "subsidy-batch-empty"
    here = clerk.as_(paths=("5301/530129/",), subject="xundian")
    batch = await here.done(BATCHES, {"kind": "traffic", "year": 2023})
    assert (await elsewhere.get(f"{BATCHES}/{batch['id']}")).status_code == 404
    reader = here.as_(subject="reviewer", rights="subsidies:read subsidies:write")
    assert (await reader.post(f"{BATCHES}/{batch['id']}:approve", version=1)).json()["code"] == "missing-right"


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"applied_on": "2023-10-16"}, 422, "in-future"),
        ({"applied_on": "2023-03-31"}, 409, "subsidy-not-eligible"),
        ({"proof": "my word"}, 422, None),
        ({"kind": "petrol"}, 422, None),
        ({"amount": "9999.00"}, 422, None),
    ],
)
async def test_what_cannot_be_is_refused_whole(
    clerk: Clerk, world: World, changed: dict[str, Any], status: int, code: str | None
) -> None:
    person = await away(world, clerk)
    refused = await clerk.post(SUBSIDIES, form(person, **changed))
    assert refused.status_code == status, refused.text
    assert code in (None, refused.json()["code"])
    assert person.certificate not in refused.text
    assert (await clerk.get(f"{SUBSIDIES}?person_id={person.id}")).json()["items"] == []


async def test_somebody_who_is_not_registered_is_told_what_to_do(clerk: Clerk) -> None:
    refused = await clerk.post(SUBSIDIES, form(somebody()))
    assert (refused.status_code, refused.json()["code"]) == (409, "claimant-awaited")


async def test_somebody_who_moved_away_meanwhile_is_left_to_the_city(clerk: Clerk, world: World) -> None:
    stays, moves = await away(world, clerk, XUNDIAN), await away(world, clerk, XUNDIAN)
    for person in (stays, moves):
        await clerk.done(SUBSIDIES, form(person))
    county = clerk.as_(paths=("5301/530129/",), subject="xundian")
    batch = await county.done(BATCHES, {"kind": "traffic", "year": 2023})
    await world.hear(world.household(moves, 2, path=LUQUAN))
    at = f"{BATCHES}/{batch['id']}"
    for refused in (
        await county.as_(subject="reviewer").post(f"{at}:approve", version=1),
        await county.post(f"{at}:dissolve", version=1),
    ):
        assert (refused.status_code, refused.json()["code"]) == (409, "batch-members-elsewhere")
    done = await clerk.as_(subject="reviewer").done(f"{at}:approve", version=1)
    assert (done["state"], done["persons"]) == ("approved", 2)
    assert len(await world.published(moves.household_id, "SubsidyApproved")) == 1


async def test_a_subsidy_that_monitoring_asks_for_is_taken_up_by_its_application_and_answered_by_the_payment(
    clerk: Clerk, world: World
) -> None:
    person = await away(world, clerk)
    asked = world.asks("employment", HelpOffer.TRAFFIC_SUBSIDY, person, ON, "2023-10-25")
    await world.hear(asked)
    at = f"/v1/help-requests/{asked.data.request_id}"

    async def stands() -> tuple[str, str | None, str | None]:
        seen = (await clerk.get(at)).json()
        return seen["state"], seen["reference"], seen["provided_on"]

    assert await stands() == ("asked", None, None), "the job she has is not what was asked for"
    [mine] = await approved(clerk, world, person)
    assert await stands() == ("taken", None, None), "an approval is no money"
    early = await clerk.post(f"{at}:provide", {"reference": mine["id"]}, version=2)
    assert (early.status_code, early.json()["code"]) == (422, "no-such-help")
    paid, back, again = told(person, mine, 1), told(person, mine, 2, back=True), told(person, mine, 3)
    await world.hear(paid)
    assert await stands() == ("provided", mine["id"], "2023-11-21")
    await world.hear(back)
    assert await stands() == ("taken", None, None), "what the bank sent back is owed again"
    await world.hear(again)
    await world.hear(paid, back)
    assert await stands() == ("provided", mine["id"], "2023-11-23")
    answers = [event for event in await world.published(person.household_id) if event[0].startswith("Help")]
    assert [event[:3] for event in answers] == [
        ("HelpTaken", 2, False), ("HelpProvided", 3, False), ("HelpProvided", 4, True), ("HelpProvided", 5, False),
    ]  # fmt: skip
    assert {event[3]["officer"] for event in answers} == {"employment"}


async def test_a_subsidy_nobody_is_entitled_to_is_declined_and_one_applied_for_before_is_taken_up_as_it_is_asked_for(
    clerk: Clerk, world: World
) -> None:
    person, near = await away(world, clerk), await away(world, clerk, place_code="530112")
    mine = await clerk.done(SUBSIDIES, form(person))
    asked = [world.asks("employment", HelpOffer.TRAFFIC_SUBSIDY, who, ON, "2023-10-25") for who in (person, near)]
    await world.hear(*asked)
    first, second = (f"/v1/help-requests/{request.data.request_id}" for request in asked)
    assert (await clerk.get(first)).json()["state"] == "taken"
    await clerk.done(f"{SUBSIDIES}/{mine['id']}:close", {"reason": "withdrawn"}, version=mine["version"])
    over = await clerk.done(f"{first}:decline", {"reason": "not_wanted"}, version=2)
    assert (over["state"], over["taken_by"], over["closed_by"]) == ("declined", "employment", "clerk")
    refused = await clerk.post(SUBSIDIES, form(near))
    assert refused.json()["code"] == "subsidy-not-eligible"
    assert (await clerk.get(second)).json()["state"] == "asked"
    assert (await clerk.done(f"{second}:decline", {"reason": "not_eligible"}, version=1))["state"] == "declined"
