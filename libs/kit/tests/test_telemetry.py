"""Logs and spans tell the story and keep the people out of it."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.trace import SpanKind, Tracer

from events.tracing import Budget, traceparent_of
from kit.rotation import RotatingFile
from kit.sampling import sampler
from kit.scrubbing import describe, scrub
from kit.settings import ServiceSettings
from kit.telemetry import configure, span_exporter, spans_file

ID = "53012819900101123X"
PHONE = "13812341234"
NAME = "普小花"


@pytest.fixture
def logged() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Gives the lines logged so far, parsed."""
    before = logging.getLogger().handlers[:]
    configure(ServiceSettings(service="kittest"), process="test")
    out = io.StringIO()
    [ours] = [handler for handler in logging.getLogger().handlers if type(handler) is logging.StreamHandler]
    ours.setStream(out)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    logging.getLogger().handlers = before


def test_log_line_is_json_with_its_source(logged: Any) -> None:
    structlog.get_logger("kit.test").info("household registered", household_id="0190", count=3)
    [line] = logged()
    assert (line["source"], line["event"], line["level"], line["count"]) == (
        "kittest-test",
        "household registered",
        "info",
        3,
    )


def test_personal_fields_and_numbers_are_hidden(logged: Any) -> None:
    log = structlog.get_logger("kit.test")
    log.info("x", name=NAME, head_name=NAME, helper_phone=PHONE, certificate=ID, inner={"name": NAME, "n": [ID]})
    log.info(f"could not read {ID} of {PHONE}")
    logging.getLogger("library").warning("value %s\nrepr of %s", ID, NAME)
    assert len(logged()) == 3
    text = json.dumps(logged(), ensure_ascii=False)
    assert not any(secret in text for secret in (ID, PHONE, NAME))


def test_exception_is_told_without_its_text(logged: Any) -> None:
    try:
        try:
            raise ValueError(f"bad value {NAME}")
        except ValueError as cause:
            raise RuntimeError(f"while reading {NAME}") from cause
    except RuntimeError:
        structlog.get_logger("kit.test").exception("failed")
    [line] = logged()
    assert [link["type"] for link in line["exception"]] == ["builtins.RuntimeError", "builtins.ValueError"]
    assert "test_telemetry.py" in line["exception"][0]["at"][-1]
    assert NAME not in json.dumps(line, ensure_ascii=False)


def test_endless_chain_of_exceptions_ends() -> None:
    error = ValueError("a")
    error.__cause__ = error
    assert len(describe(error)) == 5


@pytest.mark.parametrize("kept", ["530128104201", "01a20bb5-f358-7d96-b9d8-d4b11d09345a", "1700000000000", "8050.00"])
def test_codes_ids_and_figures_are_kept(kept: str) -> None:
    assert scrub("value", kept) == kept


class TestSpans:
    @pytest.fixture
    def settings(self, tmp_path: Path) -> ServiceSettings:
        return ServiceSettings(service="kittest", telemetry_dir=tmp_path)

    @pytest.fixture
    def tracer(self, settings: ServiceSettings) -> Iterator[Tracer]:
        exporter = span_exporter(settings, "api")
        assert exporter is not None
        provider = TracerProvider(sampler=sampler(Budget(0, at_once=1)), shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(exporter))
        yield provider.get_tracer("test")
        provider.shutdown()

    def test_request_span_is_written_without_query_and_texts(self, settings: ServiceSettings, tracer: Tracer) -> None:
        attributes = {"url.query": f"id={ID}", "url.path": f"/v1/persons/{ID}", "http.route": "/v1/persons/{id}"}
        more = {"zengshou.helper.name": NAME, "messaging.destination.name": "households.v1"}
        served = tracer.start_as_current_span("GET", kind=SpanKind.SERVER, attributes={**attributes, **more})
        with pytest.raises(ValueError, match="bad"), served:
            raise ValueError(f"bad value {NAME} {ID}")
        written = spans_file(settings.telemetry_dir or Path(), "kittest", "api").read_text("utf-8")
        [span] = json.loads(written)["resourceSpans"][0]["scopeSpans"][0]["spans"]
        names = {attribute["key"]: attribute["value"]["stringValue"] for attribute in span["attributes"]}
        assert names == {
            "url.path": "/v1/persons/*",
            "http.route": "/v1/persons/{id}",
            "zengshou.helper.name": "*",
            "messaging.destination.name": "households.v1",
        }
        assert "exception.type" in written
        assert not any(secret in json.dumps(span, ensure_ascii=False) for secret in (ID, NAME, "bad value"))

    def test_poll_of_the_database_makes_no_trace_but_a_call_of_a_request_does(
        self, settings: ServiceSettings, tracer: Tracer
    ) -> None:
        with tracer.start_as_current_span("SELECT", kind=SpanKind.CLIENT):
            pass
        file = spans_file(settings.telemetry_dir or Path(), "kittest", "api")
        assert file.read_text() == ""
        with (
            tracer.start_as_current_span("POST", kind=SpanKind.SERVER),
            tracer.start_as_current_span("INSERT", kind=SpanKind.CLIENT),
        ):
            pass
        assert len(file.read_text().splitlines()) == 2

    def test_every_request_is_told_and_within_the_budget_its_calls_too(
        self, settings: ServiceSettings, tracer: Tracer
    ) -> None:
        file = spans_file(settings.telemetry_dir or Path(), "kittest", "api")
        for number in range(2):
            with tracer.start_as_current_span(f"POST {number}", kind=SpanKind.SERVER):
                with tracer.start_as_current_span(f"INSERT {number}", kind=SpanKind.CLIENT) as call:
                    inner = tracer.start_span(f"prepare {number}", kind=SpanKind.CLIENT)
                    inner.end()
                parent = traceparent_of(call)
                assert parent is not None
                assert parent.split("-")[1] in traceparent_of(inner)  # type: ignore[operator]
        names = [
            span["name"]
            for line in file.read_text().splitlines()
            for scope in json.loads(line)["resourceSpans"][0]["scopeSpans"]
            for span in scope["spans"]
        ]
        assert sorted(names) == ["INSERT 0", "POST 0", "POST 1", "prepare 0"]

    def test_nowhere_to_write_means_no_exporter(self) -> None:
        assert span_exporter(ServiceSettings(service="kittest"), "api") is None


def test_file_rotates_and_keeps_whole_lines(tmp_path: Path) -> None:
    file = RotatingFile(tmp_path / "a" / "spans.jsonl", largest=100, kept=2)
    for number in range(60):
        file.write(f"line {number:04d}\n")
        file.flush()
    file.close()
    parts = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert parts == ["spans.1.jsonl", "spans.2.jsonl", "spans.jsonl"]
    lines = [line for part in (tmp_path / "a").iterdir() for line in part.read_text().splitlines()]
    assert all(len(line) == len("line 0000") for line in lines)
    assert "line 0059" in lines
    assert "line 0000" not in lines
