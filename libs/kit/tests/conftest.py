"""A small service on the kit alone: one table under scope, one router, tokens from a key made here."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx2
import hypothesis
import pytest
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.clock import now
from kit.database import begin, engine
from kit.keys import Keys
from kit.migrations import upgrade_async
from kit.settings import ServiceSettings
from kit.web import create_app

from .notes import policies, router

# The cores are shared: a rule that is slow once is no finding.
hypothesis.settings.register_profile("kit", deadline=None)
hypothesis.settings.load_profile("kit")

CITY = "5301/"
LUQUAN = "5301/530128/"
PINGSHAN = "5301/530128/530128001/530128001001/"
DONGCHUAN = "5301/530113/530113001/530113001001/"


@dataclass
class Issuer:
    """A token issuer whose published keys can be changed and whose readers are counted."""

    keys: list[RSAKey]
    url: str = ""
    reads: int = 0
    broken: bool = False
    name: str = "https://issuer.test"

    def token(self, key: RSAKey | None = None, *, alg: str = "RS256", **claims: Any) -> str:
        moment = int(now().timestamp())
        standard = {
            "iss": self.name,
            "aud": "zengshou",
            "sub": "clerk-1",
            "dept": "rural-affairs",
            "scope": "notes:read notes:write",
            "paths": [LUQUAN],
            "exp": moment + 300,
            "nbf": moment - 10,
        }
        given = {name: value for name, value in {**standard, **claims}.items() if value is not None}
        signer = key or self.keys[0]
        return jwt.encode({"alg": alg, "kid": signer.kid}, given, signer, algorithms=[alg])


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    held = Issuer([RSAKey.generate_key(2048, auto_kid=True)])

    class Keys(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            held.reads += 1
            self.send_response(503 if held.broken else 200)
            self.end_headers()
            public = [key.as_dict(private=False) for key in held.keys]
            self.wfile.write(json.dumps({"keys": public}).encode())

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Keys)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    held.url = f"http://127.0.0.1:{server.server_port}/jwks"
    yield held
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
async def database(postgres: Any) -> Any:
    dsns = postgres.create_service_database("kittest")
    await upgrade_async("kittest", dsns.owner, versions=Path(__file__).parent / "versions")
    return dsns


@pytest.fixture(scope="session")
def keys_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("keys") / "keys.json"
    Keys.generate().write(file)
    return file


@pytest.fixture(scope="session")
def settings(database: Any, issuer: Issuer, keys_file: Path) -> ServiceSettings:
    return ServiceSettings(
        service="kittest",
        app_dsn=database.app,
        issuer=issuer.name,
        jwks_url=issuer.url,
        keys_file=keys_file,
        statement_timeout_ms=5_000,
    )


@pytest.fixture(scope="session")
async def app(settings: ServiceSettings) -> AsyncIterator[FastAPI]:
    app = create_app(settings=settings, title="kit test", routers=[router, policies])
    yield app
    await app.state.running.engine.dispose()


@dataclass
class Client:
    """An HTTP client with a token."""

    http: httpx2.AsyncClient
    issuer: Issuer
    headers: dict[str, str] = field(default_factory=dict)

    def as_(self, **claims: Any) -> "Client":
        return Client(self.http, self.issuer, {"authorization": f"Bearer {self.issuer.token(**claims)}"})

    async def send(self, method: str, path: str, **options: Any) -> httpx2.Response:
        headers = {**self.headers, **options.pop("headers", {})}
        return await self.http.request(method, path, headers=headers, **options)

    async def get(self, path: str, **options: Any) -> httpx2.Response:
        return await self.send("GET", path, **options)

    async def post(self, path: str, json: Any = None, **options: Any) -> httpx2.Response:
        return await self.send("POST", path, json=json, **options)


@pytest.fixture
async def client(app: FastAPI, issuer: Issuer) -> AsyncIterator[Client]:
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://kit.test") as http:
        yield Client(http, issuer).as_()


Rows = Callable[[str], Any]


@pytest.fixture
async def rows(app: FastAPI, database: Any) -> AsyncIterator[Rows]:
    """Reads what is really in the database, past row security (as the owner's worker)."""
    worker = engine(database.worker)

    async def read(statement: str) -> list[Any]:
        async with worker.connect() as connection:
            return list(await connection.execute(text(statement)))

    yield read
    await worker.dispose()


@pytest.fixture
async def tx(app: FastAPI, database: Any) -> AsyncIterator[AsyncConnection]:
    """A transaction of the worker that is rolled back."""
    worker = engine(database.worker)
    async with begin(worker) as connection:
        yield connection
        await connection.rollback()
    await worker.dispose()
