"""Pure rules of checks: integrity rules by name, what they find in a family on a day."""

from .catalogue import EDITION, NAMES, RULES, UNDECIDABLE
from .facts import Earned, Family, Found, Member, Rule, Severity, Undecidable
from .judging import PREFIX, judge, limits_of, next_look
from .refusals import ExemptionEnds, FindingGone, FindingState, FindingUnknown, NotExempt, TooManyFindings, UntilPast

__all__ = [
    "EDITION",
    "NAMES",
    "PREFIX",
    "RULES",
    "UNDECIDABLE",
    "Earned",
    "ExemptionEnds",
    "Family",
    "FindingGone",
    "FindingState",
    "FindingUnknown",
    "Found",
    "Member",
    "NotExempt",
    "Rule",
    "Severity",
    "TooManyFindings",
    "Undecidable",
    "UntilPast",
    "judge",
    "limits_of",
    "next_look",
]
