"""Events of the finance service."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from .base import Event, Money, Service


class _Finance(Event):
    SERVICE: ClassVar[Service] = "finance"


class LoanOverdue(_Finance):
    """贷款逾期: an instalment of a loan was not paid on its due date; `fact_id` names the instalment's delay."""

    person_id: UUID | None
    loan_number: str
    """the bank's loan number"""
    product: str
    """petty_loan 脱贫人口小额信贷, fumin 富民贷, kunyi 昆易贷, startup 创业担保贷款"""
    due_on: date
    amount: Money
    """逾期金额, yuan"""


class LoanCured(_Finance):
    """逾期归还: the delay of the same loan and due date is over."""

    person_id: UUID | None
    loan_number: str
    overdue_fact_id: UUID
    cured_on: date
