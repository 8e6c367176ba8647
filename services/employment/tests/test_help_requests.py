"""Monitoring asks for a job: taken up, provided by the job itself, declined, overdue; and never twice."""

from typing import Any
from uuid import uuid4

from directory.testing import LUQUAN, Person, World, somebody
from events.catalog.help import HelpOffer
from events.catalog.households import HouseholdMerged
from events.testing import received
from kit.testing import Clerk

JOB = {"channel": "local", "place_code": "530128"}
AT = "/v1/help-requests"


async def asked(world: World, person: Person, offer: HelpOffer = HelpOffer.JOB, on: str = "2023-10-15") -> str:
    request = world.asks("employment", offer, person, on, "2023-10-25")
    await world.hear(request)
    return str(request.data.request_id)


async def told(world: World, person: Person) -> list[tuple[str, int, bool]]:
    """The answers published under the household, with their revisions."""
    return [told[:3] for told in await world.published(person.household_id) if told[0].startswith("Help")]


async def read(clerk: Clerk, request: str) -> dict[str, Any]:
    answer = await clerk.get(f"{AT}/{request}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_job_that_begins_is_the_answer_in_the_same_transaction(clerk: Clerk, world: World) -> None:
    await world.start("2023-10-15")
    person = await world.registers(somebody())
    before = {"person": person.named, **JOB, "started_on": "2023-09-01", "ended_on": "2023-10-01"}
    await clerk.done("/v1/spells", before | {"end_reason": "laid_off"})
    request = await asked(world, person)
    seen = await read(clerk, request)
    assert (seen["state"], seen["household_number"], seen["due_on"]) == ("asked", person.number, "2023-10-25")
    taken = await clerk.done(f"{AT}/{request}:take", version=1)
    assert (taken["state"], taken["taken_by"]) == ("taken", "clerk")
    await world.day("2023-10-20")
    await clerk.done("/v1/spells", {"person": person.named, "started_on": "2023-10-20", "channel": "public_post"})
    assert (await read(clerk, request))["state"] == "taken", "a public-welfare post was not what was asked for"
    spell = await clerk.done("/v1/spells", {"person": person.named, **JOB, "started_on": "2023-10-18"})
    done = await read(clerk, request)
    assert (done["state"], done["reference"], done["provided_on"], done["closed_on"], done["closed_by"]) == (
        "provided", spell["id"], "2023-10-18", "2023-10-20", "employment",
    )  # fmt: skip
    assert await told(world, person) == [("HelpTaken", 2, False), ("HelpProvided", 3, False)]
    [*_, (_, _, _, data)] = await world.published(person.household_id, "HelpProvided")
    assert (data["request_id"], data["category"], data["causes"]) == (request, "employment", ["unstable_work"])
    over = await clerk.post(f"{AT}/{request}:decline", {"reason": "not_needed"}, version=3)
    assert (over.status_code, over.json()["code"]) == (409, "help-request-over")


async def test_what_is_needed_no_more_is_seen_so_and_owed_by_nobody(clerk: Clerk, world: World) -> None:
    await world.start("2023-10-15")
    person, helped = [await world.registers(somebody()) for _ in range(2)]
    asked_ = [world.asks("employment", HelpOffer.JOB, who, "2023-10-15", "2023-10-25") for who in (person, helped)]
    await world.hear(*asked_)
    first, second = (str(item.data.request_id) for item in asked_)
    await clerk.done(f"{AT}/{first}:take", version=1)
    spell = await clerk.done("/v1/spells", {"person": helped.named, **JOB, "started_on": "2023-10-15"})
    await world.hear(*(world.withdraws(item) for item in asked_))
    await world.hear(*(world.withdraws(item) for item in asked_))
    gone = await read(clerk, first)
    assert (gone["state"], gone["reason"], gone["closed_by"]) == ("declined", "not_needed", "monitoring")
    over = await clerk.post(f"{AT}/{first}:decline", {"reason": "no_capacity"}, version=gone["version"])
    assert (over.status_code, over.json()["code"]) == (409, "help-request-over")
    assert await told(world, person) == [("HelpTaken", 2, False), ("HelpDeclined", 3, False)]
    assert (await read(clerk, second))["state"] == "provided", "what was given stays given"
    await clerk.done(f"/v1/spells/{spell['id']}:void", version=spell["version"])
    assert (await read(clerk, second))["state"] == "declined"
    assert await told(world, helped) == [
        ("HelpProvided", 2, False), ("HelpProvided", 3, True), ("HelpDeclined", 4, False),
    ]  # fmt: skip


async def test_a_job_that_never_was_opens_the_request_again_and_another_one_answers_it(
    clerk: Clerk, world: World
) -> None:
    await world.start("2023-10-20")
    person = await world.registers(somebody())
    request = await asked(world, person)
    spell = await clerk.done("/v1/spells", {"person": person.named, **JOB, "started_on": "2023-10-16"})
    await clerk.done(f"/v1/spells/{spell['id']}:void", version=spell["version"])
    again = await read(clerk, request)
    assert (again["state"], again["reference"], again["closed_on"]) == ("asked", None, None)
    other = await clerk.done("/v1/spells", {"person": person.named, **JOB, "started_on": "2023-10-17"})
    assert (await read(clerk, request))["reference"] == other["id"]
    assert await told(world, person) == [
        ("HelpProvided", 2, False), ("HelpProvided", 3, True), ("HelpProvided", 4, False),
    ]  # fmt: skip


async def test_the_same_request_again_changes_nothing(clerk: Clerk, world: World) -> None:
    await world.start("2023-10-20")
    person = await world.registers(somebody())
    request = world.asks("employment", HelpOffer.JOB, person, "2023-10-15", "2023-10-25")
    elsewhere = world.asks("finance", HelpOffer.PETTY_LOAN, person, "2023-10-15", "2023-10-25")
    await world.hear(request, elsewhere)
    at = f"{AT}/{request.data.request_id}"
    await clerk.done(f"{at}:take", version=1)
    await world.hear(request)
    await clerk.done("/v1/spells", {"person": person.named, **JOB, "started_on": "2023-10-16"})
    await world.hear(request, world.household(person, 2))
    assert await told(world, person) == [("HelpTaken", 2, False), ("HelpProvided", 3, False)]
    shown = (await clerk.get(f"{AT}?household_id={person.household_id}")).json()["items"]
    assert [item["id"] for item in shown] == [str(request.data.request_id)], "what finance is asked is not kept here"


async def test_a_request_waits_for_its_household_and_the_job_it_finds_answers_it(clerk: Clerk, world: World) -> None:
    await world.start("2023-10-20")
    person = somebody()
    request = await asked(world, person)
    waiting = await read(clerk, request)
    assert (waiting["state"], waiting["household_number"]) == ("asked", None)
    early = await clerk.post(f"{AT}/{request}:take", version=1)
    assert (early.status_code, early.json()["code"]) == (409, "household-awaited")
    spell = await clerk.done("/v1/spells", {"person": person.named, **JOB, "started_on": "2023-10-18"})
    assert not spell["matched"]
    await world.registers(person)
    done = await read(clerk, request)
    assert (done["state"], done["reference"], done["household_number"]) == ("provided", spell["id"], person.number)
    assert await told(world, person) == [("HelpProvided", 2, False)]


async def test_a_request_that_comes_after_the_job_is_answered_at_once(clerk: Clerk, world: World) -> None:
    await world.start("2023-10-20")
    person = await world.registers(somebody())
    await clerk.done("/v1/spells", {"person": person.named, **JOB, "started_on": "2023-10-16"})
    late = await asked(world, person, on="2023-10-15")
    assert (await read(clerk, late))["state"] == "provided"
    next_ = await asked(world, person, on="2023-10-15")
    assert (await read(clerk, next_))["state"] == "asked", "one job answers one request"


async def test_what_nobody_answers_is_overdue_by_the_date_and_a_refusal_has_a_reason(
    clerk: Clerk, world: World
) -> None:
    await world.start("2023-10-25")
    person = await world.registers(somebody())
    request = await asked(world, person, HelpOffer.PUBLIC_POST)
    mine = f"{AT}?household_id={person.household_id}"
    assert (await clerk.get(f"{mine}&overdue=true")).json()["items"] == []
    await world.day("2023-10-26")
    [late] = (await clerk.get(f"{mine}&overdue=true&offer=public_post&state=asked")).json()["items"]
    assert (late["id"], late["overdue"]) == (request, True)
    stale = await clerk.post(f"{AT}/{request}:decline", {"reason": "no_capacity"}, version=7)
    assert (stale.status_code, stale.json()["code"]) == (412, "version-changed")
    wordy = await clerk.post(f"{AT}/{request}:decline", {"reason": "没有岗位"}, version=1)
    assert (wordy.status_code, wordy.json()["errors"][0]["pointer"]) == (422, "/reason")
    done = await clerk.done(f"{AT}/{request}:decline", {"reason": "no_capacity"}, version=1)
    assert (done["state"], done["reason"], done["overdue"]) == ("declined", "no_capacity", False)
    [(_, revision, void, data)] = await world.published(person.household_id, "HelpDeclined")
    assert (revision, void, data["reason"], data["officer"]) == (2, False, "no_capacity", "clerk")
    await clerk.done("/v1/spells", {"person": person.named, "started_on": "2023-10-26", "channel": "public_post"})
    assert (await read(clerk, request))["state"] == "declined"


async def test_an_earlier_job_is_named_by_hand_if_it_is_the_households(clerk: Clerk, world: World) -> None:
    await world.start("2023-10-20")
    person, stranger = await world.registers(somebody()), await world.registers(somebody())
    own = await clerk.done("/v1/spells", {"person": person.named, **JOB, "started_on": "2023-10-02"})
    foreign = await clerk.done("/v1/spells", {"person": stranger.named, **JOB, "started_on": "2023-10-17"})
    request = await asked(world, person)
    for reference in (foreign["id"], str(uuid4())):
        refused = await clerk.post(f"{AT}/{request}:provide", {"reference": reference}, version=1)
        assert (refused.status_code, refused.json()["code"]) == (422, "no-such-help")
    done = await clerk.done(f"{AT}/{request}:provide", {"reference": own["id"]}, version=1)
    assert (done["state"], done["provided_on"], done["closed_by"]) == ("provided", "2023-10-02", "clerk")


async def test_a_merged_household_is_one_with_the_one_that_stands(clerk: Clerk, world: World) -> None:
    await world.start("2023-10-20")
    gone, stays = await world.registers(somebody()), await world.registers(somebody())
    request = await asked(world, gone)
    merged = HouseholdMerged(aggregate_revision=2, into_id=stays.household_id, merged_on="2023-10-18")
    await world.hear(received(merged, gone.household_id))
    spell = await clerk.done("/v1/spells", {"person": stays.named, **JOB, "started_on": "2023-10-19"})
    done = await read(clerk, request)
    assert (done["state"], done["reference"]) == ("provided", spell["id"])
    assert await told(world, gone) == [("HelpProvided", 2, False)]


async def test_areas_and_rights_hold_and_the_list_has_pages(clerk: Clerk, world: World) -> None:
    await world.start("2023-10-20")
    person = await world.registers(somebody(LUQUAN))
    requests = [await asked(world, person, on=f"2023-10-1{day}") for day in range(3)]
    elsewhere = clerk.as_(paths=["5301/530129/"])
    assert (await elsewhere.get(f"{AT}/{requests[0]}")).json()["code"] == "help-request-unknown"
    assert (await elsewhere.post(f"{AT}/{requests[0]}:take", version=1)).status_code == 404
    reader = clerk.as_(rights="employment-help:read")
    assert (await reader.post(f"{AT}/{requests[0]}:take", version=1)).json()["code"] == "missing-right"
    assert (await clerk.as_(rights="employment:read").get(AT)).status_code == 403
    mine = f"{AT}?household_id={person.household_id}&page_size=2"
    page = (await clerk.get(mine)).json()
    rest = (await clerk.get(f"{mine}&page_token={page['next_page_token']}")).json()
    assert [item["id"] for item in page["items"] + rest["items"]] == requests
    assert (await clerk.get(f"{AT}?late=true")).json()["code"] == "unknown-parameter"
