"""还款计划: the instalments of a loan, in fen, closing at 0.00 whatever the amount, rate and term.

A month's interest is a twelfth of the yearly rate. Each line is rounded half up; the last one pays what is left.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from income.months import Month

FEN: Final = Decimal("0.01")
ZERO: Final = Decimal("0.00")
_MONTHS_OF_PERCENT: Final = Decimal(1200)


class Method(StrEnum):
    """还款方式"""

    EQUAL_INSTALMENTS = "equal_instalments"
    """等额本息"""
    EQUAL_PRINCIPAL = "equal_principal"
    """等额本金"""
    INTEREST_FIRST = "interest_first"
    """按月付息、到期还本"""
    AT_MATURITY = "at_maturity"
    """利随本清: 到期一次还本付息"""


@dataclass(frozen=True, slots=True)
class Line:
    """一期: what is due on a day, yuan."""

    number: int
    due_on: date
    principal: Decimal
    interest: Decimal

    @property
    def amount(self) -> Decimal:
        """应还本息."""
        return self.principal + self.interest


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """合同条款: fixed for the whole term.

    Attributes:
        principal: yuan.
        annual_rate: percent a year.
        months: term.
    """

    principal: Decimal
    annual_rate: Decimal
    months: int
    method: Method
    disbursed_on: date

    @property
    def due_dates(self) -> tuple[date, ...]:
        """The days on which something is due: the day of disbursement in each month, the last one where it has none."""
        if self.method is Method.AT_MATURITY:
            return (_months_later(self.disbursed_on, self.months),)
        return tuple(_months_later(self.disbursed_on, number) for number in range(1, self.months + 1))

    @property
    def period_months(self) -> int:
        """Months from one due date to the next."""
        return self.months if self.method is Method.AT_MATURITY else 1


def schedule(terms: Terms) -> tuple[Line, ...]:
    """The lines of a loan as it is disbursed."""
    return plan(terms, terms.principal, 1)


def plan(terms: Terms, principal: Decimal, first: int) -> tuple[Line, ...]:
    """The lines from number `first` to the last, for the principal that is left; their principal sums up to it."""
    dates = terms.due_dates[first - 1 :]
    rate = terms.annual_rate * terms.period_months / _MONTHS_OF_PERCENT
    parts = _PARTS[terms.method](principal, rate, len(dates))
    return tuple(
        Line(first + n, due_on, part, interest)
        for n, (due_on, (part, interest)) in enumerate(zip(dates, parts, strict=True))
    )


Parts = Sequence[tuple[Decimal, Decimal]]


def instalment(principal: Decimal, rate: Decimal, count: int) -> Decimal:
    """月供 of equal instalments, for a rate per period as a fraction."""
    if rate == 0:
        return rounded(principal / count)
    return rounded(principal * rate / (1 - (1 + rate) ** -count))


def _equal_instalments(principal: Decimal, rate: Decimal, count: int) -> Parts:
    payment, left = instalment(principal, rate, count), principal
    parts = []
    for number in range(1, count + 1):
        interest = rounded(left * rate)
        part = left if number == count else min(left, max(ZERO, payment - interest))
        parts.append((part, interest))
        left -= part
    return parts


def _equal_principal(principal: Decimal, rate: Decimal, count: int) -> Parts:
    part, left = (principal / count).quantize(FEN, ROUND_DOWN), principal
    parts = []
    for number in range(1, count + 1):
        parts.append((left if number == count else part, rounded(left * rate)))
        left -= part
    return parts


def _principal_last(principal: Decimal, rate: Decimal, count: int) -> Parts:
    interest = rounded(principal * rate)
    return [(principal if number == count else ZERO, interest) for number in range(1, count + 1)]


_PARTS: Final[dict[Method, Callable[[Decimal, Decimal, int], Parts]]] = {
    Method.EQUAL_INSTALMENTS: _equal_instalments,
    Method.EQUAL_PRINCIPAL: _equal_principal,
    Method.INTEREST_FIRST: _principal_last,
    Method.AT_MATURITY: _principal_last,
}


def rounded(amount: Decimal) -> Decimal:
    """To the fen, half up."""
    return amount.quantize(FEN, ROUND_HALF_UP)


def _months_later(day: date, months: int) -> date:
    month = Month.of(day).plus(months)
    return month.first_day.replace(day=min(day.day, month.last_day.day))
