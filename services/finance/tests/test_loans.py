"""The life of a loan: applied, approved, disbursed, repaid, overdue by the business date, settled."""

import asyncio
from dataclasses import replace
from datetime import date
from decimal import Decimal

from finance_bank import APPLICATION, TERMS, applied, approved, lent, payoff, pays, rated, stands

from directory.sweeping import sweep_once
from directory.testing import LUQUAN, XUNDIAN, World, somebody
from finance.loans.service import find_overdue
from kit.testing import Clerk


async def test_from_application_to_settlement(clerk: Clerk, world: World) -> None:
    await world.start("2022-09-20")
    person = await world.registers(somebody())
    loan = await lent(clerk, person)
    assert (loan["stage"], loan["principal_left"], loan["version"]) == ("disbursed", "50000.00", 3)
    plan = (await clerk.get(f"/v1/loans/{loan['id']}/schedule")).json()
    assert (len(plan["instalments"]), plan["instalments"][0]["due_on"]) == (36, "2022-10-20")
    await world.day("2022-10-20")
    paid = await pays(clerk, loan, "1482.88", "2022-10-20", "R-1")
    assert Decimal(paid["principal"]) + Decimal(paid["interest"]) == Decimal("1482.88")
    assert paid["interest"] == "179.17"
    await world.day("2023-09-20")
    rest = await payoff(clerk, loan)
    await pays(clerk, loan, rest, "2023-09-20", "R-2", early=True)
    done = await stands(clerk, loan)
    assert (done["stage"], done["settled_on"], done["principal_left"]) == ("settled", "2023-09-20", "0.00")
    names = [name for name, *_ in await world.published(person.household_id)]
    assert [name for name in names if name not in ("LoanScheduled", "LoanOverdue", "LoanCured")] == [
        "CreditRated",
        "LoanApplied",
        "LoanApproved",
        "LoanDisbursed",
        "RepaymentReceived",
        "RepaymentReceived",
        "LoanSettled",
    ]
    plans = [data for _, _, _, data in await world.published(person.household_id, "LoanScheduled")]
    assert [sum(Decimal(part["amount"]) for line in plan["instalments"] for part in line["paid"]) for plan in plans][
        :2
    ] == [Decimal(0), Decimal("1482.88")]


async def test_absence_is_found_when_the_date_moves_and_cured_when_it_is_paid(clerk: Clerk, world: World) -> None:
    await world.start("2022-09-20")
    person = await world.registers(somebody())
    loan = await lent(clerk, person)
    await world.day("2022-10-20")
    assert await world.published(person.household_id, "LoanOverdue") == []
    await world.day("2022-10-21")
    await world.day("2022-10-22")
    [(_, revision, void, data)] = await world.published(person.household_id, "LoanOverdue")
    assert (revision, void, data["due_on"], data["amount"]) == (1, False, "2022-10-20", "1482.88")
    late = await stands(clerk, loan)
    assert (late["overdue_since"], late["overdue_days"], late["overdue_bucket"]) == ("2022-10-20", 2, 1)
    await world.day("2022-11-19")
    assert (await stands(clerk, loan))["overdue_bucket"] == 30
    shown = await clerk.get(f"/v1/loans?household_id={person.household_id}&overdue_days=30")
    assert [item["id"] for item in shown.json()["items"]] == [loan["id"]]
    shown = await clerk.get(f"/v1/loans?household_id={person.household_id}&overdue_days=31")
    assert shown.json()["items"] == []
    await pays(clerk, loan, "1000.00", "2022-11-18", "R-1")
    assert (await world.published(person.household_id, "LoanOverdue"))[-1][3]["amount"] == "482.88"
    await pays(clerk, loan, "482.88", "2022-11-19", "R-2")
    [(_, revision, void, cured)] = await world.published(person.household_id, "LoanCured")
    assert (revision, void, cured["cured_on"]) == (1, False, "2022-11-19")
    assert (await stands(clerk, loan))["overdue_since"] is None


async def test_a_payment_that_was_in_time_and_told_late_takes_the_delay_back(clerk: Clerk, world: World) -> None:
    await world.start("2022-09-20")
    person = await world.registers(somebody())
    loan = await lent(clerk, person)
    await world.day("2022-10-25")
    await pays(clerk, loan, "1482.88", "2022-10-19", "R-1")
    told = [(revision, void) for _, revision, void, _ in await world.published(person.household_id, "LoanOverdue")]
    assert told == [(1, False), (2, True)]
    assert await world.published(person.household_id, "LoanCured") == []


async def test_a_repayment_that_is_taken_back_opens_what_it_closed(clerk: Clerk, world: World) -> None:
    await world.start("2022-09-20")
    person = await world.registers(somebody())
    loan = await lent(clerk, person)
    paid = await pays(clerk, loan, await payoff(clerk, loan), "2022-09-20", "R-1", early=True)
    assert (paid["interest"], (await stands(clerk, loan))["stage"]) == ("0.00", "settled")
    await world.day("2022-10-21")
    gone = await clerk.done(f"/v1/loans/{loan['id']}/repayments/{paid['id']}:void", version=paid["version"])
    assert gone["void"]
    assert (await stands(clerk, loan))["overdue_since"] == "2022-10-20"
    told = [(name, void) for name, _, void, _ in await world.published(person.household_id)][-4:]
    assert sorted(told) == [
        ("LoanOverdue", False),
        ("LoanScheduled", False),
        ("LoanSettled", True),
        ("RepaymentReceived", True),
    ]
    again = await clerk.post(f"/v1/loans/{loan['id']}/repayments/{paid['id']}:void", version=gone["version"])
    assert again.json()["code"] == "repayment-voided"


async def test_a_settled_loan_stays_settled_once_another_was_given(clerk: Clerk, world: World) -> None:
    await world.start("2022-09-20")
    person = await world.registers(somebody())
    loan = await lent(clerk, person)
    paid = await pays(clerk, loan, await payoff(clerk, loan), "2022-09-20", "R-1", early=True)
    await approved(clerk, person, applied_on="2022-09-20", approved_on="2022-09-20")
    refused = await clerk.post(f"/v1/loans/{loan['id']}/repayments/{paid['id']}:void", version=paid["version"])
    assert (refused.status_code, refused.json()["code"]) == (409, "loan-open")


async def test_a_receipt_counts_once_and_nothing_is_taken_beyond_what_is_owed(clerk: Clerk, world: World) -> None:
    await world.start("2022-09-20")
    person = await world.registers(somebody())
    loan = await lent(clerk, person)
    first = await pays(clerk, loan, "1482.88", "2022-09-20", "R-1")
    assert (await pays(clerk, loan, "1482.88", "2022-09-20", "R-1"))["id"] == first["id"]
    at = f"/v1/loans/{loan['id']}/repayments"
    other = await clerk.post(at, {"amount": "1.00", "paid_on": "2022-09-20", "receipt": "R-1"})
    assert (other.status_code, other.json()["code"]) == (409, "receipt-known")
    for early in (False, True):
        much = await clerk.post(at, {"amount": "60000.00", "paid_on": "2022-09-20", "receipt": "R-2", "early": early})
        assert (much.status_code, much.json()["code"]) == (422, "paid-too-much")
    future = await clerk.post(at, {"amount": "1.00", "paid_on": "2022-09-21", "receipt": "R-3"})
    assert (future.status_code, future.json()["errors"][0]["pointer"]) == (422, "/paid_on")
    assert len((await clerk.get(at)).json()) == 1


async def test_what_is_not_met_or_not_known_is_not_approved(clerk: Clerk, world: World) -> None:
    await world.start("2022-09-20")
    person = await world.registers(somebody())
    loan = await applied(clerk, person)
    at = f"/v1/loans/{loan['id']}"
    unrated = await clerk.post(f"{at}:approve", TERMS, version=1)
    assert (unrated.status_code, unrated.json()["code"]) == (409, "not-eligible")
    assert [fault["code"] for fault in unrated.json()["errors"]] == ["rating-unknown"]
    await rated(clerk, person)
    dear = await clerk.post(f"{at}:approve", {**TERMS, "annual_rate": "4.35"}, version=1)
    assert [fault["code"] for fault in dear.json()["errors"]] == ["rate-not-met"]
    more = await clerk.post(f"{at}:approve", {**TERMS, "months": 37}, version=1)
    assert (more.status_code, more.json()["code"]) == (422, "more-than-applied")
    assert (await clerk.post(f"{at}:approve", TERMS, version=7)).status_code == 412
    done = await clerk.done(f"{at}:approve", {**TERMS, "amount": "40000.00"}, version=1)
    assert (done["amount"], done["annual_rate"]) == ("40000.00", "4.3000")
    twice = await clerk.post(f"{at}:approve", TERMS, version=2)
    assert (twice.status_code, twice.json()["code"]) == (409, "wrong-state")


async def test_one_open_loan_per_product_and_household(clerk: Clerk, world: World) -> None:
    await world.start("2022-09-20")
    person = await world.registers(somebody())
    loan = await applied(clerk, person)
    assert (await applied(clerk, person))["id"] == loan["id"]
    second = await clerk.post("/v1/loans", {"person": person.named, **APPLICATION, "amount": "10000.00"})
    assert (second.status_code, second.json()["code"]) == (409, "loan-open")
    body = {"reason": "withdrawn", "rejected_on": "2022-09-20"}
    gone = await clerk.done(f"/v1/loans/{loan['id']}:reject", body, version=1)
    assert (gone["stage"], gone["rejection"]) == ("rejected", "withdrawn")
    [(_, _, _, data)] = await world.published(person.household_id, "LoanRejected")
    assert data["reason"] == "withdrawn"
    assert (await applied(clerk, person, amount="10000.00"))["id"] != loan["id"]


async def test_an_applicant_who_registers_later_is_found(clerk: Clerk, world: World) -> None:
    await world.start("2022-09-20")
    person = somebody()
    loan = await applied(clerk, person)
    assert not loan["matched"]
    early = await clerk.post(f"/v1/loans/{loan['id']}:approve", TERMS, version=1)
    assert (early.status_code, early.json()["code"]) == (409, "not-eligible")
    await world.registers(person)
    await rated(clerk, person)
    found = await stands(clerk, loan)
    assert (found["household_id"], found["version"]) == (str(person.household_id), 2)
    [(_, revision, _, data)] = await world.published(person.household_id, "LoanApplied")
    assert (revision, data["person_id"]) == (2, str(person.id))
    assert (await clerk.done(f"/v1/loans/{loan['id']}:approve", TERMS, version=2))["stage"] == "approved"


async def test_a_loan_kept_here_and_a_bank_s_report_never_count_twice(clerk: Clerk, world: World) -> None:
    await world.start("2022-10-21")
    person = await world.registers(somebody())
    report = {
        "person": person.named, "loan_number": f"XD-{person.number}", "product": "petty_loan",
        "due_on": "2022-10-20", "amount": "1482.88",
    }  # fmt: skip
    loan = await approved(clerk, person)
    missed = await clerk.done("/v1/missed-repayments", report)
    body = {"loan_number": report["loan_number"], "disbursed_on": "2022-09-20"}
    taken = await clerk.post(f"/v1/loans/{loan['id']}:disburse", body, version=loan["version"])
    assert (taken.status_code, taken.json()["code"]) == (409, "reported-by-bank")
    await clerk.done(f"/v1/missed-repayments/{missed['id']}:void", version=1)
    await clerk.done(f"/v1/loans/{loan['id']}:disburse", body, version=loan["version"])
    standing = [void for _, _, void, _ in await world.published(person.household_id, "LoanOverdue")]
    assert standing == [False, True, False]
    again = await clerk.post("/v1/missed-repayments", report)
    assert (again.status_code, again.json()["code"]) == (409, "loan-kept-here")


async def test_a_report_that_waited_is_taken_back_where_the_loan_is_kept_here(clerk: Clerk, world: World) -> None:
    await world.start("2022-10-21")
    person, partner = somebody(), somebody()
    report = {
        "person": {"certificate": partner.certificate}, "loan_number": f"XD-{person.number}",
        "product": "petty_loan", "due_on": "2022-10-20", "amount": "1482.88",
    }  # fmt: skip
    other_bank = clerk.as_(department="another-bank")
    missed = await other_bank.done("/v1/missed-repayments", report)
    await world.registers(person)
    await lent(clerk, person)
    await world.hear(world.joined(replace(partner, household_id=person.household_id)))
    assert (await other_bank.get(f"/v1/missed-repayments/{missed['id']}")).json()["void"]
    told = [(revision, void) for _, revision, void, _ in await world.published(person.household_id, "LoanOverdue")]
    assert told == [(1, False), (2, True)]


async def test_areas_hold_and_follow_the_household(clerk: Clerk, world: World) -> None:
    await world.start("2022-09-20")
    person = await world.registers(somebody(LUQUAN))
    loan = await lent(clerk, person)
    await pays(clerk, loan, "1.00", "2022-09-20", "R-1")
    far = clerk.as_(paths=["5301/530129/"])
    assert (await far.get(f"/v1/loans/{loan['id']}")).status_code == 404
    assert (await far.get(f"/v1/loans/{loan['id']}/repayments")).status_code == 404
    await world.hear(world.household(person, 2, path=XUNDIAN))
    assert (await far.get(f"/v1/loans/{loan['id']}")).status_code == 200
    assert len((await far.get(f"/v1/loans/{loan['id']}/repayments")).json()) == 1
    assert (await clerk.as_(paths=["5301/530128/"]).get(f"/v1/loans/{loan['id']}")).status_code == 404


async def test_what_the_tick_cannot_hold_the_sweep_finds(clerk: Clerk, world: World) -> None:
    await world.start("2022-09-20")
    person = await world.registers(somebody())
    loan = await lent(clerk, person)
    async with world.engine.begin() as tx:
        await tx.exec_driver_sql("INSERT INTO directory_business_days VALUES ('2022-10-21')")
    swept = await sweep_once(find_overdue, world.engine, None, asyncio.Event())
    assert swept == date(2022, 10, 21)
    assert len(await world.published(person.household_id, "LoanOverdue")) == 1
    await sweep_once(find_overdue, world.engine, None, asyncio.Event())
    assert len(await world.published(person.household_id, "LoanOverdue")) == 1
    assert (await stands(clerk, loan))["overdue_days"] == 1
