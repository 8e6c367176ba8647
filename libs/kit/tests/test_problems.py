"""Every error is a problem in two languages, says where, and quotes nothing of what was sent."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic_core._pydantic_core import list_all_errors
from sqlalchemy import text

from kit.auth import KeyCache, TokenCheck
from kit.database import engine
from kit.validation_texts import explain

from .conftest import PINGSHAN, Client

CANARY = "530128199001011234"
NAME = "普小花"


async def refused(client: Client, body: Any, status: int = 422) -> dict[str, Any]:
    answer = await client.post("/v1/notes", body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert CANARY not in answer.text
    assert NAME not in answer.text
    said: dict[str, Any] = answer.json()
    assert said["status"] == status
    assert said["title"]
    assert said["remedy"]
    assert said["en"]["detail"]
    assert said["en"]["remedy"]
    return said


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"path": PINGSHAN}, "missing", "/title"),
        ({"title": "a", "path": PINGSHAN, "colour": CANARY}, "unknown-field", "/colour"),
        ({"title": "a", "path": PINGSHAN, CANARY: 1}, "unknown-field", "/*"),
        ({"title": "a", "path": PINGSHAN, NAME: 1}, "unknown-field", "/*"),
        ({"title": NAME * 50, "path": PINGSHAN}, "string-too-long", "/title"),
        ({"title": 7, "path": PINGSHAN}, "string-type", "/title"),
        ({"title": "a", "path": PINGSHAN, "amount": "12.345"}, "decimal-max-places", "/amount"),
        ({"title": "a", "path": PINGSHAN, "amount": NAME}, "decimal-parsing", "/amount"),
        ({"title": "a", "path": PINGSHAN, "amount": "NaN"}, "finite-number", "/amount"),
        ([CANARY], "model-attributes-type", "/"),
        (CANARY, "model-attributes-type", "/"),
    ],
)
async def test_malformed_body_names_the_place(client: Client, body: Any, code: str, pointer: str) -> None:
    said = await refused(client, body)
    assert said["code"] == code
    assert [fault["pointer"] for fault in said["errors"]] == [pointer]


async def test_all_faults_are_told_at_once(client: Client) -> None:
    said = await refused(client, {"amount": "x"})
    assert {fault["pointer"] for fault in said["errors"]} == {"/title", "/path", "/amount"}
    assert said["code"] == "invalid"


async def test_limits_are_quoted_and_values_are_not(client: Client) -> None:
    [fault] = (await refused(client, {"title": NAME * 50, "path": PINGSHAN}))["errors"]
    assert fault["detail"] == "最多 100 个字符"
    assert fault["en"]["detail"] == "at most 100 characters"


@pytest.mark.parametrize("title", ["\x00", "a\x00b"])
async def test_text_that_cannot_be_stored_is_refused(client: Client, title: str) -> None:
    assert (await refused(client, {"title": title, "path": PINGSHAN}))["code"] == "unacceptable-value"


async def test_body_that_is_no_json_is_refused(client: Client) -> None:
    for content in (b"{", b"\xff\xfe", f'{{"title": {CANARY}'.encode(), b'{"title": "\\ud800", "path": "5301/"}'):
        headers = {"content-type": "application/json"}
        answer = await client.send("POST", "/v1/notes", content=content, headers=headers)
        assert answer.status_code in (400, 422)
        assert answer.json()["code"] in ("json-invalid", "bad-request", "string-unicode")
        assert CANARY not in answer.text


async def test_unknown_address_and_method(client: Client) -> None:
    unknown = await client.get(f"/v1/persons/{CANARY}")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not-found")
    assert CANARY not in unknown.text
    method = await client.send("DELETE", "/v1/notes")
    assert (method.status_code, method.json()["code"]) == (405, "method-not-allowed")


async def test_path_that_is_no_id_is_refused_without_echo(client: Client) -> None:
    answer = await client.get(f"/v1/notes/{CANARY}")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "path:note_id")
    assert CANARY not in answer.text


async def test_body_over_the_limit_is_refused(client: Client) -> None:
    assert (await refused(client, {"title": "a", "path": "x" * 3_000_000}, 413))["code"] == "too-large"


async def test_request_and_problem_share_an_id(client: Client) -> None:
    answer = await client.get("/v1/nowhere")
    assert answer.json()["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"
    assert answer.headers["cache-control"] == "no-store"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(CANARY) | st.just(NAME),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.just(CANARY), inner, max_size=4),
    max_leaves=8,
)
NOTE_LIKE = st.fixed_dictionaries({}, optional={"title": JSON, "path": JSON, "amount": JSON, "colour": JSON})


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(body=JSON | NOTE_LIKE)
async def test_no_body_makes_a_defect_or_an_echo(client: Client, body: Any) -> None:
    content = json.dumps(body)
    answer = await client.send(
        "POST", "/v1/notes", content=content.encode(), headers={"content-type": "application/json"}
    )
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert CANARY not in answer.text
    assert NAME not in answer.text


@contextmanager
def holding(app: FastAPI, **other: Any) -> Iterator[None]:
    held = app.state.running
    app.state.running = replace(held, **other)
    try:
        yield
    finally:
        app.state.running = held


class TestDatabaseAway:
    @pytest.fixture
    def lonely(self, app: FastAPI, client: Client) -> Iterator[Client]:
        with holding(app, engine=engine("postgresql://nobody:x@127.0.0.1:1/nothing")):
            yield client

    async def test_answer_is_503_with_a_time_to_retry(self, lonely: Client) -> None:
        for answer in (await lonely.get("/v1/notes"), await lonely.get("/readyz")):
            assert (answer.status_code, answer.json()["code"]) == (503, "database-away")
            assert int(answer.headers["retry-after"]) > 0

    async def test_process_stays_alive(self, lonely: Client) -> None:
        assert (await lonely.get("/livez")).status_code == 200

    async def test_connection_killed_under_the_pool_is_replaced(
        self, app: FastAPI, client: Client, postgres: Any
    ) -> None:
        await client.get("/v1/notes")
        admin = engine(postgres.admin_dsn)
        async with admin.begin() as connection:
            kill = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE usename = 'kittest_app'"
            await connection.execute(text(kill))
        await admin.dispose()
        assert (await client.get("/v1/notes")).status_code == 200

    async def test_issuer_away_is_503_too(self, app: FastAPI, client: Client) -> None:
        check = TokenCheck(keys=KeyCache("http://127.0.0.1:1/jwks"), issuer="x", audience="y")
        with holding(app, tokens=check):
            answer = await client.get("/v1/notes")
        assert (answer.status_code, answer.json()["code"]) == (503, "issuer-away")


async def test_probes_metrics_and_docs_work_offline(client: Client) -> None:
    client.headers.clear()
    assert (await client.get("/readyz")).json() == {"status": "ready"}
    assert "http_request_seconds" in (await client.get("/metrics")).text
    docs = (await client.get("/docs")).text
    assert "https://" not in docs
    contract = (await client.get("/openapi.json")).json()
    assert "Problem" in contract["components"]["schemas"]
    write, read = contract["paths"]["/v1/notes"]["post"], contract["paths"]["/v1/notes"]["get"]
    assert write["security"] == read["security"] == [{"HTTPBearer": []}]
    assert [parameter["name"] for parameter in write["parameters"]] == ["Idempotency-Key"]
    assert [parameter["name"] for parameter in read["parameters"]] == ["title", "limit"]


async def test_no_token_no_answer(client: Client) -> None:
    client.headers.clear()
    answer: httpx2.Response = await client.get("/v1/notes")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("error", list_all_errors(), ids=lambda error: error["type"])
def test_every_error_of_the_validator_can_be_told(error: Any) -> None:
    told = explain(error["type"], "/value", error["example_context"] or {})
    assert told.zh
    assert "{" not in told.zh + told.en
