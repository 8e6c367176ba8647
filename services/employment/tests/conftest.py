"""The employment service on a real PostgreSQL; what households publishes is handed to its handlers directly."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from directory.testing import World
from employment.app import create
from employment.settings import Settings
from employment.worker import HANDLERS
from kit.cipher import FieldCipher
from kit.database import engine
from kit.keys import Keys
from kit.migrations import upgrade_async
from kit.testing import ISSUER, Clerk
from stack.postgres import Dsns, Postgres

RIGHTS = (
    "employment:read employment:write wages:read wages:write employment-help:read employment-help:write"
    " subsidies:read subsidies:write subsidies:approve posts:read posts:write"
    " employment-policy:read employment-policy:write employment-policy:approve"
)


@pytest.fixture(scope="session")
async def database(postgres: Postgres) -> Dsns:
    dsns = postgres.create_service_database("employment")
    await upgrade_async("employment", dsns.owner)
    return dsns


@pytest.fixture(scope="session")
def keys_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("keys") / "keys.json"
    Keys.generate().write(file)
    return file


@pytest.fixture(scope="session")
async def app(database: Dsns, keys_file: Path) -> AsyncIterator[FastAPI]:
    app = create(
        Settings(app_dsn=database.app, issuer=ISSUER, jwks_url="http://issuer.invalid/jwks", keys_file=keys_file)
    )
    yield app
    await app.state.running.engine.dispose()


@pytest.fixture(scope="session")
async def worker(database: Dsns) -> AsyncIterator[AsyncEngine]:
    held = engine(database.worker)
    yield held
    await held.dispose()


class Work(World):
    """A world in which jobs are expected to pay."""

    async def start(self, day: str) -> None:
        """Nothing is expected any more of the jobs of earlier stories."""
        async with self.engine.begin() as tx:
            await tx.execute(text("UPDATE spells SET next_expected = NULL"))
        await super().start(day)


@pytest.fixture(scope="session")
def world(worker: AsyncEngine, keys_file: Path) -> Work:
    return Work(worker, FieldCipher(Keys.load(keys_file)), HANDLERS)


@pytest.fixture(scope="session")
async def clerk(app: FastAPI) -> AsyncIterator[Clerk]:
    """The city's employment bureau."""
    held = Clerk.before(app, rights=RIGHTS)
    yield held
    await held.http.aclose()
