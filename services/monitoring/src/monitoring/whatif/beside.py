"""What a what-if computes in the process beside; kept profiles are sent as text and read there."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from kit.policy_book import PolicyValue

from ..profile.written import profile_of
from ..risk.rules import Fact
from .rules import Chunk, Known, compare

Given = tuple[UUID, str | None, Sequence[Fact]]
"""A household, and its kept profile or else its facts."""


def computed(
    given: Sequence[Given],
    actual: Sequence[PolicyValue],
    asked: Sequence[PolicyValue],
    first: date,
    last: date,
    candidates: Sequence[str],
) -> Chunk:
    """As `compare` says it."""
    known = (Known(id_, facts, None if kept is None else profile_of(kept)) for id_, kept, facts in given)
    return compare(known, actual, asked, first, last, candidates)
