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


NEW = {
    "valid_from": "2022-08-23",
    "document": "某办〔2022〕1号",
    "clause": "第三条",
    "confidence": "official",
}


async def test_what_is_missing_is_set_by_two_persons_and_is_then_known(clerk: Clerk, world: World) -> None:
    await world.start("2022-09-20")
    person = await world.registers(somebody())
    fumin = {"product": "fumin", "amount": "200000.00", "months": 60}
    before = await asks(clerk, person, **fumin)
    missing = [one["missing"] for one in before["reasons"] if one["missing"]]
    assert (before["verdict"], "product.fumin.age.from" in missing) == ("unknown", True)
    county = {"path": "5301/530128/"}
    for name, value in (
        ("age.from", "18"), ("age.to", "60"), ("rate.short.months", "60"), ("rate.short.lpr", "5"),
        ("rate.short.spread", "0"), ("rating_required", "0"), ("overdue_allowed", "0"),
    ):  # fmt: skip
        await clerk.sets({"name": f"product.fumin.{name}", "value": value, **county, **NEW})
    after = await asks(clerk, person, **fumin)
    assert after["verdict"] == "eligible"
    [age] = [one for one in after["reasons"] if one["check"] == "age"]
    assert {basis["clause"] for basis in age["basis"]} == {"第三条"}
    shown = (await clerk.get("/v1/policies?name=product.fumin.age&on=2022-09-20")).json()
    assert [value["name"] for value in shown] == ["product.fumin.age.from", "product.fumin.age.to"]


async def test_a_term_that_was_set_wrongly_is_corrected_and_ended_by_later_values(clerk: Clerk, world: World) -> None:
    await world.start("2022-09-20")
    person = await world.registers(somebody())
    kunyi = {"product": "kunyi", "amount": "80000.00", "months": 12}
    limit = {"name": "product.kunyi.limit", "path": person.path, **NEW}

    async def amount() -> tuple[str, list[str]]:
        [one] = [one for one in (await asks(clerk, person, **kunyi))["reasons"] if one["check"] == "amount"]
        return one["state"], [basis["value"] for basis in one["basis"]]

    assert await amount() == ("unknown", [])
    await clerk.sets({**limit, "value": "50000.00"})
    assert await amount() == ("not_met", ["50000.000000"])
    await clerk.sets({**limit, "value": "100000.00"})
    assert await amount() == ("met", ["100000.000000"])
    await clerk.sets({**limit, "value": "100000.00", "valid_to": "2022-09-19"})
    assert await amount() == ("unknown", [])


async def test_only_terms_that_are_read_are_drafted_and_nothing_is_set_directly(clerk: Clerk) -> None:
    body = {"name": "product.petty_loan.limit", "value": "60000.00", **NEW}
    for wrong, code in (
        ({"name": "product.petty_loan.colour"}, "unknown-policy"),
        ({"value": "0.005"}, "not-of-its-unit"),
    ):
        refused = await clerk.post("/v1/policy-drafts", {**body, **wrong})
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert (await clerk.post("/v1/policies", body)).status_code == 405
    [shown] = (await clerk.get("/v1/policies?name=product.petty_loan.limit.&on=2022-09-20")).json()
    assert (shown["name"], shown["unit"]) == ("product.petty_loan.limit.subsidised", "yuan")
