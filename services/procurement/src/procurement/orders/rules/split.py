"""分摊: what of an amount falls on the shares of an order, in proportion or as named."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from income.sharing import split

from .refusals import TooMuch


def part(amount: Decimal, rooms: Sequence[Decimal], own: Decimal, *, pointer: str) -> list[Decimal]:
    """What of an amount falls on each room, in proportion; what falls on the cooperative's own is left out.

    Nobody gets more than the room there is: a proportional part of a smaller amount never rounds above it.

    Raises:
        TooMuch: the amount is larger than all rooms together.
    """
    if amount > sum(rooms, own):
        raise TooMuch(pointer=pointer)
    return split(amount, [*rooms, own])[:-1]


def named(amounts: Mapping[int, Decimal], rooms: Sequence[Decimal], *, pointers: Mapping[int, str]) -> list[Decimal]:
    """Amounts that were told one by one, by place; the others get nothing.

    Raises:
        TooMuch: one of them is larger than its room.
    """
    for place, amount in amounts.items():
        if amount > rooms[place]:
            raise TooMuch(pointer=pointers[place])
    return [amounts.get(place, Decimal("0.00")) for place in range(len(rooms))]
