"""Use cases of payments: settle, refund, take back; what households were paid follows. None of them commits."""

from ..queries import paid_by, sales_of, sales_page, settlements_of
from ..rules import Amounts, Sale, Settlement
from .changing import refund, void_settlement
from .matching import match_sales
from .settling import get_sale, get_settlement, settle

__all__ = [
    "Amounts",
    "Sale",
    "Settlement",
    "get_sale",
    "get_settlement",
    "match_sales",
    "paid_by",
    "refund",
    "sales_of",
    "sales_page",
    "settle",
    "settlements_of",
    "void_settlement",
]
