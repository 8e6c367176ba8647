"""What the rules on loans, lost orders and single buyers say in full, and when time changes it."""

from datetime import date, timedelta
from decimal import Decimal

from monitoring_facts import EARNER, TODAY, fact, id_of
from monitoring_said import FIRST, LAST, earning, held, not_known, not_met, profile, said
from msgspec.structs import replace

from monitoring.risk.rules import Fact, Instalment, Level, RepaymentPlan


def late(days: int, amount: str | None, name: str = "x") -> Fact:
    return fact("LoanOverdue", TODAY - timedelta(days=days), name=name, person=EARNER, amount=amount)


def test_a_loan_that_is_overdue() -> None:
    rule = "debt.overdue"
    names = [f"debt.overdue.{level}" for level in ("yellow", "orange", "red")]
    old, new, untold = late(30, "3000.50"), late(2, "1000", "y"), late(2, None, "z")
    figures = {"due_on": "2023-09-15", "amount": "4000.50"}
    assert said(rule, profile(overdue=(new, old, untold))) == held(
        rule, Level.ORANGE, names[1], values=figures, facts=(new, old, untold), until=TODAY + timedelta(days=60),
        zh="贷款逾期 30 天以上（自 2023-09-15），逾期金额 4,000.50 元",
        en="Loan overdue by 30 days or more (since 2023-09-15), 4,000.50 yuan",
    )  # fmt: skip
    assert said(rule, profile(overdue=(late(90, "1"),))).until == date.max
    today = said(rule, profile(overdue=(late(0, "5"),)))
    assert today == not_met(rule, values={"due_on": "2023-10-15", "amount": "5"}, until=TODAY + timedelta(days=1))
    for name in names:
        assert said(rule, profile(overdue=(old,)), without=name) == not_known(
            rule, "debt.overdue", values={"due_on": "2023-09-15", "amount": "3000.50"}
        )
    assert said(rule, profile()) == not_met(rule)


def plan(*lines: tuple[date, str, str], name: str = "loan") -> RepaymentPlan:
    """Instalments: due, amount, and what of it was paid yesterday."""
    yesterday = TODAY - timedelta(days=1)
    instalments = [Instalment(due, Decimal(amount), ((yesterday, Decimal(paid)),)) for due, amount, paid in lines]
    return RepaymentPlan(id_of(name), tuple(instalments))


def test_instalments_that_the_means_of_a_month_do_not_cover() -> None:
    rule, days = "debt.due_soon", "debt.due_soon.days"
    soon, edge = TODAY + timedelta(days=5), TODAY + timedelta(days=30)
    heavy = plan((soon, "900.00", "100.00"), (edge, "200.01", "0.00"), (edge + timedelta(days=1), "70.00", "0.00"))
    known = profile(income=earning("9000"), repayment_plans=(heavy,))
    figures = {"due_on": "2023-10-20", "due": "1000.01", "monthly_means": "1000.00"}
    assert said(rule, known) == held(
        rule, Level.YELLOW, days, values=figures, facts=(heavy,), until=TODAY + timedelta(days=1),
        zh="30 天内应还贷款 1,000.01 元（最早 2023-10-20），预计月收入 1,000 元",
        en="1,000.01 yuan of loans due within 30 days (first on 2023-10-20), projected income of a month 1,000",
    )  # fmt: skip
    two = replace(known, repayment_plans=(plan((soon, "600", "0")), plan((edge, "400", "0"), name="other")))
    covered = {"due_on": "2023-10-20", "due": "1000", "monthly_means": "1000.00"}
    assert said(rule, two) == not_met(rule, days, values=covered, until=TODAY + timedelta(days=6))
    no_income = replace(known, income=None)
    unknown = not_known(rule, "income", days, values={"due_on": "2023-10-20", "due": "1000.01"})
    assert said(rule, no_income) == replace(unknown, until=TODAY + timedelta(days=1))
    assert said(rule, known, without=days) == replace(not_known(rule, days), until=soon)
    far = profile(repayment_plans=(plan((TODAY + timedelta(days=40), "1", "0")),))
    assert said(rule, far) == not_met(rule, days, until=TODAY + timedelta(days=10))
    for over in (plan((TODAY - timedelta(days=1), "5000", "0")), plan((soon, "5000", "5000")), plan()):
        assert said(rule, profile(repayment_plans=(over,))) == not_met(rule)
    today = profile(income=earning("1"), repayment_plans=(plan((TODAY, "1500", "0"), (edge, "1500", "0")),))
    assert said(rule, today).until == TODAY + timedelta(days=1)
    assert said(rule, today).facts == tuple(fact.id for fact in today.repayment_plans), "a plan is named once"


def test_orders_that_fell_away() -> None:
    rule, share = "market.order_lost", "market.order_lost.share"
    edge = fact("OrderCancelled", date(2022, 10, 1), amount="3600")
    more, untold = fact("DeliveryRejected", TODAY, amount="0.50"), fact("DeliveryRejected", TODAY, name="untold")
    gone = fact("OrderCancelled", date(2022, 9, 30), amount="90000")
    known = profile(income=earning("9000"), orders_lost=(edge, more, untold, gone))
    assert said(rule, known) == held(
        rule, Level.YELLOW, share, values={"lost": "3600.50", "business": "18000", "share": "20%"},
        facts=(edge, more, untold),
        zh="取消或拒收订单 3,600.50 元，占生产经营性收入 20%",
        en="Cancelled or rejected orders of 3,600.50 yuan, 20% of business income",
    )  # fmt: skip
    just = profile(income=earning("9000"), orders_lost=(edge,))
    assert said(rule, just) == not_met(rule, share, values={"lost": "3600", "business": "18000"})
    assert said(rule, just, without=share) == not_known(rule, share)
    assert said(rule, replace(just, income=None)) == not_known(rule, "income")
    assert said(rule, profile(orders_lost=(gone,))) == not_met(rule)
    none = profile(income=earning("9000", business=Decimal(0)), orders_lost=(more,))
    assert said(rule, none).values == {"lost": "0.50", "business": "0", "share": "100%"}
    little = profile(income=earning("9000", business=Decimal(1)), orders_lost=(more,))
    assert said(rule, little).values["share"] == "50%"


def sold(amount: str | None, buyer: str, on: date = TODAY, name: object = "") -> Fact:
    return fact("HouseholdSalePaid", on, name=(buyer, name), amount=amount, buyer_id=buyer)


def test_one_buyer_who_pays_most_of_what_the_household_has() -> None:
    rule, share = "market.one_buyer", "market.one_buyer.share"
    first, last = sold("12000", "canteen", FIRST), sold("0.50", "canteen", LAST)
    outside = [sold("90000", "canteen", day, "out") for day in (FIRST - timedelta(days=1), LAST + timedelta(days=1))]
    union = sold("7000", "a union", date(2023, 5, 1))
    known = profile(income=earning("9000"), sales=(last, union, *outside, first))
    assert said(rule, known) == held(
        rule, Level.YELLOW, share, facts=(first, last),
        values={"paid": "12000.50", "income": "20000", "share": "60%", "buyer": "canteen"},
        zh="近 12 个月一家采购方付款 12,000.50 元，占家庭收入 60%",
        en="One buyer paid 12,000.50 yuan in 12 months, 60% of the household's income",
    )  # fmt: skip
    just = profile(income=earning("9000"), sales=(first, union))
    assert said(rule, just) == not_met(rule, share, values={"paid": "12000", "income": "20000"})
    assert said(rule, just, without=share) == not_known(rule, share)
    assert said(rule, replace(just, income=None)) == not_known(rule, "income")
    assert said(rule, profile()) == not_met(rule)
    before = profile(income=earning("9000"), sales=(outside[0],))
    assert said(rule, before) == not_met(rule, share, values={"paid": "0", "income": "20000"})
    poor = earning("1", gross=Decimal(0))
    equal = [sold("5", name, FIRST) for name in ("b", "a")]
    for order in (equal, equal[::-1]):
        assert said(rule, profile(income=poor, sales=tuple(order))).values == {
            "paid": "5", "income": "0", "share": "100%", "buyer": "a",
        }  # fmt: skip
    tiny = profile(income=earning("1", gross=Decimal(1)), sales=(sold("1", "a", FIRST), sold(None, "a", LAST)))
    assert said(rule, tiny).values["share"] == "100%"
    doubled = profile(income=earning("1", gross=Decimal(1)), sales=(sold("2", "a", FIRST),))
    assert said(rule, doubled).values["share"] == "200%"
