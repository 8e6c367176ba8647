"""Which policy values the rules of finance read; the refusals of setting one.

Forbidden
└── PolicyOutOfArea      a value can be set within one's own area only
Invalid
├── UnknownPolicy        no rule reads a value of this name
└── EndsBeforeItBegins   the last day lies before the first
"""

import re
from typing import Final

from kit.errors import Forbidden, Invalid

from ..products.rules import LoanUse, Product

_TERMS: Final = (
    "offered", "limit", "limit.subsidised", "months", "age.from", "age.to", "rating_required", "overdue_allowed",
    "subsidy.share", "rate.short.months", "rate.short.lpr", "rate.short.spread", "rate.long.lpr", "rate.long.spread",
)  # fmt: skip
_GROUPS: Final = ("lifted", "lifted_no_policy", "general", "monitored")
_OTHERS: Final = re.compile(r"lpr\.[15]|overdue\.bucket\.[1-4]|credit\.unborrowed\.target")

NAMES: Final = frozenset(
    f"product.{product}.{term}"
    for product in Product
    for term in (*_TERMS, *(f"for.{group}" for group in _GROUPS), *(f"use.{use}" for use in LoanUse))
)
"""The names of all terms of products."""


class PolicyOutOfArea(Forbidden):
    """超出管理范围: a value may be set only within one's own area."""

    code = "policy-out-of-area"
    zh, en = "只能为本辖区设定政策值", "a value can be set within your own area only"
    fix_zh, fix_en = "请选择您管理范围内的区划", "choose a region within your area"
    pointer = "/path"


class UnknownPolicy(Invalid):
    """未知政策名: no rule reads a value of this name."""

    code = "unknown-policy"
    zh, en = "没有规则使用这个名称的政策值", "no rule reads a value of this name"
    fix_zh, fix_en = (
        "请从政策列表或资格咨询的 missing 中选择名称",
        "choose a name from the list, or from what is missing",
    )
    pointer = "/name"


class EndsBeforeItBegins(Invalid):
    """止期早于起期."""

    code = "ends-before-it-begins"
    zh, en = "失效日期早于生效日期", "the last day lies before the first"
    fix_zh, fix_en = (
        "请修改失效日期，或留空表示长期有效",
        "correct the last day, or leave it out while the value stands",
    )
    pointer = "/valid_to"


def check_name(name: str) -> None:
    """A name that a rule reads.

    Raises:
        UnknownPolicy: none does.
    """
    if name not in NAMES and not _OTHERS.fullmatch(name):
        raise UnknownPolicy
