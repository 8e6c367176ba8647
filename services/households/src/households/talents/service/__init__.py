"""Use cases of talents and their kinds; none of them commits."""

from ..queries import Kind, Numbers, Talent, kinds, numbers, talents_page
from .kind_list import KindTerms, add_kind, change_kind
from .registering import TalentEntry, end_talent, get_talent, register_talent, void_talent

__all__ = [
    "Kind",
    "KindTerms",
    "Numbers",
    "Talent",
    "TalentEntry",
    "add_kind",
    "change_kind",
    "end_talent",
    "get_talent",
    "kinds",
    "numbers",
    "register_talent",
    "talents_page",
    "void_talent",
]
