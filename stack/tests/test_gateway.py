"""One address for all services: requests pass unchanged, streams flow, an absent service is a clear problem."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.types import ASGIApp

from stack.gateway.app import build
from stack.gateway.settings import GatewaySettings
from stack.ports import free_port
from stack.supervisor.keeper import Keeper
from stack.supervisor.program import Program, inherited, uvicorn_command


@pytest.fixture
async def gateway(stub: Keeper) -> AsyncIterator[httpx2.AsyncClient]:
    upstreams = {"finance": f"http://127.0.0.1:{stub.program.port}", "employment": f"http://127.0.0.1:{free_port()}"}
    app = build(GatewaySettings(profile="production", upstreams=upstreams, patience=1))
    async with app.router.lifespan_context(app), _client(app) as client:
        yield client


def _client(app: ASGIApp) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://gateway:8700")


async def test_a_request_reaches_its_service_unchanged(gateway: httpx2.AsyncClient) -> None:
    answer = await gateway.post(
        "/finance/v1/echo?page_size=5&q=%E6%98%86",
        content="正文".encode(),
        headers={"authorization": "Bearer t", "idempotency-key": "k", "traceparent": "00-1-2-01"},
    )
    assert answer.status_code == 201
    assert answer.headers["etag"] == '"7"'
    assert answer.headers["x-request-id"] == "r-1"
    seen = answer.json()
    assert (seen["method"], seen["path"], seen["body"]) == ("POST", "/v1/echo", "正文")
    assert seen["query"] == "page_size=5&q=%E6%98%86"
    assert seen["headers"]["authorization"] == "Bearer t"
    assert seen["headers"]["idempotency-key"] == "k"
    assert seen["headers"]["traceparent"] == "00-1-2-01"
    assert seen["headers"]["x-forwarded-prefix"] == "/finance"


async def test_an_encoded_path_is_not_decoded_on_the_way(gateway: httpx2.AsyncClient) -> None:
    answer = await gateway.get("/finance/v1/%E5%90%8D%E7%A7%B0")
    assert answer.json()["path"] == "/v1/%E5%90%8D%E7%A7%B0"


async def test_what_a_caller_says_of_itself_as_a_proxy_is_dropped(gateway: httpx2.AsyncClient) -> None:
    answer = await gateway.get(
        "/finance/v1/echo", headers={"x-forwarded-for": "10.0.0.1", "connection": "x-secret", "x-secret": "1"}
    )
    seen = answer.json()["headers"]
    assert seen["x-forwarded-for"] != "10.0.0.1"
    assert "x-secret" not in seen


async def test_an_absent_service_is_a_503_in_both_languages(gateway: httpx2.AsyncClient) -> None:
    answer = await gateway.get("/employment/v1/workers")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "2"
    assert answer.json()["code"] == "service-away"
    assert answer.json()["detail"] != answer.json()["en"]["detail"]


@pytest.mark.parametrize("path", ["/nowhere/v1/x", "/finance/metrics", "/finance/livez", "/finance", "/v1"])
async def test_only_the_public_addresses_are_open(gateway: httpx2.AsyncClient, path: str) -> None:
    answer = await gateway.get(path)
    assert answer.status_code == 404
    assert answer.json()["code"] == "no-such-address"


async def test_a_service_that_dies_over_a_request_leaves_its_effect_open(gateway: httpx2.AsyncClient) -> None:
    answer = await gateway.get("/finance/v1/die")
    assert answer.status_code == 503
    assert answer.json()["code"] == "service-silent"


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [("GET", {}, 201), ("POST", {"idempotency-key": "a-key-of-mine"}, 201), ("POST", {}, 503)],
)
async def test_what_was_not_answered_is_sent_again_only_where_that_doubles_nothing(
    stub: Keeper, method: str, headers: dict[str, str], status: int, eventually: Any
) -> None:
    await eventually(lambda: stub.state.state == "ready")
    settings = GatewaySettings(upstreams={"finance": f"http://127.0.0.1:{stub.program.port}"}, patience=20)
    app = build(settings)
    async with app.router.lifespan_context(app), _client(app) as client:
        dying = {**headers, "x-dying": str(stub.state.pid)}
        answer = await client.request(method, "/finance/v1/die-if", content="正文".encode(), headers=dying)
    assert answer.status_code == status


async def test_a_request_waits_for_a_service_that_is_being_started(stub: Keeper, eventually: Any) -> None:
    await eventually(lambda: stub.state.state == "ready")
    settings = GatewaySettings(upstreams={"finance": f"http://127.0.0.1:{stub.program.port}"}, patience=20)
    app = build(settings)
    async with app.router.lifespan_context(app), _client(app) as client:
        os.kill(stub.state.pid or 0, signal.SIGTERM)
        await eventually(lambda: stub.state.pid is None)
        answer = await client.post("/finance/v1/echo", content="正文".encode())
    assert answer.status_code == 201
    assert answer.json()["body"] == "正文"


async def test_the_front_page_tells_who_is_ready(gateway: httpx2.AsyncClient) -> None:
    services = (await gateway.get("/")).json()["services"]
    assert services["finance"]["ready"] is True
    assert services["employment"]["ready"] is False


async def test_a_stream_flows_at_once_and_ends_with_its_reader(
    http: httpx2.AsyncClient, served_gateway: str, eventually: Any
) -> None:
    async with http.stream("GET", f"{served_gateway}/finance/v1/stream") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        async with asyncio.timeout(5):
            assert await anext(answer.aiter_bytes()) == b"id: 1\ndata: first\n\n"

    async def nobody_reads() -> bool:
        return bool((await http.get(f"{served_gateway}/finance/v1/streams")).json() == 0)

    await eventually(nobody_reads)


@pytest.fixture
async def served_gateway(stub: Keeper, http: httpx2.AsyncClient, tmp_path: Path) -> AsyncIterator[str]:

    port = free_port()
    env = {"ZENGSHOU_UPSTREAMS": json.dumps({"finance": f"http://127.0.0.1:{stub.program.port}"})}
    program = Program(
        name="gateway", command=uvicorn_command("stack.gateway.app:create", port), env=inherited() | env, port=port
    )
    keeper = Keeper(program, log=tmp_path / "gateway.log", http=http, on_change=lambda: None)
    keeper.start()
    await keeper.was_ready.wait()
    yield f"http://127.0.0.1:{port}"
    await keeper.stop()
