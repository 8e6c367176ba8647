"""Loans: schedules, the ledger of repayments, delays, and what is refused. Pure."""

from .delays import bucket, look_on, overdue_since, tell
from .ledger import Account, Due, Part, Payment, Split
from .model import Delay, Loan, Rejection, Repayment, Stage
from .refusals import (
    LoanNumberTaken,
    LoanOpen,
    LoanUnknown,
    MoreThanApplied,
    NotEligible,
    NotMet,
    OutOfTime,
    PaidTooMuch,
    ReceiptKnown,
    RepaymentUnknown,
    RepaymentVoided,
    ReportedByBank,
    WrongState,
)
from .schedule import ZERO, Line, Method, Terms, instalment, schedule

__all__ = [
    "ZERO",
    "Account",
    "Delay",
    "Due",
    "Line",
    "Loan",
    "LoanNumberTaken",
    "LoanOpen",
    "LoanUnknown",
    "Method",
    "MoreThanApplied",
    "NotEligible",
    "NotMet",
    "OutOfTime",
    "PaidTooMuch",
    "Part",
    "Payment",
    "ReceiptKnown",
    "Rejection",
    "Repayment",
    "RepaymentUnknown",
    "RepaymentVoided",
    "ReportedByBank",
    "Split",
    "Stage",
    "Terms",
    "WrongState",
    "bucket",
    "instalment",
    "look_on",
    "overdue_since",
    "schedule",
    "tell",
]
