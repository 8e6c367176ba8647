"""What other services' facts mean for spells and wages."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.facts import moving_with_households
from events.catalog.households import BusinessDateAdvanced, PersonJoined
from events.received import Received

from . import service
from .tables import missed_wages, spells, wages

on_household_moved = moving_with_households(spells, wages, missed_wages)


async def on_person(tx: AsyncConnection, events: Sequence[Received[PersonJoined]]) -> None:
    """Facts that waited for this person find their household."""
    await service.match_facts(tx, events)


async def on_business_date(tx: AsyncConnection, events: Sequence[Received[BusinessDateAdvanced]]) -> None:
    """A pay day may have passed; what one transaction cannot hold, the sweep of the worker goes on with."""
    await service.find_missed_wages(tx, cause=events[-1])
