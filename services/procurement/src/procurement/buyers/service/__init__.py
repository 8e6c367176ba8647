"""Use cases of buyers and of the reserves they file; none of them commits."""

from ..queries import buyers_by_id, buyers_page, counting_for, reserves_of
from ..rules import Buyer, BuyerKind, Canteen, Reserve, ReturnReason
from .filing import accept_reserve, file_reserve, get_reserve, return_reserve
from .registry import BuyerReport, change_buyer, close_buyer, get_buyer, register_buyer

__all__ = [
    "Buyer",
    "BuyerKind",
    "BuyerReport",
    "Canteen",
    "Reserve",
    "ReturnReason",
    "accept_reserve",
    "buyers_by_id",
    "buyers_page",
    "change_buyer",
    "close_buyer",
    "counting_for",
    "file_reserve",
    "get_buyer",
    "get_reserve",
    "register_buyer",
    "reserves_of",
    "return_reserve",
]
