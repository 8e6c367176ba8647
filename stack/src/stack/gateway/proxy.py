"""Passes requests on to the services and their answers back, byte by byte, endless streams included.

A service that is being started again is waited for:
1. What could not be handed over was not received: it is tried again, whatever it is.
2. What was handed over and not answered is tried again only where that cannot double anything: reads, and writes with
   an Idempotency-Key. A body is kept for that up to a size; larger ones pass as a stream, once.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from typing import Final

import httpx2
from starlette.background import BackgroundTask
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from kit.errors import NotFound, Unavailable

# RFC 9110, 7.6.1: these belong to one connection.
_HOP_BY_HOP: Final = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
     "transfer-encoding", "upgrade"}
)  # fmt: skip
# What the gateway says about the caller; taken from nobody else.
_FORWARDED: Final = frozenset(
    {"forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-prefix"}
)
_READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST_KEPT: Final = 1 << 20
"""Bytes of a body that is kept so that it can be sent again."""
_FIRST_PAUSE: Final = 0.05
_LONGEST_PAUSE: Final = 0.5
_OPEN: Final = ("v1/", "docs", "openapi.json", "static-offline-docs/")


class ServiceAway(Unavailable):
    """服务不在: the service does not take connections; the supervisor is starting it again."""

    code = "service-away"
    zh, en = "该服务暂时不可用，正在恢复", "the service is away and being restarted"
    retry_after = 2


class ServiceSilent(Unavailable):
    """服务无应答: the service took the request and gave no answer; whether it took effect is not known."""

    code = "service-silent"
    zh, en = "该服务未能应答，请求是否生效未知", "the service gave no answer; whether it took effect is not known"
    retry_after = 2


class NoSuchAddress(NotFound):
    """地址不存在: not an address of any service."""

    code = "no-such-address"
    zh, en = "没有这个地址", "there is no such address"
    fix_zh, fix_en = "地址形如 /households/v1/…，见首页 /", "addresses look like /households/v1/…, see /"


class Proxy:
    """Knows where the services are."""

    def __init__(self, upstreams: Mapping[str, str], client: httpx2.AsyncClient, patience: float):
        """Args: `patience`, seconds; longer than a restart takes, shorter than callers wait."""
        self._upstreams = upstreams
        self._client = client
        self._patience = patience

    async def __call__(self, request: Request) -> Response:
        """Serve `/<service>/…`.

        Raises:
            Refusal: no such service, or it stays away.
        """
        address = self._address(request)
        body = await _kept_body(request)
        until, pause, taken = time.monotonic() + self._patience, _FIRST_PAUSE, False
        while True:
            try:
                return _passed(await self._send(request, address, body))
            except Unavailable as away:
                taken = taken or isinstance(away, ServiceSilent)
                if (taken and not _repeatable(request, body)) or time.monotonic() + pause > until:
                    raise (ServiceSilent if taken else ServiceAway) from None
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _send(self, request: Request, address: httpx2.URL, body: bytes | None) -> httpx2.Response:
        content = request.stream() if body is None else body or None
        asked = self._client.build_request(request.method, address, headers=_towards_service(request), content=content)
        try:
            return await self._client.send(asked, stream=True)
        except httpx2.ConnectError:
            raise ServiceAway from None
        except httpx2.TransportError:
            raise ServiceSilent from None

    def _address(self, request: Request) -> httpx2.URL:
        service, _, rest = request.scope["raw_path"].decode("ascii").lstrip("/").partition("/")
        if service not in self._upstreams or not rest.startswith(_OPEN):
            raise NoSuchAddress
        query = request.scope["query_string"]
        target = f"/{rest}".encode() + (b"?" + query if query else b"")
        return httpx2.URL(self._upstreams[service]).copy_with(raw_path=target)


async def _kept_body(request: Request) -> bytes | None:
    """The body, or None where its size is not known or too large to be kept; then it is still unread."""
    if "transfer-encoding" in request.headers:
        return None
    try:
        small = int(request.headers.get("content-length", "0")) <= LARGEST_KEPT
    except ValueError:
        return None
    return await request.body() if small else None


def _repeatable(request: Request, body: bytes | None) -> bool:
    """Whether sending once more what may have been received takes no second effect."""
    return body is not None and (request.method in _READS or "idempotency-key" in request.headers)


def _passed(answer: httpx2.Response) -> Response:
    passed = StreamingResponse(_body(answer), status_code=answer.status_code, background=BackgroundTask(answer.aclose))
    passed.raw_headers = _towards_caller(answer)
    return passed


def _towards_service(request: Request) -> list[tuple[str, str]]:
    dropped = _HOP_BY_HOP | _FORWARDED | {"host"} | _named_in_connection(request.headers)
    kept = [(name, value) for name, value in request.headers.items() if name not in dropped]
    if "accept-encoding" not in request.headers:
        # The client library would ask for compression in its own name.
        kept.append(("accept-encoding", "identity"))
    caller = request.client.host if request.client else "unknown"
    service = request.scope["path"].split("/")[1]
    return [
        *kept,
        ("x-forwarded-for", caller),
        ("x-forwarded-proto", request.url.scheme),
        ("x-forwarded-host", request.headers.get("host", "")),
        ("x-forwarded-prefix", f"/{service}"),
    ]


def _named_in_connection(headers: Headers) -> frozenset[str]:
    return frozenset(name.strip().lower() for name in headers.get("connection", "").split(",") if name.strip())


def _towards_caller(answer: httpx2.Response) -> list[tuple[bytes, bytes]]:
    # The gateway's own server writes its date and name.
    dropped = _HOP_BY_HOP | {"date", "server"}
    return [(name.lower(), value) for name, value in answer.headers.raw if name.lower().decode() not in dropped]


async def _body(answer: httpx2.Response) -> AsyncIterator[bytes]:
    try:
        async for chunk in answer.aiter_raw():
            yield chunk
    finally:
        await answer.aclose()
