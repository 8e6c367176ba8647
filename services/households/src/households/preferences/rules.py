"""Who is preferred: a rule of two published thresholds; no value on the day is unknown, which is not preferred."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from kit.policy_book import PolicyValue

HOUSEHOLDS_LEAST: Final = "preference.households_least"
"""policy value: households an entity is linked with at least"""
PAID_LEAST: Final = "preference.paid_least"
"""policy value: yuan it paid to them in a year at least"""


class Pulls(StrEnum):
    """带动成效评定"""

    ENOUGH = "enough"
    """达到标准"""
    BELOW = "below"
    """低于标准"""
    NO_RULE = "no_rule"
    """标准未公布: unknown"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """评定标准: of a place on a day; None where no value is in force."""

    households: PolicyValue | None
    paid: PolicyValue | None

    @property
    def policy_ids(self) -> tuple[UUID, ...]:
        """The values that a judgement rests on."""
        return tuple(value.id for value in (self.households, self.paid) if value is not None)


def judge(threshold: Threshold, *, households: int, paid: Decimal) -> Pulls:
    """Whether an entity pulls enough along; both thresholds must be published."""
    if threshold.households is None or threshold.paid is None:
        return Pulls.NO_RULE
    enough = households >= threshold.households.value and paid >= threshold.paid.value
    return Pulls.ENOUGH if enough else Pulls.BELOW
