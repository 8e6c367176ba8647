"""The households service on a real PostgreSQL, reached through its ASGI app."""

import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from households.app import create
from households.importing.runner import ImportRunner
from households.settings import Settings
from kit.cipher import FieldCipher
from kit.clock import now
from kit.database import engine
from kit.keys import Keys
from kit.migrations import upgrade_async
from stack.postgres import Dsns, Postgres

CITY = "5301/"
LUQUAN = "5301/530128/"
DONGCHUAN = "5301/530113/"
PINGSHAN = "530128001001"
"""a community in 禄劝"""
COPPER = "530113001001"
"""a community in 东川"""

REGIONS = Path(__file__).parents[3] / "data" / "kunming_regions.csv"
KEY_COUNTIES = ("530113000000", "530128000000", "530129000000")

RIGHTS = (
    " ".join(
        f"{resource}:{verb}"
        for resource in (
            "regions",
            "staff",
            "households",
            "income",
            "conditions",
            "support",
            "reports",
            "entities",
            "assets",
            "tasks",
        )
        for verb in ("read", "write")
    )
    + " business-date:write households:reveal"
)


@pytest.fixture(scope="session")
async def database(postgres: Postgres) -> Dsns:
    dsns = postgres.create_service_database("households")
    await upgrade_async("households", dsns.owner)
    return dsns


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("keys") / "keys.json"
    Keys.generate().write(file)
    return file


@pytest.fixture(scope="session")
def cipher(keys: Path) -> FieldCipher:
    return FieldCipher(Keys.load(keys))


@pytest.fixture(scope="session")
def signer() -> RSAKey:
    return RSAKey.generate_key(2048, auto_kid=True)


@pytest.fixture(scope="session")
async def app(database: Dsns, keys: Path, signer: RSAKey) -> AsyncIterator[FastAPI]:
    settings = Settings(
        app_dsn=database.app, issuer="https://issuer.test", jwks_url="http://issuer.invalid/jwks", keys_file=keys
    )
    app = create(settings)
    known = app.state.running.tokens.keys
    known._keys, known._looked_at = {signer.kid: signer}, monotonic()
    yield app
    await app.state.running.engine.dispose()


@pytest.fixture(scope="session")
async def worker_engine(database: Dsns) -> AsyncIterator[AsyncEngine]:
    held = engine(database.worker)
    yield held
    await held.dispose()


IMPORTS = f"{RIGHTS} imports:write"

Run = Callable[..., Awaitable[dict[str, Any]]]


@dataclass
class Clerk:
    """Somebody with a token."""

    http: httpx2.AsyncClient
    signer: RSAKey
    paths: Sequence[str] = (CITY,)
    rights: str = RIGHTS
    subject: str = "clerk"
    headers: dict[str, str] = field(default_factory=dict)

    def of(self, *paths: str, rights: str = RIGHTS, subject: str = "clerk") -> "Clerk":
        return Clerk(self.http, self.signer, paths, rights, subject)

    async def send(self, method: str, path: str, *, version: int | None = None, **options: Any) -> httpx2.Response:
        headers = {"authorization": f"Bearer {self._token()}", **options.pop("headers", {})}
        if version is not None:
            headers["if-match"] = f'"{version}"'
        return await self.http.request(method, path, headers=headers, **options)

    async def get(self, path: str, **options: Any) -> httpx2.Response:
        return await self.send("GET", path, **options)

    async def post(self, path: str, json: Any = None, **options: Any) -> httpx2.Response:
        return await self.send("POST", path, json=json, **options)

    async def made(self, path: str, json: Any, **options: Any) -> dict[str, Any]:
        answer = await self.post(path, json, **options)
        assert answer.status_code in (200, 201), answer.text
        return dict(answer.json())

    def _token(self) -> str:
        claims = {
            "iss": "https://issuer.test",
            "aud": "zengshou",
            "sub": self.subject,
            "dept": "rural-affairs",
            "scope": self.rights,
            "paths": list(self.paths),
            "exp": int(now().timestamp()) + 300,
        }
        return jwt.encode({"alg": "RS256", "kid": self.signer.kid}, claims, self.signer, algorithms=["RS256"])


@pytest.fixture(scope="session")
async def nobody(app: FastAPI, signer: RSAKey) -> AsyncIterator[Clerk]:
    """A clerk before the regions are known."""
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://households.test") as http:
        yield Clerk(http, signer)


@pytest.fixture(scope="session")
async def imported(nobody: Clerk) -> dict[str, Any]:
    """The answer of the first import of Kunming's regions."""
    await nobody.made("/v1/business-date:advance", {"to": "2024-06-30"})
    query = "&".join(f"key_county={code}" for code in KEY_COUNTIES)
    return await nobody.made(
        f"/v1/regions:import?valid_from=2020-01-01&{query}",
        None,
        content=REGIONS.read_bytes(),
        headers={"content-type": "text/csv"},
    )


@pytest.fixture
def clerk(nobody: Clerk, imported: dict[str, Any]) -> Clerk:
    """A clerk of the city."""
    return nobody


@dataclass
class Database:
    """What is really in the tables, past row security."""

    engine: AsyncEngine

    async def rows(self, statement: str, **values: Any) -> list[Any]:
        async with self.engine.connect() as connection:
            return list(await connection.execute(text(statement), values))

    async def events(self, household_id: str | UUID, name: str | None = None) -> list[dict[str, Any]]:
        """The events under a household's key, in order."""
        found = await self.rows(
            "SELECT type, fact_id, revision, void, region, data FROM event_log WHERE key = :key ORDER BY seq",
            key=UUID(str(household_id)),
        )
        told = [{**row._mapping, "name": row.type.split(".")[-2]} for row in found]
        return [event for event in told if name in (None, event["name"])]

    async def count(self) -> int:
        [row] = await self.rows("SELECT count(*) FROM event_log")
        return int(row[0])


@pytest.fixture
def db(worker_engine: AsyncEngine) -> Database:
    return Database(worker_engine)


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class People:
    """Invented people with valid certificates, never the same twice."""

    def __init__(self) -> None:
        self._random = random.Random(20231015)
        self._seen: set[str] = set()

    def certificate(self, *, born: date = date(1980, 1, 2), male: bool = True) -> str:
        while True:
            serial = self._random.randrange(0, 500) * 2 + male
            body = f"{self._random.choice(('530128', '530113', '530122'))}{born:%Y%m%d}{serial:03d}"
            if body not in self._seen:
                self._seen.add(body)
                total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
                return body + "10X98765432"[total % 11]
            born = date.fromordinal(born.toordinal() + 1)

    def number(self) -> str:
        return f"53{self._random.randrange(10**9):09d}"

    def person(self, relation: str = "户主", **told: Any) -> dict[str, Any]:
        male = told.pop("male", relation != "配偶")
        certificate = self.certificate(born=told.pop("born", date(1980, 1, 2)), male=male)
        return {"certificate": certificate, "name": "张小三" if male else "李秀英", "relation": relation, **told}

    def household(self, *members: dict[str, Any], region: str = PINGSHAN, **told: Any) -> dict[str, Any]:
        people = members or (self.person(), self.person("配偶"))
        return {
            "number": self.number(),
            "region_code": region,
            "household_type": "lifted",
            "members": list(people),
            "stated_on": "2023-10-15",
            **told,
        }


@pytest.fixture(scope="session")
def people() -> People:
    return People()


async def uploaded(clerk: Clerk, data: bytes, **fields: str) -> dict[str, Any]:
    answer = await clerk.send("POST", "/v1/imports", files={"file": ("a.xlsx", data)}, data=fields)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def started(clerk: Clerk, job: dict[str, Any]) -> None:
    assert (await clerk.post(f"/v1/imports/{job['id']}:apply")).status_code == 202


@pytest.fixture
def importer(clerk: Clerk) -> Clerk:
    return clerk.of("5301/", rights=IMPORTS, subject="importer")


@pytest.fixture
async def runner(database: Dsns, cipher: FieldCipher) -> AsyncIterator[ImportRunner]:
    held = engine(database.worker)
    yield ImportRunner(held, cipher)
    await held.dispose()


@pytest.fixture
def take(importer: Clerk, runner: ImportRunner) -> Run:
    """Upload a file, apply it, and give the job as it ended."""

    async def take(data: bytes, clerk: Clerk = importer) -> dict[str, Any]:
        job = await uploaded(clerk, data)
        await started(clerk, job)
        while await runner.step():
            pass
        return dict((await clerk.get(f"/v1/imports/{job['id']}")).json())

    return take
