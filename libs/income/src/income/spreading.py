"""分摊到月: money paid at once for several months counts in each of them, not in the month it came.

Precedence takes the larger of feed and carried month by month. A dividend of 600 a year, left in the December it was
paid, would stand beside eleven carried twelfths of the same 600 and read as almost twice the money.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from .facts import Payment
from .formula import monthly_part
from .months import Window


def spread(payment: Payment) -> Iterator[Payment]:
    """What of a payment falls on each of its months: whole fen that sum to the amount exactly."""
    if payment.last is None or payment.last == payment.month:
        yield payment
        return
    window = Window(payment.month, payment.last)
    for position, month in enumerate(window.each()):
        yield replace(payment, month=month, last=None, amount=monthly_part(payment.amount, position, window.months))
