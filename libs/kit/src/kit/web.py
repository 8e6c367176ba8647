"""The HTTP root of a service: one call, and problems, request ids, probes, metrics and offline docs are there."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi_offline import FastAPIOffline
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text

from . import operations, problems, telemetry
from .auth import KeyCache, TokenCheck
from .cipher import FieldCipher
from .database import KeyLocks, begin, engine
from .edge import Edge
from .keys import Keys
from .parameters import refuse_unknown_parameters
from .running import Running, running
from .settings import ServiceSettings

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(
    *,
    settings: ServiceSettings,
    title: str,
    routers: Iterable[APIRouter],
    key_locks: KeyLocks = "advisory",
    lifespan_extra: Lifespan | None = None,
) -> FastAPI:
    """Build the API of a service.

    Args:
        settings: of this process.
        title: shown in the docs.
        routers: of the capabilities; their routes are `TransactionRoute`s, streams aside.
        key_locks: how this service locks event keys.
        lifespan_extra: entered at start, left at the end.
    """
    telemetry.configure(settings, process="api")
    held = _running(settings, key_locks)
    app = FastAPIOffline(
        title=title,
        lifespan=_lifespan(held, lifespan_extra),
        dependencies=[Depends(refuse_unknown_parameters)],
        responses={"default": {"model": problems.Problem, "description": "Problem (RFC 9457)"}},
        telemetry={"operation_spans": False, "logs": False, "exclude": _is_probe},
        redoc_url=None,
    )
    app.state.running = held
    problems.register(app)
    app.add_middleware(Edge)
    app.include_router(_probes)
    app.include_router(operations.router)
    for router in routers:
        app.include_router(router)
    return app


def _running(settings: ServiceSettings, key_locks: KeyLocks) -> Running:
    return Running(
        settings=settings,
        engine=engine(
            settings.dsn("app"),
            key_locks=key_locks,
            pool_size=settings.pool_size,
            application=f"{settings.service}-api",
        ),
        tokens=TokenCheck(
            keys=KeyCache(settings.needed("jwks_url")), issuer=settings.needed("issuer"), audience=settings.audience
        ),
        cipher=FieldCipher(Keys.load(Path(settings.needed("keys_file")))),
    )


def _lifespan(held: Running, extra: Lifespan | None) -> Lifespan:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.callback(telemetry.flush)
            stack.push_async_callback(held.engine.dispose)
            if extra:
                await stack.enter_async_context(extra(app))
            yield

    return lifespan


_PROBES: Final = frozenset({"/livez", "/readyz", "/metrics"})
_probes = APIRouter(include_in_schema=False)


def _is_probe(scope: Any) -> bool:
    return scope.get("path") in _PROBES


@_probes.get("/livez")
async def livez() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}


@_probes.get("/readyz")
async def readyz(request: Request) -> dict[str, str]:
    """The process can work: its database answers."""
    async with begin(running(request).engine, read_only=True, timeout_ms=2_000) as tx:
        await tx.execute(text("SELECT 1"))
    return {"status": "ready"}


@_probes.get("/metrics")
async def metrics() -> Response:
    """Prometheus metrics of this process."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
