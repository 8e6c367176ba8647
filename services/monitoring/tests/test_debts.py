"""A repayment comes near that the household's means do not cover: told when it comes near, closed when it is paid."""

from datetime import date, timedelta

from monitoring_feed import Feed, Home, Sent

from events.catalog.finance import Instalment, LoanDisbursed, LoanScheduled, PaidPart
from events.ids import uuid7

TODAY = date(2023, 10, 15)
LENT = date(2022, 11, 24)
DUE = TODAY + timedelta(days=40)


async def test_a_repayment_that_comes_near_is_told_and_closed_when_paid(feed: Feed) -> None:
    await feed.day(TODAY)
    home, loan_id, plan_id = Home(), uuid7(), uuid7()
    lent = LoanDisbursed(
        person_id=home.head, loan_id=loan_id, loan_number="YN-001", product="petty_loan", amount="50000.00",
        annual_rate="4.3000", method="at_maturity", disbursed_on=LENT, matures_on=DUE,
    )  # fmt: skip

    def plan(*paid: PaidPart) -> LoanScheduled:
        line = Instalment(number=1, due_on=DUE, amount="52150.00", paid=paid)
        return LoanScheduled(
            person_id=home.head, loan_id=loan_id, product="petty_loan", disbursed_on=LENT, instalments=(line,)
        )

    await feed.send(*home.settled(), Sent(lent, home.id, fact_id=loan_id), Sent(plan(), home.id, fact_id=plan_id))
    assert await feed.level(home.id) == "green"
    before = await feed.rows("SELECT figures FROM profiles WHERE household_id = :id", id=home.id)
    await feed.through(TODAY + timedelta(days=1), DUE - timedelta(days=31))
    assert await feed.alerts(home.id) == []
    await feed.day(DUE - timedelta(days=30))
    assert await feed.alerts(home.id) == [("debt.due_soon", "yellow", "open")]
    await feed.day(DUE - timedelta(days=29))
    paid = PaidPart(on=DUE - timedelta(days=29), amount="52150.00")
    await feed.send(Sent(plan(paid), home.id, fact_id=plan_id, revision=2))
    assert await feed.alerts(home.id) == [("debt.due_soon", "yellow", "closed")]
    after = await feed.rows("SELECT figures FROM profiles WHERE household_id = :id", id=home.id)
    assert (before[0].figures["published"], before[0].figures["projected"]) == (
        after[0].figures["published"],
        after[0].figures["projected"],
    )
