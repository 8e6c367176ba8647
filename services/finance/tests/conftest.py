"""The finance service on a real PostgreSQL; what households publishes goes to its handlers directly."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from directory.testing import World
from finance.app import create
from finance.settings import Settings
from finance.worker import HANDLERS
from kit.cipher import FieldCipher
from kit.database import engine
from kit.keys import Keys
from kit.migrations import upgrade_async
from kit.testing import ISSUER, Clerk
from stack.postgres import Dsns, Postgres

sys.path.insert(0, str(Path(__file__).parent))

RIGHTS = (
    "loans:read loans:write credit:read credit:write outreach:read outreach:write products:read"
    " transfers:read transfers:write transfers:approve"
    " aid:read aid:write aid:approve insurance:read insurance:write"
    " finance-help:read finance-help:write"
    " finance-policy:read finance-policy:write finance-policy:approve"
)


@pytest.fixture(scope="session")
async def database(postgres: Postgres) -> Dsns:
    dsns = postgres.create_service_database("finance")
    await upgrade_async("finance", dsns.owner)
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


@pytest.fixture(scope="session")
def world(worker: AsyncEngine, keys_file: Path) -> World:
    return World(worker, FieldCipher(Keys.load(keys_file)), HANDLERS)


@pytest.fixture(scope="session")
async def clerk(app: FastAPI) -> AsyncIterator[Clerk]:
    """A bank."""
    held = Clerk.before(app, rights=RIGHTS)
    yield held
    await held.http.aclose()
