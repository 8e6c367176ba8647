"""人均纯收入 and the figure that is compared with the monitoring line."""

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import pairwise

from .facts import Adjustment, Figure, window_of
from .months import Month, Window

_CENT = Decimal("0.01")


def net(figure: Figure) -> Decimal:
    """家庭纯收入: the four kinds less the cost of the household's business."""
    return figure.wage + figure.business + figure.property + figure.transfer - figure.business_cost


def per_head(figure: Figure) -> Decimal:
    """人均纯收入 of a recorded figure, yuan, half a fen up."""
    return shared_by(net(figure), figure.persons)


def comparison_per_head(figure: Figure) -> Decimal:
    """监测参考收入: per head with claims added and compliant self-paid expense taken off."""
    return shared_by(net(figure) + figure.claims - figure.self_paid, figure.persons)


def shared_by(amount: Decimal, persons: int) -> Decimal:
    """The amount per person, yuan, half a fen up.

    Raises:
        ValueError: nobody to share it.
    """
    if persons < 1:
        raise ValueError("an income per head needs at least one person")
    return (amount / persons).quantize(_CENT, ROUND_HALF_UP)


def monthly_part(amount: Decimal, position: int, months: int) -> Decimal:
    """What falls on one month of an amount for several months.

    Whole fen, so that any run of `months` consecutive positions sums to the amount exactly.
    """
    return _monthly_parts(amount, months)[position % months]


def part_in(month: Month, of: Figure | Adjustment, amount: Decimal) -> Decimal:
    """What falls on the month of an amount of the fact's whole window; the window repeats before and after itself."""
    first, months = _span(window_of(of))
    return _monthly_parts(amount, months)[(month.year * 12 + month.month - first) % months]


@lru_cache(1024)
def _span(window: Window) -> tuple[int, int]:
    return window.first.ordinal + 1, window.months


@lru_cache(16_384)
def _monthly_parts(amount: Decimal, months: int) -> tuple[Decimal, ...]:
    """All of them at once: a yearly figure is read month by month, at every step of its household."""
    fen = int(amount * 100)
    edges = [Decimal(fen * place // months) for place in range(months + 1)]
    return tuple((after - before).scaleb(-2) for before, after in pairwise(edges))
