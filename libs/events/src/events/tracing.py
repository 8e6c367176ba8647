"""Trace context across the log and the broker; the only place that knows the span names and attributes.

The semantic conventions for messaging are still in development, so their names stand here alone.
"""

import re
import time
from collections.abc import Callable
from typing import Final

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_PROPAGATOR = TraceContextTextMapPropagator()
# The lowest bit of the flags; others may be set beside it.
_SAMPLED = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f][13579bdf]")
_TRACER = trace.get_tracer("zengshou.events")
_A_SECOND: Final = 20.0
_AT_ONCE: Final = 500


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


class Budget:
    """配额: so many a second in the long run, `at_once` of them after a rest.

    A payroll of thousands is one story told thousands of times; its spans would take as much time as its facts.
    """

    def __init__(self, a_second: float, at_once: int, now: Callable[[], float] = time.monotonic) -> None:
        self._a_second, self._most, self._now = a_second, float(at_once), now
        self._left, self._looked = self._most, now()

    def spend(self) -> bool:
        """Whether one more may be had."""
        now = self._now()
        self._left = min(self._most, self._left + (now - self._looked) * self._a_second)
        self._looked = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


_SPANS: Final = Budget(_A_SECOND, _AT_ONCE)


def recorded(traceparent: str | None) -> bool:
    """Whether a message gets a span of its own: its trace is recorded, and this process has not told too many."""
    return sampled(traceparent) and _SPANS.spend()


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
