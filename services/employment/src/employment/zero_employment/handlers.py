"""What other services' facts mean for registrations and for families without any work."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.facts import moving_with_households
from events.catalog.households import PersonJoined, PersonLeft
from events.received import Received

from . import service
from .tables import families, registrations

on_household_moved = moving_with_households(registrations, families)


async def on_person(tx: AsyncConnection, events: Sequence[Received[PersonJoined]]) -> None:
    """Registrations that waited find their household; a new member, or one of another age or skill, may count."""
    await service.match_registrations(tx, events)
    await service.settle(tx, households=[event.key for event in events], cause=events[-1])


async def on_person_left(tx: AsyncConnection, events: Sequence[Received[PersonLeft]]) -> None:
    """A member who leaves may have been the only one who worked, or the last one who could."""
    homes = [event.key for event in events]
    await service.settle(tx, households=homes, persons=[e.data.person_id for e in events], cause=events[-1])
