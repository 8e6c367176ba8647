"""分摊: an amount parts to the cent by the largest remainder, in whole fen and in a fixed order."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

_FEN = 100


def split(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Part an amount by weights, 最大余数法.

    The parts sum to the amount, each lies within one fen of its exact share, who has more weight never gets less, and
    the same input always gives the same parts: fen that are left over go to the largest remainders, of equal ones to
    the earlier.

    Args:
        amount: yuan, two places, not negative.
        weights: not negative; at least one above zero unless the amount is zero.

    Raises:
        ValueError: an amount of broken fen or below zero, or nobody to have it.
    """
    fen = int(amount * _FEN)
    total = sum(map(Fraction, weights))
    if amount < 0 or Decimal(fen) != amount * _FEN or any(weight < 0 for weight in weights) or (fen and not total):
        raise ValueError("an amount in whole fen and weights that can have it")
    if not fen:
        return [Decimal("0.00") for _ in weights]
    exact = [fen * Fraction(weight) / total for weight in weights]
    whole = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda place: (whole[place] - exact[place], place))
    for place in by_remainder[: fen - sum(whole)]:
        whole[place] += 1
    return [Decimal(share).scaleb(-2) for share in whole]
