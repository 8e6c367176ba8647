"""Departments report about a person whom nobody has registered; when households does, every fact finds the family."""

from datetime import date
from typing import Any

import httpx2

from kit.testing import certificate


async def test_facts_of_three_departments_wait_for_a_person_and_find_the_household(
    http: httpx2.AsyncClient, post: Any, household: Any, eventually: Any
) -> None:
    named = {"certificate": certificate(123, date(1984, 3, 7)), "household_number": "53012800123"}
    spell = await post("/employment/v1/spells", {"person": named, "started_on": "2023-05-01", "channel": "migrant"})
    wage = await post("/employment/v1/wages", {"person": named, "month": "2023-09", "amount": "3200.00"})
    late = {
        "person": named, "loan_number": "XD-1", "product": "petty_loan", "due_on": "2023-09-20", "amount": "100.00",
    }  # fmt: skip
    missed = await post("/finance/v1/missed-repayments", late)
    order = {
        "order_number": "D-1", "cancelled_on": "2023-10-01", "cause": "buyer",
        "shares": [{"person": named, "amount": "500.00"}],
    }  # fmt: skip
    cancelled = await post("/procurement/v1/cancelled-orders", order)
    assert not any(fact["matched"] for fact in (spell, wage, missed, *cancelled["shares"]))

    home = await household(123)
    facts = [
        f"/employment/v1/spells/{spell['id']}",
        f"/employment/v1/wages/{wage['id']}",
        f"/finance/v1/missed-repayments/{missed['id']}",
        f"/procurement/v1/cancelled-shares/{cancelled['shares'][0]['id']}",
    ]

    async def matched() -> bool:
        answers = [(await http.get(fact)).json() for fact in facts]
        return all(answer["household_id"] == home["id"] for answer in answers)

    await eventually(matched)
