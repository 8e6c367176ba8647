"""Which spans are recorded: every request and message, and of some requests each call of the database too.

A request makes some twenty calls of the database. Told for every request, they took a third of a busy API's time and
more than half of its answers' time.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.instrumentation.utils import suppress_instrumentation
from opentelemetry.sdk.trace.sampling import Decision, ParentBased, Sampler, SamplingResult
from opentelemetry.trace import Link, SpanKind, TraceState
from opentelemetry.util.types import Attributes

from events.tracing import Budget

_KEY: Final = "zengshou"
_DETAILED: Final = "calls"
DETAILED_A_SECOND: Final = 2.0
DETAILED_AT_ONCE: Final = 100


def sampler(budget: Budget | None = None) -> Sampler:
    """For a process; `budget` says how many requests are told in detail."""
    told = _Told(budget or Budget(DETAILED_A_SECOND, DETAILED_AT_ONCE))
    return ParentBased(root=told, remote_parent_sampled=told, local_parent_sampled=told)


def detail_of_request() -> AbstractContextManager[Any]:
    """Within it no span is made of a database call, unless the request is told in detail; to drop each costs more."""
    told = _detailed(trace.get_current_span().get_span_context().trace_state)
    return nullcontext() if told else suppress_instrumentation()


def _detailed(state: TraceState) -> bool:
    return state.get(_KEY) == _DETAILED


class _Told(Sampler):
    """Everything but database calls that begin a trace, which are polls, and those of a request without detail."""

    def __init__(self, budget: Budget):
        self._budget = budget

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        """Where a request begins in this process, note in the trace's state whether it is told in detail."""
        parent = trace.get_current_span(parent_context).get_span_context()
        if parent.is_valid and not parent.is_remote:
            state = parent.trace_state
        else:
            state = TraceState([(_KEY, _DETAILED)] if kind is SpanKind.SERVER and self._budget.spend() else None)
        if kind is SpanKind.CLIENT and not _detailed(state):
            return SamplingResult(Decision.DROP)
        return SamplingResult(Decision.RECORD_AND_SAMPLE, attributes, state)

    def get_description(self) -> str:
        """For diagnosis."""
        return "Told"
