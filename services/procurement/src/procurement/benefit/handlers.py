"""What other services' facts mean for sales."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.areas import moving_with_regions
from directory.facts import moving_with_households
from events.catalog.households import PersonJoined
from events.received import Received

from . import service
from .tables import sales, settlements

on_household_moved = moving_with_households(sales)
on_region_moved = moving_with_regions(settlements)


async def on_person(tx: AsyncConnection, events: Sequence[Received[PersonJoined]]) -> None:
    """Sales that waited for this person find their household; after the shares of orders, which are held by payers."""
    await service.match_sales(tx, events)
