"""What other services' facts mean for ratings."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.facts import moving_with_households
from events.catalog.households import PersonJoined
from events.received import Received

from . import service
from .tables import outreach, ratings

on_household_moved = moving_with_households(ratings, outreach)


async def on_person(tx: AsyncConnection, events: Sequence[Received[PersonJoined]]) -> None:
    """Ratings that waited for this person find their household."""
    await service.match_ratings(tx, events)
