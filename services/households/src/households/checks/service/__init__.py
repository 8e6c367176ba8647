"""Use cases of checks; none of them commits."""

from ..queries import (
    Count,
    Exemption,
    Finding,
    Listed,
    Wanted,
    counts,
    exemptions_page,
    findings_page,
)
from .checking import AT_ONCE, check, check_some, next_due, postpone
from .exempting import exempt, withdraw_exemption
from .reporting import Known, findings_workbook, known_rules

__all__ = [
    "AT_ONCE",
    "Count",
    "Exemption",
    "Finding",
    "Known",
    "Listed",
    "Wanted",
    "check",
    "check_some",
    "counts",
    "exempt",
    "exemptions_page",
    "findings_page",
    "findings_workbook",
    "known_rules",
    "next_due",
    "postpone",
    "withdraw_exemption",
]
