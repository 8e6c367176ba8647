"""Monitoring asks for a loan: paying it out is the answer; an application is not, nor a loan of another product."""

from dataclasses import replace

from finance_bank import approved, lent

from directory.testing import World, somebody
from events.catalog.help import HelpOffer
from events.catalog.monitoring import HelpRequested
from kit.testing import Clerk

AT = "/v1/help-requests"


async def test_a_loan_paid_out_is_the_answer_and_the_same_request_again_changes_nothing(
    clerk: Clerk, world: World
) -> None:
    await world.start("2022-09-20")
    person = await world.registers(somebody())
    fumin, petty = (world.asks("finance", offer, person, "2022-09-15", "2022-09-25")
                    for offer in (HelpOffer.FUMIN_LOAN, HelpOffer.PETTY_LOAN))  # fmt: skip
    await world.hear(fumin, petty, world.asks("employment", HelpOffer.JOB, person, "2022-09-15", "2022-09-25"))
    loan = await approved(clerk, person)
    mine = f"{AT}?household_id={person.household_id}"
    assert {item["state"] for item in (await clerk.get(mine)).json()["items"]} == {"asked"}
    body = {"loan_number": f"XD-{person.number}", "disbursed_on": "2022-09-20"}
    await clerk.done(f"/v1/loans/{loan['id']}:disburse", body, version=loan["version"])
    [done] = (await clerk.get(f"{mine}&state=provided")).json()["items"]
    assert (done["id"], done["reference"], done["provided_on"], done["closed_by"]) == (
        str(petty.data.request_id), loan["id"], "2022-09-20", "finance",
    )  # fmt: skip
    await world.hear(petty)
    [open_] = (await clerk.get(f"{mine}&state=asked")).json()["items"]
    assert open_["id"] == str(fumin.data.request_id)
    [(_, revision, void, told)] = await world.published(person.household_id, "HelpProvided")
    assert (revision, void, told["offer"], told["reference"]) == (2, False, "petty_loan", loan["id"])


async def test_a_household_that_is_not_known_yet_is_waited_for(clerk: Clerk, world: World) -> None:
    await world.start("2022-09-20")
    person = somebody()
    asked = world.asks("finance", HelpOffer.PETTY_LOAN, person, "2022-09-15", "2022-09-19")
    await world.hear(asked)
    at = f"{AT}/{asked.data.request_id}"
    waiting = (await clerk.get(at)).json()
    assert (waiting["household_number"], waiting["overdue"]) == (None, True)
    early = await clerk.post(f"{at}:decline", {"reason": "not_eligible"}, version=1)
    assert (early.status_code, early.json()["code"]) == (409, "household-awaited")
    await world.registers(person)
    taken = await clerk.done(f"{at}:take", version=1)
    assert (taken["state"], taken["household_number"]) == ("taken", person.number)
    loan = await lent(clerk, person)
    assert (await clerk.get(at)).json()["reference"] == loan["id"]
    told = await world.published(person.household_id)
    assert [event[:2] for event in told if event[0].startswith("Help")] == [("HelpTaken", 2), ("HelpProvided", 3)]


async def test_a_request_of_the_first_version_is_taken_in_too(clerk: Clerk, world: World) -> None:
    await world.start("2022-09-20")
    person = await world.registers(somebody())
    asked = world.asks("finance", HelpOffer.PETTY_LOAN, person, "2022-09-15", "2022-09-25")
    await world.hear(replace(asked, data=HelpRequested(**asked.data.model_dump())))
    loan = await lent(clerk, person)
    done = (await clerk.get(f"{AT}/{asked.data.request_id}")).json()
    assert (done["offer"], done["state"], done["reference"]) == ("petty_loan", "provided", loan["id"])


async def test_what_this_service_does_not_know_yet_waits(clerk: Clerk, world: World) -> None:
    await world.start("2022-09-20")
    person = await world.registers(somebody())
    asked = world.asks("finance", HelpOffer.PETTY_LOAN, person, "2022-09-15", "2022-09-25")
    new = asked.data.model_copy(update={"offer": "solar_loan"})
    await world.hear(replace(asked, data=new))
    await lent(clerk, person)
    kept = (await clerk.get(f"{AT}/{asked.data.request_id}")).json()
    assert (kept["offer"], kept["state"]) == ("solar_loan", "asked")
    taken = await clerk.done(f"{AT}/{asked.data.request_id}:take", version=1)
    assert taken["state"] == "taken"


async def test_who_is_not_eligible_is_told_so_by_code(clerk: Clerk, world: World) -> None:
    await world.start("2022-09-20")
    person = await world.registers(somebody())
    asked = world.asks("finance", HelpOffer.FUMIN_LOAN, person, "2022-09-15", "2022-09-25")
    await world.hear(asked)
    at = f"{AT}/{asked.data.request_id}"
    done = await clerk.done(f"{at}:decline", {"reason": "not_eligible"}, version=1)
    assert (done["state"], done["reason"], done["closed_on"]) == ("declined", "not_eligible", "2022-09-20")
    [(_, revision, _, told)] = await world.published(person.household_id, "HelpDeclined")
    assert (revision, told["request_id"], told["reason"]) == (2, str(asked.data.request_id), "not_eligible")
