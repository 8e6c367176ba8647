"""Tests of the monitoring service; what they share stands in `monitoring_*.py` beside them."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from joserfc.jwk import RSAKey

sys.path.insert(0, str(Path(__file__).parent))

from monitoring_feed import Feed
from monitoring_officer import Officer, served

from kit.keys import Keys
from kit.migrations import upgrade_async
from monitoring.app import create
from monitoring.settings import Settings


@pytest.fixture(scope="module")
async def dsns(postgres: Any) -> Any:
    """The database of one test module, migrated."""
    made = postgres.create_service_database("monitoring")
    await upgrade_async("monitoring", made.owner)
    return made


@pytest.fixture(scope="module")
async def feed(dsns: Any) -> AsyncIterator[Feed]:
    """The consumer's processor without a broker: what is sent is consumed when the call returns."""
    feed = await Feed.open(dsns)
    yield feed
    await feed.close()


@pytest.fixture(scope="session")
def signer() -> RSAKey:
    return RSAKey.generate_key(2048, auto_kid=True)


@pytest.fixture(scope="module")
async def app(dsns: Any, signer: RSAKey, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FastAPI]:
    keys = tmp_path_factory.mktemp("keys") / "keys.json"
    Keys.generate().write(keys)
    settings = Settings(
        app_dsn=dsns.app,
        issuer="https://issuer.test",
        jwks_url="http://issuer.invalid/jwks",
        keys_file=keys,
        delivery_allowed="http://127.0.0.1, *.kunming.example, qyapi.weixin.qq.com, localhost",
    )
    app = create(settings)
    known = app.state.running.tokens.keys
    known._keys, known._looked_at = {signer.kid: signer}, monotonic()
    yield app
    await app.state.running.engine.dispose()


@pytest.fixture(scope="module")
async def officer(app: FastAPI, signer: RSAKey) -> AsyncIterator[Officer]:
    """An officer of the city, at a real port: streams need one."""
    async with served(app) as url, httpx2.AsyncClient(base_url=url, timeout=10) as http:
        yield Officer(http, signer)
