"""Use cases of insurance; none of them commits."""

from ..queries import claims_page, policies_page, uninsured, villages, years
from .claiming import ClaimEntry, correct, deny, file_claim, get_claim, match_claims, pay, take_payment_back, void_claim
from .insuring import PolicyEntry, get_policy, issue, match_policies, void_policy

__all__ = [
    "ClaimEntry",
    "PolicyEntry",
    "claims_page",
    "correct",
    "deny",
    "file_claim",
    "get_claim",
    "get_policy",
    "issue",
    "match_claims",
    "match_policies",
    "pay",
    "policies_page",
    "take_payment_back",
    "uninsured",
    "villages",
    "void_claim",
    "void_policy",
    "years",
]
