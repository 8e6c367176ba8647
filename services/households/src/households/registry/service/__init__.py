"""Use cases of the registry; none of them commits."""

from ..queries import (
    Household,
    Membership,
    Person,
    history,
    households_by_number,
    households_page,
    members,
    outside_scope,
)
from ..rules import HouseholdUnknown, PersonUnknown, RegisteredElsewhere, one_refusal
from .align import align_households
from .commands import HouseholdEntry, HouseholdFacts, Outcome, PersonFacts, Status
from .edit import join_household, leave_household, move_person, update_household, update_person
from .follow import follow_villages
from .lookup import get_household, get_person, household_of_certificate, standing
from .people import stated
from .register import register_households

__all__ = [
    "Household",
    "HouseholdEntry",
    "HouseholdFacts",
    "HouseholdUnknown",
    "Membership",
    "Outcome",
    "Person",
    "PersonFacts",
    "PersonUnknown",
    "RegisteredElsewhere",
    "Status",
    "align_households",
    "follow_villages",
    "get_household",
    "get_person",
    "history",
    "household_of_certificate",
    "households_by_number",
    "households_page",
    "join_household",
    "leave_household",
    "members",
    "move_person",
    "one_refusal",
    "outside_scope",
    "register_households",
    "standing",
    "stated",
    "update_household",
    "update_person",
]
