"""Who may have which loan, asked over HTTP."""

from typing import Any

from finance_bank import lent, rated

from directory.testing import Person, World, somebody
from kit.testing import Clerk

ASK = {"product": "petty_loan", "amount": "50000.00", "months": 36, "use": "production", "annual_rate": "4.30"}


async def asks(clerk: Clerk, person: Person, **given: Any) -> dict[str, Any]:
    return await clerk.done("/v1/eligibility", {"household": {"person": person.named}, **ASK, **given})


async def test_every_reason_names_its_document_and_clause(clerk: Clerk, world: World) -> None:
    await world.start("2022-09-20")
    person = await world.registers(somebody())
    unrated = await asks(clerk, person)
    assert unrated["verdict"] == "unknown"
    assert [one["missing"] for one in unrated["reasons"] if one["state"] == "unknown"] == ["credit_rating"]
    await rated(clerk, person)
    found = await asks(clerk, person)
    assert found["verdict"] == "eligible"
    for one in found["reasons"]:
        assert one["zh"]
        assert one["en"]
        assert all(basis["document"] and basis["clause"] for basis in one["basis"])
    [age] = [one for one in found["reasons"] if one["check"] == "age"]
    assert [basis["confidence"] for basis in age["basis"]] == ["official", "official"]
    by_number = await clerk.done("/v1/eligibility", {"household": {"household_number": person.number}, **ASK})
    assert by_number["verdict"] == "eligible"


async def test_what_is_open_or_overdue_counts_against_it(clerk: Clerk, world: World) -> None:
    await world.start("2022-09-20")
    person = await world.registers(somebody())
    await lent(clerk, person)
    await world.day("2022-10-21")
    found = await asks(clerk, person)
    assert {one["check"] for one in found["reasons"] if one["state"] == "not_met"} == {
        "rating",
        "overdue",
        "open_loan",
    }


async def test_who_is_not_registered_is_unknown_and_leaves_no_trace_in_an_address(clerk: Clerk, world: World) -> None:
    await world.start("2022-09-20")
    found = await asks(clerk, somebody())
    assert (found["verdict"], [one["missing"] for one in found["reasons"]]) == ("unknown", ["household"])
    far = clerk.as_(paths=["5301/530129/"])
    person = await world.registers(somebody())
    elsewhere = await far.post("/v1/eligibility", {"household": {"person": person.named}, **ASK})
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (409, "registered-elsewhere")
