"""A bank at work: short ways through the life of a loan."""

from typing import Any

from directory.testing import Person
from kit.testing import Clerk

APPLICATION = {
    "product": "petty_loan",
    "amount": "50000.00",
    "months": 36,
    "use": "production",
    "method": "equal_instalments",
    "applied_on": "2022-09-01",
}
TERMS = {"amount": "50000.00", "months": 36, "annual_rate": "4.30", "approved_on": "2022-09-10"}


async def rated(clerk: Clerk, person: Person, **given: Any) -> dict[str, Any]:
    body = {"person": person.named, "grade": "AA", "credit_line": "50000.00", "rated_on": "2022-08-25", **given}
    return await clerk.done("/v1/ratings", body)


async def applied(clerk: Clerk, person: Person, **given: Any) -> dict[str, Any]:
    return await clerk.done("/v1/loans", {"person": person.named, **APPLICATION, **given})


async def approved(clerk: Clerk, person: Person, **given: Any) -> dict[str, Any]:
    await rated(clerk, person)
    loan = await applied(clerk, person, **{name: given[name] for name in given if name in APPLICATION})
    terms = {**TERMS, **{name: given[name] for name in given if name in TERMS}}
    return await clerk.done(f"/v1/loans/{loan['id']}:approve", terms, version=loan["version"])


async def lent(clerk: Clerk, person: Person, *, on: str = "2022-09-20", **given: Any) -> dict[str, Any]:
    loan = await approved(clerk, person, **given)
    body = {"loan_number": f"XD-{person.number}", "disbursed_on": on}
    return await clerk.done(f"/v1/loans/{loan['id']}:disburse", body, version=loan["version"])


async def pays(clerk: Clerk, loan: dict[str, Any], amount: str, on: str, receipt: str, **given: Any) -> dict[str, Any]:
    body = {"amount": amount, "paid_on": on, "receipt": receipt, **given}
    return await clerk.done(f"/v1/loans/{loan['id']}/repayments", body)


async def stands(clerk: Clerk, loan: dict[str, Any]) -> dict[str, Any]:
    answer = await clerk.get(f"/v1/loans/{loan['id']}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def payoff(clerk: Clerk, loan: dict[str, Any]) -> str:
    return str((await clerk.get(f"/v1/loans/{loan['id']}/schedule")).json()["payoff"])
