"""Which policy values the rules of finance read, each with its unit."""

from collections.abc import Mapping
from typing import Final

from kit.policy_book import Unit

from ..credit.rules import TARGET
from ..insurance.rules import DONATED_FOR
from ..products.rules import LoanUse, Product
from ..transfers.rules import APPROVED_DAYS

_GROUPS: Final = ("lifted", "lifted_no_policy", "general", "monitored")

_TERMS: Final[Mapping[str, Unit]] = {
    "offered": Unit.FLAG,
    "limit": Unit.YUAN,
    "limit.subsidised": Unit.YUAN,
    "months": Unit.MONTHS,
    "age.from": Unit.YEARS,
    "age.to": Unit.YEARS,
    "rating_required": Unit.FLAG,
    "overdue_allowed": Unit.FLAG,
    "subsidy.share": Unit.SHARE,
    "rate.short.months": Unit.MONTHS,
    "rate.short.lpr": Unit.YEARS,
    "rate.short.spread": Unit.PERCENT,
    "rate.long.lpr": Unit.YEARS,
    "rate.long.spread": Unit.PERCENT,
    **{f"for.{group}": Unit.FLAG for group in _GROUPS},
    **{f"use.{use}": Unit.FLAG for use in LoanUse},
}

NAMES: Final[Mapping[str, Unit]] = {
    **{f"product.{product}.{term}": unit for product in Product for term, unit in _TERMS.items()},
    "lpr.1": Unit.PERCENT,
    "lpr.5": Unit.PERCENT,
    **{f"overdue.bucket.{number}": Unit.DAYS for number in range(1, 5)},
    TARGET: Unit.COUNT,
    APPROVED_DAYS: Unit.DAYS,
    **{f"{DONATED_FOR}{group}": Unit.FLAG for group in _GROUPS},
}
"""Name → unit; a rule that reads another value adds it here."""
