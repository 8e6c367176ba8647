"""Use cases of registrations and of families without any work; none commits."""

from ..queries import families_page, registrations_page
from ..rules import Family, FamilyState, Registration, state_of
from .families import find_all, get_family, offer, settle
from .registering import end_registration, get_registration, match_registrations, register, void_registration

__all__ = [
    "Family",
    "FamilyState",
    "Registration",
    "end_registration",
    "families_page",
    "find_all",
    "get_family",
    "get_registration",
    "match_registrations",
    "offer",
    "register",
    "registrations_page",
    "settle",
    "state_of",
    "void_registration",
]
