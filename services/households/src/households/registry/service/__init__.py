"""Use cases of the registry; none of them commits."""

from ..queries import (
    Household,
    Membership,
    Person,
    Present,
    aliases_of,
    history,
    households_by_id,
    households_by_number,
    households_page,
    lives_around,
    members,
    outside_scope,
    persons_by_id,
    present,
    stays_of,
)
from ..queries.finding import Found
from ..queries.past import PastPerson, history_as_of, household_as_of, members_as_of
from ..rules import (
    FIRST_VERSION,
    Decided,
    HouseholdMergedAway,
    HouseholdUnknown,
    PersonUnknown,
    RegisteredElsewhere,
    SearchTooWide,
    one_refusal,
)
from .align import align_households
from .commands import HouseholdEntry, HouseholdFacts, Outcome, PersonFacts, Status
from .deciding import Decision, take_decisions
from .edit import join_household, leave_household, move_person, update_household, update_person, village_path
from .finding import Wanted, fill_indexes, identify_person, search_households
from .follow import follow_villages
from .grids import place_in_grid
from .lookup import family_ids, get_household, get_person, get_standing, household_of_certificate, standing
from .merging import merge_households, unmerge_households
from .people import stated
from .register import register_households
from .restoring import Restoration, restore_households
from .splitting import split_household
from .telling import about

__all__ = [
    "FIRST_VERSION",
    "Decided",
    "Decision",
    "Found",
    "Household",
    "HouseholdEntry",
    "HouseholdFacts",
    "HouseholdMergedAway",
    "HouseholdUnknown",
    "Membership",
    "Outcome",
    "PastPerson",
    "Person",
    "PersonFacts",
    "PersonUnknown",
    "Present",
    "RegisteredElsewhere",
    "Restoration",
    "SearchTooWide",
    "Status",
    "Wanted",
    "about",
    "aliases_of",
    "align_households",
    "family_ids",
    "fill_indexes",
    "follow_villages",
    "get_household",
    "get_person",
    "get_standing",
    "history",
    "history_as_of",
    "household_as_of",
    "household_of_certificate",
    "households_by_id",
    "households_by_number",
    "households_page",
    "identify_person",
    "join_household",
    "leave_household",
    "lives_around",
    "members",
    "members_as_of",
    "merge_households",
    "move_person",
    "one_refusal",
    "outside_scope",
    "persons_by_id",
    "place_in_grid",
    "present",
    "register_households",
    "restore_households",
    "search_households",
    "split_household",
    "standing",
    "stated",
    "stays_of",
    "take_decisions",
    "unmerge_households",
    "update_household",
    "update_person",
    "village_path",
]
