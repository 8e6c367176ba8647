"""Departments report about a person whom nobody has registered; when households does, every fact finds the family."""

from datetime import date
from pathlib import Path
from typing import Any

import httpx2

from kit.testing import certificate

REGIONS = Path(__file__).parents[2] / "data" / "kunming_regions.csv"
BORN = date(1984, 3, 7)


async def done(http: httpx2.AsyncClient, path: str, json: Any = None, **options: Any) -> dict[str, Any]:
    answer = await http.post(path, json=json, **options)
    assert answer.status_code in (200, 201, 202), answer.text
    return dict(answer.json())


async def test_facts_of_three_departments_wait_for_a_person_and_find_the_household(
    platform: Any, eventually: Any
) -> None:
    number = certificate(123, BORN)
    named = {"certificate": number, "household_number": "53012800001"}
    async with platform.client() as http:
        headers = {"content-type": "text/csv"}
        await done(
            http, "/households/v1/regions:import?valid_from=2020-01-01", content=REGIONS.read_bytes(), headers=headers
        )
        spell = await done(
            http, "/employment/v1/spells", {"person": named, "started_on": "2023-05-01", "channel": "migrant"}
        )
        wage = await done(http, "/employment/v1/wages", {"person": named, "month": "2023-09", "amount": "3200.00"})
        late = {
            "person": named,
            "loan_number": "XD-1",
            "product": "petty_loan",
            "due_on": "2023-09-20",
            "amount": "100.00",
        }
        missed = await done(http, "/finance/v1/missed-repayments", late)
        order = {
            "order_number": "D-1", "cancelled_on": "2023-10-01", "cause": "buyer",
            "shares": [{"person": named, "amount": "500.00"}],
        }  # fmt: skip
        cancelled = await done(http, "/procurement/v1/cancelled-orders", order)
        assert not any(fact["matched"] for fact in (spell, wage, missed, *cancelled["shares"]))

        household = await done(
            http,
            "/households/v1/households",
            {
                "number": "53012800001",
                "region_code": "530128001001",
                "household_type": "lifted",
                "members": [{"certificate": number, "name": "张小三", "relation": "户主"}],
                "stated_on": "2023-10-15",
            },
        )
        facts = [
            f"/employment/v1/spells/{spell['id']}",
            f"/employment/v1/wages/{wage['id']}",
            f"/finance/v1/missed-repayments/{missed['id']}",
            f"/procurement/v1/cancelled-shares/{cancelled['shares'][0]['id']}",
        ]

        async def matched() -> bool:
            answers = [(await http.get(fact)).json() for fact in facts]
            return all(answer["household_id"] == household["id"] for answer in answers)

        await eventually(matched)
