"""What may leave the process in logs and spans: no personal data, no values of requests, no texts of exceptions."""

import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any, Final

from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import Status

HIDDEN: Final = "*"

_PERSONAL: Final = frozenset(
    {"name", "address", "bank", "body", "payload", "params", "parameters", "identity", "id_number", "id18"}
    | {"authorization", "dsn", "password"}
    | {f"{who}_name" for who in ("person", "head", "helper", "household", "member", "contact", "owner")}
)
_PERSONAL_LAST: Final = frozenset(
    {"certificate", "phone", "mobile", "account", "card", "payee", "token", "secret", "holder"}
)
_NUMBERS: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9]{17}[0-9Xx](?:[0-9]{2}(?:B[0-9])?)?|1[3-9][0-9]{9})(?![0-9A-Za-z])"
)
_NEVER: Final = frozenset(
    ["url.query", "url.full", "http.url", "http.target", "exception.message", "exception.stacktrace", "client.address"]
)


def is_personal(name: str) -> bool:
    """Whether a field of this name may hold personal data or a secret."""
    lower = name.lower()
    return lower in _PERSONAL or lower.rpartition("_")[2] in _PERSONAL_LAST


def scrub(name: str, value: Any) -> Any:
    """The value as it may be shown: hidden if its name is personal, id and phone numbers hidden wherever they stand."""
    if is_personal(name):
        return HIDDEN
    if isinstance(value, str):
        return _NUMBERS.sub(HIDDEN, value)
    if isinstance(value, Mapping):
        return {inner: scrub(str(inner), part) for inner, part in value.items()}
    if isinstance(value, list | tuple):
        return [scrub("", part) for part in value]
    return value


def scrub_entry(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The structlog processor that hides personal data."""
    return {name: scrub(name, value) for name, value in entry.items()}


def show_exception(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The structlog processor that shows an exception as types and places; its text may quote data and is left out."""
    given = entry.pop("exc_info", None)
    if isinstance(given, tuple):
        given = given[1]
    error = given if isinstance(given, BaseException) else sys.exception() if given else None
    return {**entry, "exception": describe(error)} if error else entry


def describe(error: BaseException) -> list[dict[str, Any]]:
    """The chain of an exception, outermost first: type, SQLSTATE if it has one, the last places."""
    chain: list[dict[str, Any]] = []
    link: BaseException | None = error
    while link is not None and len(chain) < 5:
        frames = traceback.extract_tb(link.__traceback__)[-8:]
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        state = getattr(link, "sqlstate", None) or getattr(getattr(link, "orig", None), "sqlstate", None)
        kind = f"{type(link).__module__}.{type(link).__qualname__}"
        chain.append({"type": kind, "at": places} | ({"sqlstate": str(state)} if state else {}))
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return chain


class ScrubbingExporter(SpanExporter):
    """Passes spans on without queries of URLs and texts of exceptions, and with numbers of persons hidden."""

    def __init__(self, inner: SpanExporter):
        self._inner = inner

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Export the spans, scrubbed."""
        return self._inner.export([scrub_span(span) for span in spans])

    def shutdown(self) -> None:
        """Close the exporter behind."""
        self._inner.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Flush the exporter behind."""
        return self._inner.force_flush(timeout_millis)


def scrub_span(span: ReadableSpan) -> ReadableSpan:
    """The span as it may leave the process."""
    return ReadableSpan(
        name=str(scrub("", span.name)),
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=_attributes(span.attributes),
        events=[Event(event.name, _attributes(event.attributes), event.timestamp) for event in span.events],
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _attributes(given: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: _attribute(name, value) for name, value in (given or {}).items() if name not in _NEVER}


def _attribute(name: str, value: Any) -> Any:
    # Names of the semantic conventions (`messaging.destination.name`, `server.address`) are no persons'.
    own = "." not in name or name.startswith("zengshou.")
    if name == "url.path" and not str(value).isascii():
        return HIDDEN
    return scrub(name.rpartition(".")[2] if own else "", value)
