"""Somebody with a token at the HTTP door of monitoring."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx2
import uvicorn
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import RSAKey

from kit.clock import now

CITY = "5301/"
LUQUAN = "5301/530128/"
DONGCHUAN = "5301/530113/"
RIGHTS = (
    "risk:read alerts:read alerts:write cases:read cases:write"
    " monitoring-policy:read monitoring-policy:write monitoring-policy:approve"
    " deliveries:read deliveries:write decisions:read dispatch:read dispatch:write indicators:read"
)


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """The app on a free port of this machine."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, timeout_graceful_shutdown=1))
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    running = asyncio.ensure_future(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn tells it by a flag only
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await running


@dataclass
class Officer:
    http: httpx2.AsyncClient
    signer: RSAKey
    paths: Sequence[str] = (CITY,)
    rights: str = RIGHTS
    name: str = "officer"

    def of(self, *paths: str, rights: str = RIGHTS) -> "Officer":
        return Officer(self.http, self.signer, paths, rights, self.name)

    def named(self, name: str) -> "Officer":
        return replace(self, name=name)

    @property
    def token(self) -> dict[str, str]:
        claims = {
            "iss": "https://issuer.test",
            "aud": "zengshou",
            "sub": self.name,
            "dept": "rural-affairs",
            "scope": self.rights,
            "paths": list(self.paths),
            "exp": int(now().timestamp()) + 300,
        }
        signed = jwt.encode({"alg": "RS256", "kid": self.signer.kid}, claims, self.signer, algorithms=["RS256"])
        return {"authorization": f"Bearer {signed}"}

    async def get(self, path: str, **options: Any) -> httpx2.Response:
        return await self.http.get(path, headers=self.token, **options)

    async def post(self, path: str, json: Any, **headers: str) -> httpx2.Response:
        return await self.http.post(path, json=json, headers={**self.token, **headers})

    async def read(self, path: str, **options: Any) -> Any:
        answer = await self.get(path, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    @asynccontextmanager
    async def listening(self, **headers: str) -> AsyncIterator["Lines"]:
        given = {**self.token, **headers}
        async with self.http.stream("GET", "/v1/alerts/stream", headers=given) as answer:
            assert answer.status_code == 200
            lines = Lines(answer)
            await lines.until_connected()
            yield lines


class Lines:
    """The events of an open stream."""

    def __init__(self, answer: httpx2.Response):
        self._lines = answer.aiter_lines()

    async def until_connected(self) -> None:
        async for line in self._lines:
            if line.startswith(":"):
                return

    async def next(self, seconds: float = 5) -> tuple[int, str, dict[str, Any]]:
        """The next event: id, name, data."""
        async with asyncio.timeout(seconds):
            event: dict[str, str] = {}
            async for line in self._lines:
                name, _, value = line.partition(": ")
                if name in ("id", "event", "data"):
                    event[name] = value
                if not line and "data" in event:
                    return int(event["id"]), event["event"], json.loads(event["data"])
        raise EOFError
