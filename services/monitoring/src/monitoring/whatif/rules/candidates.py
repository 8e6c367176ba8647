"""Which candidate rules can be asked about together."""

from collections.abc import Sequence

from ...risk.rules import CANDIDATES
from .refusals import CandidatesClash, CandidateUnknown


def check_candidates(names: Sequence[str]) -> None:
    """Refuse names that are none, and two in one place.

    Raises:
        CandidateUnknown, CandidatesClash: as they say.
    """
    if any(name not in CANDIDATES for name in names):
        raise CandidateUnknown
    places = [CANDIDATES[name].id for name in names]
    if len(set(places)) < len(places):
        raise CandidatesClash
