"""Rules on the market: each raises, clears, and says when it does not know."""

import dataclasses
from datetime import date
from decimal import Decimal

from monitoring_facts import HOUSEHOLD, TODAY, VALUES, fact, family, id_of, seeds, surveyed
from msgspec.structs import replace

from kit.policy import PolicyBook
from monitoring.profile.rules import Household
from monitoring.risk.rules import Fact, Level, Outcome, State, evaluate

CANTEEN, UNION = id_of("canteen"), id_of("union")


def judge(*facts: Fact, on: date = TODAY, policy: PolicyBook | None = None) -> dict[str, Outcome]:
    profile = Household(HOUSEHOLD, facts).at(on)
    assert profile is not None
    return {outcome.rule: outcome for outcome in evaluate(profile, policy or seeds(), on)}


def cancelled(amount: str, on: date = date(2023, 10, 1)) -> Fact:
    return fact("OrderCancelled", on, amount=amount, order_id="x", cause="buyer")


def rejected(amount: str, on: date = date(2023, 10, 2)) -> Fact:
    return fact("DeliveryRejected", on, amount=amount, order_id="x", cause="quality")


def sold(amount: str, on: date = date(2023, 5, 20), buyer: object = CANTEEN, **data: object) -> Fact:
    return fact("HouseholdSalePaid", on, name=buyer, amount=amount, buyer_id=str(buyer), **data)


def test_cancelled_and_rejected_orders_together_against_business_income() -> None:
    def lost(*facts: Fact) -> Outcome:
        return judge(*family(), surveyed(), *facts)["market.order_lost"]

    assert lost().state is State.CLEAR
    assert lost(cancelled("3600")).state is State.CLEAR
    assert lost(cancelled("3000"), rejected("600")).state is State.CLEAR
    held = lost(cancelled("3000"), rejected("600.01"))
    assert (held.state, held.level, len(held.facts)) == (State.HOLDS, Level.YELLOW, 2)
    assert held.zh == "取消或拒收订单 3,600.01 元，占生产经营性收入 20%"
    assert lost(rejected("3600.01")).holds
    assert lost(cancelled("3000"), replace(rejected("600.01"), void=True)).state is State.CLEAR
    assert lost(cancelled("9000", date(2022, 9, 30)), rejected("10")).state is State.CLEAR


def test_lost_orders_of_a_household_whose_income_nobody_knows_are_unknown() -> None:
    assert judge(*family(), rejected("1"))["market.order_lost"].missing == "income"
    without = seeds(without="market.order_lost.share")
    assert judge(*family(), surveyed(), rejected("1"), policy=without)["market.order_lost"].state is State.UNKNOWN


def test_sales_raise_the_business_income_that_losses_are_measured_by() -> None:
    facts = [*family(), surveyed(), cancelled("4000")]
    assert judge(*facts)["market.order_lost"].holds
    outcome = judge(*facts, sold("3500.01"), sold("500", buyer=UNION))["market.order_lost"]
    assert (outcome.state, outcome.values["business"]) == (State.CLEAR, "20500.01")
    assert judge(*facts, sold("3500.01"))["income.below_line"].values["projected"] == "10950.00"


def test_one_buyer_of_most_of_the_income() -> None:
    """24000 + 18000 + 800 + 5000; a sale above the carried 1500 of its month adds to them."""

    def dependent(*facts: Fact) -> Outcome:
        return judge(*family(), surveyed(), *facts)["market.one_buyer"]

    assert dependent().state is State.CLEAR
    assert dependent(sold("69450")).state is State.CLEAR, "exactly 60 % of 115,750"
    held = dependent(sold("69451"))
    assert (held.state, held.level) == (State.HOLDS, Level.YELLOW)
    assert held.values == {"paid": "69451", "income": "115751.00", "share": "60%", "buyer": str(CANTEEN)}
    assert held.zh == "近 12 个月一家采购方付款 69,451 元，占家庭收入 60%"
    assert dependent(sold("69451"), sold("9000", date(2023, 6, 1), UNION)).state is State.CLEAR
    assert dependent(sold("40000"), sold("40000", date(2023, 6, 1))).holds, "all sales to the buyer together"
    assert dependent(sold("69451", revision=2, void=True)).state is State.CLEAR


def test_a_sale_counts_for_dependence_while_it_lies_in_the_twelve_full_months() -> None:
    facts = [*family(), surveyed(), sold("90000", date(2023, 10, 5))]
    assert judge(*facts, on=date(2023, 10, 31))["market.one_buyer"].state is State.CLEAR, "the month is not full yet"
    assert judge(*facts, on=date(2023, 11, 1))["market.one_buyer"].holds
    assert judge(*facts, on=date(2024, 10, 31))["market.one_buyer"].holds
    assert judge(*facts, on=date(2024, 11, 1))["market.one_buyer"].state is State.CLEAR


def test_dependence_is_unknown_where_the_income_or_the_share_is() -> None:
    assert judge(*family(), sold("1"))["market.one_buyer"].missing == "income"
    without = seeds(without="market.one_buyer.share")
    unknown = judge(*family(), surveyed(), sold("1"), policy=without)["market.one_buyer"]
    assert (unknown.state, unknown.missing) == (State.UNKNOWN, "market.one_buyer.share")


def test_the_larger_of_two_buyers_is_named_and_of_equals_always_the_same() -> None:
    low = PolicyBook(
        dataclasses.replace(value, value=Decimal("0.30")) if value.name == "market.one_buyer.share" else value
        for value in VALUES
    )
    nothing_else = surveyed(wage="0", business="0", transfer="0", property="0", cost="0")

    def named(*facts: Fact) -> str:
        return judge(*family(), nothing_else, *facts, policy=low)["market.one_buyer"].values["buyer"]

    one, two = sold("70000"), sold("70000", date(2023, 6, 1), UNION)
    assert judge(*family(), nothing_else, one, two)["market.one_buyer"].state is State.CLEAR, "each is half of it"
    assert named(one, two) == named(two, one) == min(str(CANTEEN), str(UNION))
    assert named(one, two, sold("1", date(2023, 7, 1), UNION)) == str(UNION)
