"""Traces and logs of a process: spans to a file of OTLP JSON lines or to a collector, logs as JSON to stdout."""

import logging
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import IO, Any, Final, cast

import structlog
from opentelemetry import trace
from opentelemetry.exporter.otlp.json.file.trace_exporter import FileSpanExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.asyncpg import AsyncPGInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from structlog.typing import Processor

from .audit import trace_id
from .rotation import RotatingFile
from .sampling import sampler
from .scrubbing import ScrubbingExporter, scrub_entry, show_exception
from .settings import ServiceSettings

EXPORT_DELAY_MS: Final = 500
"""Short, so that a trace can be looked at right after the request."""


def configure(settings: ServiceSettings, *, process: str) -> None:
    """Set up logs and, if a place for them is set, traces; a second call in a process changes only the log level.

    Args:
        settings: of the service.
        process: `api`, `worker` or `importer`.
    """
    _configure_logs(settings.log_level, f"{settings.service}-{process}")
    exporter = span_exporter(settings, process)
    if exporter is None or isinstance(trace.get_tracer_provider(), TracerProvider):
        return
    resource = Resource.create({"service.name": settings.service, "zengshou.process": process})
    provider = TracerProvider(resource=resource, sampler=sampler())
    provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=EXPORT_DELAY_MS))
    trace.set_tracer_provider(provider)
    if process == "api":  # a worker's calls belong to no request
        AsyncPGInstrumentor().instrument()  # type: ignore[no-untyped-call]


def flush() -> None:
    """Write the spans that wait; uvicorn ends by a signal, which runs no exit handlers."""
    provider = trace.get_tracer_provider()
    if isinstance(provider, TracerProvider):
        provider.force_flush(timeout_millis=5_000)


def span_exporter(settings: ServiceSettings, process: str) -> SpanExporter | None:
    """Where spans go: the collector if one is set, else a rotating file, else nowhere."""
    if settings.otlp_endpoint:
        return ScrubbingExporter(OTLPSpanExporter(f"{settings.otlp_endpoint.rstrip('/')}/v1/traces"))
    if settings.telemetry_dir:
        file = spans_file(settings.telemetry_dir, settings.service, process)
        return ScrubbingExporter(FileSpanExporter(stream=cast(IO[str], RotatingFile(file))))
    return None


def spans_file(telemetry_dir: Path, service: str, process: str) -> Path:
    """The file a process writes its spans to; older parts stand beside it as `spans.1.jsonl` and so on."""
    return telemetry_dir / f"{service}-{process}" / "spans.jsonl"


def _configure_logs(level: str, source: str) -> None:
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_trace,
        show_exception,
        scrub_entry,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_first_line, *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                lambda _logger, _method, entry: {"source": source, **entry},
                structlog.processors.JSONRenderer(ensure_ascii=False, default=_type_name),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [kept for kept in root.handlers if type(kept) is not logging.StreamHandler] + [handler]
    root.setLevel(level)
    _quieten()


def _quieten() -> None:
    """Let uvicorn log through the root; its access log writes whole URLs and is off."""
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("aiokafka").setLevel(logging.ERROR)


def _add_trace(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if (current := trace_id()) is not None:
        entry["trace_id"] = current
    return entry


def _first_line(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Messages of libraries: what follows their first line may be the repr of data."""
    entry["event"] = str(entry["event"]).partition("\n")[0]
    return entry


def _type_name(value: object) -> str:
    return f"<{type(value).__name__}>"
