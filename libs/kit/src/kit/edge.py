"""The outermost layer of a request: its id, its headers, its duration, and the answer when all else failed."""

import time
from typing import Any, Final

import structlog
from prometheus_client import Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from events.ids import uuid7

from .audit import trace_id
from .problems import InternalError, problem

_HEADERS: Final = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}

LARGEST_BODY: Final = 2 * 1024 * 1024
LARGEST_UPLOAD: Final = 32 * 1024 * 1024
"""Bytes of a multipart request: a workbook."""

_DURATION = Histogram(
    "http_request_seconds",
    "Time from request to the start of its answer",
    ("method", "route", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)

_log = structlog.get_logger(__name__)


class Edge:
    """ASGI middleware around the whole app."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = str(uuid7())
        scope.setdefault("state", {})["request_id"] = request_id
        started = time.perf_counter()
        answered = False

        async def answer(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = True
                _add_headers(message, request_id)
                _observe(scope, message["status"], time.perf_counter() - started)
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self.app(scope, _limited(scope, receive), answer)
            except Exception:
                _log.exception("request failed")
                if answered:
                    raise
                await problem(InternalError(), Request(scope))(scope, receive, answer)


def _limited(scope: Scope, receive: Receive) -> Receive:
    multipart = Headers(scope=scope).get("content-type", "").startswith("multipart/")
    left = LARGEST_UPLOAD if multipart else LARGEST_BODY

    async def receive_within_limit() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            # FastAPI lets only its own kind of exception out of reading a body.
            raise HTTPException(413)
        return message

    return receive_within_limit


def _add_headers(message: Message, request_id: str) -> None:
    headers = MutableHeaders(scope=message)
    headers["x-request-id"] = request_id
    if trace := trace_id():
        headers["x-trace-id"] = trace
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)


def _observe(scope: Scope, status: int, seconds: float) -> None:
    route: Any = scope.get("route")
    template = getattr(route, "path_format", None) or getattr(route, "path", "unmatched")
    _DURATION.labels(scope["method"], template, status).observe(seconds)
