"""Rent and dividends in the profile: each month of what they are for, once, beside what is carried for it."""

from datetime import date
from decimal import Decimal

import pytest
from monitoring_facts import TODAY, fact, family, surveyed
from monitoring_feed import Feed, Home, Sent
from monitoring_officer import Officer

from events.catalog.households import BenefitKind, BenefitPaid
from events.ids import derived_id
from monitoring.profile.rules import Household
from monitoring.risk.rules import Income


def _rent(home: Home, amount: str, *, revision: int = 1, void: bool = False) -> Sent:
    link = derived_id("link", home.id)
    data = BenefitPaid(
        link_id=link, entity_id=derived_id("entity"), benefit=BenefitKind.RENT, paid_on=date(2023, 9, 20),
        first_month="2022-10", last_month="2023-09", amount=Decimal(amount),
    )  # fmt: skip
    return Sent(data, home.id, fact_id=derived_id("rent", home.id), revision=revision, void=void)


@pytest.fixture(scope="module", autouse=True)
async def _day(feed: Feed) -> None:
    await feed.day(TODAY)


async def test_a_years_rent_paid_at_once_shows_in_the_profile_and_not_twice(feed: Feed, officer: Officer) -> None:
    home = Home()
    await feed.send(*home.settled(wage=1000), home.earns(1000, revision=2, property=Decimal("600.00")))

    async def projected() -> str:
        return str((await officer.read(f"/v1/households/{home.id}/risk"))["figures"]["projected"])

    assert await projected() == "5300.00"
    await feed.send(_rent(home, "600.00"))
    assert await projected() == "5300.00", "the same money as the survey's"
    await feed.send(_rent(home, "7000.00", revision=2), _rent(home, "600.00"))
    assert await projected() == "8500.00"
    risk = await officer.read(f"/v1/households/{home.id}/risk")
    [rule] = [rule for rule in risk["outcomes"] if rule["rule"] == "income.below_line"]
    assert rule["state"] == "clear"
    await feed.send(_rent(home, "7000.00", revision=3, void=True))
    assert await projected() == "5300.00"


async def test_the_evidence_of_a_low_income_names_the_rent(feed: Feed, officer: Officer) -> None:
    home = Home()
    await feed.send(*home.settled(wage=1000), _rent(home, "600.00"))
    risk = await officer.read(f"/v1/households/{home.id}/risk")
    [rule] = [rule for rule in risk["outcomes"] if rule["rule"] == "income.below_line"]
    assert rule["state"] == "holds"
    assert {(item["kind"], item["name"]["zh"]) for item in rule["evidence"]} == {
        ("IncomeRecorded", "收入登记"), ("BenefitPaid", "收益发放记录"),
    }  # fmt: skip


def _income(on: date, *said: object) -> Income:
    profile = Household(family()[0].household_id, [*family(), surveyed(property="600"), *said]).at(on)  # type: ignore[arg-type, list-item]
    assert profile is not None
    assert profile.income is not None
    return profile.income


@pytest.mark.parametrize("kind", ["BenefitPaid", "DividendPaid"])
def test_before_it_was_paid_nothing_is_known_of_it(kind: str) -> None:
    said = fact(kind, date(2024, 1, 10), amount="4600.00", first_month="2023-01", last_month="2023-12")
    nothing = _income(date(2024, 1, 9)).published
    assert _income(date(2024, 1, 9), said).published == nothing
    assert _income(date(2024, 1, 10), said).published == nothing + Decimal("1000.00")
