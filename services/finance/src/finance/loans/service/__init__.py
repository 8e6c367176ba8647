"""Use cases of loans; none of them commits."""

from ..queries import page
from .accounts import find_overdue
from .applying import Application, Approval, apply, approve, get_loan, match_applications, reject
from .lending import Paid, account_of, disburse, repay, repayments_of, void_repayment

__all__ = [
    "Application",
    "Approval",
    "Paid",
    "account_of",
    "apply",
    "approve",
    "disburse",
    "find_overdue",
    "get_loan",
    "match_applications",
    "page",
    "reject",
    "repay",
    "repayments_of",
    "void_repayment",
]
