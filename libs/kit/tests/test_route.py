"""One request, one transaction, committed before the answer."""

import asyncio
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends
from pydantic import BaseModel
from sqlalchemy import event

from kit.auth import Principal, needs
from kit.route import TransactionRoute
from kit.running import Tx

from .conftest import DONGCHUAN, PINGSHAN, Client


def note(title: str, **more: Any) -> dict[str, Any]:
    return {"title": title, "path": PINGSHAN, **more}


async def test_commit_comes_before_the_answer_starts(app: Any, client: Client) -> None:
    order: list[str] = []
    held = app.state.running.engine.sync_engine

    def on_commit(_connection: Any) -> None:
        order.append("commit")

    async def watched(scope: Any, receive: Any, send: Any) -> None:
        async def noting(message: Any) -> None:
            order.append(message["type"])
            await send(message)

        await app(scope, receive, noting)

    event.listen(held, "commit", on_commit)
    client.http._transport.app = watched
    try:
        assert (await client.post("/v1/notes", note("order"))).status_code == 201
    finally:
        event.remove(held, "commit", on_commit)
    assert order == ["commit", "http.response.start", "http.response.body"]


async def test_commit_that_fails_is_never_answered_with_success(client: Client) -> None:
    # The unique constraint is deferred: only the commit can find the second title out.
    assert (await client.post("/v1/notes", note("twice"))).status_code == 201
    answer = await client.post("/v1/notes", note("twice"))
    assert answer.status_code == 409
    assert "twice" not in answer.text


async def test_defect_after_a_write_leaves_nothing_and_says_nothing(client: Client, rows: Any) -> None:
    answer = await client.post("/v1/notes/broken", note("half"))
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "internal-error"
    assert "half" not in answer.text
    assert await rows("SELECT 1 FROM notes WHERE title = 'half'") == []


async def test_write_leaves_an_audit_row_of_the_same_transaction(client: Client, rows: Any) -> None:
    await client.post("/v1/notes", note("audited"))
    [row] = await rows(
        "SELECT subject, department, action, entity, detail FROM audit_log a JOIN notes n ON n.xmin = a.xmin"
        " WHERE n.title = 'audited'"
    )
    assert row[:4] == ("clerk-1", "rural-affairs", "write_note", "notes")
    assert row.detail == {"route": "POST /v1/notes", "status": 201}


async def test_read_cannot_write(client: Client) -> None:
    assert (await client.get("/v1/writing-read")).status_code == 500


async def test_rows_outside_ones_area_are_not_there_and_cannot_be_made(client: Client) -> None:
    far = client.as_(paths=["5301/530113/"], sub="clerk-2")
    made = (await far.post("/v1/notes", note("far away", path=DONGCHUAN))).json()
    assert (await client.get(f"/v1/notes/{made['id']}")).status_code == 404
    refused = await client.post("/v1/notes", note("trespass", path=DONGCHUAN))
    assert (refused.status_code, refused.json()["code"]) == (403, "outside-area")


async def test_no_paths_no_rows(client: Client) -> None:
    await client.post("/v1/notes", note("somewhere"))
    assert (await client.as_(paths=[]).get("/v1/notes")).json() == []


async def test_missing_right_is_refused_before_anything_happens(client: Client) -> None:
    answer = await client.as_(scope="notes:read").post("/v1/notes", note("no right"))
    assert (answer.status_code, answer.json()["code"]) == (403, "missing-right")


@pytest.mark.parametrize("query", ["limt=5", "limit=5&titel=x", "530128199001011234=1"])
async def test_unknown_parameters_are_refused(client: Client, query: str) -> None:
    answer = await client.get(f"/v1/notes?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown-parameter")
    assert "530128199001011234" not in answer.text


async def test_known_parameters_pass(client: Client) -> None:
    assert (await client.get("/v1/notes?limit=5&title=x")).status_code == 200


class TestIdempotencyKey:
    async def test_second_request_takes_no_effect_and_is_answered_the_same(self, client: Client, rows: Any) -> None:
        key = {"Idempotency-Key": "first-and-second"}
        first = await client.post("/v1/notes", note("once"), headers=key)
        second = await client.post("/v1/notes", note("once"), headers=key)
        assert (second.status_code, second.content) == (first.status_code, first.content)
        assert second.headers["content-type"] == first.headers["content-type"]
        assert len(await rows("SELECT 1 FROM notes WHERE title = 'once'")) == 1

    async def test_concurrent_requests_take_one_effect_and_get_one_answer(self, client: Client, rows: Any) -> None:
        key = {"Idempotency-Key": "all-at-once"}
        body = note("crowd", wait=0.2)
        answers = await asyncio.gather(*(client.post("/v1/notes", body, headers=key) for _ in range(6)))
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.content for answer in answers}) == 1
        assert len(await rows("SELECT 1 FROM notes WHERE title = 'crowd'")) == 1

    async def test_other_payload_under_the_same_key_is_refused(self, client: Client) -> None:
        key = {"Idempotency-Key": "one-key-two-wishes"}
        await client.post("/v1/notes", note("wish one"), headers=key)
        answer = await client.post("/v1/notes", note("wish two"), headers=key)
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-reused")

    async def test_failed_request_leaves_the_key_free(self, client: Client) -> None:
        key = {"Idempotency-Key": "try-again-later"}
        assert (await client.post("/v1/notes", note("x", path=DONGCHUAN), headers=key)).status_code == 403
        assert (await client.post("/v1/notes", note("right place"), headers=key)).status_code == 201

    async def test_key_of_another_client_is_another_key(self, client: Client) -> None:
        key = {"Idempotency-Key": "common-name"}
        mine = await client.post("/v1/notes", note("mine"), headers=key)
        theirs = await client.as_(sub="clerk-9").post("/v1/notes", note("theirs"), headers=key)
        assert (mine.json()["title"], theirs.json()["title"]) == ("mine", "theirs")

    async def test_upload_may_draw_a_new_boundary(self, client: Client) -> None:
        key = {"Idempotency-Key": "upload-again"}
        first, second = [
            await client.send("POST", "/v1/notes/file", files={"file": ("a.txt", b"from a file")}, headers=key)
            for _ in range(2)
        ]
        assert first.status_code == 201
        assert second.content == first.content

    async def test_nothing_of_it_is_stored_in_clear(self, client: Client, rows: Any) -> None:
        await client.post("/v1/notes", note("王小明"), headers={"Idempotency-Key": "key-in-clear"})
        stored = str([tuple(row) for row in await rows("SELECT * FROM idempotency_keys")])
        assert "key-in-clear" not in stored
        assert "王小明" not in stored
        assert str("王小明".encode())[2:-1] not in stored

    @pytest.mark.parametrize("key", ["short", "x" * 200, "有中文的一个键值", ""])
    async def test_bad_key_is_refused(self, client: Client, key: str) -> None:
        headers = {"Idempotency-Key": key.encode()}
        answer = await client.post("/v1/notes", note("bad key"), headers=headers)  # type: ignore[arg-type]
        assert (answer.status_code, answer.json()["code"]) == (422, "bad-idempotency-key")


class Lax(BaseModel):
    inner: str


def test_route_without_a_right_does_not_import() -> None:
    router = APIRouter(route_class=TransactionRoute)
    with pytest.raises(TypeError, match="declares no right"):
        router.get("/v1/open")(lambda: None)


def test_route_that_takes_unknown_fields_does_not_import() -> None:
    router = APIRouter(route_class=TransactionRoute)

    async def take(body: list[Lax], tx: Tx, who: Annotated[Principal, Depends(needs("a:write"))]) -> None: ...

    with pytest.raises(TypeError, match="unknown fields: Lax"):
        router.post("/v1/lax")(take)
