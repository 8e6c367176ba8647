"""What other services' facts mean for public payments."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.facts import match, moving_with_households
from events.catalog.employment import SubsidyApproved
from events.catalog.households import PersonJoined
from events.received import Received

from . import service
from .tables import transfers

on_household_moved = moving_with_households(transfers)


async def on_person(tx: AsyncConnection, events: Sequence[Received[PersonJoined]]) -> None:
    """What is owed to somebody who was not registered finds its household; from now on it can be paid."""
    await match(tx, transfers, events)


async def on_subsidy_approved(tx: AsyncConnection, events: Sequence[Received[SubsidyApproved]]) -> None:
    """Employment has approved a subsidy: it is owed."""
    await service.take_subsidies(tx, events)
