"""Use cases of talents and their kinds; none of them commits."""

from ..queries import Kind, Numbers, Talent, numbers, talents_page
from .kind_list import KINDS
from .registering import (
    Status,
    TalentEntry,
    TalentOutcome,
    end_talent,
    get_talent,
    register_talent,
    register_talents,
    void_talent,
)

__all__ = [
    "KINDS",
    "Kind",
    "Numbers",
    "Status",
    "Talent",
    "TalentEntry",
    "TalentOutcome",
    "end_talent",
    "get_talent",
    "numbers",
    "register_talent",
    "register_talents",
    "talents_page",
    "void_talent",
]
