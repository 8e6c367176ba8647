"""Trace context across the log and the broker; the only place that knows the span names and attributes.

The semantic conventions for messaging are still in development, so their names stand here alone.
"""

import re

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_PROPAGATOR = TraceContextTextMapPropagator()
# The lowest bit of the flags; others may be set beside it.
_SAMPLED = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f][13579bdf]")
_TRACER = trace.get_tracer("zengshou.events")


def current_traceparent() -> str | None:
    """The W3C `traceparent` of the span that is current now."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get("traceparent")


def traceparent_of(span: Span) -> str | None:
    """The W3C `traceparent` that makes `span` the parent."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier, trace.set_span_in_context(span))
    return carrier.get("traceparent")


def context_of(traceparent: str | None) -> Context | None:
    """The remote context of a `traceparent`; None where there is none."""
    return _PROPAGATOR.extract({"traceparent": traceparent}) if traceparent else None


def sampled(traceparent: str | None) -> bool:
    """Whether the producer of this `traceparent` recorded its trace."""
    return traceparent is not None and _SAMPLED.fullmatch(traceparent) is not None


def message_span(operation: str, topic: str, event_type: str, traceparent: str, **attributes: str | int) -> Span:
    """Start the span of one message: `operation` is `send` (producer) or `process` (consumer). The caller ends it."""
    return _TRACER.start_span(
        f"{operation} {topic}",
        context=context_of(traceparent),
        kind=SpanKind.PRODUCER if operation == "send" else SpanKind.CONSUMER,
        attributes={
            "messaging.system.name": "kafka",
            "messaging.destination.name": topic,
            "messaging.operation.name": operation,
            "zengshou.event.type": event_type,
            **{f"zengshou.{name}": value for name, value in attributes.items()},
        },
    )
