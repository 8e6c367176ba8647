"""What departments tell of help, taken beside the measures that people record; a function of the set of facts."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.measures import FACTS, Ended, Given, told_of_measure
from events.received import Handlers, Received

from .service import GivenMeasure, take_given


async def on_help_told(tx: AsyncConnection, received: Sequence[Received[Any]]) -> None:
    """Keep what is said of help that a household gets, and of its end."""
    await take_given(tx, list(_given(received)))


def _given(received: Sequence[Received[Any]]) -> Iterator[GivenMeasure]:
    for event in received:
        if event.household_id is None or event.fact_id is None:
            # nobody's yet: the match tells it again, in the next revision
            continue
        told = told_of_measure(event.data, event.fact_id)
        if told is None and event.revision == 1:
            continue
        given = told if isinstance(told, Given) else None
        over = told.on if isinstance(told, Ended) else None
        yield GivenMeasure(
            service=event.source,
            fact_id=event.fact_id,
            revision=event.revision,
            void=event.void,
            type=event.data.event_name(),
            event_id=event.id,
            household_id=event.household_id,
            person_id=getattr(event.data, "person_id", None),
            reference=told.reference if told else None,
            category=given.category if given else None,
            causes=given.causes if given else (),
            started_on=given.started_on if given else None,
            completed_on=given.completed_on if given else over,
            recorded_at=event.recorded_at,
        )


HANDLERS: Handlers = dict.fromkeys(FACTS, (on_help_told,))
