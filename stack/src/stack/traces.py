"""Reading the span files of all processes: one trace as a tree, without any tracing server."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Span:
    """One span; times in nanoseconds since the epoch."""

    trace_id: str
    span_id: str
    parent_id: str
    service: str
    name: str
    kind: str
    start: int
    end: int
    failed: bool
    attributes: dict[str, str]
    children: list["Span"] = field(default_factory=list)

    @property
    def milliseconds(self) -> float:
        """How long it took."""
        return (self.end - self.start) / 1e6


_KINDS = {1: "internal", 2: "server", 3: "client", 4: "producer", 5: "consumer"}


def read_trace(directory: Path, trace_id: str) -> list[Span]:
    """The spans of a trace as trees, oldest root first; a span whose parent is not recorded is a root."""
    spans = {span.span_id: span for span in _spans(directory, trace_id)}
    roots: list[Span] = []
    for span in sorted(spans.values(), key=lambda s: s.start):
        parent = spans.get(span.parent_id)
        (parent.children if parent else roots).append(span)
    return roots


def _spans(directory: Path, trace_id: str) -> Iterator[Span]:
    for path in sorted(directory.rglob("*.jsonl*")):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                if trace_id in line:
                    yield from (span for span in _in_line(line) if span.trace_id == trace_id)


def _in_line(line: str) -> Iterator[Span]:
    try:
        document = json.loads(line)
    except ValueError:
        return  # the last line of a process that was killed while writing
    for resource in document.get("resourceSpans", []):
        service = _attributes(resource.get("resource", {})).get("service.name", "?")
        for scope in resource.get("scopeSpans", []):
            for raw in scope.get("spans", []):
                yield _span(raw, service)


def _span(raw: dict[str, Any], service: str) -> Span:
    return Span(
        trace_id=raw["traceId"],
        span_id=raw["spanId"],
        parent_id=raw.get("parentSpanId", ""),
        service=service,
        name=raw["name"],
        kind=_kind(raw.get("kind", 1)),
        start=int(raw["startTimeUnixNano"]),
        end=int(raw["endTimeUnixNano"]),
        failed=raw.get("status", {}).get("code") in (2, "STATUS_CODE_ERROR"),
        attributes=_attributes(raw),
    )


def _kind(raw: int | str) -> str:
    return raw.removeprefix("SPAN_KIND_").lower() if isinstance(raw, str) else _KINDS.get(raw, "internal")


def _attributes(holder: dict[str, Any]) -> dict[str, str]:
    return {a["key"]: str(next(iter(a.get("value", {}).values()), "")) for a in holder.get("attributes", [])}
