"""Schedules close at 0.00, the ledger loses no fen, delays follow from both."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import pyxirr
from hypothesis import given
from hypothesis import strategies as st

from events.ids import derived_id
from finance.loans.rules import (
    Account,
    Delay,
    Due,
    Method,
    PaidTooMuch,
    Payment,
    Terms,
    instalment,
    look_on,
    schedule,
    tell,
)

DAY = date(2022, 9, 20)
GOLDEN = Terms(
    principal=Decimal("50000.00"),
    annual_rate=Decimal("3.65"),
    months=36,
    method=Method.EQUAL_INSTALMENTS,
    disbursed_on=DAY,
)


def yuan(smallest: int = 1, largest: int = 20_000_000) -> st.SearchStrategy[Decimal]:
    return st.integers(smallest, largest).map(lambda fen: Decimal(fen) / 100)


rates = st.integers(0, 240_000).map(lambda parts: Decimal(parts) / 10_000)
terms = st.builds(
    Terms,
    principal=yuan(),
    annual_rate=rates,
    months=st.integers(1, 60),
    method=st.sampled_from(Method),
    disbursed_on=st.dates(date(2020, 1, 1), date(2025, 12, 31)),
)


def test_golden_fifty_thousand_over_three_years() -> None:
    lines = schedule(GOLDEN)
    assert {line.amount for line in lines[:-1]} == {Decimal("1468.43")}
    assert (lines[0].interest, lines[0].principal) == (Decimal("152.08"), Decimal("1316.35"))
    left = GOLDEN.principal
    for line in lines:
        left -= line.principal
    assert left == Decimal("0.00")
    assert abs(lines[-1].amount - Decimal("1468.43")) < Decimal("0.36")
    assert (lines[0].due_on, lines[-1].due_on) == (date(2022, 10, 20), date(2025, 9, 20))


@given(terms)
def test_every_schedule_pays_back_exactly_what_was_lent(contract: Terms) -> None:
    lines = schedule(contract)
    assert sum(line.principal for line in lines) == contract.principal
    assert all(line.principal >= 0 and line.interest >= 0 for line in lines)
    days = [line.due_on for line in lines]
    assert days == sorted(set(days))
    assert days[-1].month % 12 == (contract.disbursed_on.month + contract.months) % 12


@given(yuan(100_000), rates.filter(bool), st.integers(1, 60))
def test_the_instalment_is_that_of_an_independent_library(principal: Decimal, rate: Decimal, months: int) -> None:
    monthly = rate / 1200
    expected = -pyxirr.pmt(float(monthly), months, float(principal))
    assert float(instalment(principal, monthly, months)) == pytest.approx(expected, abs=0.0051)


@given(yuan(100_000), rates.filter(lambda rate: rate > 1), st.integers(2, 60), st.sampled_from(Method))
def test_the_rate_of_the_schedule_is_that_of_the_contract(
    principal: Decimal, rate: Decimal, months: int, method: Method
) -> None:
    contract = Terms(principal=principal, annual_rate=rate, months=months, method=method, disbursed_on=DAY)
    lines = schedule(contract)
    flows = [-float(principal), *(float(line.amount) for line in lines)]
    yearly = pyxirr.irr(flows) * 1200 / contract.period_months
    assert yearly == pytest.approx(float(rate), abs=0.05)


def test_a_day_that_a_month_does_not_have_is_its_last() -> None:
    contract = Terms(
        principal=Decimal(600), annual_rate=Decimal(0), months=3, method=Method.EQUAL_PRINCIPAL,
        disbursed_on=date(2023, 11, 30),
    )  # fmt: skip
    assert contract.due_dates == (date(2023, 12, 30), date(2024, 1, 30), date(2024, 2, 29))


@pytest.mark.parametrize("method", [Method.INTEREST_FIRST, Method.AT_MATURITY])
def test_principal_that_is_paid_last(method: Method) -> None:
    contract = Terms(
        principal=Decimal("30000.00"), annual_rate=Decimal("4.30"), months=12, method=method, disbursed_on=DAY
    )
    *early, last = schedule(contract)
    assert [line.principal for line in early] == [Decimal(0)] * len(early)
    assert last.principal == Decimal("30000.00")
    assert sum(line.interest for line in (*early, last)) == Decimal("1290.00")


payments = st.lists(
    st.tuples(st.integers(0, 2_000), st.integers(1, 4_000_000), st.booleans(), st.booleans()), max_size=12
)


@given(terms, payments, st.randoms())
def test_no_fen_is_lost_over_any_sequence_of_repayments(
    contract: Terms, wanted: list[tuple[int, int, bool, bool]], random: Any
) -> None:
    taken: list[Payment] = []
    account = Account.of(contract, taken)
    for number, (days, fen, early, all_of_it) in enumerate(sorted(wanted)):
        on = contract.disbursed_on + timedelta(days=days)
        amount = account.payoff(on) if early and all_of_it else Decimal(fen) / 100
        if not amount:
            continue
        payment = Payment(derived_id("payment", number), on, amount, early)
        try:
            account = Account.of(contract, [*taken, payment])
        except PaidTooMuch:
            continue
        taken.append(payment)
    paid = sum((payment.amount for payment in taken), Decimal(0))
    principal = sum((split.principal for split in account.splits.values()), Decimal(0))
    interest = sum((split.interest for split in account.splits.values()), Decimal(0))
    assert paid == principal + interest
    assert contract.principal == principal + account.principal
    assert all(due.unpaid_principal >= 0 and due.unpaid_interest >= 0 for due in account.dues)
    assert all(
        account.splits[payment.id].principal + account.splits[payment.id].interest == payment.amount
        for payment in taken
    )
    assert not account.settled or (account.owed, account.principal) == (0, 0)
    shuffled = Account.of(contract, random.sample(taken, len(taken)))
    assert (shuffled.dues, shuffled.splits) == (account.dues, account.splits)


@given(terms, st.integers(0, 1_800))
def test_paying_it_off_settles_it_and_costs_no_more_than_waiting(contract: Terms, days: int) -> None:
    on = contract.disbursed_on + timedelta(days=days)
    before = Account.of(contract, [])
    amount = before.payoff(on)
    assert amount <= before.owed + Decimal("0.01")
    after = Account.of(contract, [Payment(derived_id("all"), on, amount, True)])
    assert (after.settled, after.owed, after.payoff(on)) == (True, 0, 0)
    with pytest.raises(PaidTooMuch):
        Account.of(contract, [Payment(derived_id("all"), on, amount + Decimal("0.01"), True)])


def test_interest_is_paid_before_principal_and_the_oldest_first() -> None:
    account = Account.of(GOLDEN, [Payment(derived_id(1), date(2022, 11, 25), Decimal("1568.43"))])
    first, second, third = account.dues[:3]
    assert (first.paid_up_on, second.unpaid_interest) == (date(2022, 11, 25), second.line.interest - Decimal(100))
    assert (second.unpaid_principal, third.parts) == (second.line.principal, ())


def test_an_early_repayment_shortens_what_follows_and_keeps_the_days() -> None:
    on = date(2022, 10, 5)
    account = Account.of(GOLDEN, [Payment(derived_id(1), on, Decimal("20000.00"), True)])
    split = account.splits[derived_id(1)]
    assert split.interest == Decimal("30.38")
    assert account.principal == Decimal("50000.00") - split.principal
    assert account.dues[0].line.amount == Decimal("881.95")
    assert [due.line.due_on for due in account.dues] == list(GOLDEN.due_dates)


def test_an_instalment_paid_a_few_days_ahead_is_not_overdue_afterwards() -> None:
    account = Account.of(GOLDEN, [Payment(derived_id(1), date(2022, 10, 18), Decimal("1468.43"))])
    assert account.overdue(date(2022, 10, 21)) == ()
    assert look_on(account.dues, date(2022, 10, 21)) == date(2022, 11, 21)


def new(due: Due) -> Delay:
    return Delay(
        id=UUID(int=due.line.number), loan_id=UUID(int=99), number=due.line.number, revision=1, void=False,
        due_on=due.line.due_on, amount=due.unpaid, cured_on=None, cure_revision=0,
    )  # fmt: skip


def told_after(payments: list[Payment], on: date, told: dict[int, Delay]) -> dict[int, Delay]:
    account = Account.of(GOLDEN, payments)
    return told | {delay.number: delay for delay, _ in tell(account, on, told, new)}


def test_a_delay_is_told_cured_taken_back_and_told_again() -> None:
    late = date(2022, 10, 21)
    assert told_after([], date(2022, 10, 20), {}) == {}
    told = told_after([], late, {})
    assert (told[1].amount, told[1].revision, told[1].void) == (Decimal("1468.43"), 1, False)
    assert told_after([], late, told) == told
    part = Payment(derived_id(1), late, Decimal("1000.00"))
    told = told_after([part], late, told)
    assert (told[1].amount, told[1].revision) == (Decimal("468.43"), 2)
    rest = Payment(derived_id(2), late, Decimal("468.43"))
    cured = told_after([part, rest], late, told)
    assert (cured[1].cured_on, cured[1].cure_revision, cured[1].revision) == (late, 1, 2)
    bounced = told_after([part], late, cured)
    assert (bounced[1].cured_on, bounced[1].cure_revision, bounced[1].revision) == (None, 2, 2)
    in_time = Payment(derived_id(3), date(2022, 10, 19), Decimal("1468.43"))
    assert told_after([in_time], late, bounced)[1].void
    assert told_after([in_time], late, cured)[1].cured_on is None
    assert not told_after([], late, told_after([in_time], late, bounced))[1].void
