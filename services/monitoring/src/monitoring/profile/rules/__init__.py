"""The fold of a household's facts and the pure step from a fold to levels and alerts."""

from .assess import Cause, Folded, Status, World, assess
from .earnings import Earnings
from .fold import Household
from .kept import Kept
from .relevance import JOINED, MEMBERSHIP, MERGES, partner

__all__ = [
    "JOINED",
    "MEMBERSHIP",
    "MERGES",
    "Cause",
    "Earnings",
    "Folded",
    "Household",
    "Kept",
    "Status",
    "World",
    "assess",
    "partner",
]
