"""Hands the new events of a batch to their handlers, each handler once, in received order, inside their spans."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from opentelemetry.trace import Span, StatusCode
from sqlalchemy.ext.asyncio import AsyncConnection

from .catalog.base import Event
from .received import Handler, Handlers, Received
from .tracing import message_span, recorded, traceparent_of
from .wire import topic_for


class Dispatch:
    """The handlers of a consumer, turned round: handler → its event classes, in the order of the table."""

    def __init__(self, handlers: Handlers):
        self._plan: dict[Handler, set[type[Event]]] = {}
        for cls, listed in handlers.items():
            for handler in listed:
                self._plan.setdefault(handler, set()).add(cls)

    async def hand_out(self, tx: AsyncConnection, events: Sequence[Received[Any]]) -> None:
        """Call each handler with its events; the spans last until all have run."""
        spans = [_span(event) for event in events]
        traced = [_under(event, span) for event, span in zip(events, spans, strict=True)]
        try:
            for handler, classes in self._plan.items():
                mine = [event for event in traced if type(event.data) in classes]
                if mine:
                    await handler(tx, mine)
        except Exception as error:
            for span in filter(None, spans):
                # The class only: the text of an error may quote values.
                span.set_status(StatusCode.ERROR, type(error).__name__)
            raise
        finally:
            for span in filter(None, spans):
                span.end()


def _span(event: Received[Any]) -> Span | None:
    if event.traceparent is None or not recorded(event.traceparent):
        return None
    return message_span(
        "process",
        topic_for(event.source, event.type),
        event.type,
        event.traceparent,
        event_id=str(event.id),
        source_seq=event.seq,
    )


def _under(event: Received[Any], span: Span | None) -> Received[Any]:
    return event if span is None else replace(event, traceparent=traceparent_of(span))
