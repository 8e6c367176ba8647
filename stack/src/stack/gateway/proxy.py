"""Passes requests on to the services and their answers back, byte by byte, endless streams included."""

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

    def __init__(self, upstreams: Mapping[str, str], client: httpx2.AsyncClient):
        self._upstreams = upstreams
        self._client = client

    async def __call__(self, request: Request) -> Response:
        """Serve `/<service>/…`.

        Raises:
            Refusal: no such service, or it is away.
        """
        asked = self._client.build_request(
            request.method,
            self._address(request),
            headers=_towards_service(request),
            content=request.stream() if _has_body(request.headers) else None,
        )
        try:
            answer = await self._client.send(asked, stream=True)
        except httpx2.ConnectError:
            raise ServiceAway from None
        except httpx2.TransportError:
            raise ServiceSilent from None
        passed = StreamingResponse(
            _body(answer), status_code=answer.status_code, background=BackgroundTask(answer.aclose)
        )
        passed.raw_headers = _towards_caller(answer)
        return passed

    def _address(self, request: Request) -> httpx2.URL:
        service, _, rest = request.scope["raw_path"].decode("ascii").lstrip("/").partition("/")
        if service not in self._upstreams or not rest.startswith(_OPEN):
            raise NoSuchAddress
        query = request.scope["query_string"]
        target = f"/{rest}".encode() + (b"?" + query if query else b"")
        return httpx2.URL(self._upstreams[service]).copy_with(raw_path=target)


def _has_body(headers: Headers) -> bool:
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"


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
