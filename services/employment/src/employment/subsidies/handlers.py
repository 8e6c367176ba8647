"""What other services' facts mean for subsidies: where the household is, and what became of the money."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.facts import moving_with_households
from events.catalog.finance import TransferPaid, TransferReturned
from events.received import Received

from . import service
from .tables import subsidies

on_household_moved = moving_with_households(subsidies)


async def on_transfer(tx: AsyncConnection, events: Sequence[Received[TransferPaid | TransferReturned]]) -> None:
    """Finance has paid a subsidy, or the bank sent it back."""
    await service.take_outcomes(tx, events)
