"""The development issuer gives departments their rights and no more, and does not exist in production."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import nullcontext
from pathlib import Path

import httpx2
import pytest

from kit.auth import BadToken, KeyCache, TokenCheck
from stack.credentials import ensure_secrets
from stack.gateway.app import build
from stack.gateway.departments import DEPARTMENTS, department
from stack.gateway.issuer import Issuer, IssuerRefused
from stack.gateway.settings import GatewaySettings
from stack.state import StateDirectory

ISSUER = "http://127.0.0.1:8700"


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> StateDirectory:
    state = StateDirectory(tmp_path_factory.mktemp("state"))
    state.make()
    ensure_secrets(state)
    return state


@pytest.fixture(scope="module")
def settings(state: StateDirectory) -> GatewaySettings:
    return GatewaySettings(
        profile="embedded",
        upstreams={},
        issuer=ISSUER,
        issuer_key_file=state.issuer_key,
        clients_file=state.clients,
    )


@pytest.fixture
async def client(settings: GatewaySettings) -> AsyncIterator[httpx2.AsyncClient]:
    app = build(settings)
    transport = httpx2.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx2.AsyncClient(transport=transport, base_url=ISSUER) as client:
        yield client


def _secret(state: StateDirectory, client: str) -> str:
    return str(json.loads(state.clients.read_text())[client])


async def _ask(client: httpx2.AsyncClient, who: str, secret: str, **form: str) -> httpx2.Response:
    return await client.post("/oauth/token", auth=(who, secret), data={"grant_type": "client_credentials", **form})


async def test_a_department_gets_a_token_that_the_services_accept(
    client: httpx2.AsyncClient, state: StateDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = await _ask(client, "county-dongchuan", _secret(state, "county-dongchuan"))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    monkeypatch.setattr("kit.auth.httpx2.AsyncClient", lambda **_: nullcontext(client))
    check = TokenCheck(keys=KeyCache(f"{ISSUER}/oauth/jwks"), issuer=ISSUER, audience="zengshou")
    principal = await check.principal(answer.json()["access_token"])
    assert principal.subject == "county-dongchuan"
    assert principal.paths == ("5301/530113/",)
    assert "households:write" in principal.rights
    other = TokenCheck(keys=check.keys, issuer=ISSUER, audience="another")
    with pytest.raises(BadToken):
        await other.principal(answer.json()["access_token"])


async def test_fewer_rights_can_be_asked_for_but_not_more(client: httpx2.AsyncClient, state: StateDirectory) -> None:
    secret = _secret(state, "city-audit")
    fewer = await _ask(client, "city-audit", secret, scope="households:read")
    assert fewer.json()["scope"] == "households:read"
    more = await _ask(client, "city-audit", secret, scope="households:write")
    assert (more.status_code, more.json()) == (400, {"error": "invalid_scope"})


@pytest.mark.parametrize(("who", "secret"), [("city-audit", "guess"), ("nobody", ""), ("", "")])
async def test_a_wrong_secret_is_refused(client: httpx2.AsyncClient, who: str, secret: str) -> None:
    answer = await _ask(client, who, secret)
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})


async def test_other_grants_and_garbage_are_refused(client: httpx2.AsyncClient) -> None:
    other = await client.post("/oauth/token", data={"grant_type": "password"})
    assert (other.status_code, other.json()) == (400, {"error": "unsupported_grant_type"})
    garbage = await client.post(
        "/oauth/token", headers={"authorization": "Basic %%%"}, data={"grant_type": "client_credentials"}
    )
    assert garbage.status_code == 401


async def test_the_published_keys_hold_nothing_private(client: httpx2.AsyncClient) -> None:
    (key,) = (await client.get("/oauth/jwks")).json()["keys"]
    assert key.keys() == {"kty", "kid", "use", "alg", "n", "e"}
    discovery = (await client.get("/.well-known/openid-configuration")).json()
    assert discovery["jwks_uri"] == f"{ISSUER}/oauth/jwks"


def test_there_is_no_issuer_in_production(settings: GatewaySettings) -> None:
    production = settings.model_copy(update={"profile": "production"})
    with pytest.raises(IssuerRefused):
        Issuer.load(production)
    assert not any("oauth" in getattr(route, "path", "") for route in build(production).router.routes)


def test_secrets_are_private_and_kept(state: StateDirectory) -> None:
    files = (state.keys, state.issuer_key, state.clients)
    before = [file.read_bytes() for file in files]
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600] * 3
    ensure_secrets(state)
    assert [file.read_bytes() for file in files] == before


def test_every_right_that_a_route_asks_for_can_be_had() -> None:
    sources = Path(__file__).parents[2].glob("*/*/src/**/*.py")
    asked = {right for source in sources for right in _rights_asked(source.read_text())}
    missing = asked - set().union(*(known.rights for known in DEPARTMENTS))
    assert not missing
    assert department("nobody") is None


def _rights_asked(source: str) -> list[str]:
    return re.findall(r'\bneeds\("([a-z-]+:[a-z]+)"\)', source)
