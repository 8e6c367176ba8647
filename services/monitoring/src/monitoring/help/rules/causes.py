"""风险 → 致贫/返贫风险: which causes of the national list (domain 1.7) a rule tells of. Pure."""

from collections.abc import Mapping, Sequence
from typing import Final

_WORK: Final = ("unstable_work",)
_TRADE: Final = ("business_failure",)

CAUSES: Final[Mapping[str, tuple[str, ...]]] = {
    # Wages and business are the two kinds of income that work raises; which of them is short, the visit tells.
    "income.": (*_WORK, *_TRADE),
    "work.": _WORK,
    "expense.medical": ("illness",),
    "expense.schooling": ("schooling",),
    "shock.disaster": ("disaster",),
    "shock.accident": ("accident",),
    "guarantee.housing": ("housing",),
    "guarantee.water": ("water",),
    "guarantee.schooling": ("schooling",),
    "guarantee.insurance": ("illness",),
    # 缺资金 stands only in the list of before 2021; the national list knows the failed undertaking behind the debt.
    "debt.": _TRADE,
    "market.": _TRADE,
    "support.": (),
}
"""Rule, or how a group of rules begins → causes; of those on support the case tells them."""


def causes_of(rule: str, of_case: Sequence[str]) -> tuple[str, ...]:
    """The causes to help with: those the rule tells, else those of the household's case.

    Args:
        rule: of the alert.
        of_case: causes of the household's case; empty where it has none.
    """
    known = next((causes for begin, causes in CAUSES.items() if rule.startswith(begin)), ())
    return known or tuple(of_case)
