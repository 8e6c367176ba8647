"""`zengshou trace`: one fact's way as a span tree, across all services, from the span files."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console
from rich.tree import Tree

from ..api import Api
from ..exits import ExitCode, StackError
from ..output import show_json
from ..state import StateDirectory
from ..traces import Span, read_trace
from .options import Json, State, state_directory


def trace(
    of: Annotated[str, typer.Argument(help="跟踪号或事件号。 Trace id (32 hex digits) or event id.")],
    state: State = None,
    json: Json = False,
) -> None:
    """查看一条事实从提交到预警的全过程。 Follow one fact from its POST to the alert."""
    directory = state_directory(state)
    trace_id = of if len(of) == 32 and "-" not in of else asyncio.run(trace_of_event(directory, UUID(of)))
    show_trace(directory, trace_id, json=json)


def show_trace(directory: StateDirectory, trace_id: str, *, json: bool = False) -> None:
    """Print a trace.

    Raises:
        StackError: no process recorded a span of it.
    """
    roots = read_trace(directory.traces, trace_id)
    if not roots:
        raise StackError(
            ExitCode.REFUSED, zh=f"没有找到跟踪 {trace_id}。", en=f"There are no spans of trace {trace_id}."
        )
    if json:
        show_json({"trace_id": trace_id, "spans": [_as_json(root) for root in roots]})
    else:
        Console(soft_wrap=True).print(tree(trace_id, roots))


async def trace_of_event(directory: StateDirectory, event_id: UUID) -> str:
    """The trace in which an event was written, asked of the service that has it.

    Raises:
        StackError: no service has this event.
    """
    running = directory.need_running()
    api = Api(directory, running)
    try:
        for service in running.databases:
            found = await api.find("city-rural", f"/{service}/v1/events/{event_id}")
            if found and found["event"]["traceparent"]:
                return str(found["event"]["traceparent"].split("-")[1])
    finally:
        await api.close()
    raise StackError(
        ExitCode.REFUSED, zh=f"没有服务发布过事件 {event_id}。", en=f"No service published event {event_id}."
    )


def tree(trace_id: str, roots: list[Span]) -> Tree:
    """The spans as a tree: service, what it did, when after the start, how long."""
    top = Tree(f"[bold]{trace_id}[/bold]")
    started = min(root.start for root in roots)
    for root in roots:
        _add(top, root, started)
    return top


def _add(parent: Tree, span: Span, started: int) -> None:
    after = (span.start - started) / 1e6
    kind = span.attributes.get("zengshou.event.type", "").removeprefix("cn.kunming.zengshou.")
    mark = "[red]✗[/red] " if span.failed else ""
    label = (
        f"{mark}[cyan]{span.service}[/cyan] {span.name} [dim]{kind}[/dim] +{after:.1f} ms, {span.milliseconds:.1f} ms"
    )
    branch = parent.add(label)
    for child in span.children:
        _add(branch, child, started)


def _as_json(span: Span) -> dict[str, Any]:
    return {
        "service": span.service,
        "name": span.name,
        "kind": span.kind,
        "span_id": span.span_id,
        "start": span.start,
        "milliseconds": span.milliseconds,
        "failed": span.failed,
        "attributes": span.attributes,
        "children": [_as_json(child) for child in span.children],
    }
