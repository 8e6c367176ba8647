"""A person registers: the facts that waited for the certificate go out again, under the household's key."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.facts import match
from directory.rows import of
from events.catalog.households import PersonJoined
from events.log import append
from events.received import Received

from ...requests import service as requests
from ..queries import put
from ..rules import Spell, Wage
from ..tables import spells, wages
from . import publishing


async def match_facts(tx: AsyncConnection, events: Sequence[Received[PersonJoined]]) -> int:
    """Publish the waiting facts of these persons, spells first; gives how many there were."""
    causes: dict[UUID | None, Received[PersonJoined]] = {event.data.person_id: event for event in events}
    begun = [of(Spell, row) for row in await match(tx, spells, events)]
    over = [replace(spell, end_revision=spell.end_revision + 1) for spell in begun if spell.ended_on is not None]
    await put(tx, over)
    paid = [of(Wage, row) for row in await match(tx, wages, events)]
    new = [publishing.started(spell, causes.get(spell.person_id)) for spell in begun]
    new += [
        publishing.ended(
            spell, on=spell.ended_on, reason=spell.end_reason or "other", cause=causes.get(spell.person_id)
        )
        for spell in over
        if spell.ended_on is not None
    ]
    new += [publishing.paid(wage, causes.get(wage.person_id)) for wage in paid]
    await append(tx, *new)
    await requests.settle(tx, [spell.household_id for spell in begun], cause=events[-1])
    return len(new)
