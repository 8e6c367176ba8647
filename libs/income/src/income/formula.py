"""人均纯收入 and the figure that is compared with the monitoring line."""

from decimal import ROUND_HALF_UP, Decimal

from .facts import Figure

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
    fen = int(amount * 100)
    place = position % months
    return Decimal(fen * (place + 1) // months - fen * place // months).scaleb(-2)
