"""What other services' facts mean for orders."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.areas import moving_with_regions
from directory.facts import moving_with_households
from events.catalog.households import PersonJoined
from events.received import Received

from . import service
from .tables import cancelled_shares, delivered_shares, deliveries, order_shares, orders

on_household_moved = moving_with_households(order_shares, delivered_shares, cancelled_shares)
on_region_moved = moving_with_regions(orders, deliveries)


async def on_person(tx: AsyncConnection, events: Sequence[Received[PersonJoined]]) -> None:
    """Shares that waited for this person find their household."""
    await service.match_shares(tx, events)
