"""The directory's table of contents: event class → what the directory does with it."""

from typing import Final

from events.catalog.households import (
    BusinessDateAdvanced,
    HouseholdMerged,
    HouseholdRegistered,
    HouseholdUnmerged,
    HouseholdUpdated,
    PersonJoined,
    PersonLeft,
    PersonUpdated,
    RegionChanged,
    StaffAssigned,
    StaffOnLeave,
    StaffReleased,
)
from events.received import Handlers

from .aliases import on_merge
from .areas import on_business_date, on_region, on_staff
from .duty import on_leave
from .families import on_household, on_person, on_person_left

HANDLERS: Final[Handlers] = {
    HouseholdRegistered: (on_household,),
    HouseholdUpdated: (on_household,),
    HouseholdMerged: (on_merge,),
    HouseholdUnmerged: (on_merge,),
    PersonJoined: (on_person,),
    PersonUpdated: (on_person,),
    PersonLeft: (on_person_left,),
    RegionChanged: (on_region,),
    StaffAssigned: (on_staff,),
    StaffReleased: (on_staff,),
    StaffOnLeave: (on_leave,),
    BusinessDateAdvanced: (on_business_date,),
}
"""Merged into every worker's table, before the service's own."""
