"""账: what repayments pay of a loan, a pure function of its terms and the set of repayments.

1. A repayment pays the instalments oldest first, interest before principal; what is paid ahead waits for its due date.
2. An early repayment (提前还款) first pays what is due and what was begun ahead; the rest takes principal off at once,
   with the interest of that principal for the days since the last due date (a year has 360), and the instalments
   after it are planned anew for what is left, on the same due dates.
3. What is paid is principal or interest, to the fen. Nothing is lost, and nothing is taken beyond what is owed.

No penalty interest is computed: the bank's contract has it, no source here gives its rate.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Final
from uuid import UUID

from .refusals import PaidTooMuch
from .schedule import FEN, ZERO, Line, Terms, plan, rounded, schedule

_DAYS_OF_PERCENT: Final = Decimal(36_000)


@dataclass(frozen=True, slots=True)
class Payment:
    """还款: an amount paid on a day; `early` is meant to take principal off."""

    id: UUID
    on: date
    amount: Decimal
    early: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """还款分配: what of a repayment went to an instalment, yuan."""

    on: date
    principal: Decimal
    interest: Decimal

    @property
    def amount(self) -> Decimal:
        """Both together."""
        return self.principal + self.interest


@dataclass(frozen=True, slots=True)
class Split:
    """本息拆分 of a repayment, yuan."""

    principal: Decimal = ZERO
    interest: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Due:
    """一期 with what was paid of it."""

    line: Line
    parts: tuple[Part, ...] = ()

    @property
    def unpaid_interest(self) -> Decimal:
        """未还利息."""
        return self.line.interest - sum((part.interest for part in self.parts), ZERO)

    @property
    def unpaid_principal(self) -> Decimal:
        """未还本金."""
        return self.line.principal - sum((part.principal for part in self.parts), ZERO)

    @property
    def unpaid(self) -> Decimal:
        """未还本息."""
        return self.unpaid_interest + self.unpaid_principal

    @property
    def paid_up_on(self) -> date | None:
        """The day on which it was paid in full; None while something is owed."""
        if self.unpaid:
            return None
        return max((part.on for part in self.parts), default=date.min)


class Account:
    """贷款账户: the instalments of a loan after some repayments."""

    def __init__(self, terms: Terms):
        self._terms = terms
        self._dues = [Due(line) for line in schedule(terms)]
        self.splits: dict[UUID, Split] = {}
        """how each repayment was split"""
        self.prepaid = Split()
        """what early repayments paid beyond the instalments"""

    @classmethod
    def of(cls, terms: Terms, payments: Iterable[Payment]) -> "Account":
        """The account after these repayments, whatever their order of arrival.

        Raises:
            PaidTooMuch: one of them is more than was owed on its day.
        """
        account = cls(terms)
        for payment in sorted(payments, key=lambda payment: (payment.on, payment.id)):
            account._take(payment)
        return account

    @property
    def dues(self) -> tuple[Due, ...]:
        """The instalments as they now stand."""
        return tuple(self._dues)

    @property
    def principal(self) -> Decimal:
        """在贷余额: principal not paid back."""
        return sum((due.unpaid_principal for due in self._dues), ZERO)

    @property
    def owed(self) -> Decimal:
        """Principal and interest of all instalments not paid."""
        return sum((due.unpaid for due in self._dues), ZERO)

    @property
    def settled(self) -> bool:
        """Whether nothing is owed."""
        return not self.owed

    def payoff(self, on: date) -> Decimal:
        """What settles the loan on a day."""
        first = self._first_untouched(on)
        begun = sum((due.unpaid for due in self._dues[:first]), ZERO)
        left = self._principal_from(first)
        return begun + left + rounded(left * self._daily(first, on))

    def overdue(self, on: date) -> tuple[Due, ...]:
        """逾期: the instalments whose due date has passed and that are not paid in full."""
        return tuple(due for due in self._dues if due.line.due_on < on and due.unpaid)

    def _take(self, payment: Payment) -> None:
        if payment.early:
            first = self._first_untouched(payment.on)
            left = self._pay(payment, payment.amount, first)
            if left:
                self._take_off(payment, left, first)
        elif self._pay(payment, payment.amount, len(self._dues)):
            raise PaidTooMuch

    def _pay(self, payment: Payment, amount: Decimal, end: int) -> Decimal:
        """Pay the instalments before `end`, oldest first; gives what is left."""
        for index in range(end):
            due = self._dues[index]
            interest = min(amount, due.unpaid_interest)
            principal = min(amount - interest, due.unpaid_principal)
            if interest or principal:
                self._dues[index] = replace(due, parts=(*due.parts, Part(payment.on, principal, interest)))
                self._split(payment, principal, interest)
                amount -= interest + principal
        return amount

    def _take_off(self, payment: Payment, amount: Decimal, first: int) -> None:
        left = self._principal_from(first)
        daily = self._daily(first, payment.on)
        whole = left + rounded(left * daily)
        if amount > whole or not left:
            raise PaidTooMuch
        principal = left if amount == whole else (amount / (1 + daily)).quantize(FEN, ROUND_DOWN)
        interest = amount - principal
        self._split(payment, principal, interest)
        self.prepaid = Split(self.prepaid.principal + principal, self.prepaid.interest + interest)
        self._dues[first:] = [Due(line) for line in plan(self._terms, left - principal, first + 1)]

    def _first_untouched(self, on: date) -> int:
        """Index of the first instalment behind all that are due or begun; those of no amount are passed over."""
        begun = (index for index, due in enumerate(self._dues) if due.line.due_on <= on or due.parts)
        return max(begun, default=-1) + 1

    def _principal_from(self, first: int) -> Decimal:
        return sum((due.line.principal for due in self._dues[first:]), ZERO)

    def _daily(self, first: int, on: date) -> Decimal:
        """Interest per yuan from the due date before to a day, never more than that of the period."""
        since = self._dues[first - 1].line.due_on if first else self._terms.disbursed_on
        days = min(max(0, _days_360(since, on)), 30 * self._terms.period_months)
        return self._terms.annual_rate * days / _DAYS_OF_PERCENT

    def _split(self, payment: Payment, principal: Decimal, interest: Decimal) -> None:
        known = self.splits.get(payment.id, Split())
        self.splits[payment.id] = Split(known.principal + principal, known.interest + interest)


def _days_360(first: date, last: date) -> int:
    months = (last.year - first.year) * 12 + last.month - first.month
    return months * 30 + min(last.day, 30) - min(first.day, 30)
