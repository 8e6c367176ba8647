"""Rules on the market: sales that fell away, dependence on one buyer."""

from datetime import date
from decimal import Decimal
from itertools import groupby

from .model import Fact, Level, Outcome, Policy, Profile, State, clear, ids, percent, quiet, unknown, yuan
from .windows import twelve_months_before

ORDER_LOST = "market.order_lost"
ONE_BUYER = "market.one_buyer"


def order_lost(profile: Profile, policy: Policy, on: date) -> Outcome:
    """订单流失: cancelled orders and rejected deliveries of twelve months against the household's business income."""
    since = twelve_months_before(on)
    facts = tuple(fact for fact in profile.orders_lost if fact.on >= since)
    if not facts:
        return quiet(ORDER_LOST)
    if profile.income is None:
        return unknown(ORDER_LOST, "income")
    limit = policy.at("market.order_lost.share", profile.path, on)
    if limit is None:
        return unknown(ORDER_LOST, "market.order_lost.share")
    lost = _sum(facts)
    business = profile.income.business
    values = {"lost": str(lost), "business": str(business)}
    if lost <= business * limit.value:
        return clear(ORDER_LOST, limit, values=values)
    share = percent(lost / business) if business > 0 else "100%"
    return Outcome(
        ORDER_LOST,
        State.HOLDS,
        Level.YELLOW,
        values=values | {"share": share},
        facts=ids(facts),
        policy=(limit,),
        zh=f"取消或拒收订单 {yuan(lost)} 元，占生产经营性收入 {share}",
        en=f"Cancelled or rejected orders of {yuan(lost)} yuan, {share} of business income",
    )


def one_buyer(profile: Profile, policy: Policy, on: date) -> Outcome:
    """依赖单一采购方: what one buyer paid in the twelve full months, against all the household's income in them."""
    if not profile.sales:
        return quiet(ONE_BUYER)
    if profile.income is None:
        return unknown(ONE_BUYER, "income")
    limit = policy.at("market.one_buyer.share", profile.path, on)
    if limit is None:
        return unknown(ONE_BUYER, "market.one_buyer.share")
    income = profile.income
    facts = _largest([fact for fact in profile.sales if income.window_from <= fact.on <= income.window_to])
    paid = _sum(facts)
    values = {"paid": str(paid), "income": str(income.gross)}
    if paid <= income.gross * limit.value:
        return clear(ONE_BUYER, limit, values=values)
    share = percent(paid / income.gross) if income.gross > 0 else "100%"
    return Outcome(
        ONE_BUYER,
        State.HOLDS,
        Level.YELLOW,
        values=values | {"share": share, "buyer": _buyer(facts[0])},
        facts=ids(facts),
        policy=(limit,),
        zh=f"近 12 个月一家采购方付款 {yuan(paid)} 元，占家庭收入 {share}",
        en=f"One buyer paid {yuan(paid)} yuan in 12 months, {share} of the household's income",
    )


def _largest(sales: list[Fact]) -> tuple[Fact, ...]:
    """The sales to the buyer who paid most; of equals, to the first by id."""
    ordered = sorted(sales, key=lambda fact: (_buyer(fact), fact.on, fact.id))
    by_buyer = [tuple(facts) for _, facts in groupby(ordered, key=_buyer)]
    return max(by_buyer, key=_sum, default=())


def _buyer(fact: Fact) -> str:
    return str(fact.data["buyer_id"])


def _sum(facts: tuple[Fact, ...]) -> Decimal:
    return sum((fact.amount or Decimal(0) for fact in facts), Decimal(0))
