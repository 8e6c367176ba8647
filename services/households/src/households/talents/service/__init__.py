"""Use cases of talents and their kinds; none of them commits."""

from ..queries import Kind, Numbers, Talent, numbers, talents_page
from .kind_list import KINDS
from .registering import TalentEntry, end_talent, get_talent, register_talent, void_talent

__all__ = [
    "KINDS",
    "Kind",
    "Numbers",
    "Talent",
    "TalentEntry",
    "end_talent",
    "get_talent",
    "numbers",
    "register_talent",
    "talents_page",
    "void_talent",
]
