"""The bank of the story: a few loans from rating to repayment, one of which is not paid in time."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final
from uuid import UUID

from .cast import Cast, Earner
from .facts import Facts
from .year import PAY_DAY, Happening, Year

LOANS: Final = 6
AMOUNT: Final = Decimal("50000.00")
RATE: Final = "3.65"
MONTHS: Final = 36
INSTALMENT: Final = Decimal("1468.43")
"""What 50,000 yuan at 3.65 % cost a month in 36 equal instalments; the last one differs by fen."""


@dataclass(slots=True)
class Borrower:
    """借款人 of the story; `loan` once the bank has paid out."""

    earner: Earner
    late: bool
    loan: UUID | None = None
    paid: int = 0
    """instalments"""


def add_loans(year: Year, cast: Cast, random: Random) -> None:
    """Loans paid out in the second month and repaid monthly; one borrower skips two months, then pays all."""
    first = year.begins + timedelta(days=36)
    # One of a household: it may have one open loan of a product.
    chosen = random.sample(list({earner.household_id: earner for earner in cast.earners}.values()), LOANS)
    for n, earner in enumerate(chosen):
        borrower = Borrower(earner, late=n == 0)
        year.on(first, _lend(borrower, first))
        for number, due in enumerate(_pay_days(first + timedelta(days=30), year.ends), 1):
            year.on(due, _repay(borrower, number, due), apart=True)


def _pay_days(after: date, until: date) -> list[date]:
    days, month = [], after.replace(day=1)
    while (day := month.replace(day=PAY_DAY)) <= until:
        if day >= after:
            days.append(day)
        month = (month + timedelta(days=32)).replace(day=1)
    return days


def _lend(borrower: Borrower, on: date) -> Happening:
    async def happen(facts: Facts) -> None:
        borrower.loan = await facts.lend(borrower.earner, AMOUNT, RATE, MONTHS, on)

    return happen


def _repay(borrower: Borrower, number: int, on: date) -> Happening:
    async def happen(facts: Facts) -> None:
        if borrower.loan is None or (borrower.late and number in (3, 4)):
            return
        times = number - borrower.paid if borrower.late else 1
        await facts.repay(borrower.loan, INSTALMENT * times, on, f"HK-{number}")
        borrower.paid = number

    return happen
