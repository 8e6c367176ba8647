"""Claims and self-paid bills count in the comparison figure (监测参考收入) and in no other."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from monitoring_facts import EARNER, HOUSEHOLD, TODAY, fact, family, surveyed
from monitoring_feed import Feed, Home, Sent
from monitoring_officer import Officer
from msgspec.structs import replace

from events.catalog.finance import ClaimPaid
from events.catalog.households import ExpenseReported
from events.ids import derived_id
from monitoring.profile.rules import Household
from monitoring.risk.rules import Fact, Income

BASE = (*family(), surveyed())
"""no claims and no self-paid bills in the survey"""
_AMOUNTS = st.integers(1, 5_000_000).map(lambda fen: Decimal(fen).scaleb(-2))
_DAYS = st.integers(0, 364).map(lambda days: date(2022, 10, 1) + timedelta(days=days))


def paid(home: Home, amount: str, on: date, *, revision: int = 1, void: bool = False) -> Sent:
    claim = derived_id("claim", home.id)
    data = ClaimPaid(person_id=home.head, claim_id=claim, kind="medical", amount=Decimal(amount), paid_on=on)
    return Sent(data, home.id, fact_id=derived_id("claim-paid", claim), revision=revision, void=void)


def bill(home: Home, amount: str, on: date) -> Sent:
    data = ExpenseReported(kind="medical", amount=Decimal(amount), window_from=on, window_to=on)
    return Sent(data, home.id, fact_id=derived_id("bill", home.id))


async def test_a_claim_shows_beside_the_bill_is_corrected_and_taken_back(feed: Feed, officer: Officer) -> None:
    await feed.day(TODAY)
    home = Home()
    await feed.send(*home.settled())

    async def figures() -> tuple[str, str, str]:
        told: dict[str, Any] = (await officer.read(f"/v1/households/{home.id}/risk"))["figures"]
        return told["published"], told["projected"], told["comparison"]

    assert await figures() == ("49500.00", "49500.00", "49500.00")
    await feed.send(bill(home, "8000.00", date(2023, 4, 3)))
    assert await figures() == ("49500.00", "49500.00", "45500.00")
    await feed.send(paid(home, "6000.00", date(2023, 5, 9)))
    assert await figures() == ("49500.00", "49500.00", "48500.00")
    await feed.send(paid(home, "5000.00", date(2023, 5, 9), revision=2), paid(home, "6000.00", date(2023, 5, 9)))
    assert await figures() == ("49500.00", "49500.00", "48000.00")
    report = await feed.rebuilt()
    assert not [table for table in report.tables if table.different]
    await feed.send(paid(home, "5000.00", date(2023, 5, 9), revision=3, void=True))
    assert await figures() == ("49500.00", "49500.00", "45500.00")
    await feed.send(paid(home, "700.00", TODAY, revision=4))
    assert (await figures())[2] == "45500.00", "the month it was paid in is not a full one yet"


def income(*said: Fact) -> Income:
    profile = Household(HOUSEHOLD, [*BASE, *said]).at(TODAY)
    assert profile is not None
    assert profile.income is not None
    return profile.income


def claim(n: int, amount: Decimal, on: date) -> Fact:
    return fact("ClaimPaid", on, name=n, person=EARNER, amount=amount, kind="medical")


def expense(n: int, kind: str, amount: Decimal, on: date) -> Fact:
    return fact("ExpenseReported", on, name=n, amount=amount, kind=kind, window_from=on.isoformat())


@given(
    st.lists(st.tuples(_AMOUNTS, _DAYS), max_size=4),
    st.lists(st.tuples(st.sampled_from(["medical", "schooling"]), _AMOUNTS, _DAYS), max_size=4),
    st.randoms(use_true_random=False),
)
def test_the_comparison_figure_is_the_published_one_with_both_and_nothing_else_moves(
    claims: list[tuple[Decimal, date]], bills: list[tuple[str, Decimal, date]], random: Any
) -> None:
    said = [claim(n, *told) for n, told in enumerate(claims)] + [expense(n, *told) for n, told in enumerate(bills)]
    shuffled = [*said]
    random.shuffle(shuffled)
    bare, full = income(), income(*said)
    assert income(*shuffled) == full
    extra = sum((amount for amount, _ in claims), Decimal(0))
    extra -= sum((amount for kind, amount, _ in bills if kind == "medical"), Decimal(0))
    assert full.comparison == ((bare.net + extra) / bare.persons).quantize(Decimal("0.01"), ROUND_HALF_UP)
    ignored = {"comparison": bare.comparison, "sources": bare.sources}
    assert replace(full, **ignored) == bare


def test_a_claim_of_the_year_before_is_not_carried_on() -> None:
    assert income(claim(1, Decimal("900.00"), date(2022, 9, 30))).comparison == income().published
