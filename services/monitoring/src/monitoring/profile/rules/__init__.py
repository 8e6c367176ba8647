"""The fold of a household's facts and the pure step from a fold to levels and alerts."""

from .assess import Cause, Status, World, assess
from .earnings import Earnings
from .fold import Household
from .relevance import JOINED, MEMBERSHIP, MERGES, partner

__all__ = ["JOINED", "MEMBERSHIP", "MERGES", "Cause", "Earnings", "Household", "Status", "World", "assess", "partner"]
