"""Public payments in the profile: transfer income of the months they are for, void once they come back."""

from datetime import date

import pytest
from monitoring_facts import TODAY, fact, family, surveyed
from monitoring_feed import Feed, Home
from monitoring_officer import Officer

from monitoring.profile.rules import Household
from monitoring.risk.rules import Income


@pytest.fixture(scope="module", autouse=True)
async def _day(feed: Feed) -> None:
    await feed.day(TODAY)


async def test_what_was_paid_counts_until_it_comes_back_in_whatever_order(feed: Feed, officer: Officer) -> None:
    home = Home()
    await feed.send(*home.settled(wage=1000))

    async def projected() -> str:
        return str((await officer.read(f"/v1/households/{home.id}/risk"))["figures"]["projected"])

    assert await projected() == "5000.00"
    paid = home.transfer("7000.00", date(2023, 9, 20))
    await feed.send(paid)
    assert await projected() == "8000.00", "6,000 more than the survey's 1,000, for two persons"
    risk = await officer.read(f"/v1/households/{home.id}/risk")
    assert "TransferPaid" in {item["kind"] for rule in risk["outcomes"] for item in rule["evidence"]}
    back = home.transfer("7000.00", date(2023, 10, 1), revision=2, back=True)
    await feed.send(back, paid)
    assert await projected() == "5000.00"
    await feed.send(home.transfer("7000.00", date(2023, 10, 12), revision=3), back)
    assert await projected() == "8000.00"
    assert (await feed.rebuilt()).identical


async def test_an_interest_subsidy_is_in_no_figure(feed: Feed, officer: Officer) -> None:
    home = Home()
    await feed.send(*home.settled(wage=1000), home.transfer("7000.00", date(2023, 9, 20), counts=False))
    risk = await officer.read(f"/v1/households/{home.id}/risk")
    assert risk["figures"]["projected"] == "5000.00"


def _income(on: date, *said: object) -> Income:
    profile = Household(family()[0].household_id, [*family(), surveyed(transfer="0"), *said]).at(on)  # type: ignore[arg-type, list-item]
    assert profile is not None
    assert profile.income is not None
    return profile.income


def test_it_raises_the_share_of_transfers_from_the_day_it_was_paid() -> None:
    paid = fact("TransferPaid", date(2023, 10, 10), amount="12000.00", first_month="2022-10", last_month="2023-09")
    assert _income(date(2023, 10, 9), paid).transfer_share == 0
    after = _income(date(2023, 10, 10), paid)
    assert str(after.transfer) == "12000.00"
    assert after.transfer_share is not None
    assert after.transfer_share > 0
