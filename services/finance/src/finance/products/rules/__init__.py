"""Loan products: their terms as policy, and who may have which loan, with reasons. Pure."""

from kit.eligibility import Reason, State, Verdict

from .assess import age, assess
from .model import (
    UNREGISTERED,
    Applicant,
    Ask,
    Eligibility,
    LoanUse,
    Product,
)

__all__ = [
    "UNREGISTERED",
    "Applicant",
    "Ask",
    "Eligibility",
    "LoanUse",
    "Product",
    "Reason",
    "State",
    "Verdict",
    "age",
    "assess",
]
