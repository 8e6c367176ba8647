"""The API as a real process: traces to its file, logs to its output, streams that end with it."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from kit.settings import ServiceSettings
from kit.telemetry import spans_file

from .conftest import PINGSHAN, Issuer

NAME, ID = "普小花", "53012819900101123X"


@pytest.fixture
async def process(settings: ServiceSettings, tmp_path: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parent),
        "ZENGSHOU_APP_DSN": settings.dsn("app"),
        "ZENGSHOU_ISSUER": settings.needed("issuer"),
        "ZENGSHOU_JWKS_URL": settings.needed("jwks_url"),
        "ZENGSHOU_KEYS_FILE": settings.needed("keys_file"),
        "ZENGSHOU_TELEMETRY_DIR": str(tmp_path / "telemetry"),
    }
    arguments = ("-m", "uvicorn", "--factory", "notes_app:create", "--port", str(port))
    log = (tmp_path / "log").open("wb")
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, env=env, stdout=log, stderr=log)
    try:
        await _ready(port)
        yield process, port
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        log.close()


async def _ready(port: int) -> None:
    async with asyncio.timeout(30), httpx2.AsyncClient() as http:
        while True:
            try:
                await http.get(f"http://127.0.0.1:{port}/readyz")
                return
            except httpx2.ConnectError:
                await asyncio.sleep(0.05)


async def test_a_request_leaves_one_trace_and_no_personal_data(
    process: tuple[asyncio.subprocess.Process, int], issuer: Issuer, tmp_path: Path
) -> None:
    running, port = process
    headers = {"authorization": f"Bearer {issuer.token()}"}
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers) as http:
        made = await http.post("/v1/notes", json={"title": NAME, "path": PINGSHAN})
        assert made.status_code == 201
        await http.post("/v1/notes/broken", json={"title": f"{NAME} {ID}", "path": PINGSHAN})
        await http.post("/v1/notes", json={"title": NAME, "path": PINGSHAN, ID: NAME})
        await http.get("/v1/notes", params={"title": NAME, "limit": 5})
        await http.get(f"/v1/notes/{ID}")
    running.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(running.wait(), 15) in (0, -signal.SIGTERM)

    spans = _spans(spans_file(tmp_path / "telemetry", "kittest", "api"))
    trace = [span for span in spans if span["traceId"] == made.headers["x-trace-id"]]
    [root] = [span for span in trace if not span.get("parentSpanId")]
    assert root["name"] == "POST /v1/notes"
    assert {"INSERT", "COMMIT;"} <= {span["name"] for span in trace}
    written = b"".join(path.read_bytes() for path in [*(tmp_path / "telemetry").rglob("*.jsonl"), tmp_path / "log"])
    assert b"request failed" in written
    for secret in (NAME.encode(), json.dumps(NAME).encode(), ID.encode(), issuer.token().split(".")[1].encode()):
        assert secret not in written


def _spans(file: Path) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    scopes = [scope for line in lines for part in line["resourceSpans"] for scope in part["scopeSpans"]]
    return [span for scope in scopes for span in scope["spans"]]
