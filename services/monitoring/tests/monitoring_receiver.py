"""Somebody who receives webhooks: keeps what came and answers as told."""

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from fastapi import FastAPI, Request, Response
from monitoring_feed import Feed
from monitoring_officer import Officer, served

from kit.cipher import FieldCipher
from kit.clock import now
from monitoring.delivery.channels import send
from monitoring.delivery.rules import Allowed
from monitoring.delivery.sender import Sender

ALLOWED = Allowed.parse("http://127.0.0.1, *.kunming.example")


@dataclass
class Receiver:
    url: str
    got: list[tuple[dict[str, str], str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def at(self, name: str) -> str:
        return f"{self.url}/{name}?key=s3cret"

    def for_(self, name: str) -> list[tuple[dict[str, str], str]]:
        return [(headers, body) for headers, body in self.got if headers["path"] == f"/{name}"]


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    app = FastAPI(openapi_url=None)
    receiver = Receiver("")

    @app.post("/{name}")
    async def take(name: str, request: Request) -> Response:
        receiver.got.append(({**request.headers, "path": f"/{name}"}, (await request.body()).decode()))
        status = receiver.answers.pop(0) if receiver.answers else 204
        return Response(status_code=status, headers={"location": f"{receiver.url}/elsewhere", "retry-after": "120"})

    async with served(app) as url:
        receiver.url = url
        yield receiver


@asynccontextmanager
async def mailbox() -> AsyncIterator[tuple[int, list[str]]]:
    """A mail server that takes everything: its port and what came, decoded."""
    mails: list[str] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mailbox\r\n")
        while line := await reader.readline():
            if line.upper().startswith(b"DATA"):
                writer.write(b"354 go on\r\n")
                raw = await reader.readuntil(b"\r\n.\r\n")
                message = email.message_from_bytes(raw, policy=email.policy.default)
                mails.append("\n".join(p.get_content() for p in message.walk() if not p.is_multipart()))
            writer.write(b"250 ok\r\n")
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], mails


@dataclass
class Post:
    """The sender of the worker, with a clock that is set by hand."""

    feed: Feed
    cipher: FieldCipher
    officer: Officer
    later: timedelta = timedelta()

    def __post_init__(self) -> None:
        self.sender = self.another()

    def another(self, channel: Any = send) -> Sender:
        link = "https://zengshou.example"
        return Sender(self.feed.engine, self.cipher, allowed=ALLOWED, link_base=link, now=self.clock, channel=channel)

    def clock(self) -> datetime:
        return now() + self.later

    async def send(self) -> int:
        async with self.feed.engine.connect() as lead:
            return await self.sender.round(lead)

    async def target(self, url: str, *, owner: str = "department", path: str, **fields: Any) -> Any:
        body = {"channel": "webhook", "owner": owner, "path": path, "url": url, **fields}
        answer = await self.officer.post("/v1/delivery-targets", body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def does(self, path: str) -> Any:
        answer = await self.officer.post(f"/v1/{path}", None)
        assert answer.is_success, answer.text
        return answer.json()

    async def of(self, target: Any, **filters: object) -> list[Any]:
        page = await self.officer.read("/v1/deliveries", params={"target_id": target["id"], **filters})
        return list(reversed(page["items"]))
