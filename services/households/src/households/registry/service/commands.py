"""What callers state about households and persons; plain values, no tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from events.catalog.households import EliminationWay, HouseholdType, LabourSkill, MonitoringCategory, RiskCause
from kit.errors import Refusal

from ..queries import Household


# Not frozen, as the rows of `queries`.
@dataclass(slots=True, kw_only=True)
class HouseholdFacts:
    """户: what is stated about a household as a whole."""

    number: str
    region_code: str
    household_type: HouseholdType
    category: MonitoringCategory | None = None
    identified_on: date | None = None
    risk_eliminated: bool | None = None
    eliminated_on: date | None = None
    elimination_way: EliminationWay | None = None
    causes: tuple[RiskCause, ...] = ()
    no_labour: bool = False


# Not frozen, as the rows of `queries`.
@dataclass(slots=True, kw_only=True)
class PersonFacts:
    """成员: what is stated about a person; `certificate` as written, in 18, 20 or 22 characters."""

    certificate: str = field(repr=False)
    name: str = field(repr=False)
    relation: str
    phone: str | None = field(default=None, repr=False)
    number: str | None = None
    labour_skill: LabourSkill | None = None
    education: str | None = None
    school_stage: str | None = None
    health: tuple[str, ...] = ()
    since: date | None = None


# Not frozen, as the rows of `queries`.
@dataclass(slots=True, kw_only=True)
class HouseholdEntry:
    """户及成员: a household with all its members as somebody stated them on a date (an export's date, today)."""

    facts: HouseholdFacts
    members: tuple[PersonFacts, ...]
    stated_on: date


class Status(StrEnum):
    """登记结果"""

    REGISTERED = "registered"
    """新登记"""
    CHANGED = "changed"
    """有变更"""
    UNCHANGED = "unchanged"
    """无变化"""
    REFUSED = "refused"
    """未登记"""


# Not frozen, as the rows of `queries`.
@dataclass(slots=True, kw_only=True)
class Outcome:
    """What became of one entry; a refused one left no row and no event.

    Attributes:
        registered: the household, where it was not there before.
        joined: the ids of its persons then, by the first 18 characters of the certificate.
    """

    number: str
    status: Status
    household_id: UUID | None = None
    refusal: Refusal | None = None
    registered: Household | None = None
    joined: Mapping[str, UUID] = field(default_factory=dict, repr=False)


HouseholdChanges = Mapping[str, Any]
"""Fields of `HouseholdFacts` with their new values; what is absent stays."""

PersonChanges = Mapping[str, Any]
"""Fields of `PersonFacts` with their new values; certificate and since are not among them."""
