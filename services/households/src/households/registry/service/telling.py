"""An event about a household, as it goes out: under its key, in its village."""

from datetime import datetime
from uuid import UUID

from events.catalog.base import Event
from events.log import NewEvent
from kit import clock

from ..queries import Household


def about(
    home: Household,
    event: Event,
    *,
    fact_id: UUID | None = None,
    revision: int = 1,
    void: bool = False,
    at: datetime | None = None,
) -> NewEvent:
    """What is told of a household.

    Args:
        home: the household, whose key is held.
        event: what is told.
        fact_id: names the fact, whose `revision` this is.
        revision: of the fact.
        void: takes the fact back.
        at: when it happened in the world; now if not given.
    """
    return NewEvent(
        event=event,
        key=home.id,
        household_id=home.id,
        region=home.region_code,
        occurred_at=at or clock.now(),
        fact_id=fact_id,
        revision=revision,
        void=void,
    )
