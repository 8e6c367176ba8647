"""The gateway's HTTP root: the issuer, the front page, the probes, and everything else goes to a service."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from events.ids import uuid7
from kit import problems
from kit.errors import Refusal

from .issuer import Issuer
from .proxy import NoSuchAddress, Proxy
from .settings import GatewaySettings

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
# Longer than the pause between the keep-alive lines of an event stream.
_LONGEST_SILENCE = 60.0


def create() -> FastAPI:
    """Build the app from the environment."""
    return build(GatewaySettings())


def build(settings: GatewaySettings) -> FastAPI:
    """Build the app.

    Raises:
        IssuerRefused: an embedded installation lacks the issuer's files.
    """
    client = httpx2.AsyncClient(
        timeout=httpx2.Timeout(_LONGEST_SILENCE, connect=2, pool=5),
        limits=httpx2.Limits(max_connections=None, max_keepalive_connections=100, keepalive_expiry=30),
        trust_env=False,
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with client:
            yield

    app = FastAPI(title="增收 Zengshou", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    problems.register(app)
    if settings.profile == "embedded":
        app.router.routes.extend(Issuer.load(settings).routes())
    _add_own_routes(app, settings, client)
    _add_proxy(app, Proxy(settings.upstreams, client, settings.patience))
    return app


def _add_own_routes(app: FastAPI, settings: GatewaySettings, client: httpx2.AsyncClient) -> None:
    async def alive(_request: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def front(_request: Request) -> Response:
        """Which services there are, and which of them can work at the moment."""
        ready = await asyncio.gather(*(_is_ready(client, base) for base in settings.upstreams.values()))
        services = {
            name: {"ready": up, "api": f"/{name}/v1/", "docs": f"/{name}/docs"}
            for name, up in zip(settings.upstreams, ready, strict=True)
        }
        return JSONResponse({"name": "增收 Zengshou", "services": services})

    app.add_route("/livez", alive)
    app.add_route("/readyz", alive)
    app.add_route("/", front)


async def _is_ready(client: httpx2.AsyncClient, base: str) -> bool:
    try:
        return (await client.get(f"{base}/readyz", timeout=2)).is_success
    except httpx2.HTTPError:
        return False


def _add_proxy(app: FastAPI, proxy: Proxy) -> None:
    async def pass_on(request: Request) -> Response:
        request.state.request_id = str(uuid7())
        try:
            return await proxy(request)
        except Refusal as refusal:
            return problems.problem(refusal, request)

    async def nowhere(request: Request) -> Response:
        request.state.request_id = str(uuid7())
        return problems.problem(NoSuchAddress(), request)

    app.add_route("/{service}/{rest:path}", pass_on, methods=_METHODS, include_in_schema=False)
    app.add_route("/{rest:path}", nowhere, methods=_METHODS, include_in_schema=False)
