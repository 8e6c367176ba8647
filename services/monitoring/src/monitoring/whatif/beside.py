"""What a what-if computes in the process beside; kept profiles are sent as text and read there."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from kit.policy_book import PolicyValue

from ..profile.rendering import outcomes_of
from ..profile.written import glimpse_of, profile_of
from ..risk.rules import Fact
from .rules import Chunk, Known, compare

Given = tuple[UUID, str | None, str | None, Sequence[Fact]]
"""A household, its kept profile and what stands in its row as of the day; or else its facts."""


def computed(
    given: Sequence[Given],
    actual: Sequence[PolicyValue],
    asked: Sequence[PolicyValue],
    first: date,
    last: date,
    candidates: Sequence[str],
) -> Chunk:
    """As `compare` says it."""
    return compare((_known(*item) for item in given), actual, asked, first, last, candidates)


def _known(household_id: UUID, kept: str | None, standing: str | None, facts: Sequence[Fact]) -> Known:
    if kept is None:
        return Known(household_id, facts)
    if standing is None:
        return Known(household_id, profile=profile_of(kept))
    return Known(household_id, profile=glimpse_of(kept), standing=outcomes_of(standing))
