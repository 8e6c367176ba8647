"""What other services' facts mean for loans."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.facts import moving_with_households
from events.catalog.households import BusinessDateAdvanced, PersonJoined
from events.received import Received

from . import service
from .tables import loans

on_household_moved = moving_with_households(loans)


async def on_person(tx: AsyncConnection, events: Sequence[Received[PersonJoined]]) -> None:
    """Applications that waited for this person find their household."""
    await service.match_applications(tx, events)


async def on_business_date(tx: AsyncConnection, events: Sequence[Received[BusinessDateAdvanced]]) -> None:
    """A due date may have passed; what one transaction cannot hold, the sweep of the worker goes on with."""
    await service.find_overdue(tx, cause=events[-1])
